"""Grouping as tracking needs it: sign off the event loop, look up once per batch, decide, remember."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from sqlalchemy import text

from services.adapters.store.incidents import IncidentUnit
from services.domain.assessment import Assessment
from services.domain.grouping import Ask, GroupingPolicy, GroupingStore, Join, Pool, Signature, Signer
from services.domain.incident import incident_number
from services.domain.post import Post
from services.usecases.ports import Unit
from services.usecases.tracking import Grouped, Placement

# Two tracking processes must not both open an incident for the same matter: they decide one after the other.
LOCK = text("SELECT pg_advisory_xact_lock(4806001)")


class MatterGrouper:
    """Implements `tracking.Grouper`."""

    def __init__(self, signer: Signer, policy: GroupingPolicy, store: GroupingStore) -> None:
        self._signer, self._policy, self._store = signer, policy, store

    async def place(self, unit: Unit, posts: Sequence[tuple[Post, Assessment]]) -> Grouped:
        """See `tracking.Grouper`."""
        if not isinstance(unit, IncidentUnit):
            raise TypeError("grouping works inside the incident store's own transaction")
        signatures = await asyncio.to_thread(self._signer.sign_all, posts)
        if unit.connection.dialect.name == "postgresql":
            await unit.connection.execute(LOCK)
        since = min(signature.at for signature in signatures) - self._policy.longest
        known = await self._store.candidates(unit.connection, signatures, since)
        ended = await self._store.ended(unit.connection, {candidate.incident for candidate in known})
        pool = Pool(self._policy, known, ended, signatures)
        placements = [_place(pool, signature, post) for signature, (post, _) in zip(signatures, posts, strict=True)]
        return Grouped(placements, partial(self._store.remember, unit.connection, pool.placed))


def _place(pool: Pool, signature: Signature, post: Post) -> Placement:
    verdict = pool.decide(signature)
    incident_id = verdict.incident if isinstance(verdict, Join) else incident_number(post)
    pool.place(signature, incident_id)
    if isinstance(verdict, Join):
        return Placement(incident_id, because=verdict.rule)
    asked = verdict.candidates if isinstance(verdict, Ask) else ()
    return Placement(incident_id, tuple(incident for incident, _ in asked))
