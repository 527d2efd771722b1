"""Twenty thousand characters of city names say no more than a row of them."""

from __future__ import annotations

from services.domain.mentions import only_named
from services.domain.regions.names import Mention
from services.domain.signals import Signals

NAMES = ("哈尔滨", "大连市", "沈阳市")


def row(places: int) -> tuple[str, list[Mention]]:
    """So many places in a row behind a lead that names none; every third is ours."""
    begin = 201
    text = "\n" + "甲" * 200 + "".join(f"{NAMES[at % 3]}、" for at in range(places))
    return text, [Mention(NAMES[at % 3], begin + 4 * at, begin + 4 * at + 3, at % 3 == 0) for at in range(places)]


def test_a_row_of_places_is_no_matter_of_ours_however_long() -> None:
    for places in (6, 42, 5_001):
        assert only_named(*_asked(places))


def _asked(places: int) -> tuple[str, Signals, list[Mention]]:
    text, mentions = row(places)
    return text, Signals(), mentions
