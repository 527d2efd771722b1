"""台账: one entry per thing that happened. Outbox, audit trail and report source at once.

Entries are values: `Final` keeps them from being changed, checked before the program runs. One report makes five, and
one that is frozen while it runs takes four times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from services.domain.vocabulary import EntryKind
from services.domain.zone import SHANGHAI


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


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """JSON values, whatever a person's form or file gave; times as ISO 8601 in UTC."""
    return {k: v if type(v) in _AS_IT_IS else _plain(v) for k, v in data.items()}


def _plain(value: Any) -> Any:
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
        return _iso(aware.astimezone(UTC))
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (int, float)) else str(value)


_AS_IT_IS = frozenset({str, int, float, bool, type(None)})
"""What most values of a ledger are: told apart by type alone, for one report has some twenty of them."""


@lru_cache(1 << 8)  # a report tells its start, and a whole batch the hour and what is due from then, time and again
def _iso(at: datetime) -> str:
    return at.isoformat()[:-6] + "Z"  # instead of +00:00
