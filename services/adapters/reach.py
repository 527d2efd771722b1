"""Who can be reached at the console: the accounts in use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select

from services.adapters.database import Database
from services.adapters.tables import table_of
from services.adapters.tables.accounts import AccountRow

_ACCOUNT = table_of(AccountRow)


@dataclass(frozen=True, slots=True)
class InUse:
    """Names of accounts that may sign in, and those of each department, in order."""

    names: frozenset[str] = frozenset()
    departments: dict[str, tuple[str, ...]] = field(default_factory=dict)


async def accounts_in_use(database: Database) -> InUse:
    """Asked at every step: whoever is disabled now is not called now."""
    query = select(_ACCOUNT.c.name, _ACCOUNT.c.department).where(_ACCOUNT.c.disabled.is_(False))
    async with database.read() as connection:
        rows = (await connection.execute(query.order_by(_ACCOUNT.c.name))).all()
    departments: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.department:
            departments[row.department].append(row.name)
    return InUse(frozenset(row.name for row in rows), {code: tuple(names) for code, names in departments.items()})
