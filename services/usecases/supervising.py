"""督办: time passes. The sweep looks at every incident whose next moment has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.domain.incident import Moment, strike
from services.usecases.ports import NotNow, Store

STEP_ASIDE = timedelta(minutes=1)
BATCH = 200


@dataclass(slots=True)
class Sweep:
    """What one sweep did. `full`: it looked at as many as it may, so there can be more."""

    settled: int = 0
    stepped_aside: int = 0
    full: bool = False

    @property
    def done(self) -> int:
        return self.settled + self.stepped_aside


async def sweep(store: Store, moment: Moment, report: Callable[[str, Exception], None]) -> Sweep:
    """Settle everything that is due. Any number of sweepers may run: an incident is settled by who claims it.

    1. look which incidents are due, the longest overdue first; 2. claim and settle each in one transaction of its
    own; 3. a row that breaks is pushed ahead, counted and reported, and the others go on.
    """
    async with store.unit() as unit:
        due = await unit.due(moment.now, BATCH)
    found = Sweep(full=len(due) == BATCH)
    for incident_id in due:
        try:
            found.settled += await _settle_one(store, incident_id, moment)
        except NotNow:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row must not stop the others
            report(incident_id, error)
            async with store.unit() as unit:
                await unit.push_ahead(incident_id, moment.now + STEP_ASIDE, repr(error))
            found.stepped_aside += 1
    return found


async def _settle_one(store: Store, incident_id: str, moment: Moment) -> bool:
    """False where another has it or was quicker."""
    async with store.unit() as unit:
        incident = await unit.claim(incident_id, moment.now)
        if incident is None:
            return False
        strike(incident, moment)
        await unit.save([incident])
        return True
