"""The desk: what happened becomes what the pages show. Idempotent; the desk may be rebuilt from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.domain.ledger import Entry


class DeskWriter(Protocol):
    """The one writer of the desk."""

    async def refresh(self, entries: Sequence[Entry]) -> None:
        """Bring the incidents of these entries up to date and add the entries to the feed, each once."""


async def project(desk: DeskWriter, entries: Sequence[Entry]) -> None:
    """Take a batch of ledger entries onto the desk, in one transaction."""
    await desk.refresh(entries)
