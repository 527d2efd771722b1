"""不是同一事件: a candidate that a person declined is asked about no more, until he takes it back."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
from services.domain.vocabulary import EntryKind, Role
from tests.domain.incident.cast import AUDITOR, HEALTH, OFFICER, Matter, reported
from tests.domain.incident.two_matters import another, due, merged, undone


def asking(candidate: Matter, *others: Matter, name: str = "q1") -> Matter:
    """A matter of which the machine asks whether it is one of these."""
    matter = another(0.5, name=name)
    matter.incident.candidates = tuple(one.incident.id for one in (candidate, *others))
    return matter


def declined(matter: Matter, candidate: Matter, actor: office.Actor = OFFICER) -> None:
    matter.do(lambda one, moment: office.decline(one, candidate.incident, moment), actor)


def taken_back(matter: Matter, candidate: Matter) -> None:
    matter.do(lambda one, moment: office.reconsider(one, candidate.incident, moment), OFFICER)


def test_declined_it_is_asked_no_more_and_both_ledgers_say_so() -> None:
    old, other = reported(), another(0.1, name="x1")
    new = asking(old, other)
    before = due(new.incident), due(old.incident)
    declined(new, old)
    assert new.incident.undecided == (other.incident.id,)
    pair = {"incident": new.incident.id, "candidate": old.incident.id}
    for matter in (new, old):
        [entry] = matter.entries(EntryKind.CANDIDATE_DECLINED)
        assert (entry.data, entry.actor) == (pair, OFFICER.name)
    assert (due(new.incident), due(old.incident)) == before, "no clock hears of it"


def test_taken_back_it_is_asked_again_and_the_ledgers_keep_both() -> None:
    old = reported()
    new = asking(old)
    declined(new, old)
    taken_back(new, old)
    assert new.incident.undecided == new.incident.candidates == (old.incident.id,)
    assert new.incident.declined == old.incident.declined == {}
    assert [e.data.get("undo") for e in old.entries(EntryKind.CANDIDATE_DECLINED)] == [None, "decline"]
    declined(new, old)
    assert new.incident.undecided == ()


def test_what_comes_into_a_matter_brings_along_what_it_is_not() -> None:
    old, middle = reported(), another(0.2, name="m1")
    middle.incident.candidates = (old.incident.id,)
    declined(middle, old)
    new = asking(middle, old, name="n1")
    merged(new, middle)
    assert new.incident.undecided == (middle.incident.id,), "the old one is not the middle one, and that is this now"
    undone(new, middle, 2)
    assert new.incident.undecided == (middle.incident.id, old.incident.id)
    assert middle.incident.undecided == ()


def test_a_merge_against_it_and_its_undoing_leave_it_as_it_was() -> None:
    old = reported()
    new = asking(old)
    declined(new, old)
    merged(new, old)
    undone(new, old, 2)
    assert new.incident.undecided == ()


def test_what_was_not_asked_or_is_answered_or_merged_is_refused() -> None:
    old, stranger = reported(), another(0.1, name="x1")
    new = asking(old)
    with pytest.raises(Refused, match="没有被提示"):
        declined(new, stranger)
    with pytest.raises(Refused, match="没有认定过"):
        taken_back(new, old)
    declined(new, old)
    with pytest.raises(Refused, match="已认定"):
        declined(new, old)
    with pytest.raises(Refused, match="没有被提示"):
        taken_back(old, new)
    merged(stranger, old)
    with pytest.raises(Refused, match=f"已并入{stranger.incident.id}"):
        taken_back(new, old)


@pytest.mark.parametrize("actor", [AUDITOR, HEALTH, office.Actor("mayor1", Role.PRINCIPAL_LEADER), office.MACHINE])
def test_who_may_not_merge_may_not_decline(actor: office.Actor) -> None:
    old = reported()
    new = asking(old)
    with pytest.raises(Refused, match="无权"):
        declined(new, old, actor)
    assert new.incident.undecided == (old.incident.id,)
