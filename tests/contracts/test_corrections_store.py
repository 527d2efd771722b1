"""A person's decision is kept with the text, once, and read back on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.adapters.database import Database
from services.adapters.store.corrections import CorrectionStore
from services.domain.correction import Correction, CorrectionKind
from services.usecases.evaluating import agreement_since

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DECISION = Correction(
    post="p1",
    kind=CorrectionKind.DEPARTMENT,
    proposed="ZJJ",
    decided="GRB",
    by="duty_officer",
    at=NOON,
    rule="主责",
    title="屋里冷",
    text="室温只有十二度。",
)


async def test_a_decision_comes_back_as_it_was_made(database: Database) -> None:
    store = CorrectionStore(database)
    await store.keep([DECISION])
    assert await store.since(NOON) == [DECISION]


async def test_a_repeated_decision_is_kept_once(database: Database) -> None:
    store = CorrectionStore(database)
    await store.keep([DECISION])
    await store.keep([DECISION, replace(DECISION, kind=CorrectionKind.EVENT_GRADE, proposed="IV", decided="IV")])
    assert len(await store.since(NOON)) == 2


async def test_a_decision_goes_with_the_transaction_it_belongs_to(database: Database) -> None:
    store = CorrectionStore(database)

    async def failing_act() -> None:
        async with database.write() as connection:
            await store.keep_with(connection, [DECISION])
            raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError, match="the act failed"):
        await failing_act()
    assert await store.since(NOON) == []


async def test_agreement_counts_the_last_word_since_the_moment_asked_for(database: Database) -> None:
    store = CorrectionStore(database)
    later = NOON + timedelta(hours=1)
    early = replace(DECISION, post="p0", at=NOON - timedelta(days=9))
    await store.keep([early, DECISION, replace(DECISION, decided="ZJJ", at=later), replace(DECISION, post="p2")])
    (found,) = await agreement_since(store, NOON)
    assert (found.label, found.agreed, found.total) == ("ZJJ", 1, 2)
