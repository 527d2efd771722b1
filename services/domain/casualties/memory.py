"""往事与戏说: what somebody remembers from his youth, and what a series, a game, a match or a made-up film tells of."""

from __future__ import annotations

from services.domain.patterns import late

# A house that somebody knew as a child (小时候住的那栋楼) stands in a sentence about now.
_NOT_A_THING = r"(?![^，。,]{0,8}(?:的(?!时)|[住去玩待学吃逛]过))"
# His 70岁 or the 同事 of 50 years is no youth of him who tells; 三年级的儿子 is who was hurt.
_YOUNG = (
    r"(?:才|也就|刚|还不?到?|都)*"
    r"(?:(?:[123]?[0-9]|[二三]?十?[一二三四五六七八九]|[二三]?十)[来多几]?岁(?!的(?!时))|"
    r"没出生|没记事|还小(?![区学时心])|[上念读][小初高中大](?!学?[一二三四五六]年级的(?!时)|学生?的(?!时)))"
)
# A disaster at a museum or outside it is no history.
_AT_THE_MUSEUM = (
    r"(?![^。]{0,24}(?:[着起失]火|火灾|爆炸|塌|门[口前]|外面|附近|出来|路上|"
    r"旁边|对面|大巴|停车|[冲撞踩]|中毒|电梯|出口))"
)
_MEMORY = (
    r"(?:[二三四五六七八九]十|[2-9]0)年代(?=(?:初期?|中期?|末期?|那[阵会]儿?|的?时候?|里)?[，,]?(?:我|俺|咱|爷|姥|爸|妈|家里|有[一那]?[年回次]|那[阵会时]))|"
    rf"年轻(?:的?时候?|那[阵会时年]){_NOT_A_THING}|小时候{_NOT_A_THING}|小(?:的时候|那[阵会]儿?|那时候){_NOT_A_THING}|"
    r"(?:[上念读](?:小学|初中|高中|中学|大学|书)|当兵|下乡|插队|参加工作|[进刚]厂|结婚)(?:的时候|那[阵会时年])(?![^，。,]{0,6}的(?!时))|"
    r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})岁(?:那[年阵会时]|的?时候)|"
    rf"那年(?=[^。！？]{{0,40}}?[我俺他她咱爸妈爷](?:们)?{_YOUNG})|"
    r"解放前|旧社会|伪满|民国(?:时期|年间|那)|日伪|生产队(?:那|的?时候)|大集体(?:那|的?时候)|早年间|"
    r"老(?:人|辈儿?人?|一辈|爷子|太太)(?:们|人家)?[^，。,]{0,4}(?:常|总|给我们?|跟我们?)?(?:讲起?|念叨|回忆|唠)[^，。,]{0,4}(?:从前|过去|那年|那时候|以前|早先)|"
    rf"(?:七三一|731|侵华|抗联|抗战)[^，。,]{{0,6}}(?:陈列馆|纪念馆|博物馆|遗址|旧址|罪证){_AT_THE_MUSEUM}|"
    rf"(?:看|参观|逛)完了?[^，。,]{{0,10}}(?:陈列馆|纪念馆|博物馆|遗址)(?=[^。]{{0,60}}(?:历史|国耻|先烈|屠杀|鬼子|日军|铭记|勿忘|不能忘|惨无人道)){_AT_THE_MUSEUM}|"
    r"(?:勿忘|铭记)(?:历史|国耻)|历史不能忘"
)

# 那时候 is a youth or the moment itself: behind what happened (塌楼那会儿) it is the moment.
_THEN = (
    rf"那(?<![塌炸楼火事翻撞沉灾祸坠倒]那)(?:时候?|[会阵]儿?)(?=[^。！？]{{0,40}}?[我俺他她咱爸妈爷](?:们)?{_YOUNG})|"
    r"才(?<=[我俺]才)(?:[3-9]|1[0-7]|[三四五六七八九十]|十[一二三四五六七])[来多几]?岁(?=[^。]{0,12}那)"
)
# What makes a sentence one of these days, and what is done these days with what is long past.
_NOW = late(
    r"今[天日早晨晚]|今儿|昨[天日晚夜早儿]|前[天晚]|刚[才刚]|方才|早上[^。]{0,10}刚|在[搜抢挖]|搜救|(?<!没)(?<!没有)消防|送医|"
    r"警方|肇事|[路街道]发生"
)
_RECALLED = late(
    r"想起|想到|回想|回忆|记得(?!清|很)|记忆|念叨|唠|聊|讲(?!话)|说起|提起|路过|梦见|忌日|祭|清明|周年|一晃|转眼|至今|"
    r"难忘|这么多年|多少年|现在想|年代|解放前|从前|小时候"
)

_OUTSIDE = r"(?![^。]{0,40}(?:出来|散场|门口|隔壁|回家|路上|影院|剧院|剧场|楼下|楼上|窗外|外面))"
_OF_A_FILM = (
    r"(?:[那这]一?集|剧情|结局|[太真好]燃|燃爆|[太真好]虐|虐哭|看哭|泪目|演技|特效|主角|[男女]主(?!任)|导演|编剧|原著|"
    r"名场面|第[0-9一二三四五六七八九十]+集|[剧片书]里|拍得|演得)"
)
_CALAMITY = r"(?:[着起失]火|火灾|爆炸|塌|中毒|出事|踩踏|车祸|大巴|猝死|真的|属实)"
_GUESTS = r"(?!厅|店|馆|吧|的[^，。,]{0,6}[客人顾学孩员友])"
_FILM = rf"《[^》。]{{1,20}}(?<![报法闻例志])》(?=[^。！？]{{0,60}}?{_OF_A_FILM}){_OUTSIDE}"
# What burns or falls where films are made or shown is told of the house; what only a film has is told of the film.
_ON_SET = late(
    r"(?:影院|影城|片场|剧[组场院团]|[拍放][映摄]|开拍|拍(?=《)|舞台|首映|演出|摄影棚|影视城|观众席)"
    r"(?=[^。]{0,40}(?:[起着失]火|火灾|[坍垮倒]?塌|爆[炸燃破]|[被突]炸|炸[了死伤]|踩踏|坠|砸|中毒|触电|漏电|[侧坠]?翻[了车沉]|撞))"
)
_OF_THE_STORY = late(
    r"[看追刷]完|追《|看了《[^》]{1,20}》(?!一?半|到|没|时|的时)|[那这]一?集(?![市中装体团合结资])|第[0-9一二三四五六七八九十]+集|剧情|情节|结局|[片剧书影戏][里中](?!心)|电影里|[太真好]燃(?![气烧])|燃爆|[太真好]虐|"
    r"虐哭|看哭|泪目|特效|演技|名场面|原著|主角死|男主死(?!亡)|女主死(?!亡)"
)
_PLAYED = (
    r"[Aa][Ii](?:短?视频|短片|大片|动画)(?:做得|拍得|也?太|好|真)(?![^。]{0,60}(?:是真的|属实|确实))|"
    r"(?:[Aa][Ii]|人工智能)(?:做|生成|合成|换脸|制作|画|整|弄|拼)(?:出来?)?了?(?:个|段|条)?[^，。,]{0,4}(?:视频|图片?|片子?|动画|画面|照片|影像)"
    r"(?![^。]{0,60}(?:是真的|真有|属实|确实|真实发生|还原|复原))|"
    rf"(?:狼人杀|剧本杀|三国杀|王者荣耀|和平精英|英雄联盟|真人[Cc][Ss]|穿越火线|吃鸡(?![肉蛋腿翅块汤爪架杂排])){_GUESTS}(?![^。]{{0,16}}{_CALAMITY})(?=[^。]{{0,20}}(?:死|淘汰|阵亡|团灭|出局|毒|刀))|"
    rf"(?:客场|主场|联赛|中超|中甲|球赛|球队|输球|[完惨]败|[0-9]比[0-9]|决赛|淘汰赛|小组赛)(?=[^。]{{0,40}}(?:阵亡|团灭|全灭|出局|横扫|血洗|屠杀))(?![^。]{{0,60}}{_CALAMITY})|"
    r"(?:开放日|体验(?:馆|区|中心|活动|日|课|浓烟|火场|火灾|地震|逃生|灭火|台风)|研学|[夏冬]令营)(?=[^。]{0,40}(?:体验|模拟|演示))"
    r"(?![^。]{0,80}(?:意外|[起着]火了|失火|遇难|死|身亡|丧生|受伤|事故|失控|塌|昏迷|送医|突然|不慎|"
    r"溺[亡死毙]|淹[没死]|[船筏艇车]翻|翻了|破裂|裂开|在搜救|没上来|没了|坠|(?<!模拟)失[踪联]|警方|报警))"
)
SIGN = late(
    "年代|年轻|时候|那[会阵年时]|岁那|解放前|旧社会|伪满|民国|日伪|生产队|大集体|早年间|念叨|从前|过去|回忆|陈列馆|纪念馆|博物馆|遗址|旧址|"
    "罪证|历史|国耻|《|AI|ai|Ai|人工智能|[狼人本国]杀|王者荣耀|和平精英|英雄联盟|真人|穿越火线|吃鸡|客场|主场|联赛|中超|中甲|"
    "球赛|球队|输球|[完惨]败|[0-9]比[0-9]|决赛|淘汰赛|小组赛|开放日|体验|研学|令营"
)
"""Looked for before the other expression: few sentences remember or play anything."""
_TOLD = late(rf"(?P<past>{_MEMORY})|(?P<then>{_THEN})|(?P<film>{_FILM})|(?P<feared>{_PLAYED})")


def remembered_or_played(sentence: str, nearby: str) -> list[tuple[int, int, str]]:
    """Where words of `sentence` tell of the past ("past") or of a film, a game, a match, an open day ("feared").

    `nearby` is the sentence with its neighbours: a word of these days in it outweighs 那时候, unless somebody recalls.
    """
    told = [(one.start(), one.end(), one.lastgroup or "") for one in _TOLD.finditer(sentence)]
    meant = {"past": "past", "feared": "feared", "then": "past", "film": "feared"}
    kinds = {kind for _, _, kind in told}
    if "then" in kinds and _NOW.search(nearby) and _RECALLED.search(nearby) is None:
        del meant["then"]
    if "film" in kinds and _ON_SET.search(sentence) and _OF_THE_STORY.search(sentence) is None:
        del meant["film"]
    return [(start, end, meant[kind]) for start, end, kind in told if kind in meant]
