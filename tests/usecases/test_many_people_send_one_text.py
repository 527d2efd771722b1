"""同一信息: on a petition board the same text at another address is another resident, not the same post."""

from __future__ import annotations

import asyncio
import json

import pytest

from services import topics
from services.domain.source import BoardSelectors, SourceKind
from services.usecases.collecting import Tools
from tests.collecting_kit import Asked, HandClock, answer, due, log, web, with_source

LONG = (
    "我们小区三号楼自十一月十五日起暖气不热，室内温度只有十四度，"
    "多次拨打供热公司电话无人处理，家中有老人和孩子，请有关部门尽快解决。"
)
AT = "2026-11-21T08:00:00Z"
PETITIONS = [
    {"kind": SourceKind.BOARD, "board": BoardSelectors("li"), "source_class": "board"},
    {"kind": SourceKind.BOARD, "board": BoardSelectors("li")},
    {"kind": SourceKind.FEED, "source_class": "board"},
]


def letter(address: str, at: str = AT) -> dict[str, str]:
    return {"id": address, "url": f"http://{address}", "title": "暖气不热", "text": LONG, "at": at, "printed": at}


async def published(kit: Tools, clock: HandClock, looks: list[list[dict[str, str]]], **kind: object) -> int:
    """How many posts come of a page that shows these letters at one look after the other."""
    shown: list[dict[str, str]] = []

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, json.dumps({"items": shown}).encode())

    async with web(site) as server:
        await with_source(kit, server.url(), **kind)
        for shown in looks:  # noqa: B007 - the site shows it
            await due(kit)
            clock.forward(days=1)
    return len(log(kit).titles(topics.POSTS_COLLECTED))


@pytest.mark.parametrize("kind", PETITIONS)
async def test_five_residents_are_five_posts_however_long_their_text(
    kit: Tools, clock: HandClock, kind: dict[str, object]
) -> None:
    letters = [letter(f"bbs.test/letter/{n}.html", f"2026-11-21T08:0{n}:00Z") for n in range(5)]
    assert await published(kit, clock, [letters[: n + 1] for n in range(5)], **kind) == 5


@pytest.mark.parametrize("kind", PETITIONS)
async def test_letters_released_at_one_minute_and_shown_beside_each_other_are_several(
    kit: Tools, clock: HandClock, kind: dict[str, object]
) -> None:
    letters = [letter(f"bbs.test/letter?id={n}") for n in range(5)]
    assert await published(kit, clock, [letters[: n + 1] for n in range(5)], **kind) == 5


@pytest.mark.parametrize("kind", PETITIONS)
async def test_an_address_with_another_token_at_every_look_is_no_other_resident(
    kit: Tools, clock: HandClock, kind: dict[str, object]
) -> None:
    assert await published(kit, clock, [[letter(f"bbs.test/letter?id=1&k={n}")] for n in range(5)], **kind) == 1


async def test_a_report_of_a_paper_is_the_same_at_its_next_address(kit: Tools, clock: HandClock) -> None:
    looks = [[letter(f"news.test/{n}.html") for n in range(m + 1)] for m in range(3)]
    assert await published(kit, clock, looks) == 1
