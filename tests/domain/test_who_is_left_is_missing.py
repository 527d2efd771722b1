"""Of those aboard, below or buried who came out is not missing and who is left is, unless their fate is told."""

import pytest

from services.domain.casualties import read_casualties

# Missing and dead by the text; a number that is reckoned is about right.
LEFT = {
    "宾县客车坠崖，车上32人，目前救出11人": (21, None),
    "宾县客车坠崖，车上32人，11人获救": (21, None),
    "松北区校车坠湖，车上19名幼儿，4人获救": (15, None),
    "松北区校车落水，车上19个孩子，就爬出来4个": (15, None),
    "呼兰区爆炸，37人被埋，26人获救，其余仍在搜救": (11, None),
    "呼兰区爆炸，37人被埋，26人获救，其余全部遇难": (None, 11),
    "木兰井下26人，升井9人，其他人联系不上": (17, None),
    "依兰煤矿透水，入井41人，升井27人": (14, None),
    "通河渡船沉没，船上31人，已救起19人": (12, None),
    "香坊厂房坍塌，当班工人36人，逃出15人": (21, None),
    "方正县大桥垮塌，15人坠江，3人自行游上岸": (12, None),
    "五常市大客掉水库里，一车35人，只有7人生还": (None, 28),
    "延寿县冷库着火，车间里有26名女工，逃出来8个，其余没能出来": (18, None),
    "巴彦县泥石流，23人被埋，挖出5人，均已死亡": (18, 5),
    "双城区渔船沉没，船上13人，2人获救，3人遇难": (8, 3),
    "巴彦县旅游大巴冲进水库，全车38人，仅6人爬上岸": (32, None),
    "延寿县山洪，冲走17人，目前找到5人，均平安": (12, None),
    "方正县煤矿突水，井下当班43人，成功升井30人，还有13人被困": (13, None),
    "尚志滑雪场索道坠落，轿厢里共有14人，抢救出来4人，其余下落不明": (10, None),
    "尚志大客车坠入山谷，乘客42人，医院收治15人，其余生死不明": (27, None),
    "通河县游船撞桥倾覆，游客和船员一共36名，被救上岸14名": (22, None),
    "通河县浮桥断裂，桥上26人掉江里，游上来14个": (12, None),
    "道里区阳明滩大桥上一辆大客车坠江，核载45人实载39人，现已救起22人": (17, None),
    "阿城区火车脱轨坠桥，车厢里有120多人，目前仅救出34人": (86, None),
    "平房区毒气泄漏，车间里19人，抬出11人，8人失去联系": (8, None),
    # Who did not come out did not come out.
    "双城区客车起火，车上39人，多人跳窗逃生，12人没跑出来": (None, 12),
    "五常市一辆载有28名游客的大巴坠崖，目前已造成5人死亡、17人受伤，其余人员正在搜寻": (6, 5),
    "巴彦县山体滑坡，掩埋3户11人。救援人员已找到7人，其中4人遇难，3人送医救治": (4, 4),
    "通河县林场山洪，16名采蘑菇的村民被冲走，9人获救": (7, None),
    "宾县一家客栈发生火灾，店内住客31人，跳窗逃生10人，其余人下落不明": (21, None),
    "巴彦县沼气池塌陷，掉下去6个人，拉上来1个": (5, None),
    # Nobody walks out of what burns below ground or on the water, nor of what fell down.
    "依兰煤矿瓦斯爆炸，当班26人，升井9人": (17, None),
    "呼兰河上一艘渡船起火，船上31人，救起19人": (12, None),
    "平房区厂房爆炸坍塌，车间里36人，救出15人": (21, None),
    "道外区KTV起火，里面100多人，救出9人，人都压在里面喊救命": (91, None),
    "双城区幼儿园校车着火，车上19个孩子，老师抱下来9个，剩下的没抱出来": (10, None),
    "阿城区大巴坠桥，车上30人，捞上来12人，其余没救过来": (None, 18),
    # Others than those who are left are gone, fetched or well.
    "通河县渡船沉没，船上31人，救起19人，12人被冲走了": (12, None),
    "宾县冰面塌了，冰上20人，捞上来8人，家属都哭着不走": (12, None),
    "尚志塌方，当班30人，逃出18人，救援人员换班轮流挖": (12, None),
    "方正县游船翻船，船上25人，救起9人，获救的乘客都平安": (16, None),
    "宾县客车坠崖，车上32人，救出11人，有无人员伤亡正在核实": (21, None),
    # What is stated of the others stands.
    "呼兰区沉船事故，船上20人，12人获救，8人失联": (8, None),
    "呼兰河沉船，船上20人，12人获救，8人遇难": (None, 8),
    "方正县沉船12人落水，8人获救4人失踪": (4, None),
    "木兰县游船倾覆，船上22人，18人获救，其余4人遇难": (None, 4),
}
NOBODY = (
    "道里区居民楼燃气爆炸，楼里住着60人，救出8人，消防打开水枪降温",
    "呼兰区学校食堂起火，食堂里200名学生，救出9名学生，2名学生从二楼坠楼受伤",
    "双城区客车坠沟，车上33人，救出12人，其余人爬上来后自己走回家了",
    "巴彦县大巴翻进水库，车上30人，救起12人，18人没上车",
    "延寿县客车掉沟里，车上30人，救出9人，剩下的走路去镇上了",
    "木兰县雪崩，一行16人，找到6人，10人当天没上山在宾馆休息",
    "延寿县客车坠桥，车上40人，救出22人，乘客都平安到家了",
    "宾县客车坠崖，车上32人，救出11人，暂无人员伤亡报告",
    "平房区大巴坠沟，车上45人，5人受伤送医，其余无大碍",
    "宾县客车坠沟，车上28人，17人受伤，其余人员已转移安置",
    "宾县煤矿冒顶，井下作业人员19人，安全升井19人",
    "宾县客车侧翻，车上32人，救出5名被困乘客，其余乘客自行离开",
    "道外区面包车与货车相撞，车上7人，消防救出3名被困人员送医",
    "道里区居民楼起火，楼内56人全部疏散，救出3人，无人受伤",
    "松花江沉船，船上31人全部获救",
    "呼兰区沉船，船上31人，31人均已获救，其中4人送医",
    "方正县客车落水，车上18人，目前已全部救出，5人轻伤",
    "宾县大客坠崖，核载32人，救出11人，其余轻伤",
    "井下作业32人，12人先升井换班，一切正常",
    "消防演练：模拟车上32人落水，救出11人",
    "去年通河沉船，船上32人，救起19人",
    "群力小区电梯困人，12人被困两小时，消防救出8人",
)


@pytest.mark.parametrize(("text", "counted"), LEFT.items())
def test_who_is_left_is_missing_or_dead(text: str, counted: tuple[int | None, int | None]) -> None:
    found = read_casualties("", text).casualties
    assert (found.missing, found.deaths) == counted


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_left_where_all_are_out_or_walk_away(text: str) -> None:
    found = read_casualties("", text).casualties
    assert (found.missing or 0, found.deaths or 0) == (0, 0)


@pytest.mark.parametrize("text", ["木兰井下26人，升井9人，其他人联系不上", "通河渡船沉没，船上31人，已救起19人"])
def test_who_is_only_reckoned_to_be_missing_is_about_right(text: str) -> None:
    assert read_casualties("", text).casualties.bounds == {"missing": "about"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("五常市隧道塌方，22名工人被困，已救出10人", 12),
        ("景区缆车故障，23人被困半空，已救下8人", 15),
        ("商场停电，电梯里20人被困，救出来3个", 0),
        ("南岗区电梯故障，12人被困，已救出12人", 0),
    ],
)
def test_who_is_left_of_the_trapped_is_in_danger_and_not_missing(text: str, number: int) -> None:
    reading = read_casualties("", text)
    assert reading.rest is not None
    assert (reading.rest.value, reading.casualties.missing) == (number, None)


def test_that_a_rescue_goes_on_makes_nobody_safe() -> None:
    reading = read_casualties("", "宾县客车坠崖，车上载有32人，救援正在进行")
    assert reading.in_danger is not None
    assert reading.in_danger.value == 32
    assert read_casualties("", "宾县客车坠崖，出动32名救援人员，正在施救").in_danger is None
