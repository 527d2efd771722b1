"""What is done to stored texts behind the program's back, the audit names: the ledger holds what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from config.reading import CONFIG_DIR
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.store.audit import Audit, Finding
from services.adapters.store.incidents import IncidentStore
from services.adapters.store.post_versions import POST, VERSION
from services.domain.incident import Moment
from services.domain.post import Post
from services.usecases.handling import Command, perform
from services.usecases.tracking import Arrival, take_in
from services.wiring.machine import make_grouper
from tests.domain.incident.cast import OFFICER, RULES, START, Names, minutes, post, says

FIRST = post("p1", url="https://example.org/1")
COPY = replace(FIRST, id="p2", source="另一网站", collected_at=START + minutes(1))
EDITED = replace(FIRST, text="市民在现场看到浓烟，消防已经到场。", collected_at=START + minutes(9))
GONE = replace(FIRST, text="本文已删除。", collected_at=START + minutes(20))


@pytest.fixture
async def filed(database: Database) -> Database:
    """Two posts of one matter, of which one was edited twice, the last time to something that concerns nobody."""
    await take(database, FIRST, COPY)
    await take(database, EDITED)
    await take(database, GONE, relevant=False)
    return database


async def take(database: Database, *posts: Post, relevant: bool = True) -> None:
    arrivals = [Arrival(p.evidence, p, replace(says(), relevant=relevant)) for p in posts]
    async with IncidentStore(database).unit() as unit:
        await take_in(unit, make_grouper(CONFIG_DIR), arrivals, RULES, Moment(posts[-1].collected_at, Names()))


async def run(database: Database, statement: Any) -> None:
    async with database.write() as connection:
        await connection.execute(statement)


async def found(database: Database) -> list[Finding]:
    return [finding async for finding in Audit(database).findings()]


def told(findings: list[Finding], one: Post, version: int, word: str) -> bool:
    [finding] = findings
    return one.key in finding.reason and f"第 {version} 版" in finding.reason and word in finding.reason


async def test_texts_that_nobody_touched_are_as_they_were_seen(filed: Database) -> None:
    walk = Audit(filed)
    assert [f async for f in walk.findings()] == []
    assert walk.texts == 4


@pytest.mark.parametrize(
    "change",
    [{"title": "另一标题"}, {"text": "一切正常。"}, {"url": "https://example.org/2"}, {"author": "某人"},
     {"collected_at": START + timedelta(microseconds=1)}],
)  # fmt: skip
async def test_a_post_that_was_changed_is_named(filed: Database, change: dict[str, Any]) -> None:
    body = wire.encode_assessed(replace(FIRST, **change), says())
    await run(filed, update(POST).where(POST.c.key == FIRST.key).values(body=body))
    assert told(await found(filed), FIRST, 1, "被改动")


async def test_words_moved_from_the_title_to_the_text_are_a_change(filed: Database) -> None:
    moved = replace(FIRST, title=FIRST.title[:-1], text=FIRST.title[-1] + FIRST.text)
    await run(filed, update(POST).where(POST.c.key == FIRST.key).values(body=wire.encode_assessed(moved, says())))
    assert told(await found(filed), FIRST, 1, "被改动")


async def test_a_body_that_nobody_can_read_is_a_change(filed: Database) -> None:
    await run(filed, update(POST).where(POST.c.key == COPY.key).values(body=b"{"))
    assert told(await found(filed), COPY, 1, "被改动")


async def test_a_post_that_was_removed_is_named(filed: Database) -> None:
    await run(filed, delete(POST).where(POST.c.key == COPY.key))
    assert told(await found(filed), COPY, 1, "已无")


async def test_a_version_that_was_changed_or_removed_is_named(filed: Database) -> None:
    body = wire.encode_assessed(replace(EDITED, text="一切正常。"), says())
    await run(filed, update(VERSION).where(VERSION.c.n == 2).values(body=body))
    assert told(await found(filed), FIRST, 2, "被改动")
    await run(filed, delete(VERSION).where(VERSION.c.n == 3))
    assert ["第 2 版" in f.reason or "第 3 版" in f.reason for f in await found(filed)] == [True, True]


async def test_a_post_that_a_person_split_off_is_still_as_it_was_seen(filed: Database) -> None:
    async with IncidentStore(filed).unit() as unit:
        number = (await unit.holders([COPY.key]))[COPY.key]
        await perform(
            unit, Command("split", number, {"posts": COPY.key}), Moment(START + minutes(30), Names(), OFFICER)
        )
    assert await found(filed) == []
