"""苗头性 and 专项 that any post of an incident touches stay with the incident, also when two become one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.domain.incident import Actor, Moment, attach, merge, report
from services.domain.incident.model import MACHINE
from services.domain.vocabulary import EventGrade
from tests.domain.incident.cast import OFFICER, RULES, START, Names, minutes, post, says


def moment(after: timedelta, actor: Actor = MACHINE) -> Moment:
    return Moment(START + after, Names(), actor)


def test_what_a_later_post_touches_is_kept() -> None:
    incident = report(post("p1"), says(EventGrade.IV), RULES, moment(minutes(0)))
    assert (incident.emerging, incident.watches) == (False, ())
    attach(incident, post("p2"), replace(says(EventGrade.IV), emerging=True, watches=("两会",)), moment(minutes(1)))
    attach(incident, post("p3"), replace(says(EventGrade.IV), watches=("供暖季", "两会")), moment(minutes(2)))
    assert (incident.emerging, incident.watches) == (True, ("两会", "供暖季"))


def test_two_that_become_one_keep_what_both_touch() -> None:
    target = report(post("p1"), replace(says(EventGrade.IV), watches=("供暖季",)), RULES, moment(minutes(0)))
    source = report(
        post("p2"), replace(says(EventGrade.IV), emerging=True, watches=("两会",)), RULES, moment(minutes(0))
    )
    merge(target, source, moment(minutes(5), OFFICER))
    assert (target.emerging, target.watches) == (True, ("供暖季", "两会"))
