"""供热, 清雪, 停电: complaints of the whole city are one matter, but what killed or hurt people is its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.gazetteer import load_gazetteer
from config.grouping import load_commonness, load_grouping
from config.reading import CONFIG_DIR
from services.adapters.assessor import MachineAssessor
from services.adapters.automaton import leftmost_longest
from services.adapters.fingerprints import Fingerprints
from services.domain.grouping import GroupingPolicy, Join, Pool
from services.domain.post import Post
from services.domain.regions import Gazetteer
from services.wiring.machine import make_assessor

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
)


@pytest.fixture(scope="module")
def assessor() -> MachineAssessor:
    return make_assessor(CONFIG_DIR)


@pytest.fixture(scope="module")
def policy() -> GroupingPolicy:
    return load_grouping()


@pytest.fixture(scope="module")
def signer(policy: GroupingPolicy) -> Fingerprints:
    names, rules = load_gazetteer()
    return Fingerprints(Gazetteer(names, rules, leftmost_longest), policy, load_commonness())


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
