"""`huiying report annual`: what the ledger says is what its forms show; with `--as-of`, whatever is recorded later."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.settings import Settings
from services.adapters import migrating
from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.cli import app
from services.domain.incident import Actor, Incident, Moment, report
from services.usecases.handling import Command, perform
from services.wiring.database import database_url
from tests.annual_kit import in_json, in_workbook
from tests.domain.incident.cast import OFFICER, PRESS, RULES, START, Names, hours, post, says

TABLE = ("report", "annual", "--year", "2017", "--layout", "2014")
NEXT_YEAR = START + timedelta(days=120)


@pytest.fixture
def database_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("HUIYING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUIYING_DATA_DIR", str(tmp_path))
    return Settings(data_dir=tmp_path)


async def acted(settings: Settings, at: datetime, *acts: tuple[Actor, str, str, dict[str, Any]]) -> None:
    database = Database(database_url(settings))
    await migrating.upgrade(database)
    async with IncidentStore(database).unit() as unit:
        for actor, incident, act, given in acts:
            await perform(unit, Command(act, incident, given), Moment(at, Names(), actor))
    await database.close()


async def reported(settings: Settings) -> list[str]:
    database = Database(database_url(settings))
    await migrating.upgrade(database)
    two: list[Incident] = [
        report(replace(post(name), title=f"{name}停水"), says(), RULES, Moment(START, Names())) for name in ("a", "b")
    ]
    async with IncidentStore(database).unit() as unit:
        await unit.save(two)
    await database.close()
    return [incident.id for incident in two]


def table(*options: str) -> str:
    done = CliRunner().invoke(app, [*TABLE, *options])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def value(printed: str, row: str) -> Any:
    return next(one["value"] for one in json.loads(printed)["rows"] if one["id"] == row)


def test_a_year_reads_the_same_after_later_answers_and_merges(database_file: Settings) -> None:
    first, second = asyncio.run(reported(database_file))
    answer = {"form": "press_conference", "channel": "市政府新闻办", "url": "https://example.gov.cn/1"}
    said = [(PRESS, incident, "publish", answer) for incident in (first, second)]
    asyncio.run(acted(database_file, START + hours(3), *said))
    closed = table("--as-of", "2017-12-31")
    assert (value(closed, "2.1"), value(closed, "2.2.1")) == (2, 1)
    assert value(table("--as-of", "2017-09-30"), "2.1") == 0
    later = {**answer, "form": "weibo", "published_at": START + hours(4)}
    asyncio.run(
        acted(database_file, NEXT_YEAR, (PRESS, first, "publish", later), (OFFICER, second, "merge", {"into": first}))
    )
    assert table("--as-of", "2017-12-31") == closed
    assert (value(table(), "2.1"), value(table(), "2.2.4")) == (1, 1)


def test_dismissing_a_matter_takes_no_answer_out_of_the_table_and_adds_none(database_file: Settings) -> None:
    answered, silent = asyncio.run(reported(database_file))
    answer = {"form": "weibo", "channel": "政务微博", "url": "https://example.gov.cn/1"}
    asyncio.run(acted(database_file, START + hours(50), (PRESS, answered, "publish", answer)))
    before = table()
    ended = [(OFFICER, incident, "dismiss", {"reason": "误报"}) for incident in (answered, silent)]
    asyncio.run(acted(database_file, START + hours(60), *ended))
    assert [value(table(), row) for row in ("2.1", "2.2.4")] == [value(before, row) for row in ("2.1", "2.2.4")]
    assert value(before, "2.1") == 1


def test_the_workbook_shows_what_the_ledger_says(database_file: Settings, tmp_path: Path) -> None:
    """Three forms of answer on two matters, so that no two figures of the part that count are swapped unseen."""
    first, second = asyncio.run(reported(database_file))
    conference = {"form": "press_conference", "channel": "市政府新闻办", "url": "https://example.gov.cn/1"}
    shown = {"channel": "政府网站", "url": "https://example.gov.cn/2"}
    said: list[tuple[Actor, str, str, dict[str, Any]]] = [
        (PRESS, first, "publish", {**conference, "by_principal_leader": True}),
        (PRESS, second, "publish", {**conference, "url": "https://example.gov.cn/3"}),
        (PRESS, first, "publish", {**shown, "form": "online_interview"}),
        *((PRESS, incident, "publish", {**shown, "form": "statement"}) for incident in (first, second)),
    ]
    asyncio.run(acted(database_file, START + hours(3), *said))
    part = in_json(table())
    assert [number for _, _, number in part] == [None, 2, None, 2, 1, 1, 0, None, 0, 2]
    book = tmp_path / "table.xlsx"
    table("--format", "xlsx", "--out", str(book))
    assert in_workbook(book, [name for name, _, _ in part]) == part


@pytest.mark.parametrize("day", ["garbage", "2017-13-01", "31.12.2017", "9998-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_refused(database_file: Settings, day: str) -> None:
    done = CliRunner().invoke(app, [*TABLE, "--as-of", day])
    assert done.exit_code == 2
    assert "--as-of" in done.stderr
