"""One automaton for names and words finds the names that an automaton of their own finds, and every first word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.adapters.automaton import leftmost_longest
from services.adapters.lexicons import Lexicons
from services.domain.signals import Cue

SIGNS = "道里区街外"
TERMS = st.lists(st.text(SIGNS, min_size=1, max_size=4), min_size=1, max_size=8, unique=True)


@given(names=TERMS, words=TERMS, text=st.text(SIGNS + "。\n", max_size=40))
def test_names_are_the_leftmost_and_longest_whatever_words_overlap_them(
    names: list[str], words: list[str], text: str
) -> None:
    _, found = Lexicons([Cue("list", word) for word in words], names).find(text, 0)
    assert found == leftmost_longest(names)(text)


@given(names=TERMS, words=TERMS, text=st.text(SIGNS + "。\n", max_size=40))
def test_words_are_found_at_their_first_place_inside_names_and_words(
    names: list[str], words: list[str], text: str
) -> None:
    signals, _ = Lexicons([Cue("list", word) for word in words], names).find(text, 0)
    firsts = {hit.word: hit.start for hit in signals.of("list")}
    assert firsts == {word: text.find(word) for word in words if word in text}
