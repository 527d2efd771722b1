"""归并: outages of one district, snow on every street, one employer's wages, one school's meals: what is one matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.domain.grouping import Join, Pool
from services.domain.post import Post
from services.wiring.machine import make_assessor, make_fingerprints

AT = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
POLICY = load_grouping()

ONE = {
    "water": """
        0 道里区停水两天了|哈尔滨道里区群力这边从昨天早上开始停水，自来水公司电话占线，请问什么时候来水。
        5 道里爱建小区没有水|家住哈尔滨道里区爱建，停水一整天，说是主管道爆裂抢修，停水也没有通知。
        26 道里区大面积停水何时恢复|哈尔滨市道里区多个小区停水，老人做饭都成问题，盼尽快恢复供水。""",
    "planned work told twice": """
        0 南岗区停水通知|因管网改造，12月4日22时至5日6时南岗区测绘路、宣化街停水，请提前储水。
        9 南岗测绘路要停水|南岗区测绘路12月4日晚上停水，做饭的抓紧，自来水公司说到5日早上。""",
    "one outage whose days are told in two ways": """
        0 |哈尔滨道里区群力从2日早上开始停水，自来水公司电话占线，请尽快恢复供水。
        2 |哈尔滨道里区群力12月2日停水，自来水公司电话没人接，请问何时恢复供水。
        14 |哈尔滨道里区群力停水，到3日还没有恢复供水，自来水公司电话打不通。""",
    "untitled posts that name the matter once at their head": """
        0 |哈尔滨南岗区一小区暖气不热，室内只有十六度，老人孩子都感冒了。
        5 |哈尔滨香坊区暖气冰凉，打电话没有人管，已经三天了。""",
    "power": """
        0 香坊区停电一晚上|哈尔滨香坊区从昨晚停电到现在，暖气循环泵也停了，供电公司说在抢修。
        3 香坊停电什么时候来电|香坊区这一片停电，楼道漆黑，电梯停了，家里有病人要用制氧机。""",
    "gas": """
        0 南岗区停气没法做饭|哈尔滨南岗区今天突然停气，燃气公司没有提前通知，饭店也营业不了。
        2 南岗停气通知太晚|南岗区停气，居民早上起来才看到通知，孩子没吃上早饭。""",
    "snow": """
        0 道外区主干道积雪没人清|哈尔滨道外区下雪三天，路面积雪成冰，行人滑倒，请尽快清雪。
        9 香坊区小区门前清雪太慢|哈尔滨香坊区下完雪没人除雪，轮椅出不去。
        30 松北区清雪不及时|松北区辅路积雪很厚，公交站台全是冰，清雪车只走主路。""",
    "metro": """
        0 地铁1号线早高峰故障停运|哈尔滨地铁1号线今早信号故障，列车停运二十分钟，站台挤满了人。
        1 地铁停运害得我迟到|哈尔滨地铁又停运，广播只说设备故障，不知道要等多久。""",
    "fare": """
        0 公交车涨价到两元合理吗|哈尔滨公交票价从一元涨到两元，没有听证，老百姓出行负担加重。
        20 反对公交涨价|听说全市公交涨价，上班来回多花两元，请公开成本。""",
    "wages": """
        0 恒远建筑公司拖欠农民工工资|哈尔滨恒远建筑公司承建的项目拖欠我们二十名工人工资三个月，多次讨要没有结果。
        50 恒远建筑公司欠薪何时发放|在哈尔滨恒远建筑公司干活半年，恒远建筑公司老板躲着不见，欠薪八万元，要过年了。""",
    "meals": """
        0 育才实验小学食堂饭菜变质|哈尔滨南岗区育才实验小学午餐的鸡肉发臭，孩子回家拉肚子，请查食堂。
        6 育才实验小学午餐质量太差|南岗区育才实验小学食堂承包给外面公司，饭菜是凉的，有家长看到变质的肉。""",
}

TWO = {
    "water of two districts": """
        0 道里区停水两天了|哈尔滨道里区从昨天早上开始停水，自来水公司电话占线。
        2 香坊区停水没有通知|哈尔滨香坊区停水一天，请问什么时候恢复供水。""",
    "water a week later": """
        0 道里区停水两天了|哈尔滨道里区从昨天早上开始停水，自来水公司电话占线。
        200 道里区又停水|哈尔滨道里区今天停水，盼尽快恢复供水。""",
    "planned work of two days": """
        0 南岗区停水通知|因管网改造，12月4日22时至5日6时南岗区测绘路、宣化街停水，请提前储水。
        20 南岗区停水通知|因管网改造，12月8日22时至9日6时南岗区征仪路、林兴路停水，请提前储水。""",
    "two crashes of one district, the later with more dead": """
        0 |哈尔滨市南岗区发生一起车祸，一辆货车侧翻，造成3人死亡。
        50 |哈尔滨市南岗区一起车祸，公交车侧翻，死亡人数升至12人，30人受伤。""",
    "water and power": """
        0 道里区停水两天了|哈尔滨道里区从昨天早上开始停水，自来水公司电话占线。
        2 道里区停电一上午|哈尔滨道里区停电，供电公司电话占线。""",
    "snow of two winters' falls": """
        0 道外区积雪没人清|哈尔滨道外区下雪三天，路面积雪成冰，请尽快清雪。
        300 道外区清雪太慢|哈尔滨道外区昨天下雪，积雪没人清。""",
    "two employers": """
        0 恒远建筑公司拖欠农民工工资|哈尔滨恒远建筑公司拖欠我们二十名工人工资三个月，多次讨要没有结果。
        5 瑞丰装饰公司拖欠农民工工资|哈尔滨瑞丰装饰公司拖欠我们八名工人工资半年，多次讨要没有结果，请劳动监察查处。""",
    "two schools": """
        0 育才实验小学食堂饭菜变质|哈尔滨南岗区育才实验小学午餐的鸡肉发臭，孩子回家拉肚子，请查食堂。
        6 继红第二小学食堂饭菜变质|哈尔滨南岗区继红第二小学午餐的鱼发臭，孩子回家肚子疼，请查食堂。""",
    "metro works and a breakdown": """
        0 地铁1号线早高峰故障停运|哈尔滨地铁1号线今早信号故障，列车停运二十分钟，站台挤满了人。
        3 地铁4号线何时开工|请问哈尔滨地铁4号线什么时候开工，途经哪些站。""",
    "two bus lines": """
        0 64路公交车等不来|哈尔滨道里区64路公交车半小时不来一趟，站台太冷。
        5 119路公交车司机甩站|哈尔滨香坊区119路公交车司机不停车就走，老人追不上。""",
}


def groups(block: str) -> list[str]:
    """The incident of each post: hours after the first, title and text on a line."""
    pool, found = Pool(POLICY), []
    for number, line in enumerate(block.strip().splitlines()):
        hours, _, told = line.strip().partition(" ")
        title, _, text = told.partition("|")
        post = Post(f"{number}{title}", "热线", title, text, AT + timedelta(hours=int(hours)), origin="hotline")
        signature = make_fingerprints(CONFIG_DIR).sign(post, make_assessor(CONFIG_DIR).assess([post])[0])
        verdict = pool.decide(signature)
        found.append(verdict.incident if isinstance(verdict, Join) else str(number))
        pool.place(signature, found[-1])
    return found


@pytest.mark.parametrize("block", ONE.values(), ids=ONE)
def test_one_matter_is_one_incident(block: str) -> None:
    assert set(groups(block)) == {"0"}


@pytest.mark.parametrize("block", TWO.values(), ids=TWO)
def test_two_matters_are_two_incidents(block: str) -> None:
    assert groups(block) == ["0", "1"]
