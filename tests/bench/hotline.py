"""A city's hotline as posts, written by chance from sentences: many matters, some told again, some reprinted.

About three posts in four are a matter of their own, one in seven is the same matter from another person, one in ten a
copy with another lead or a cut. Real letters are full of particulars (names, firms, streets); words of no meaning stand
for them, so that strangers' posts have as little in common as real ones: what is told again repeats some of them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.domain.post import Post

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
SAME_MATTER, REPRINT = 0.15, 0.10
RECENT = 400
"""A matter is told again or reprinted while so many posts have come since."""

DISTRICTS = ("道里区", "南岗区", "道外区", "平房区", "松北区", "香坊区", "呼兰区", "阿城区", "双城区")
FIRST, SECOND = "金银恒盛瑞祥龙凤兴丽翠锦康福泰宏阳星鸿远宝汇润沃荣朗", "水江湖林山庭湾岸景悦和嘉御河枫杉桂荷晨澜畔墅"
ENDS = ("小区", "家园", "花园", "新城", "公馆", "名苑", "佳苑", "小学", "中学", "市场", "街", "路")
PEOPLE = ("业主", "居民", "住户", "家长", "商户", "老人", "租户", "上班族")
LEADS = ("据本台记者了解，", "近日有市民向本报反映：", "点击关注，了解身边事。", "网友来信选登。")
_chance = random.Random(23)
WORDS = ["".join(chr(_chance.randint(0x4E00, 0x8FFF)) for _ in range(2)) for _ in range(6000)]
"""Particulars."""
SHORT = ("{place}{what}", "{district}{place}{what}，请管一管", "关于{place}{what}的投诉", "{place}{what}已经{n}天")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is complained of: for the title, and told in sentences."""

    what: str
    told: tuple[str, ...]


MATTERS = tuple(
    Matter(what, tuple(told))
    for what, *told in (
        line.split("|")
        for line in """
暖气不热|室内温度只有{n}度|暖气片下半截冰凉|供热站说正在检修管网|测温员来过{m}次没有下文|孩子在家穿着棉袄写作业
夜间施工|工地塔吊凌晨{n}点还在作业|混凝土车进出鸣笛|没有看到夜间施工许可|打桩声震得窗户发抖|城管来了就停走了又干
电梯停运|{n}号楼电梯停运{m}天|八十岁的母亲下不了楼|维保单位说缺一块主板|维修资金迟迟批不下来|上个月还困过一名学生
停水|自来水从{n}号起断断续续|水龙头放出来的是黄水|加压泵房锁着门没人值守|高层根本上不去水|公告说当天恢复却没有恢复
路面塌陷|路中间塌出直径{n}米的坑|只摆了两个锥桶|晚上没有路灯很容易掉进去|电动车已经摔了{m}辆|市政说要等开春再修
公交站取消|{n}路的站牌上周被拆走|到最近一站要走{m}百米|老人看病换乘两次|线路调整没有征求意见
拖欠工资|{n}名工人的工资拖了{m}个月|包工头电话关机|项目部说已经把款打给劳务公司|没有签过书面合同
违建|顶楼私自搭了{n}平方米的阳光房|承重墙被砸开一道门|楼下已经出现裂缝|举报{m}次只贴了一张通知|连夜还在往上吊钢材
噪声油烟|楼下烧烤店烟道直对窗户|营业到后半夜{n}点|没有安装油烟净化器|客人喝酒喧哗摔瓶子|检测过一次没有给结果
幼儿园收费|每月多收{n}元兴趣班费|不交就不让参加活动|没有开具发票|家长群里不许议论|说好的退费拖了{m}个月
垃圾不清运|垃圾箱满得盖不上|{n}天没有车来收|流出的污水冻成一片|野猫和老鼠乱窜|清洁工说车坏了
医保报销|异地住院花了{n}万元|窗口让跑了{m}趟补材料|系统里查不到备案|每个工作人员说法不一|材料原件被收走没有回执
房产证办不下来|交房{n}年还没有办证|开发商说税票丢了|孩子上学落不了户|当初承诺{m}个月办结|不动产中心让找住建
停车乱收费|出口收费员张口要{n}元|没有公示牌和编号|给钱不给票|小区门口的白线是谁画的|不交就锁车
下水道返水|厨房地漏往外冒污水|一楼泡坏了{n}平方米地板|疏通公司说主管道断了|物业要{m}户分摊|臭味熏得睡不着
学区划分|隔一条马路却分到{n}公里外|划片前没有听证|房子买的时候宣传就近入学|中介现在不承认|要接送要过{m}个红绿灯
路灯不亮|从{n}号杆到路口全黑|女儿下晚自习不敢走|热线派单说已办结|灯杆上的电线裸露着|冬天四点就看不见路
食品过期|买到的酸奶过期{n}天|货架上改过标签|店长说可以退{m}元了事|孩子吃完上吐|监控不让看
物业撤场|物业贴通知{n}天后撤走|电费还欠着供电公司|门禁和监控都关了|业委会选了{m}次选不出来|垃圾没有人收
驾校退费|报名交了{n}元约不上车|教练换了{m}个|校区大门上锁|合同写着随时可退|总部让等领导签字
树木遮光|杨树长到{n}层楼高|四月飘絮过敏|树枝刮断过电线|申请修剪{m}年没有批|大风天不敢从下面过
健身器材损坏|单杠的焊口开了|铺的胶垫缺了{n}块|有孩子磕掉{m}颗牙|厂家的电话是空号|社区说不归他们管
快递丢失|签收显示本人却没收到|驿站让自己翻{n}个货架|赔偿只肯给{m}元|里面是老人的药|客服转了几次没有人接
井盖缺失|人行道上的井盖没了{n}天|有人用树枝插在里面|分不清是电力还是通信的|昨晚摔了一位老人|拍照上报{m}次
""".strip().splitlines()
    )
)
ROUND_ABOUT = tuple(
    sentence
    for line in """
我是这里的{who}，住了{n}年|这件事从{m}月份就开始了|已经拨打过{n}次热线|工单显示办结可是问题还在|打电话没有人接
写过联名信，{m}十多户签了字|物业推给社区，社区推给街道|大家在群里意见很大|附近的{who}都可以作证|照片和录像我都留着
不知道该找哪个部门|曾经有记者来采访过|领导换了一任又一任|我们不是无理取闹|希望给一个明确的时间|请不要再转来转去
恳请到现场看一看|家里有老人和{n}岁的孩子|为此请了{m}天假|维修基金交了{n}千元|去年也出过同样的情况
隔壁就没有这个毛病|图纸上明明不是这样|承办人留的号码少一位|回访问满意不满意我说不满意|盼望早日答复
这种事不该拖过冬天|网上一查才知道有规定|相信政府会管|如有不实愿负责任|当面说得好好的，转身就忘|别的区{n}天就解决了
每次检查都提前知道消息|签字的人早已调走|邻居气得住了院|为{m}块钱不值得，可是理要讲清
""".strip().splitlines()
    for sentence in line.split("|")
)
"""What every letter says beside the matter."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One matter at one place."""

    district: str
    place: str
    matter: Matter
    words: tuple[str, ...]


def posts(count: int, seed: int = 11) -> list[Post]:
    """So many posts, one a second."""
    chance = random.Random(seed)
    cases: list[_Case] = []
    written: list[Post] = []
    for number in range(count):
        kind = chance.random()
        at = START + timedelta(seconds=number)
        if cases and kind < REPRINT:
            title, text = _reprint(chance.choice(written[-RECENT:]), chance)
        else:
            again = cases and kind < REPRINT + SAME_MATTER
            case = chance.choice(cases[-RECENT:]) if again else _case(chance)
            cases.append(case)
            title, text = _letter(case, chance)
        written.append(Post(str(number), "hotline", title, text, at))
    return written


def _case(chance: random.Random) -> _Case:
    place = chance.choice(FIRST) + chance.choice(SECOND) + chance.choice(ENDS)
    return _Case(chance.choice(DISTRICTS), place, chance.choice(MATTERS), tuple(chance.sample(WORDS, k=12)))


def _letter(case: _Case, chance: random.Random) -> tuple[str, str]:
    told = chance.sample(case.matter.told, k=chance.randint(2, 4)) + chance.sample(ROUND_ABOUT, k=chance.randint(6, 11))
    told += [
        "、".join(words) for words in (chance.sample(case.words, k=7), *(chance.sample(WORDS, k=5) for _ in range(11)))
    ]
    chance.shuffle(told)
    body = "。".join(_filled(told, case, chance))
    title = _filled([chance.choice(SHORT)], case, chance)[0]
    return title, f"{case.district}{case.place}{case.matter.what}。{body}。"


def _filled(sentences: Sequence[str], case: _Case, chance: random.Random) -> list[str]:
    return [
        sentence.format(
            district=case.district,
            place=case.place,
            what=case.matter.what,
            who=chance.choice(PEOPLE),
            n=chance.randint(2, 60),
            m=chance.randint(2, 12),
        )
        for sentence in sentences
    ]


def _reprint(original: Post, chance: random.Random) -> tuple[str, str]:
    """The same text behind another lead, or without its end."""
    text = (
        chance.choice(LEADS) + original.text if chance.random() < 0.7 else original.text[: len(original.text) * 4 // 5]
    )
    return chance.choice((original.title, f"转：{original.title}")), text
