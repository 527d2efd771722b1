"""A list of names is passed over quickly, and finds what plain alternatives with a look to either side find."""

from __future__ import annotations

import random
import re

import pytest

from services.domain.patterns import one_of

NAMES = "印度尼西亚|印尼|印度|俄罗斯|俄(?!罗斯)|美国|大庆|大连"
PLAIN = re.compile(rf"(?<![驻赴])(?:{NAMES})(?!路|籍|大街)")
LED = one_of(
    "印度尼西亚|印尼|印度|俄罗斯|俄(?!罗斯)", "美国|大庆|大连", unless_before="驻赴", unless_behind="路|籍|大街"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("印度尼西亚地震", ["印度尼西亚"]),
        ("美国和俄方", ["美国", "俄"]),
        ("驻美国记者,大庆路和大连大街", []),
        ("大庆\n美国", ["大庆", "美国"]),
    ],
)
def test_the_longest_name_is_found_but_none_beside_what_makes_it_another_word(text: str, found: list[str]) -> None:
    assert [match.group() for match in LED.finditer(text)] == found


def test_any_text_gives_what_plain_alternatives_give() -> None:
    chance = random.Random(11)
    pieces = [*"印度尼西亚俄罗斯美国大庆连驻赴路籍街\n。", "印度", "俄罗斯", "大街"]
    for _ in range(3_000):
        text = "".join(chance.choices(pieces, k=chance.randrange(12)))
        assert [m.span() for m in LED.finditer(text)] == [m.span() for m in PLAIN.finditer(text)]
