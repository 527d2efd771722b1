"""简报: which days a brief covers, and the facts it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from services.domain import briefing
from services.domain.briefing import Brief
from services.domain.incident import Incident
from services.domain.ledger import Entry
from services.domain.performance import Period
from services.domain.zone import SHANGHAI


class BriefDesk(Protocol):
    """What a brief needs to know."""

    async def touched(self, since: datetime) -> Sequence[Incident]:
        """Every incident that is open, owes a duty, or had something happen since."""

    async def incident(self, incident_id: str) -> Incident | None:
        """The whole record."""

    async def ledger(self, incident_ids: Sequence[str]) -> Sequence[Entry]:
        """Its entries, in order."""


class NothingToTell(ValueError):
    """No such incident, or a day that has not begun. The message is Chinese."""


def day_of(day: date | None, now: datetime) -> Period:
    """The day in Beijing: by default the last whole one; a day that still runs ends now."""
    chosen = day or _today(now) - timedelta(days=1)
    return _period(chosen, 1, now)


def week_of(day: date | None, now: datetime) -> Period:
    """Monday to Sunday around the day: by default the last whole week; a week that still runs ends now."""
    chosen = day or _today(now) - timedelta(days=7)
    return _period(chosen - timedelta(days=chosen.weekday()), 7, now)


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def _period(first: date, days: int, now: datetime) -> Period:
    start = datetime.combine(first, time(), SHANGHAI)
    if start >= now:
        raise NothingToTell(f"{first} 还没有到")
    return Period(start, min(start + timedelta(days=days), now))


async def daily(desk: BriefDesk, period: Period, ahead: timedelta, name: Callable[[str], str]) -> Brief:
    """日报. It looks `ahead` at what falls due."""
    return briefing.daily(await desk.touched(period.start), period, ahead, name)


async def weekly(desk: BriefDesk, period: Period, ahead: timedelta, name: Callable[[str], str]) -> Brief:
    """周报, as 日报."""
    return briefing.weekly(await desk.touched(period.start), period, ahead, name)


async def on_incident(
    desk: BriefDesk, incident_id: str, now: datetime, words: tuple[Callable[[Entry], str], Callable[[str], str]]
) -> Brief:
    """专报. `words` tell an entry, and name a department. Raises NothingToTell for an unknown incident."""
    incident = await desk.incident(incident_id)
    if incident is None:
        raise NothingToTell(f"没有编号为 {incident_id} 的事件")
    return briefing.on_incident(incident, await desk.ledger(incident.numbers), now, *words)
