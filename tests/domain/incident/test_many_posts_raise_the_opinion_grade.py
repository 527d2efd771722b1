"""传播和增速: many posts in few hours raise the opinion grade, over days they do not, and never the event grade."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.scorecard import load_scorecard
from services.domain.assessment import Assessment, Reason
from services.domain.incident import Incident, Moment, attach, confirm_grade, dismiss, merge, report
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind, EventGrade, OpinionGrade
from tests.domain.incident.cast import OFFICER, RULES, START, Names, hours, minutes, post, says

CARD = load_scorecard()
EARNED = (Reason("舆情评分:来源", "+6 来源 晚报"), Reason("舆情评分:收集重点", "+2 F2 切身利益"))

ANGRY = Reason("舆情评分:敏感词", "+25 围堵")


def moment(after: timedelta = timedelta(), card: bool = True) -> Moment:
    return Moment(START + after, Names(), card=CARD if card else None)


def told(event: EventGrade | None = None) -> Assessment:
    return replace(says(event), reasons=EARNED)


def grown(posts: int, sources: int, every: timedelta, backfill: bool = False) -> Incident:
    """An incident of so many posts, from so many sources in turn."""
    first = replace(post("p0"), source="来源0", backfill=backfill)
    incident = report(first, told(EventGrade.IV), RULES, moment())
    for number in range(1, posts):
        later = replace(post(f"p{number}", START + every * number), source=f"来源{number % sources}", backfill=backfill)
        attach(incident, later, told(EventGrade.IV), moment(every * number))
    return incident


def proposals(incident: Incident) -> list[Entry]:
    return [entry for entry in incident.changes if entry.kind is EntryKind.GRADE_PROPOSED]


def test_thirty_posts_from_eight_sources_in_an_hour_raise_it_and_show_every_point() -> None:
    incident = grown(30, 8, minutes(2))
    assert incident.opinion_grade is OpinionGrade.III
    raised = proposals(incident)[-1].data
    assert (raised["event_grade"], raised["opinion_grade"]) == ("IV", "III")
    assert raised["because"] == [
        "来源 +6",
        "收集重点 +2",
        "传播 +12(24 小时内 20 条)",
        "增速 +12(1 小时内 20 条)",
        "来源数 +4(24 小时内 8 个来源)",
        "36 分,30 分起为较大舆情",
    ]


def test_a_storm_about_what_was_closed_calls_the_duty_room() -> None:
    incident = grown(2, 2, minutes(1))
    dismiss(incident, replace(moment(minutes(2)), actor=OFFICER), "与本市无关")
    for number in range(80):
        at = hours(3) + minutes(number)
        later = replace(post(f"q{number}", START + at), source=f"来源{number % 25}")
        attach(incident, later, replace(says(), reasons=(*EARNED, ANGRY)), moment(at))
    first = [entry for entry in incident.changes if entry.kind is EntryKind.LEVEL_ALERTED][1]
    assert incident.opinion_grade is OpinionGrade.II
    assert (first.data["level"], first.data["because"]) == ("duty_officer", "higher grade reported after closing")


def test_the_same_posts_over_ten_days_do_not() -> None:
    incident = grown(30, 8, hours(8))
    assert incident.opinion_grade is OpinionGrade.IV
    assert len(proposals(incident)) == 1


def test_the_event_grade_is_never_touched_by_it() -> None:
    incident = grown(600, 40, timedelta(seconds=5))
    assert incident.opinion_grade is OpinionGrade.II
    assert incident.event_grade is EventGrade.IV


def test_the_card_s_grade_ii_rings_once_more_and_a_slow_reader_finds_the_same() -> None:
    incident = grown(600, 40, timedelta(seconds=5))
    rung = [e for e in incident.changes if e.kind is EntryKind.LEVEL_ALERTED and e.data["because"] == "grade_raised"]
    assert len(rung) == 1
    late = report(replace(post("p0"), source="来源0"), told(), RULES, moment())
    for number in range(1, 30):
        at = START + minutes(2) * number
        attach(late, replace(post(f"p{number}", at), source=f"来源{number % 8}"), told(), moment(hours(30)))
    assert late.opinion_grade is OpinionGrade.III


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_reading_changes_nothing(order: int) -> None:
    incident = report(post("p0"), told(), RULES, moment())
    for number in list(range(1, 30))[::order]:
        later = replace(post(f"p{number}", START + minutes(2) * number), source=f"来源{number % 8}")
        attach(incident, later, told(), moment(hours(1)))
    assert incident.opinion_grade is OpinionGrade.III
    assert len(incident.heat.posts) == 30


def test_back_filled_posts_spread_nothing() -> None:
    assert grown(30, 8, minutes(2), backfill=True).heat.posts == []


def test_what_a_person_has_lowered_is_raised_again_only_by_more_than_before() -> None:
    incident = grown(30, 8, minutes(2))
    confirm_grade(incident, replace(moment(hours(1)), actor=OFFICER), EventGrade.IV, OpinionGrade.IV, "同一稿件的转载")
    attach(incident, post("again", START + hours(1)), told(), moment(hours(1)))
    assert incident.opinion_grade is OpinionGrade.IV


def test_two_incidents_merged_are_heard_together() -> None:
    one, other = grown(15, 4, minutes(2)), report(replace(post("q0"), source="别处"), told(), RULES, moment())
    for number in range(1, 15):
        at = START + minutes(2) * number
        attach(other, replace(post(f"q{number}", at), source=f"别处{number % 4}"), told(), moment(minutes(2) * number))
    assert (one.opinion_grade, other.opinion_grade) == (OpinionGrade.IV, OpinionGrade.IV)
    merge(one, other, replace(moment(hours(0.5)), actor=OFFICER))
    attach(one, replace(post("last", START + hours(0.5)), source="来源0"), told(), moment(hours(0.5)))
    assert one.opinion_grade is OpinionGrade.III


def test_without_a_card_nothing_is_raised() -> None:
    incident = report(post("p0"), told(), RULES, moment(card=False))
    for number in range(1, 30):
        attach(incident, post(f"p{number}", START + minutes(number)), told(), moment(minutes(number), card=False))
    assert incident.opinion_grade is OpinionGrade.IV


def test_no_more_is_kept_than_a_card_can_count() -> None:
    incident = grown(600, 40, timedelta(seconds=5))
    assert len(incident.heat.posts) == 500
    assert len(incident.heat.sources) == 40
    attach(incident, post("later", START + timedelta(days=30)), told(), moment(timedelta(days=30)))
    assert (len(incident.heat.posts), list(incident.heat.sources)) == (1, ["北方晚报"])
