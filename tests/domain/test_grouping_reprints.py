"""转载: a reprint with another lead, a cut or small changes joins its original; another article does not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from config.reading import CONFIG_DIR
from services.domain.grouping import group_all
from services.domain.post import Post
from services.wiring.machine import make_file_grouper

COUNT = 150
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LEADS = ("据本台记者从有关方面获悉，", "点击关注我们，第一时间了解身边大小事。", "编者按：近日，一则消息引发热议。")
TAILS = ("责任编辑：小林", "版权归原作者所有。", "")
_words = random.Random(4)
WORDS = ["".join(chr(_words.randint(0x4E00, 0x8FFF)) for _ in range(2)) for _ in range(3000)]
"""Articles of words drawn at random have nothing in common but what chance and the leads give them."""


def article(chance: random.Random) -> tuple[str, list[str]]:
    sentences = [
        "，".join("".join(chance.choices(WORDS, k=chance.randint(3, 7))) for _ in range(3))
        + f"预计{chance.randint(2, 40)}天。"
        for _ in range(6)
    ]
    return "".join(chance.choices(WORDS, k=6)), sentences


def reprint(title: str, sentences: list[str], chance: random.Random) -> tuple[str, str]:
    lead, tail = chance.choice(LEADS), chance.choice(TAILS)
    changed = (
        lead + "".join(sentences[1:]) + tail,
        lead + "".join(sentences) + tail,
        "".join(sentences[:-1]),
        "".join(sentences).replace("预计", "估计", 2) + tail,
    )
    return chance.choice((title, "快讯：" + title, lead)), chance.choice(changed)


@pytest.fixture(scope="module")
def groups() -> list[str]:
    chance = random.Random(20)
    return grouped_with_reprints([article(chance) for _ in range(COUNT)], chance)


def grouped_with_reprints(articles: Sequence[tuple[str, list[str]]], chance: random.Random) -> list[str]:
    """The incident of each article, then that of each one's reprint."""
    texts = [(title, "".join(sentences)) for title, sentences in articles]
    texts += [reprint(title, sentences, chance) for title, sentences in articles]
    posts = [
        Post(id=str(n), source="t", title=title, text=text, collected_at=NOON + timedelta(minutes=n))
        for n, (title, text) in enumerate(texts)
    ]
    machine = make_file_grouper(CONFIG_DIR)
    assessed = machine.assessor.assess(posts)
    return group_all(machine.signer.sign_all(list(zip(posts, assessed, strict=True))), machine.policy)


def test_at_least_99_in_100_reprints_join_their_original(groups: list[str]) -> None:
    joined = sum(groups[n] == groups[n + COUNT] for n in range(COUNT))
    assert joined / COUNT >= 0.99


def test_at_most_1_in_200_articles_is_joined_to_another(groups: list[str]) -> None:
    assert len(set(groups[:COUNT])) / COUNT >= 0.995
