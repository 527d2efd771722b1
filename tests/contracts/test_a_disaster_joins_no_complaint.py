"""供热, 清雪, 停电: complaints of the whole city are one matter, but what killed or hurt people is its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.adapters.assessor import MachineAssessor
from services.adapters.fingerprints import Fingerprints
from services.domain.grouping import GroupingPolicy, Join, Pool
from services.domain.post import Post
from services.wiring.machine import make_fingerprints

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
Text = tuple[str, str]
COLD: Text = ("暖气不热", "道里区群力家园屋里只有14度，供热公司不管，请解决。")
SNOW: Text = ("没人清雪", "道里区群力大道积雪没人清，老人摔倒了。")
DARK: Text = ("停电", "道里区新阳路小区停电一天，没人来修。")
DRY: Text = ("停水", "道里区新阳路小区停水两天。")
FARES: Text = ("公交涨价", "哈尔滨公交涨价不合理。")
WAGES: Text = ("欠薪", "道里区宏达建筑公司拖欠农民工工资。")
GAS: Text = ("停气", "道外区景阳小区停气三天，没法做饭。")
LUNCH: Text = ("午餐质量差", "道里区群力小学的午餐又凉又少，家长投诉配餐公司。")
LIFT: Text = ("群力家园小区电梯经常坏", "道里区群力家园小区电梯经常坏，物业不修。")
FALLEN: Text = ("群力家园小区电梯坠落", "道里区群力家园小区电梯坠落，4人死亡，12人重伤！")
WALL: Text = ("盛和天下小区外墙脱落", "南岗区盛和天下小区外墙脱落多年，没人维修。")
SLIDE: Text = ("儿童公园滑梯老化", "南岗区儿童公园游乐设施老化，大摆锤嘎吱响，请检查。")
PIT: Text = ("汇智家园化粪池外溢", "香坊区汇智家园小区化粪池外溢，臭气熏天。")
STAND: Text = ("红博广场舞台扰民", "南岗区红博广场舞台天天搭台唱歌，吵死人。")
SMELL: Text = ("化工小区异味大", "香坊区化工小区夜里异味大，刺鼻，查查哪家排的。")

APART: tuple[tuple[Text, Text], ...] = (
    (COLD, ("松北区供热站锅炉爆炸3人死亡", "22日上午，松北区一供热站锅炉发生爆炸，造成3人死亡、2人受伤，消防已到场。")),
    (COLD, ("供热车间起火", "平房区一热力公司供热车间起火，12人死亡。")),
    (COLD, ("香坊区供热管道爆裂2人烫伤", "香坊区安埠街供热管道爆裂，热水漫街，两人被烫伤送医。")),
    (COLD, ("供暖首日出事故", "道里区群力家园供热管道爆裂，6人烫伤，1人死亡。")),
    (COLD, ("供热热电厂氨泄漏", "呼兰区热电厂氨泄漏，为供热企业，紧急疏散6000人。")),
    (SNOW, ("清雪车撞人4死", "香坊区一清雪车失控撞上公交站，4人死亡。")),
    (SNOW, ("积雪压塌大棚", "双城区积雪压塌市场顶棚，11人被埋遇难。")),
    (FARES, ("公交涨价听证会后公交车坠江", "哈尔滨公交票价刚涨，一辆公交车坠江致15人死亡。")),
    (DARK, ("医院停电致死", "道里区一医院停电，ICU三名患者死亡。")),
    (DRY, ("停水引火灾无水可救", "道里区顾乡大街商场起火，因停水消防栓没水，致10人死亡。")),
    (WAGES, ("讨薪坠楼", "道里区宏达建筑公司讨薪农民工3人坠楼身亡。")),
    (GAS, ("恢复供气后闪爆", "道外区恢复供气后一户居民家中闪爆，5人死亡。")),
    (LIFT, FALLEN),
    (WALL, ("盛和天下小区外墙砸人", "南岗区盛和天下小区外墙脱落，砸中路人，3人死亡。")),
    (SLIDE, ("儿童公园大摆锤断裂", "南岗区儿童公园大摆锤断裂，游客被甩出，5人死亡，11人重伤。")),
    (PIT, ("汇智家园化粪池4人遇难", "香坊区汇智家园小区清掏化粪池，4人中毒身亡。")),
    (STAND, ("红博广场踩踏", "南岗区红博广场舞台演出发生踩踏，10人死亡，30人受伤。")),
    (SMELL, ("化工小区毒气", "香坊区化工小区毒气泄漏，异味刺鼻，6人死亡，疏散2000人。")),
)
TOGETHER: tuple[tuple[Text, Text], ...] = (
    (COLD, ("供热不足", "南岗区哈西大街室温不达标，打电话没人管。")),
    (COLD, ("暖气冰凉", "香坊区暖气不热，老人冻感冒住院了。")),
    (SNOW, ("积雪没人管", "南岗区学府路积雪不清，邻居摔骨折了。")),
    (DRY, ("道里区停水", "道里区新阳路一带停水两天，3万户没水用。")),
    (WAGES, ("宏达建筑公司拖欠工资", "道里区宏达建筑公司拖欠工资，我父亲去世都没钱办后事。")),
    (
        ("松北区前进供热站锅炉爆炸3人死亡", "22日上午，松北区前进供热站锅炉发生爆炸，造成3人死亡。"),
        ("前进供热站爆炸死亡升至4人", "松北区前进供热站锅炉爆炸事故死亡人数升至4人。"),
    ),
    (
        ("平房区供热车间起火", "平房区友协大街一供热车间起火，2人死亡。"),
        ("平房区友协大街火灾", "友协大街供热车间火灾已扑灭，平房区通报2人死亡。"),
    ),
    (FALLEN, ("群力家园电梯坠落事故", "群力家园小区电梯坠落事故已有4人死亡，12人重伤，市领导到场。")),
    (FALLEN, ("群力家园电梯事故死亡5人", "道里区群力家园小区电梯坠落死亡人数升至5人，物业经理被控制。")),
    (
        ("儿童公园大摆锤断裂", "南岗区儿童公园大摆锤断裂，游客被甩出，5人死亡。"),
        ("大摆锤断裂致5死", "南岗区儿童公园内大摆锤断裂，5人死亡，儿童公园已关闭。"),
    ),
    (
        ("汇智家园化粪池4人遇难", "香坊区汇智家园小区清掏化粪池，4人中毒身亡。"),
        ("化粪池清掏事故", "香坊区汇智家园小区化粪池清掏作业中毒，4人死亡，公司负责人被带走。"),
    ),
    (
        ("红博广场踩踏", "南岗区红博广场演出发生踩踏，10人死亡。"),
        ("踩踏事故10死", "南岗区红博广场踩踏事故已有10人死亡，广场封闭。"),
    ),
    (LIFT, ("群力家园小区电梯又坏了", "道里区群力家园小区电梯又坏了，物业不管，老人下不了楼。")),
)


@pytest.fixture(scope="module")
def policy() -> GroupingPolicy:
    return load_grouping()


@pytest.fixture(scope="module")
def signer() -> Fingerprints:
    return make_fingerprints(CONFIG_DIR)


class Desk:
    """Takes in posts two hours apart, assessed as in the running service."""

    def __init__(self, assessor: MachineAssessor, signer: Fingerprints, policy: GroupingPolicy) -> None:
        self._assessor, self._signer, self._policy = assessor, signer, policy

    def join(self, texts: tuple[Text, Text]) -> bool:
        pool, verdict = Pool(self._policy), None
        for number, (title, text) in enumerate(texts):
            post = Post(str(number), "t", title, text, NOON + timedelta(hours=2 * number))
            signature = self._signer.sign(post, self._assessor.assess([post])[0])
            verdict = pool.decide(signature)
            pool.place(signature, str(number))
        return isinstance(verdict, Join)


@pytest.fixture
def desk(assessor: MachineAssessor, signer: Fingerprints, policy: GroupingPolicy) -> Desk:
    return Desk(assessor, signer, policy)


@pytest.mark.parametrize(("complaint", "disaster"), APART)
def test_neither_joins_the_other_whichever_comes_first(desk: Desk, complaint: Text, disaster: Text) -> None:
    assert not desk.join((complaint, disaster))
    assert not desk.join((disaster, complaint))


@pytest.mark.parametrize("texts", TOGETHER)
def test_one_matter_or_one_event_stays_one(desk: Desk, texts: tuple[Text, Text]) -> None:
    assert desk.join(texts)


def test_the_very_same_text_joins_itself(desk: Desk) -> None:
    disaster = APART[0][1]
    assert desk.join((disaster, disaster))
