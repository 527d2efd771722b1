"""归并: what happens at one place, or bears one name, is one matter only where it is about the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.domain.grouping import Ask, Join, Pool, Signature, Verdict
from services.domain.post import Post
from services.wiring.machine import make_fingerprints

AT = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
POLICY = load_grouping()

ONE = {
    "fumes of one row of shops": """
        金色家园小区楼下餐馆油烟扰民|道外区金色家园小区一楼开了几家餐馆，没有专用烟道，油烟直接排到窗前，衣服都不敢晾。
        金色家园底商餐饮没人管|金色家园小区门口的烧烤店半夜还在营业，没有烟道，油烟往楼上飘，关窗也没有用。""",
    "noise that is also dust": """
        金色家园旁边的搅拌站粉尘大|金色家园小区一百米外新建搅拌站，每天粉尘飞扬，窗台一层灰，呼吸都困难。
        金色家园附近太吵了|金色家园旁边的搅拌站夜里也开工，机器声音和粉尘让人受不了，请尽快撤走。""",
    "an estate's buyers and its developer": """
        金色家园交房后问题多|金色家园三期刚交房，墙面开裂，地下室渗水，开发商只说会修。
        金色家园三期房屋质量差|我是金色家园三期业主，收房发现墙面裂缝，阳台渗水，开发商推来推去。""",
}

ASKED = {
    "an estate without a listed ending": """
        松江学府延期交房|道里区群力松江学府项目合同写的去年年底交房，至今没动静。
        请关注松江学府业主|我们在第七大道买了松江学府的房子，外墙还露着钢筋，监管账户的钱去哪了。""",
    "an estate told in few words": """
        锦澜华府延期交房|松北区锦澜华府项目，合同约定去年交房，至今未交。
        锦澜华府啥时候能住上|锦澜华府售楼处锁门了，开发商躲着不见。""",
}

TWO = {
    "two estates by one form": """
        金河新苑A区不热|道里区金河新苑A区屋里只有16度，请处理。
        顾乡嘉苑不热|道里区顾乡嘉苑屋里只有16度，请处理。""",
    "fumes and cracks": """
        金色家园小区餐馆油烟扰民|道外区金色家园小区一楼餐馆没有烟道，油烟排到窗前，业主多次向物业反映没有结果，请有关部门尽快解决。
        金色家园小区墙面开裂|道外区金色家园小区多户墙面开裂，业主多次向物业反映没有结果，请有关部门尽快解决。""",
    "a bus line and a building site": """
        金色家园到地铁站的公交车太少|从金色家园到地铁站只有一路公交车，高峰时二十分钟一趟，居民上班总迟到。
        金色家园旁的工地半夜施工|金色家园旁边的工地半夜施工，噪音让居民无法入睡，明天还要上班。""",
    "one writer's letters about one neighbourhood": """
        金色家园的公交站没有站台|我们住在金色家园，公交站牌歪了半年，下雨天没有地方躲，恳请领导在百忙之中给予重视，早日为民解忧。
        金色家园的公园什么时候建|我们住在金色家园，说好的公园至今还是荒地，老人没有地方散步，恳请领导在百忙之中给予重视，早日为民解忧。""",
    "two estates with gaming rooms": """
        金色家园的麻将馆扰民严重|金色家园车库里开了麻将馆，通宵营业，派出所来过几次，没有用。
        海韵新城的麻将馆扰民严重|海韵新城三号楼一楼有麻将馆，每天吵到半夜，社区不管。""",
}


def signed(told: str, number: int) -> Signature:
    title, _, text = told.strip().partition("|")
    post = Post(f"{number}{title}", "热线", title, text, AT + timedelta(hours=number), origin="hotline")
    return make_fingerprints(CONFIG_DIR).sign(post)


def verdicts(*told: str) -> list[Verdict]:
    """The verdict on each post, an incident being named by the number of its first post."""
    pool, found = Pool(POLICY), []
    for number, one in enumerate(told):
        signature = signed(one, number)
        found.append(pool.decide(signature))
        pool.place(signature, found[-1].incident if isinstance(found[-1], Join) else str(number))
    return found


@pytest.mark.parametrize("block", ONE.values(), ids=ONE)
def test_the_same_at_one_place_is_one_matter(block: str) -> None:
    assert isinstance(verdicts(*block.strip().splitlines())[1], Join)


@pytest.mark.parametrize("block", TWO.values(), ids=TWO)
def test_something_else_at_one_place_is_another_matter(block: str) -> None:
    assert not isinstance(verdicts(*block.strip().splitlines())[1], Join)


def test_where_it_is_not_plain_a_person_is_asked() -> None:
    found = verdicts(*TWO["fumes and cracks"].strip().splitlines())[1]
    assert isinstance(found, Ask)
    assert [incident for incident, _ in found.candidates] == ["0"]


def test_one_post_on_two_subjects_does_not_chain_two_matters_together() -> None:
    fumes = "金色家园小区餐馆油烟扰民|金色家园一楼餐馆没有烟道，油烟排到窗前，第{}次反映。"
    both = "金色家园油烟大还没有路灯|金色家园一楼餐馆油烟排到窗前，门口没有路灯，晚上出门看不见。"
    lamps = "金色家园路灯不亮|金色家园门口没有路灯，晚上出门看不见，老人摔了一跤。"
    found = verdicts(fumes.format("三"), fumes.format("五"), fumes.format("六"), both, lamps)
    assert [isinstance(one, Join) for one in found] == [False, True, True, True, False]


def test_the_title_says_what_a_post_is_about_and_the_text_what_else() -> None:
    found = signed("金色家园餐馆油烟扰民|物业收了停车费，物业不管，地下车库也乱。", 0)
    assert (found.subjects, found.aside) == (("餐饮",), ("物业",))
    assert signed("请问|小区停水两天，物业说水压低，请恢复供水。", 1).subjects == ("供水", "物业")


def test_what_is_everywhere_is_no_place() -> None:
    assert signed("星河湾小区配套幼儿园收费高|星河湾小区的公立幼儿园收费高，门口是十字路。", 0).places == ("星河湾",)


def test_what_a_post_is_about_is_no_part_of_a_name() -> None:
    named = signed("星河湾麻将馆扰民|星河湾的麻将馆扰民，请处理。", 0)
    assert named.names == signed("星河湾幼儿园收费|星河湾幼儿园收费高，请处理。", 1).names
    assert signed("麻将馆扰民|麻将馆扰民，请处理。", 2).names == ()


@pytest.mark.parametrize("block", ASKED.values(), ids=ASKED)
def test_two_letters_that_lead_with_one_estate_are_asked_in_whatever_words(block: str) -> None:
    assert isinstance(verdicts(*block.strip().splitlines())[1], Ask)
