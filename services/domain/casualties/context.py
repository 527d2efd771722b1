"""Whether a number in the text is about this event: not the past, statistics, a law, a drill, a fear or a rumour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.domain.casualties.dates import long_past
from services.domain.casualties.drills import TURNED
from services.domain.casualties.lessons import MEANWHILE, REFERS, lessons
from services.domain.casualties.memory import SIGN, remembered_or_played
from services.domain.patterns import late

_PAST = (
    r"(?:前|头|早|那)(?:几|些)年|(?:去年|前年)(?!同期)(?![^，,。；]{0,6}(?:刚|才|就|新|还)|(?:(?!致|死|伤|亡|难|发生|造成)[^，,。；]){1,12}的(?!火灾|大火|爆炸|事故|坍塌|车祸|地震|洪水|矿难|惨案|悲剧|那|一起|一场|这|同))|上世纪|历史上|曾经?(?:发生|造成|导致|致|有|出现|酿成|引发|因)|"
    r"[0-9一二三四五六七八九十两数几多]{1,3}多?(?:年|个月)(?:以)?前|"
    r"此前(?:曾|也|还|就|发生)|无独有偶|例如|一案中|回顾|类似(?:的)?(?:事故|事件|悲剧|案例|火灾)|同类(?:事故|"
    r"事件)|往年(?!(?:(?!致|死|伤|亡|难|发生|造成)[^，,。；]){1,10}的)|当年|早些年|上一次|上次|历次|"
    # What a court judges today happened long before.
    r"宣判(?!大会|后|时|现场)|[一二终]审(?:判决|裁定)"
)
_COUNTED = (
    r"全年|上半年|下半年|[一二三四1-4]季度|(?:今年|开年|年初|入[春夏秋冬汛]|[0-9]{1,2}月(?:份)?)以来(?!最)|"
    r"自(?![^，。,]{0,10}[日时点分])[^，。,]{2,16}?(?:以来|至今|到目前为止|到现在)|近年(?!来?最)来?|近[0-9一二三四五六七八九十两几]{1,2}年|历年|每年|年均|[0-9一二三四五六七八九十两]{1,2}年(?:来|间|内)?(?:共|累计|已)?(?:致|造成|发生)|"
    r"[去上前]年同期|平均每|同比|环比|[0-9]{1,2}月?(?:至|-|到)[0-9]{1,2}月份?|全(?:国|省|市|球|世界)(?:共|累计|每|因|到处|多处因|"
    r"有|年)|(?:日均|每天|每小时|每[0-9]{1,3}秒)"
)
# A lesson has the disaster as its object; what a teacher says with a comma or colon behind is a witness's word.
_TOLD = rf"(?!{MEANWHILE}|[述解]?了?[，,：:]|到一半)"
_LESSON = (
    rf"(?:课上|课堂上?|讲座[中上]?|讲解员)[^，。,]{{0,10}}?(?:讲(?![话课台桌座着])|分析|介绍){_TOLD}|"
    rf"(?:[老教]师|教授)[^，。,]{{0,10}}?(?:讲(?![话课台桌座着述])|"
    rf"(?:讲述|介绍|分析)(?=了?(?:一[起场]|某|那|当年)|[^。]{{0,30}}(?:案例|历史|往事|故事|课堂|教训))){_TOLD}"
)
# A film that is being made or shown somewhere is a place of work or a crowd.
_A_SET = r"(?:《[^》。]{1,20}》)?[^，。,]{0,8}(?:拍摄|剧组|片场|摄影棚|首映|演出|舞台)"
_FEARED = (
    r"如果(?!不是亲)|假如|假设|倘若|要是|一旦|万一|若(?!干)|(?:可能|或|恐|会|足以|极易|容易)(?:会|将|"
    r"要)?(?:造成|导致|致使?|引发|使|有)|将使|将(?:造成|导致)|(?:将|预计|计划|拟|准备)(?:紧急|集中)?(?:疏散|转移|撤离)|"
    r"是不是(?:要|得|会|漏)|会不会|难道|才会引起|说不定|提心吊胆|以免|险些|差点|差一点|(?:避免|"
    r"防止)了?|扬言|(?<!受)(?<!受到)威胁(?!到)|模拟(?![舱器机馆室屋]|飞行|驾驶|考|[^。，,]{0,10}时(?:突|意外|不慎|[，,][^。]{0,16}(?:破裂|[翻断塌垮]了|掉下|坠)))|推演|(?<!假)(?:演练|演习)(?=中(?!的?意外|突|真|发生)|现场|科目|情景|场景|脚本|方案|时?(?:模拟|假设|设定|假定)|[：:]|$)|"
    rf"(?<!假)(?:演练|演习)[，,](?!{TURNED})|"
    r"《[^》。]{1,20}》(?:一书|中?讲述|讲的是|描[写述]|改编自)|"
    rf"假想|设想|设定|(?<!像)电影(?!{_A_SET}|[院城节公厂学]|时(?![代期光])|期间|散场|拍摄|制片|一样|般)|电视剧(?!{_A_SET}|拍摄)|小说|游戏(?!厅)|剧情|纪录片(?!拍摄)|"
    rf"(?:话剧(?![团院])|舞台剧|音乐剧)(?!{_A_SET}|{MEANWHILE})|"
    rf"(?:上演|上映|放映(?![厅室机])|热播|展出|展映)(?!中|{MEANWHILE})|重映|[影剧片书诗]中(?![街路巷村镇心学])|影片(?!拍摄|制作|基地|公司|厂|仓库)|图片展|再现|"
    rf"{_LESSON}|"
    r"第[0-9一二三四五六七八九十百]{1,4}[章回][:：]|丧尸|灾难片|(?<![0-9一二三四五六七八九十])[日韩美英泰]剧(?![烈毒团院场痛变增减])|(?:那|这|第[0-9一二三四五六七八九十]{1,3})集(?![市中装体团合结资])|大结局|[追补刷看]完了?[^，。]{0,8}[片剧集]|特效(?![药治救])|番剧|动漫|(?:总|别|非)(?:不能|要|得)?等(?!待)|剧本杀(?:新?本|[^，。]{0,3}(?:主题|剧情|上架|上新))|密室逃脱[^，。]{0,3}(?:主题|剧情|关卡)|"
    r"求(?:月|推荐)?票|"
    # Dreams; stories on stage and in games; what could or should be dead of something, and nobody is.
    r"(?<!没)(?<!不)(?<!都)(?<!也)梦[见到](?![^，。,]{0,3}过)|(?<![像似睡])梦里(?!寻)|"
    r"讲(?=[^。]{0,40}的?故事)|新[书片戏剧](?![^，。,]{0,4}(?:店|城|院|场|厂|库))|作家[^，。,]{0,8}(?:写|笔下)|"
    r"鬼屋(?![^，。,]{0,6}(?:着火|起火|失火|火灾|塌|爆|出事))|密室[^，。,]{0,4}《|剧本杀(?:店|馆)?[^，。,]{0,6}《|"
    r"玩(?:了|的|过)?[^，。,]{0,4}(?:密室|剧本杀|狼人杀|游戏)(?!厅|店|馆|的[^，。,]{0,6}[客人顾学孩员友])|"
    # What kills indeed (火大得烧死3人, 居然能烧死12个人) is no figure of speech.
    r"(?<![可不只未才无然竟么还])能(?=[^，。,]{0,2}[挤颠辣累忙热憋难吵臭笑气急愁撑噎]死[0-9一二两三四五六七八九十百千几])|"
    r"(?:作业|[考试]题|卷子|课|文件|材料|订单|工作|活儿)[^，。,]{0,4}[得到](?=[^，。,]{0,3}死[0-9一二两三四五六七八九十百千几])|"
    r"[冷热冻困]死(?=[^，。,]{0,12}(?:奇怪|稀奇|为过|意外))"
)
# Disasters known by name; who names them speaks of history.
_FAMOUS = (
    r"唐山大?地震|汶川(?:特?大)?地震|玉树地震|关东大地震|泰坦尼克|铁达尼|切尔诺贝利|福岛核|南京大屠杀|七三一部队|"
    r"广岛|克拉玛依大火|98抗洪|(?<!第)[一二]战(?![区备地役]|[^，。,]{0,5}(?:遗留|遗弃|残留|未爆))|文革"
)
_RUMOUR = r"谎称|造谣称|散布[^。]{0,20}谣言"
_HERE = (
    r"此次|本次|这次|这起|该起|此事故|今年(?!以来)|今[天日早晨晚](?!想起|回想|回忆|讲|说起|路过)|"
    r"刚[才刚](?!想|说|讲|提|看|听|梦|聊|唠|那|追|刷|玩|打)|昨[日天晚夜]|前[天晚]|目前|截[至止]|最新|"
    r"现场|本报讯|实际|事实上|而是|经查|据悉|记者从"
)

# One look at the first character spares most positions the whole alternation.
_FIRSTS = (
    "《死遇受失百0-9一二三四五六七八九十两数几多去前上历曾此无回类同往当早全下今开年入近每平环日如假倘要万若可或恐会足极容将"
    "是难才说提以险唐汶玉关泰铁切福南七广克9纪话舞音放热影剧片书诗图展课老教讲差避防扬威模推演设电小游剧网传谣谎造散有本这该昨目截最现实事而经据记自例预计拟准第丧剧密求灾韩美英那大追补刷看特番总别非再动头文重梦新作鬼玩能多少难大冷热辣香臭堵挤好贵便冻困作考试卷课文材订工活"
    "刚宣终"
)
OUT = late(
    rf"(?=[{_FIRSTS}])(?:(?P<past>{_PAST}|{_FAMOUS})|(?P<statistics>{_COUNTED})|(?P<feared>{_FEARED})|(?P<rumour>{_RUMOUR})"
    rf"|(?P<here>{_HERE}))"
)
_LAW = late(
    r"是指|条例|规定|标准|应当|有期徒刑|罚款|分级|的(?:特别重大|重大|较大|"
    r"一般)?(?:生产安全)?事故|属于?|称为|按照[^，,]{0,8}规定|凡|挂牌督办"
)
_RANGE = late(r"以上[0-9一二三四五六七八九十百千万亿]{1,8}[人元名]?[^，。]{0,2}以下|以上(?:死亡|重伤|受伤|遇难)?的")
_ONE_WORD = 3
_YEAR = late(r"(?:19|20)[0-9]{2}年")

NAMES = {
    "past": "往事,不计入本事件",
    "lesson": "他事的教训,不计入本事件",
    "statistics": "统计数,不计入本事件",
    "feared": "假设或演练,不计",
    "rumour": "被指不实,不计",
    "hearsay": "传闻,另有通报的数字,不计",
    "law": "法规标准,不计",
    "drill": "演练,不计",
}


class Background:
    """Judges mention after mention in the sentences of a text of the day `on`; a background paragraph goes on."""

    def __init__(self, sentences: Sequence[str], on: date | None = None) -> None:
        self._sentences, self._on = sentences, on
        self._marks: dict[int, list[tuple[int, int, str]]] = {}
        self._lessons: dict[int, list[tuple[int, int]]] = {}
        self._past = {-1: False}

    def verdict(self, sentence: int, position: int, threshold: bool = False) -> str:
        """Why a mention at `position` of the sentence of this number is not counted: a key of NAMES, "" if it counts.

        What stands before it is read from behind, until a sentence says of what time it tells.
        """
        if threshold and (_LAW.search(self._sentences[sentence]) or _RANGE.search(self._sentences[sentence])):
            return "law"
        if self._is_lesson(sentence, position):
            return "lesson"
        last = ""
        for start, end, mark in self._marks_of(sentence):
            if start > position:
                break
            if mark == "rumour" and position < end:
                return "rumour"
            # A claim and its denial are over where they end; what somebody is only said to lie goes on.
            last = "" if mark == "rumour" and end - start > _ONE_WORD else mark
        if last:
            return "" if last == "here" else last
        dated = any(mark == "past" for _, _, mark in self._marks_of(sentence))
        return "past" if not dated and self._goes_on(sentence) else ""

    def _is_lesson(self, number: int, position: int) -> bool:
        """Whether the mention is part of a lesson, or the sentence goes on with one: 该事故造成…."""
        if any(start <= position < end for start, end in self._lessons_of(number)):
            return True
        return number > 0 and bool(self._lessons_of(number - 1)) and REFERS.match(self._sentences[number]) is not None

    def _lessons_of(self, number: int) -> list[tuple[int, int]]:
        if number not in self._lessons:
            self._lessons[number] = list(lessons(self._sentences[number], self._on))
        return self._lessons[number]

    def _marks_of(self, number: int) -> list[tuple[int, int, str]]:
        if number not in self._marks:
            sentence = self._sentences[number]
            marks = [(m.start(), m.end(), m.lastgroup or "") for m in OUT.finditer(sentence)]
            if SIGN.search(sentence):
                nearby = "。".join(self._sentences[max(0, number - 1) : number + 2])
                marks = sorted([*marks, *remembered_or_played(sentence, nearby)])
            self._marks[number] = [(-1, 0, "past"), *marks] if long_past(sentence, self._on) else marks
        return self._marks[number]

    def _goes_on(self, sentence: int) -> bool:
        """Whether this sentence tells of the past, by itself or because the one before it does."""
        number = sentence
        while number not in self._past and (told := self._tells(number)) is None:
            number -= 1
        self._past[sentence] = self._past[number] if number in self._past else bool(told)
        return self._past[sentence]

    def _tells(self, number: int) -> bool | None:
        """True of the past, False of now; None where the sentence does not say."""
        years = self._years(number)
        if number > 1 and years and not years & (self._years(0) | self._years(1)):
            return True
        marks = {mark for _, _, mark in self._marks_of(number)}
        if "past" in marks:
            return True
        return False if years or "here" in marks else None

    def _years(self, number: int) -> set[str]:
        sentence = self._sentences[number]
        return set(_YEAR.findall(sentence)) if "年" in sentence else set()
