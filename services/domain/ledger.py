"""台账: one entry per thing that happened. Outbox, audit trail and report source at once.

Entries are values: `Final` keeps them from being changed, checked before the program runs. One report makes five, and
one that is frozen while it runs takes four times as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from services.domain.vocabulary import EntryKind


@dataclass(slots=True)
class Entry:
    """One line of an incident's ledger.

    `seq` counts from 1 within the incident, without gaps. `occurred_at` is when it was so in the world;
    `recorded_at` when the system learned of it (a missed duty: due time and the moment it was noticed).
    `data` holds plain JSON values only; times in it are ISO 8601 in UTC.
    """

    incident_id: Final[str]
    seq: Final[int]
    kind: Final[EntryKind]
    occurred_at: Final[datetime]
    recorded_at: Final[datetime]
    actor: Final[str]
    data: Final[dict[str, Any]]

    @property
    def message_id(self) -> str:
        """Names this entry on topics and in `seen` tables."""
        return f"{self.incident_id}:{self.seq}"
