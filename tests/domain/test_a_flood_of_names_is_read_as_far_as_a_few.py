"""Twenty thousand characters of city names say no more than a row of them."""

from __future__ import annotations

from services.domain.mentions import only_named
from services.domain.regions.names import Mention
from services.domain.signals import Signals


def row(places: int) -> tuple[str, list[Mention]]:
    """所 and so many places in a row, ours and another in turn."""
    head = "以下城市" + "甲" * 200
    text = "\n" + head + "哈尔滨、大连市、" * (places // 2)
    begin = 1 + len(head)
    return text, [
        Mention("哈尔滨" if at % 2 == 0 else "大连市", begin + 4 * at, begin + 4 * at + 3, at % 2 == 0)
        for at in range(places)
    ]


def test_a_row_of_places_is_no_matter_of_ours_however_long() -> None:
    for places in (6, 40, 5_000):
        text, mentions = row(places)
        assert only_named(text, Signals(), mentions)
