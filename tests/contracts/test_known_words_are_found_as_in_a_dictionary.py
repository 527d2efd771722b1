"""The vocabulary's look-up by hashes gives what a dictionary gives, text by text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.adapters.classifier.vocabulary import Vocabulary
from services.adapters.folding import NO_CHARACTER

WORDS = sorted({a + b + c for a in "供热停水路灯" for b in ["", *"局费\U00020000"] for c in ["", "\0", "一", "a一"]})
KNOWN = Vocabulary(WORDS)
NUMBERS = {word: number for number, word in enumerate(WORDS)}


def no_break(text: str) -> bool:
    return NO_CHARACTER not in text


word = st.one_of(
    st.sampled_from(WORDS),
    st.text(min_size=1, max_size=6).filter(no_break),
    st.just(NO_CHARACTER),
    st.just("供热" * 40),
)


def looked_up(texts: list[list[str]]) -> list[list[int]]:
    return [[NUMBERS[word] for word in words if word in NUMBERS] for words in texts]


@given(st.lists(st.lists(word, max_size=12), min_size=1, max_size=5))
def test_words_of_many_texts_get_the_numbers_of_a_dictionary(texts: list[list[str]]) -> None:
    assert [found.tolist() for found in KNOWN.numbers(texts).numbers] == looked_up(texts)


def test_no_known_word_at_all_is_an_answer_too() -> None:
    assert [found.tolist() for found in Vocabulary([]).numbers([["供热"], []]).numbers] == [[], []]
