"""Whatever calm, lesson, place or hope stands beside the dead of a disaster of now, they keep their grade."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.adapters.assessor import MachineAssessor
from services.domain.post import Post
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)

KEPT = """
II 11 0 网友称哈尔滨市南岗区爆炸死亡11人，附近学校正常上课，周边超市营业正常。
III 5 0 网传哈尔滨市道外区一工厂爆炸致5人死亡。道外区政府通报：爆炸发生后，现场秩序正常，善后工作正在进行。
II 12 0 网友爆料哈尔滨市香坊区工厂爆炸致12人死亡，目前周边居民生活一切正常。
III 4 0 有网友说哈尔滨市松北区一厂房起火，已致4人死亡，邻近厂房没有人员伤亡。
II 12 0 网传哈尔滨市南岗区一工地坍塌致12人遇难，官方：此前未发生过类似事故，已确认12人死亡。
III 5 0 今早哈尔滨绕城高速一外地大巴事故，致5人死亡。
III 5 0 哈尔滨市南岗区一外地团队住的宾馆火灾，致5人死亡。
III 5 0 哈尔滨市香坊区发生外地货船火灾，致5人死亡，8人受伤。
III 4 0 今早哈尔滨市香坊区某厂播放警示片时发生爆炸，致4人死亡。
III 4 0 今早哈尔滨市香坊区某厂组织观看警示教育片，会场突然坍塌，4人死亡。
II 0 12 哈尔滨市依兰县一煤矿透水，12人失联。救援指挥部：失联人员全部找到，无一生还。
III 0 7 哈尔滨市依兰县渔船沉没，失联7人。截至今晨，失联者全部找到，无一生还。
II 0 12 哈尔滨市依兰县煤矿透水，失联的12名矿工生还机会渺茫。
III 3 0 哈尔滨市道里区火灾，一家老小三死两伤
III 5 0 哈尔滨市道里区火灾，一家老小五死一伤
"""
STILL_LEFT_OUT = """
网传哈尔滨市香坊区爆炸致12人死亡，经核实系工地爆破。
网传哈尔滨市道里区有15名儿童死亡，警方：未接到此类警情。
各地要深刻吸取外地近期火灾致12人死亡的教训，哈尔滨市南岗区开展排查。
哈尔滨市道外区组织观看某市爆炸警示片，146人在那次爆炸中死亡。
"""
HEARD = """
II 香坊一轧钢车间出事了，死了12个人
II 从外面回来的大巴翻了，死了12人
I 江水上涨，松花江干流段堤防决口
"""
LEADS = """
WJW 哈尔滨市道里区一名孕妇在妇产医院死亡，家属围堵医院。
JYJ 哈尔滨市道里区一名学生昨天在学校死亡，家长要求学校给说法。
RSJ 哈尔滨市道里区工地一名工人死亡，老板不给赔偿，请劳动部门帮助。
"""


@pytest.fixture(scope="module")
def machine() -> MachineAssessor:
    return make_assessor(CONFIG_DIR)


def post(text: str) -> Post:
    return Post("p", "微博", "", text, NOON, published_at=NOON)


@pytest.mark.parametrize("case", KEPT.strip().splitlines())
def test_the_dead_of_now_keep_their_grade(machine: MachineAssessor, case: str) -> None:
    grade, deaths, missing, text = case.split(" ", 3)
    [found] = machine.assess([post(text)])
    assert found.relevant
    assert found.event_grade is not None
    assert found.event_grade.value == grade
    assert (found.casualties.deaths or 0, found.casualties.missing or 0) == (int(deaths), int(missing))


@pytest.mark.parametrize("text", STILL_LEFT_OUT.strip().splitlines())
def test_denied_claims_and_lessons_are_none_of_now(machine: MachineAssessor, text: str) -> None:
    [found] = machine.assess([post(text)])
    assert (found.event_grade, found.casualties.deaths) == (None, None)


@pytest.mark.parametrize("case", HEARD.strip().splitlines())
def test_whoever_tells_of_an_event_with_a_grade_is_heard(machine: MachineAssessor, case: str) -> None:
    grade, text = case.split(" ", 1)
    [found] = machine.assess([post(text)])
    assert found.relevant
    assert found.event_grade is not None
    assert found.event_grade.value == grade
    [elsewhere] = machine.assess([replace(post("广东省佛山市" + text), source="南方网")])
    assert not elsewhere.relevant


@pytest.mark.parametrize("case", LEADS.strip().splitlines())
def test_one_death_without_an_emergency_goes_to_who_answers_for_the_matter(machine: MachineAssessor, case: str) -> None:
    lead, text = case.split(" ", 1)
    [found] = machine.assess([post(text)])
    assert (found.event_grade, found.lead_department) == (None, lead)
