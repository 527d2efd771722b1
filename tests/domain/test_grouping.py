"""归并: what belongs together, what does not, and what a person is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.adapters.fingerprints import Fingerprints
from services.domain.grouping import (
    Ask,
    Candidate,
    GroupingPolicy,
    Join,
    New,
    Pool,
    Signature,
    decide,
    evaluate_grouping,
)
from services.domain.post import Post
from services.wiring.machine import make_fingerprints

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
HEATING = "家里室温只有十五度，给热力公司打电话一直没有人来修，老人孩子冻得受不了，请有关部门尽快解决供热问题。"


@pytest.fixture(scope="module")
def policy() -> GroupingPolicy:
    return load_grouping()


@pytest.fixture(scope="module")
def signer() -> Fingerprints:
    return make_fingerprints(CONFIG_DIR)


def signed(signer: Fingerprints, title: str, text: str, after: timedelta = timedelta()) -> Signature:
    return signer.sign(Post(id=f"{title}{after}", source="t", title=title, text=text, collected_at=NOON + after))


def grouped(policy: GroupingPolicy, *signatures: Signature) -> list[str]:
    pool = Pool(policy)
    found = []
    for number, signature in enumerate(signatures):
        verdict = pool.decide(signature)
        found.append(verdict.incident if isinstance(verdict, Join) else str(number))
        pool.place(signature, found[-1])
    return found


def test_heating_complaints_from_three_districts_are_one_matter(signer: Fingerprints, policy: GroupingPolicy) -> None:
    posts = [
        signed(signer, "哈尔滨道里区供热不足", HEATING),
        signed(signer, "哈尔滨南岗区暖气不热", "暖气片摸着冰凉，已经三天了。", timedelta(hours=5)),
        signed(signer, "哈尔滨香坊区供暖不达标", "供热站说管道在检修，什么时候能好？", timedelta(days=1)),
    ]
    assert grouped(policy, *posts) == ["0", "0", "0"]


def test_two_fires_in_two_districts_are_two_incidents(signer: Fingerprints, policy: GroupingPolicy) -> None:
    posts = [
        signed(signer, "哈尔滨道里区一仓库起火", "今天下午道里区一处仓库发生火灾，消防人员已到场扑救，无人员伤亡。"),
        signed(
            signer, "哈尔滨道外区一居民楼起火", "今天傍晚道外区一处居民楼发生火灾，消防人员已到场扑救，无人员伤亡。"
        ),
    ]
    assert grouped(policy, *posts) == ["0", "1"]


def test_the_window_slides_with_the_last_post(signer: Fingerprints, policy: GroupingPolicy) -> None:
    days = [timedelta(days=number) for number in (0, 6, 12, 20)]
    titles = ["哈尔滨道里区供热不足", "哈尔滨南岗区供热不足", "哈尔滨香坊区供热不足", "哈尔滨松北区供热不足"]
    posts = [
        signed(signer, title, HEATING[: 20 + n], day) for n, (title, day) in enumerate(zip(titles, days, strict=True))
    ]
    assert [bool(posts[0].kind)] == [True]
    assert grouped(policy, *posts)[:3] == ["0", "0", "0"]


def test_a_post_that_is_already_placed_stays_there(signer: Fingerprints, policy: GroupingPolicy) -> None:
    post = signed(signer, "哈尔滨道里区供热不足", HEATING)
    verdict = decide(post, [Candidate(post, "moved by a person", NOON, NOON)], policy)
    assert isinstance(verdict, Join)
    assert verdict.incident == "moved by a person"


def test_a_copy_of_a_barred_post_is_not_joined_to_what_it_was_barred_from(
    signer: Fingerprints, policy: GroupingPolicy
) -> None:
    moved = signed(signer, "哈尔滨道里区供热不足", HEATING)
    other = signed(signer, "哈尔滨道里区供热不足！", HEATING + "谢谢。")
    copy = signed(signer, "哈尔滨道里区供热不足", HEATING, timedelta(hours=1))
    known = [
        Candidate(moved, "split off", NOON, NOON, frozenset({"original"})),
        Candidate(other, "original", NOON, NOON),
    ]
    verdict = decide(copy, known, policy)
    assert isinstance(verdict, Join)
    assert verdict.incident == "split off"


def test_but_a_copy_of_a_post_that_stayed_goes_where_that_one_is(signer: Fingerprints, policy: GroupingPolicy) -> None:
    longer = "家里的老人已经感冒住院，打过三次电话没有人来。"
    moved = signed(signer, "哈尔滨道里区供热不足", HEATING)
    stayed = signed(signer, "哈尔滨道里区供热不足", HEATING + longer)
    copy = signed(signer, "哈尔滨道里区供热不足", HEATING + longer, timedelta(hours=1))
    known = [
        Candidate(moved, "split off", NOON, NOON, frozenset({"original"})),
        Candidate(stayed, "original", NOON, NOON),
    ]
    assert decide(copy, known, policy) == Join("original", "内容相同", 1.0)


OVER = [None, NOON - timedelta(hours=44)]
"""Closed, or answered more than 48 hours before the post that comes five hours after noon."""


@pytest.mark.parametrize("answered", OVER)
def test_who_complains_again_of_what_is_over_or_was_answered_long_ago_is_owed_an_answer_anew(
    signer: Fingerprints, policy: GroupingPolicy, answered: datetime | None
) -> None:
    over = Candidate(signed(signer, "哈尔滨道里区供热不足", HEATING), "over", NOON, NOON)
    again = signed(signer, "哈尔滨南岗区暖气不热", "暖气片摸着冰凉，已经三天了。", timedelta(hours=5))
    assert decide(again, [over], policy, {"over": answered}) == Ask((("over", 1.0),))


@pytest.mark.parametrize("answered", OVER)
def test_a_copy_of_what_is_over_stays_there(
    signer: Fingerprints, policy: GroupingPolicy, answered: datetime | None
) -> None:
    known = Candidate(signed(signer, "哈尔滨道里区供热不足", HEATING), "over", NOON, NOON)
    copy = signed(signer, "哈尔滨道里区供热不足", HEATING, timedelta(hours=5))
    assert decide(copy, [known], policy, {"over": answered}) == Join("over", "内容相同", 1.0)


def test_how_long_ago_it_was_answered_is_asked_of_each_post_by_its_own_time(
    signer: Fingerprints, policy: GroupingPolicy
) -> None:
    """One letter of last month in a batch must not keep the new complaint beside it from being heard."""
    report = signed(signer, "哈尔滨道里区供热不足", HEATING)
    soon = signed(signer, "哈尔滨南岗区暖气不热", "暖气片摸着冰凉，已经三天了。", timedelta(hours=50))
    late = signed(signer, "哈尔滨香坊区暖气不热", "暖气片摸着冰凉，已经五天了。", timedelta(hours=54))
    pool = Pool(policy, [Candidate(report, "answered", NOON, NOON)], {"answered": NOON + timedelta(hours=4)})
    assert isinstance(pool.decide(soon), Join)
    assert pool.decide(late) == Ask((("answered", 1.0),))


def test_nothing_in_common_is_new(signer: Fingerprints, policy: GroupingPolicy) -> None:
    assert decide(signed(signer, "公交线路调整", "请增加班次"), [], policy) == New()


def test_evaluation_is_perfect_for_the_truth_and_counts_strangers() -> None:
    truth = {"a": 1, "b": 1, "c": 2}
    assert evaluate_grouping(truth, truth)["f1"] == 1.0
    merged = evaluate_grouping({"a": 0, "b": 0, "c": 0, "d": 0}, truth)
    assert merged["recall"] == 1.0
    assert merged["precision"] == pytest.approx(5 / 9)
    assert merged["strangers"] == 1
