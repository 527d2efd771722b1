"""传播和增速 through the whole embedded system: how fast a matter is spoken of grades the opinion, not the event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.settings import Settings
from services.adapters import wire
from services.domain.ledger import Entry
from services.domain.post import Post
from services.domain.vocabulary import EntryKind
from services.topics import POSTS_COLLECTED
from services.usecases.ports import Message
from services.wiring import SteppedClock, open_house
from tests.flow.town_kit import digested

START = datetime(2026, 11, 2, tzinfo=UTC)
POSTS, SOURCES = 30, 8
TEXT = "哈尔滨市南岗区暖气不热，家里只有十四度，供热公司的电话没有人接，盼尽快解决。"


def letters(every: timedelta) -> list[Post]:
    """Thirty letters on one matter, from eight sources in turn."""
    return [
        Post(
            f"p{n}", f"本地论坛{n % SOURCES}", f"供热问题第{n}封", TEXT * (1 + n % 3), START + every * n, origin="board"
        )
        for n in range(POSTS)
    ]


async def told(folder: Path, posts: list[Post], at_once: int) -> list[Entry]:
    """What the ledger says after these posts were read so many at a time."""
    clock = SteppedClock(START)
    async with open_house(Settings(data_dir=folder / str(at_once)), clock) as house:
        for start in range(0, len(posts), at_once):
            some = posts[start : start + at_once]
            clock.move_to(some[-1].collected_at)
            await house.log.publish(POSTS_COLLECTED, [Message(p.key, p.key, wire.encode_post(p)) for p in some])
            await digested(house)
        return await digested(house)


def proposals(ledger: list[Entry]) -> list[dict[str, Any]]:
    return [entry.data for entry in ledger if entry.kind is EntryKind.GRADE_PROPOSED]


async def test_thirty_posts_from_eight_sources_in_an_hour_raise_it_and_every_point_is_in_the_ledger(
    tmp_path: Path,
) -> None:
    ledger = await told(tmp_path, letters(timedelta(minutes=2)), 6)
    assert [entry.kind for entry in ledger].count(EntryKind.POST_ATTACHED) == POSTS - 1
    first, *raised = proposals(ledger)
    assert raised, "spread proposes a higher grade"
    assert {data["event_grade"] for data in (first, *raised)} == {None}
    assert (first["opinion_grade"], raised[-1]["opinion_grade"]) == ("IV", "III")
    said = " ".join(raised[-1]["because"])
    assert all(word in said for word in ("传播 +", "增速 +", "来源数 +4(24 小时内 8 个来源)", "起为较大舆情")), said


async def test_it_does_not_matter_how_many_are_read_at_a_time(tmp_path: Path) -> None:
    posts = letters(timedelta(minutes=2))
    assert proposals(await told(tmp_path, posts, POSTS)) == proposals(await told(tmp_path, posts, 10))


async def test_the_same_posts_over_ten_days_do_not(tmp_path: Path) -> None:
    ledger = await told(tmp_path, letters(timedelta(hours=8)), 6)
    assert [entry.kind for entry in ledger].count(EntryKind.POST_ATTACHED) == POSTS - 1
    assert [data["opinion_grade"] for data in proposals(ledger)] == ["IV"]
