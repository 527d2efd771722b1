"""The vocabulary's look-up by hashes gives what a dictionary gives, text by text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.adapters.classifier.vocabulary import Vocabulary

WORDS = sorted({a + b + c for a in "供热停水路灯" for b in ["", *"局费\U00020000"] for c in ["", "\0", "一", "a一"]})
KNOWN = Vocabulary(WORDS)
NUMBERS = {word: number for number, word in enumerate(WORDS)}

word = st.one_of(st.sampled_from(WORDS), st.text(min_size=1, max_size=6), st.just("供热" * 40))


def looked_up(texts: list[list[str]]) -> list[list[int]]:
    return [[NUMBERS[word] for word in words if word in NUMBERS] for words in texts]


@given(st.lists(st.lists(word, max_size=12), min_size=1, max_size=5))
def test_words_of_many_texts_get_the_numbers_of_a_dictionary(texts: list[list[str]]) -> None:
    assert [found.tolist() for found in KNOWN.numbers(texts)] == looked_up(texts)


@given(st.lists(st.lists(word, max_size=12), min_size=1, max_size=5))
def test_the_characters_of_a_text_stand_for_its_words_joined(texts: list[list[str]]) -> None:
    codes = [np.array([ord(char) for one in words for char in one], np.uint32) for words in texts]
    assert [found.tolist() for found in KNOWN.numbers(texts, codes)] == looked_up(texts)


def test_no_known_word_at_all_is_an_answer_too() -> None:
    assert [found.tolist() for found in Vocabulary([]).numbers([["供热"], []])] == [[], []]
