"""Vehicles on their way from or to our city, and streets, houses and kitchens that bear another place's name.

The grade each proposes through the whole assessment: "?" provisional, "-" none, "|" either will do; the third part says
whether the post is one of ours.
"""

from __future__ import annotations

from tests.contracts.graded_sentences import Row

# Our city is an end of the route of the very vehicle that was struck: ours, and a person says whose it is.
ABOARD: tuple[Row, ...] = (
    ("哈尔滨飞三亚航班坠毁，42人遇难。", "I?", True),
    ("今天哈尔滨至北京高铁脱轨，已致12人死亡。", "II?", True),
    ("从北京飞往哈尔滨的客机坠毁，42人遇难。", "I?", True),
    ("哈尔滨飞三亚航班在南昌坠毁，42人遇难，哈尔滨机场公布家属电话。", "I?", True),
    ("今天上午，由哈尔滨开往大庆的一辆客车在肇东侧翻，造成12人死亡。", "II?", True),
    ("一架客机从哈尔滨飞往上海，途中在山东坠毁，42人遇难。", "I?", True),
    ("一辆大巴从哈尔滨开往长春途中起火，11人死亡。", "II?", True),
    ("北京至哈尔滨高铁今晨在沈阳脱轨，12人死亡。", "II?", True),
    ("长春飞往哈尔滨的航班坠毁，42人遇难。哈尔滨市委连夜召开会议。", "I?", True),
    ("海南三亚飞哈尔滨的CZ6218次航班，在江西境内坠毁，31人遇难。", "I?", True),
    ("哈尔滨西站开往大连的列车与货车相撞，致13人死亡。", "II?", True),
    ("哈尔滨飞三亚航班坠毁。三亚方面称42人遇难。", "I?", True),
    ("哈尔滨—牡丹江客车坠河，已致10人死亡。", "II?", True),
    ("哈尔滨飞三亚航班在道里区坠毁，42人遇难。", "I", True),
)

# The vehicle arrived, waits or was not ours; what happened is another place's.
ARRIVED: tuple[Row, ...] = (
    ("一架长春飞往哈尔滨的航班今日正点降落。长春市一商场火灾31人遇难。", "-", False),
    ("哈尔滨飞三亚航班正点抵达，三亚一商场火灾31人遇难。", "-", False),
    ("哈尔滨至北京高铁因沈阳一工厂爆炸停运，爆炸致12人死亡。", "-", False),
    ("长春飞往哈尔滨的航班今日取消。长春市一化工厂爆炸致31人遇难。", "-", False),
    ("从哈尔滨飞上海的航班全部延误，上海浦东一商场火灾致35人死亡。", "-", False),
    ("乘客乘坐哈尔滨至长春高铁返乡。长春一客车侧翻致12人死亡。", "-", False),
    ("哈尔滨至大连高铁恢复运行，大连一客车侧翻12人死亡。", "-", False),
    ("北京飞上海航班坠毁，42人遇难，哈尔滨机场提醒旅客。", "-", False),
    ("长春至沈阳高铁脱轨，12人死亡，哈尔滨医院派出专家驰援。", "-", False),
    ("据新华社消息，浙江温州客车侧翻致17人遇难。哈尔滨交警提示雪天慢行。", "-", False),
)

# A street, a house and a kind of kitchen named after a place stand anywhere.
BORROWED_NAMES: tuple[Row, ...] = (
    ("吉林大路居民楼火灾12人死亡，哈尔滨消防到场。", "II?|II", True),
    ("道里区吉林大路居民楼火灾12人死亡，哈尔滨消防到场。", "II", True),
    ("道外区吉林街一居民楼火灾，12人死亡。", "II", True),
    ("广州酒店发生火灾，12人死亡，哈尔滨消防赶到现场。", "II?", True),
    ("四川小区居民楼坍塌致12人死亡，哈尔滨消防救援支队到场救援。", "II?", True),
    ("北京大厦今晨起火，已致11人死亡，哈尔滨警方通报。", "II?", True),
    ("山东大饭店火灾致12人遇难，哈尔滨市民拍下视频。", "II?", True),
    ("四川火锅店爆炸，就在哈尔滨道外，11人死亡", "II", True),
    ("四川火锅店爆炸11人死亡，就在哈尔滨道外", "II", True),
    ("哈尔滨道外区四川火锅店爆炸，11人死亡。", "II", True),
    ("兰州拉面馆爆炸，12人死亡，哈尔滨消防到场。", "II?", True),
    ("哈尔滨消防到场：重庆小面店燃气爆炸，11人死亡。", "II?|II", True),
    ("东北菜馆爆炸，11人死亡，哈尔滨消防到场。", "II?", True),
    ("湖南菜馆燃气爆炸，13人死亡，哈尔滨交警封路。", "II?", True),
)

# One that lies in the other place is that place's.
THEIR_OWN: tuple[Row, ...] = (
    ("上海浦东一酒店火灾35人死亡，哈尔滨消防提醒注意安全。", "-", False),
    ("四川成都一火锅店爆炸，11人死亡。哈尔滨消防提示用气安全。", "-", False),
    ("重庆一小区火灾致12人死亡，哈尔滨消防开展排查。", "-", False),
    ("重庆市酒店火灾致12人死亡，哈尔滨消防部署排查。", "-", False),
    ("吉林长春吉林大路一商场火灾，12人死亡，哈尔滨消防驰援。", "-", False),
    ("浙江道路结冰，客车侧翻致17人遇难，哈尔滨交警提醒慢行。", "-", False),
    ("四川桥梁垮塌致12人死亡，哈尔滨住建局部署排查。", "-", False),
    ("上海街头汽车冲撞人群，12人死亡，哈尔滨警方提醒。", "-", False),
    ("兰州市一拉面馆爆炸致12人死亡，哈尔滨消防提示。", "-", False),
)

TABLES = {
    "aboard": ABOARD,
    "arrived": ARRIVED,
    "borrowed_names": BORROWED_NAMES,
    "their_own": THEIR_OWN,
}
