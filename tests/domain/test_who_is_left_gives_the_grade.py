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
IV 道里区商场着火，商场里500多人，救出20人，火已扑灭，没听说有伤亡。
IV 道里区商场起火，商场里300多名顾客，消防救出25人，未接到人员伤亡报告。
IV 南岗区医院着火，住院楼里260人，救出40人，火10分钟扑灭，暂无伤亡报告。
IV? 南岗区KTV起火，里面100多人，救出9人，消防通报无被困人员。
IV 道外区居民楼起火，楼里住着80人，救出7人，送医1人，火已扑灭。
IV? 香坊区酒店起火，店内住着200人，救出18人，明火已扑灭，现场秩序良好。
IV? 呼兰区学校宿舍着火，宿舍里住着400名学生，老师救出12名，学生情绪稳定，已复课。
IV? 道里区写字楼起火，楼里120人，先救出30人，其他人从另一部楼梯自己走了。
IV? 道里区写字楼起火，楼里120人，救出30人，剩下90人从西侧楼梯下来了。
IV? 香坊区地铁起火冒烟，车厢里200人，已救出150人，其余乘客陆续走出。
IV? 道里区酒店起火，住客110人，救出32人，其余客人已结账离店。
IV? 平房区工厂着火，车间里150人，救出3人，其他工人下班了。
IV? 道里区小区燃气泄漏，楼里住着90人，敲门救出4人，其他居民到楼下等着。
IV? 方正县大巴着火，车上48人，司机救出5人，大家都坐上后来的车走了。
- 松北区太阳岛游船进水，船上45人，救起44人，最后1人也被家属接走。
IV? 方正县客船搁浅，船上80人，救援船接走50人，其余30人原地等候，船没进水。
IV? 双城公交车起火，车上35人，司机砸窗救出10人，车烧没了，乘客都跑下来了。
IV? 阿城隧道塌方，当班22人，逃出19人，3人确认在外休班。
IV? 道外区宿舍火灾，宿舍里60名工人，逃出来55人，剩下5人当时在上夜班。
IV? 呼兰化工厂爆炸，厂里当班90人，救出伤员12人。
IV? 南岗区幼儿园厨房起火，园里90个孩子，老师抱出来12个，其他孩子都在操场
IV? 哈尔滨某超市起火，超市里220人，救出15人，其他顾客被店员带出去了
I? 道外区商场着火，商场里300人，救出20人，里面还有好多人没出来
I? 南岗区酒店起火，店里住着120人，救出30人，其余被困楼上
I? 道里区写字楼起火，楼里80人，救出12人，其余仍在搜救
III? 道外区商场着火，商场里300人，救出20人，还有3人没出来
II? 香坊区大巴着火，车上38人，救出11人，其余没跑出来
II? 依兰煤矿着火，井下26人，升井9人
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
