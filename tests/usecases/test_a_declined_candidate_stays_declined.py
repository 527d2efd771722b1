"""归并: what a person said is not one event is asked no more, whichever process reads on; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.adapters.database import Database
from services.adapters.desk import DeskReader
from services.adapters.store.audit import Audit
from services.adapters.store.incidents import IncidentStore
from services.domain.incident import Incident, Moment
from services.domain.post import Post
from services.usecases.handling import Command, perform
from services.usecases.tracking import Tracked
from tests.domain.incident.cast import OFFICER, START, Names, hours
from tests.usecases.test_tracking import AGAIN_COLD, COMPLAINT, arrival, resolved, taken

COPY = replace(AGAIN_COLD, id="c3", source="另一网站", collected_at=START + hours(50))
IN_LIKE_WORDS = replace(
    COPY, id="c4", text="网友反映：" + AGAIN_COLD.text, source="又一网站", collected_at=START + hours(51)
)


@pytest.fixture
async def elsewhere(database: Database) -> AsyncIterator[Database]:
    """Another process on the same database, or this one after a restart."""
    other = Database(database.url)
    yield other
    await other.close()


@pytest.fixture
async def pair(database: Database) -> tuple[str, str]:
    """The numbers of a complaint after the answer and of the matter it may be."""
    await taken(database, arrival(COMPLAINT))
    old = await resolved(database)
    await taken(database, arrival(AGAIN_COLD))
    return await number_of(database, AGAIN_COLD), old


async def number_of(database: Database, post: Post) -> str:
    async with IncidentStore(database).unit() as unit:
        return (await unit.holders([post.key]))[post.key]


async def load(database: Database, number: str) -> Incident:
    async with IncidentStore(database).unit() as unit:
        return (await unit.load([number]))[number]


async def act(database: Database, number: str, act: str, after: float, **given: str) -> None:
    async with IncidentStore(database).unit() as unit:
        await perform(unit, Command(act, number, given), Moment(START + hours(after), Names(), OFFICER))


async def bars(database: Database, post: Post) -> set[str]:
    """From which incidents the machine keeps copies of the post."""
    async with database.read() as connection:
        found = await connection.exec_driver_sql("SELECT post_key, incident FROM grouping_bars")
        return {row.incident for row in found if row.post_key == post.key}


async def test_it_is_asked_no_more_here_or_elsewhere_whatever_comes(
    database: Database, elsewhere: Database, pair: tuple[str, str]
) -> None:
    new, old = pair
    assert (await load(database, new)).undecided == (old,)
    await act(database, new, "decline", 49, other=old)
    assert await taken(elsewhere, arrival(COPY)) == Tracked(attached=1)
    assert await taken(elsewhere, arrival(IN_LIKE_WORDS)) == Tracked(attached=1)
    assert {await number_of(elsewhere, post) for post in (COPY, IN_LIKE_WORDS)} == {new}
    found = await load(elsewhere, new)
    assert (found.candidates, found.undecided, found.posts) == ((old,), (), 3)
    assert (await load(elsewhere, old)).posts == 1
    assert await bars(elsewhere, AGAIN_COLD) == {old}
    [shown] = [i for i in [await DeskReader(elsewhere).incident(new)] if i]
    assert shown.undecided == ()


async def test_taken_back_it_is_asked_again_and_nothing_is_barred(
    database: Database, elsewhere: Database, pair: tuple[str, str]
) -> None:
    new, old = pair
    await act(database, new, "decline", 49, other=old)
    await act(elsewhere, new, "decline", 50, undo=old)
    assert (await load(database, new)).undecided == (old,)
    assert await bars(database, AGAIN_COLD) == set()


async def test_it_holds_through_a_merge_of_the_other_and_its_undoing(database: Database, pair: tuple[str, str]) -> None:
    new, old = pair
    third = replace(COMPLAINT, id="c9", title="南岗区自来水发黄", text="学府路小区自来水发黄有异味。")
    await taken(database, arrival(third))
    carrying = await number_of(database, third)
    await act(database, new, "decline", 49, other=old)
    await act(database, old, "merge", 50, into=carrying)
    assert await bars(database, AGAIN_COLD) == {old, carrying}
    await act(database, carrying, "split", 51, incident=old)
    assert old in await bars(database, AGAIN_COLD)
    assert (await load(database, new)).undecided == ()


async def test_both_ledgers_hold_it_in_their_chains(database: Database, pair: tuple[str, str]) -> None:
    new, old = pair
    await act(database, new, "decline", 49, other=old)
    reader = DeskReader(database)
    for number in pair:
        told = [e for e in await reader.ledger([number]) if e.kind.value == "candidate_declined"]
        assert [(e.actor, e.data) for e in told] == [("duty1", {"incident": new, "candidate": old})]
    assert [finding async for finding in Audit(database).findings()] == []
