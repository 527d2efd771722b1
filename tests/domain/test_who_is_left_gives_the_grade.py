"""The grade of an accident follows from those who are left, not from all who were aboard, and waits to be confirmed."""

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.adapters.assessor import MachineAssessor
from services.domain.post import Post
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)

# Grade, "?" where it is provisional.
GRADES = """
II? 宾县客车坠崖，车上32人，目前救出11人
II? 松北区校车落水，车上19个孩子，就爬出来4个
I? 宾县客车坠崖，车上载有32人，救援正在进行
II? 依兰煤矿透水，入井41人，升井27人
II? 通河渡船沉没，船上31人，已救起19人
II 呼兰区爆炸，37人被埋，26人获救，其余全部遇难
I? 巴彦县旅游大巴冲进水库，全车38人，仅6人爬上岸
III? 香坊区工地塌方，被埋7人，救出3人
IV? 宾县煤矿冒顶，井下作业人员19人，安全升井19人
IV 木兰县渔船沉没，船上11人，2人死亡，其余安全
IV? 松花江沉船，船上31人全部获救
II 南岗区大火，11人当场没气，1人送医后没救过来
III 呼兰区爆炸，之前说死了13人，后来核实是3人
III? 南岗区刑案，一家3口被害
II? 呼兰区爆炸，死了得有小二十人
II? 呼兰河大桥桥体中部两跨垮塌坠河，桥上至少七辆车，目前仅两人被救起，其余落水人员仍在搜寻
II? 哈尔滨松花江一游船倾覆，多名落水者正在搜救
III? 宾县在建工地塌方，被埋人数正在核实
IV? 木兰县两车相撞，具体受伤人数正在核实
- 松北区桥上一男子落水，救援人员正在打捞
- 如果桥垮了，其余落水人员怎么搜救
- 消防多次参加落水人员搜救，其他时间训练
- 井下作业32人，12人先升井换班，一切正常
- 依兰煤矿升井27人，入井41人，生产正常
- 南岗区电梯故障，12人被困，已救出12人
"""


@pytest.fixture(scope="module")
def machine() -> MachineAssessor:
    return make_assessor(CONFIG_DIR)


@pytest.mark.parametrize("case", GRADES.strip().splitlines())
def test_the_grade_follows_from_who_is_left(machine: MachineAssessor, case: str) -> None:
    grade, text = case.split(" ", 1)
    [found] = machine.assess([Post("1", "网民", "", text, NOON)])
    doubt = "?" if found.provisional else ""
    assert (found.event_grade.value + doubt if found.event_grade else "-") == grade
