"""督办: time passes. The sweep looks at every incident whose next moment has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.domain.incident import Moment, settle
from services.usecases.ports import Conflict, NotNow, Store

STEP_ASIDE = timedelta(minutes=1)
BATCH = 200


@dataclass(slots=True)
class Sweep:
    """What one sweep did."""

    settled: int = 0
    stepped_aside: int = 0


async def sweep(store: Store, moment: Moment, report: Callable[[str, Exception], None]) -> Sweep:
    """Settle everything that is due.

    1. read the due incidents, the longest overdue first; 2. settle each in a transaction of its own; 3. a row that
    breaks is pushed ahead, counted and reported, and the others go on.
    """
    done = Sweep()
    async with store.unit() as unit:
        due = await unit.due(moment.now, BATCH)
    for incident_id in due:
        try:
            await _settle_one(store, incident_id, moment)
            done.settled += 1
        except Conflict:
            continue  # a person was quicker, and their step settled it
        except NotNow:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row must not stop the others
            report(incident_id, error)
            async with store.unit() as unit:
                await unit.push_ahead(incident_id, moment.now + STEP_ASIDE, repr(error))
            done.stepped_aside += 1
    return done


async def _settle_one(store: Store, incident_id: str, moment: Moment) -> None:
    async with store.unit() as unit:
        incident = (await unit.load([incident_id])).get(incident_id)
        if incident is not None:
            settle(incident, moment)
            await unit.save([incident])
