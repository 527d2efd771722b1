"""归并: two posts in like words that name another spot, firm, number, day, hour or toll are two; a reprint is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.adapters.fingerprints import Fingerprints
from services.domain.grouping import Ask, Join, Pool, Signature, Verdict
from services.domain.intake import Channel, take_in
from services.domain.post import Post
from services.wiring.machine import make_assessor, make_fingerprints
from tests.domain.forms_filled_in import CRASH, EIGHT, FIRE, NAMES, ONE, TWO

AT = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = load_grouping()


@cache
def signer() -> Fingerprints:
    return make_fingerprints(CONFIG_DIR)


def signed(text: str, hours: float) -> Signature:
    """As the service signs what came without a title."""
    post = take_in({"id": f"{hours}{text}", "text": text}, Channel("某网", "feed", AT + timedelta(hours=hours)))
    assert isinstance(post, Post)
    return signer().sign(post, make_assessor(CONFIG_DIR).assess([post])[0])


def verdicts(*texts: str, apart: float = 2) -> list[Verdict]:
    """The verdict on each post, an incident being named by the number of its first post."""
    pool, found = Pool(POLICY), []
    for number, text in enumerate(texts):
        signature = signed(text, apart * number)
        found.append(pool.decide(signature))
        pool.place(signature, found[-1].incident if isinstance(found[-1], Join) else str(number))
    return found


def joined(found: list[Verdict]) -> list[bool]:
    return [isinstance(one, Join) for one in found]


@pytest.mark.parametrize("apart", [1, 20])
@pytest.mark.parametrize("texts", EIGHT.values(), ids=EIGHT)
def test_eight_by_one_form_are_eight(texts: list[str], apart: float) -> None:
    assert joined(verdicts(*texts, apart=apart)) == [False] * 8


@pytest.mark.parametrize(("form", "names"), TWO.values(), ids=TWO)
def test_what_names_another_is_another(form: str, names: tuple[str, ...]) -> None:
    assert not any(joined(verdicts(*map(form.format, names), apart=30)))


@pytest.mark.parametrize("apart", [1, 20])
@pytest.mark.parametrize(("form", "one", "other"), NAMES.values(), ids=NAMES)
def test_where_one_has_a_name_and_the_other_another_they_are_two(form: str, one: str, other: str, apart: float) -> None:
    told = form.format(one)
    found = verdicts(told, form.format(other), "【转发】" + told, apart=apart)
    assert joined(found) == [False, False, True]
    assert isinstance(found[2], Join)
    assert found[2].incident == "0"


def test_what_names_none_of_the_two_is_asked_of_both() -> None:
    form = "依兰县{}煤矿发生透水事故，5人被困，救援正在进行。"
    found = verdicts(form.format("第三"), form.format("红旗"), form.format("一"), apart=1)[2]
    assert isinstance(found, Ask)
    assert {incident for incident, _ in found.candidates} == {"0", "1"}


@pytest.mark.parametrize("texts", ONE.values(), ids=ONE)
def test_a_reprint_is_one(texts: tuple[str, str]) -> None:
    assert joined(verdicts(*texts))[1]


@pytest.mark.parametrize("streets", [("友谊路", "", "丽江路", "经纬街"), ("", "友谊路", "丽江路", "经纬街")])
def test_a_post_without_a_street_chains_no_two_streets_together(streets: tuple[str, ...]) -> None:
    found = verdicts(*map(CRASH.format, streets))
    assert joined(found) == [False, True, False, False]
    assert all(isinstance(one, Ask) for one in found[2:])


def test_a_post_without_a_street_that_is_as_near_to_two_is_asked() -> None:
    found = verdicts(CRASH.format("友谊路"), CRASH.format("丽江路"), CRASH.format("").replace("正在", "仍在"))[2]
    assert isinstance(found, Ask)
    assert {incident for incident, _ in found.candidates} == {"0", "1"}


def test_another_firm_hour_or_number_is_put_before_a_person() -> None:
    for form, names in (TWO["firms"], TWO["days"], TWO["house numbers"], TWO["kinds of water"]):
        found = verdicts(*map(form.format, names), apart=30)[1]
        assert isinstance(found, Ask)
        assert [incident for incident, _ in found.candidates] == ["0"]


def test_fewer_dead_hours_later_are_put_before_a_person() -> None:
    five = CRASH.format("").replace("3人", "5人")
    assert isinstance(verdicts(five, CRASH.format(""), apart=5)[1], Ask)
    assert isinstance(verdicts(five, CRASH.format(""), apart=1)[1], Join)


def test_a_late_reprint_with_the_toll_of_before_is_of_the_same_fire() -> None:
    later = FIRE.replace("3人死亡", "死亡人数升至5人")
    assert joined(verdicts(FIRE, later, "快讯：" + FIRE, apart=4)) == [False, True, True]


def test_days_later_only_the_very_same_text_or_day_is_the_same_event() -> None:
    told = CRASH.format("友谊路")
    assert isinstance(verdicts(told, told, apart=24 * 5)[1], Join)
    assert isinstance(verdicts(told, told.replace("正在", "仍在"), apart=24 * 5)[1], Ask)
    dated = "1月1日，" + told
    assert isinstance(verdicts(dated, dated.replace("正在", "仍在"), apart=24 * 5)[1], Join)
