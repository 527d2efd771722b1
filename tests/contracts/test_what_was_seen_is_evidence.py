"""What is done to stored texts behind the program's back, the audit names: the ledger holds what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, insert, select, update

from config.reading import CONFIG_DIR
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.store.audit import INCIDENT, LEDGER, Audit
from services.adapters.store.chain import START as CHAIN_START
from services.adapters.store.chain import Head, link
from services.adapters.store.filings import Finding
from services.adapters.store.incidents import IncidentStore
from services.adapters.store.post_versions import POST, VERSION
from services.adapters.store.times import to_us
from services.domain.incident import Moment
from services.domain.post import Post
from services.domain.vocabulary import EntryKind
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


def row_of(one: Post, key: str = "", n: int = 0, incident: str = "") -> dict[str, Any]:
    """A row as the program writes it, for a post or, with a number, for a version."""
    row = {"key": key or one.key, "collected_us": to_us(one.collected_at), "body": wire.encode_assessed(one, says())}
    return row | ({"n": n} if n else {"incident_id": incident})


async def holder(database: Database, one: Post) -> str:
    async with IncidentStore(database).unit() as unit:
        return (await unit.holders([one.key]))[one.key]


async def test_a_version_that_was_added_by_hand_is_named(filed: Database) -> None:
    await run(filed, insert(VERSION).values(row_of(GONE, n=4)))
    assert told(await found(filed), FIRST, 4, "台账中没有这一版")
    await run(filed, delete(VERSION).where(VERSION.c.n == 4))
    await run(filed, insert(VERSION).values(row_of(COPY, n=2)))
    assert told(await found(filed), COPY, 2, "台账中没有这一版")


async def test_a_post_that_was_added_by_hand_is_named(filed: Database) -> None:
    forged = replace(FIRST, id="p9")
    await run(filed, insert(POST).values(row_of(forged, incident=await holder(filed, FIRST))))
    assert told(await found(filed), forged, 1, "台账中没有这一版")


async def test_a_post_of_no_incident_and_a_version_of_no_post_are_named(filed: Database) -> None:
    alone, orphan = replace(FIRST, id="p8"), replace(FIRST, id="p9")
    await run(filed, insert(POST).values(row_of(alone, incident="nothing")))
    await run(filed, insert(VERSION).values(row_of(orphan, n=2)))
    reasons = [finding.reason for finding in await found(filed)]
    assert [one.key in reason for one, reason in zip((alone, orphan), reasons, strict=True)] == [True, True]


async def test_versions_are_explained_by_whichever_chain_held_the_post_then(filed: Database) -> None:
    await take(filed, replace(COPY, text="更正：无人受伤。", collected_at=START + minutes(25)))
    number = await holder(filed, COPY)
    apart = Moment(START + minutes(30), Names(), OFFICER)
    async with IncidentStore(filed).unit() as unit:
        await perform(unit, Command("split", number, {"posts": COPY.key}), apart)
    assert await holder(filed, COPY) != number
    await take(filed, replace(COPY, text="再更正：一人受伤。", collected_at=START + minutes(40)))
    assert await found(filed) == []
    await run(filed, insert(VERSION).values(row_of(COPY, n=4)))
    assert told(await found(filed), COPY, 4, "台账中没有这一版")


@pytest.fixture
async def old(filed: Database) -> Database:
    """The same as a release filed it that kept no evidence, and no entry of an edit."""
    await forget_evidence(filed)
    assert await found(filed) == []
    return filed


async def forget_evidence(database: Database) -> None:
    """Write every chain anew, as that release would have."""
    async with database.write() as connection:
        rows = [dict(row) for row in (await connection.execute(select(LEDGER))).mappings()]
        await connection.execute(delete(LEDGER))
        for incident in {row["incident_id"] for row in rows}:
            head, chain = CHAIN_START, []
            for row in sorted((r for r in rows if r["incident_id"] == incident), key=lambda r: r["seq"]):
                data = msgspec.json.decode(row["data"])
                data.pop("evidence", None)
                if "version" in data:  # something else took its number
                    row["kind"], data = EntryKind.GRADE_PROPOSED.value, {}
                row |= {"seq": head.seq + 1, "data": msgspec.json.encode(data)}
                row["hash"] = link(head.hash, row)
                chain.append(row)
                head = Head(row["seq"], row["hash"])
            await connection.execute(insert(LEDGER), chain)
            end = update(INCIDENT).where(INCIDENT.c.id == incident)
            await connection.execute(end.values(ledger_seq=head.seq, ledger_hash=head.hash))


async def test_of_texts_from_before_there_was_evidence_only_what_must_be_there_is_asked(old: Database) -> None:
    await run(old, delete(VERSION).where(VERSION.c.n == 2))
    assert told(await found(old), FIRST, 2, "已无")
    await run(old, delete(POST).where(POST.c.key == COPY.key))
    assert [COPY.key in finding.reason for finding in await found(old)].count(True) == 1


async def test_an_edit_since_there_is_evidence_closes_the_numbers_of_an_old_post(old: Database) -> None:
    await later(old)
    assert await found(old) == []
    await run(old, insert(VERSION).values(row_of(replace(FIRST, collected_at=START), n=5)))
    assert told(await found(old), FIRST, 5, "台账中没有这一版")


async def test_a_version_of_an_old_post_fetched_since_there_is_evidence_has_an_entry(old: Database) -> None:
    await later(old)
    await run(old, insert(VERSION).values(row_of(replace(COPY, collected_at=START + minutes(60)), n=2)))
    assert told(await found(old), COPY, 2, "台账中没有这一版")


async def later(database: Database) -> None:
    """The new release files a further edit."""
    await take(database, replace(FIRST, text="后续：火已扑灭。", collected_at=START + minutes(50)))
