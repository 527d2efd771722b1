"""归并 by the forms of the page: merged and parted again, declined and asked again, split off."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from services.adapters.store.corrections import CorrectionStore
from services.domain.correction import Correction
from services.domain.vocabulary import Role
from tests.console_kit import HouseThread, Visitor, done, until

pytestmark = pytest.mark.timeout(180)
FUMES = "道外区金色家园小区{}，业主多次向物业反映没有结果，请有关部门尽快解决。"


@pytest.fixture(scope="module")
def safety(office: HouseThread) -> Visitor:
    return office.visitor(office.add("yjgl", Role.DEPARTMENT, "YJGL"))


def test_two_matters_are_merged_by_one_click_and_parted_again(office: HouseThread, officer: Visitor) -> None:
    first = office.report("m1", "哈尔滨市道外区南直路路灯坏了一个月，晚上很黑，请尽快维修。", "道外区路灯不亮")
    second = office.report("m2", "哈尔滨市香坊区公滨路自来水停水三天，居民用水困难，请尽快解决。", "香坊区停水")
    assert second in officer.get(f"/incidents/{first}").text, "the form to merge offers the other open incidents"
    done(officer, first, "merge", other=second)
    assert officer.get(f"/incidents/{second}").headers["location"] == f"/incidents/{first}"
    page = officer.get(f"/incidents/{first}").text
    assert f'<option value="{second}">' in page, "the form to split offers to undo the merge"
    assert [counted(office, number) for number in (first, second)] == [["m1", "m2"], []], "no post counts twice"
    done(officer, first, "split", incident=second)
    assert [counted(office, number) for number in (first, second)] == [["m1"], ["m2"]]
    assert officer.get(f"/incidents/{second}").status_code == 200
    done(officer, second, "dismiss", reason="误报")
    assert "不予处置" in officer.get(f"/incidents/{second}").text
    done(officer, second, "reopen", reason="有新情况")


def test_a_number_that_leads_here_by_way_of_another_is_on_the_page_with_its_posts(
    office: HouseThread, officer: Visitor
) -> None:
    lamps = office.report("t1", "哈尔滨市道里区友谊路路灯坏了一个月，晚上很黑，请尽快维修。", "友谊路路灯不亮")
    water = office.report("t2", "哈尔滨市呼兰区利民大道自来水停水三天，居民用水困难，请解决。", "利民大道停水")
    buses = office.report("t3", "哈尔滨市南岗区学府路公交车一个小时都不来，请增加班次。", "学府路公交车少")
    done(officer, water, "merge", other=lamps)
    done(officer, buses, "merge", other=water)
    page = officer.get(f"/incidents/{buses}").text
    assert len(re.findall('id="post-', page)) == 3
    assert f"{lamps} 并入 {water}" in page, "the ledger of each number"
    assert counted(office, buses) == ["t1", "t2", "t3"]
    done(officer, buses, "split", incident=water)
    assert [counted(office, number) for number in (buses, water)] == [["t3"], ["t1", "t2"]]


def counted(office: HouseThread, number: str) -> list[str]:
    """The posts that a program reads of this incident."""
    posts = office.program("counter").get(f"/api/v1/incidents/{number}/posts").json()["posts"]
    return sorted(post["id"] for post in posts)


def test_a_candidate_is_declined_by_one_click_and_asked_again(
    office: HouseThread, officer: Visitor, safety: Visitor
) -> None:
    old = office.report("c1", FUMES.format("一楼餐馆没有烟道，油烟排到窗前"), "金色家园小区餐馆油烟扰民")
    new = office.report("c2", FUMES.format("多户墙面开裂"), "金色家园小区墙面开裂")
    assert queued(officer, new) == [("merge", "other", old), ("decline", "other", old)]
    done(officer, new, "decline", other=old)
    assert queued(officer, new) == [("decline", "undo", old)]
    assert f"{new} 与 {old} 不是同一事件" in officer.get(f"/incidents/{old}").text, "both ledgers tell it"
    assert officer.act(new, "decline", other=old).status_code == 409
    done(officer, new, "decline", undo=old)
    assert queued(officer, new) == [("merge", "other", old), ("decline", "other", old)]
    assert office.kinds(new).count("candidate_declined") == 2
    done(officer, new, "assign", lead="YJGL")
    assert queued(safety, new) == [], "a department is not asked"
    done(officer, new, "dismiss", reason="误报")
    assert ("decline", "other", old) in queued(officer, new), "also once the matter is closed"


def asking(office: HouseThread, number: str, candidates: list[str]) -> None:
    """Let the machine have asked whether it is one of these."""

    async def ask() -> None:
        async with office.house.store.unit() as unit:
            found = (await unit.load([number]))[number]
            found.candidates = tuple(candidates)
            await unit.save([found])

    office.call(ask())


def test_of_many_candidates_each_comes_to_be_asked_and_each_that_was_declined_can_be_taken_back(
    office: HouseThread, officer: Visitor
) -> None:
    streets = ("安隆街", "抚顺街", "经纬街", "河图街", "丽江路", "新阳路", "友谊路")
    seven = [
        office.report(f"n{n}", f"道里区{one}路灯不亮，请维修。", f"{one}路灯不亮") for n, one in enumerate(streets)
    ]
    new = office.report("n9", "松北区世茂大道井盖丢失，请处理。", "世茂大道井盖丢失")
    asking(office, new, seven)
    assert {number for _, _, number in queued(officer, new)} == set(seven[:5])
    for number in seven[1:5]:
        done(officer, seven[0], "merge", other=number)
    left = {seven[0], *seven[5:]}
    until(lambda: {number for _, _, number in queued(officer, new)} == left, "those that were further down")
    for number in seven[1:5]:
        done(officer, seven[0], "split", incident=number)
    for number in seven:
        done(officer, new, "decline", other=number)
    taken_back = [("decline", "undo", number) for number in seven]
    until(lambda: queued(officer, new) == taken_back, "all seven")


def test_one_declined_candidate_taken_back_leaves_the_other_counted_against_what_was_asked(
    office: HouseThread, officer: Visitor
) -> None:
    one = office.report("w1", "呼兰区利民大道自来水停水三天，居民用水困难，请解决。")
    two = office.report("w2", "阿城区延川大街积水严重，车辆无法通行，请处理。")
    new = office.report("w3", "平房区友协大街井盖丢失，存在安全隐患，请处理。")
    asking(office, new, [one, two])
    for number in (one, two):
        done(officer, new, "decline", other=number)
    assert proposed(office, "友协大街") == two
    done(officer, new, "decline", undo=two)
    assert proposed(office, "友协大街") == one
    done(officer, new, "decline", undo=one)
    assert proposed(office, "友协大街") == new


def proposed(office: HouseThread, words: str) -> str:
    """Where the machine would have put the post with these words, by what was decided last."""
    since = CorrectionStore(office.house.database).since(datetime(2020, 1, 1, tzinfo=UTC))
    kept: list[Correction] = list(office.call(since))
    return [c for c in kept if words in c.text][-1].proposed


def queued(visitor: Visitor, number: str) -> list[tuple[str, str, str]]:
    """What may be answered to 疑似同一事件, as (act, field, incident)."""
    page = visitor.get(f"/incidents/{number}").text
    part = page.partition('id="candidates"')[2].partition('class="duties"')[0]
    return re.findall(r'/(merge|decline)">.*?name="(other|undo)" value="([^"]+)"', part)


def test_posts_are_split_off_by_ticking_them(office: HouseThread, officer: Visitor) -> None:
    text = "哈尔滨市道里区安隆街菜市场垃圾成堆，气味难闻，影响周边居民生活，请尽快清理。"
    number = office.report("s1", text, "安隆街垃圾成堆")
    assert office.report("s2", text, "安隆街垃圾成堆", source="另一个论坛") == number
    page = officer.get(f"/incidents/{number}").text
    keys = re.findall(r'type="checkbox" name="posts" value="([0-9a-f]{32})"', page)
    assert len(keys) == 1, "every post but the first can be ticked"
    done(officer, number, "split", posts=keys[0])
    assert "posts_split" in office.kinds(number)
