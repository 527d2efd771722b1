"""Casualties and losses are read as stated: every field, bound and flag of every sentence."""

import re

import pytest

from services.domain.casualties import CasualtyReading, read_casualties
from tests.domain.casualty_forms import FORMS
from tests.domain.casualty_sentences import SENTENCES

_FIELDS = {
    "deaths": "deaths",
    "missing": "missing",
    "serious": "serious_injuries",
    "injuries": "injuries",
    "loss": "direct_loss_yuan",
    "evacuated": "evacuated",
}
_BOUNDS = {"=": "", ">=": "at_least", "~": "about", "<=": "at_most"}


def expected_of(notation: str) -> dict[str, object]:
    """The notation of casualty_sentences as values, bounds and the foreign flag."""
    values: dict[str, object] = {}
    for part in notation.split():
        found = re.fullmatch(r"([a-z]+)(>=|<=|~|=)([0-9]+)", part)
        if found:
            values[_FIELDS[found[1]]] = (int(found[3]), _BOUNDS[found[2]])
    return values | {"foreign": "foreign" in notation.split()}


def found_in(reading: CasualtyReading) -> dict[str, object]:
    counts = reading.casualties
    values: dict[str, object] = {
        name: (getattr(counts, name), counts.bounds.get(name, ""))
        for name in _FIELDS.values()
        if getattr(counts, name) is not None
    }
    return values | {"foreign": reading.foreign}


@pytest.mark.parametrize(("sentence", "notation"), SENTENCES + FORMS)
def test_a_sentence_gives_exactly_what_it_states(sentence: str, notation: str) -> None:
    assert found_in(read_casualties("", sentence)) == expected_of(notation)


def test_there_are_two_hundred_different_sentences() -> None:
    assert len({sentence for sentence, _ in SENTENCES}) >= 200
