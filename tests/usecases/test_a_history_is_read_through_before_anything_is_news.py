"""收集: what lay at a source before it was added starts no clock, however many looks it takes to read it."""

from __future__ import annotations

import csv
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services import topics
from services.adapters.hotline import HotlineDrop, drop
from services.adapters.store.sources import Sources
from services.domain.source import Source, SourceKind
from services.domain.zone import SHANGHAI
from services.usecases.collecting import Collector, Tools, backfill
from tests.collecting_kit import START, HandClock, KeptLog, PlainReader, tools

HEADER = ("工单编号", "标题", "诉求内容", "受理时间")
# Files carry the machine's time; the hand clock must be behind none of them.
TEN_YEARS = timedelta(days=3650)


@pytest.fixture
async def clock() -> HandClock:
    return HandClock(START + TEN_YEARS)


@pytest.fixture
async def kit(tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tools]:
    """With a drop folder that is read one file a look."""
    monkeypatch.setattr(drop, "AT_ONCE", 1)
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", clock) as made:
        yield replace(made, boxes={SourceKind.HOTLINE: HotlineDrop(PlainReader())})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "drop"
    place.mkdir()
    return place


def dropped(folder: Path, name: str, at: datetime, header: tuple[str, ...] = HEADER) -> Path:
    """One export of one petition, received at `at`."""
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        when = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        csv.writer(file).writerows([header, (name, f"{name}停水", f"{name}号楼停水三天", when)])
    return path


def store(kit: Tools) -> Sources:
    assert isinstance(kit.store, Sources)
    return kit.store


def titles(kit: Tools, topic: str) -> list[str]:
    assert isinstance(kit.log, KeptLog)
    return kit.log.titles(topic)


async def configured(kit: Tools, folder: Path, **columns: str) -> Source:
    options = tuple((f"columns.{name}", column) for name, column in columns.items())
    source = Source("s1", str(folder), kind=SourceKind.HOTLINE, options=options)
    await store(kit).sync([source], kit.clock.now())
    return source


async def look(kit: Tools, clock: HandClock, times: int = 1) -> str:
    """Look so often; returns what the source's row says at the end."""
    error = ""
    for _ in range(times):
        clock.forward(hours=2)
        (claimed,) = await store(kit).claim(clock.now(), 1)
        error = (await Collector(kit).look(claimed)).state.last_error
    return error


async def test_old_rows_start_no_clock_at_the_second_look_or_the_third(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    for number in range(3):
        dropped(folder, f"旧{number}", clock.now() - timedelta(days=300))
    dropped(folder, "新", clock.now())
    await configured(kit, folder)
    await look(kit, clock, times=4)
    assert titles(kit, topics.POSTS_BACKFILLED) == ["旧0停水", "旧1停水", "旧2停水"]
    assert titles(kit, topics.POSTS_COLLECTED) == ["新停水"]


async def test_what_came_while_a_history_was_read_is_news_however_long_that_took(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    dropped(folder, "旧0", clock.now() - timedelta(days=300))
    dropped(folder, "旧1", clock.now() - timedelta(days=300))
    await configured(kit, folder)
    await look(kit, clock)
    dropped(folder, "新", clock.now())
    clock.forward(days=20)
    await look(kit, clock, times=2)
    assert titles(kit, topics.POSTS_COLLECTED) == ["新停水"]


async def test_a_history_may_be_put_into_the_folder_after_the_source_was_added(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    await configured(kit, folder)
    await look(kit, clock, times=3)
    dropped(folder, "旧", clock.now() - timedelta(days=300))
    await look(kit, clock)
    assert titles(kit, topics.POSTS_COLLECTED) == []
    assert titles(kit, topics.POSTS_BACKFILLED) == ["旧停水"]


async def test_once_a_history_is_read_through_everything_is_news(kit: Tools, clock: HandClock, folder: Path) -> None:
    dropped(folder, "旧", clock.now() - timedelta(days=300))
    await configured(kit, folder)
    await look(kit, clock, times=2)
    dropped(folder, "迟到", clock.now() - timedelta(days=300))
    await look(kit, clock)
    assert titles(kit, topics.POSTS_COLLECTED) == ["迟到停水"]


async def test_a_file_that_is_always_being_written_does_not_make_a_history_endless(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    dropped(folder, "旧", clock.now() - timedelta(days=300))
    taken = await HotlineDrop(PlainReader()).take(Source("s1", str(folder), kind=SourceKind.HOTLINE), "", clock.now())
    (folder / "program.log").write_text("…", encoding="utf-8")
    written = datetime.fromtimestamp((folder / "program.log").stat().st_ctime, UTC)
    again = await HotlineDrop(PlainReader()).take(
        Source("s1", str(folder), kind=SourceKind.HOTLINE), taken.cursor, written
    )
    assert (taken.more, again.more) == (False, False)


async def test_a_file_refused_under_a_wrong_mapping_is_read_when_that_is_put_right(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    dropped(folder, "甲", clock.now(), ("工单编号", "标题", "群众反映", "受理时间"))
    dropped(folder, "旧", clock.now() - timedelta(days=300), ("工单编号", "标题", "群众反映", "受理时间"))
    await configured(kit, folder, text="问题描述")
    assert "甲.csv" in await look(kit, clock, times=2)
    await configured(kit, folder, text="群众反映")
    assert await look(kit, clock, times=2) == ""
    assert titles(kit, topics.POSTS_COLLECTED) == ["甲停水"]
    assert titles(kit, topics.POSTS_BACKFILLED) == ["旧停水"]


async def test_another_folder_is_read_from_its_first_file_and_has_a_history_of_its_own(
    kit: Tools, clock: HandClock, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    dropped(other, "旧", clock.now() - timedelta(days=300))
    dropped(other, "新", clock.now())
    dropped(folder, "甲", clock.now())
    await configured(kit, folder)
    await look(kit, clock, times=2)
    await configured(kit, other)
    await look(kit, clock, times=2)
    assert titles(kit, topics.POSTS_COLLECTED) == ["甲停水", "新停水"]
    assert titles(kit, topics.POSTS_BACKFILLED) == ["旧停水"]


async def test_a_new_name_or_rhythm_reads_nothing_again(kit: Tools, clock: HandClock, folder: Path) -> None:
    dropped(folder, "甲", clock.now())
    source = await configured(kit, folder)
    await look(kit, clock)
    (before,) = await store(kit).all()
    await store(kit).sync([replace(source, name="12345 热线", floor_seconds=600)], clock.now())
    (after,) = await store(kit).all()
    assert (after.state.cursor, after.state.last_success_at) == (before.state.cursor, before.state.last_success_at)


async def test_a_refused_row_and_file_are_told_until_the_file_is_put_right(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    broken, unread = folder / "甲.csv", folder / "乙.xlsx"
    broken.write_text("工单编号,标题,诉求内容,受理时间\nA1,停水,,2036-11-01\n", encoding="utf-8")
    unread.write_bytes(b"no workbook")
    await configured(kit, folder)
    told = await look(kit, clock, times=9)
    assert "甲.csv 第 2 行" in told
    assert "乙.xlsx" in told
    (kept,) = await store(kit).all()
    assert kept.state.last_error == told
    dropped(folder, "甲", clock.now())
    assert "甲.csv" not in await look(kit, clock, times=2)
    assert "乙.xlsx" in await look(kit, clock)
    unread.unlink()
    assert await look(kit, clock) == ""


async def test_a_look_that_fails_in_between_does_not_make_a_refusal_forgotten(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    (folder / "甲.xlsx").write_bytes(b"no workbook")
    await configured(kit, folder)
    await look(kit, clock)
    os.rename(folder, folder.with_name("away"))
    assert "不存在" in await look(kit, clock)
    os.rename(folder.with_name("away"), folder)
    assert "甲.xlsx" in await look(kit, clock, times=2)


async def test_a_file_name_in_no_known_coding_does_not_stop_the_folder(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    dropped(folder, "甲", clock.now()).rename(os.fsdecode(os.fsencode(folder) + b"/\xbc\xd7.csv"))
    (folder / os.fsdecode(b"\xd2\xd2.xlsx")).write_bytes(b"no workbook")
    await configured(kit, folder)
    assert ".xlsx" in await look(kit, clock, times=3)
    assert titles(kit, topics.POSTS_COLLECTED) == ["甲停水"]


async def test_back_fill_goes_through_all_the_files_of_a_folder(kit: Tools, clock: HandClock, folder: Path) -> None:
    for number in range(4):
        dropped(folder, f"旧{number}", clock.now() - timedelta(days=300))
    dropped(folder, "新", clock.now())
    await configured(kit, folder)
    (claimed,) = await store(kit).all()
    done = await backfill(kit, claimed.source, claimed.state, clock.now() - timedelta(days=400))
    assert done.published == 4
    assert titles(kit, topics.POSTS_COLLECTED) == []
    await look(kit, clock, times=5)
    assert titles(kit, topics.POSTS_BACKFILLED) == [f"旧{number}停水" for number in range(4)]
    assert titles(kit, topics.POSTS_COLLECTED) == ["新停水"]


async def test_back_fill_leaves_to_the_looks_what_they_have_still_to_read(
    kit: Tools, clock: HandClock, folder: Path
) -> None:
    dropped(folder, "甲", clock.now())
    await configured(kit, folder)
    await look(kit, clock, times=2)
    dropped(folder, "迟到", clock.now() - timedelta(days=30))
    (claimed,) = await store(kit).all()
    done = await backfill(kit, claimed.source, claimed.state, clock.now() - timedelta(days=400))
    await look(kit, clock)
    assert (done.published, titles(kit, topics.POSTS_COLLECTED)) == (0, ["甲停水", "迟到停水"])
