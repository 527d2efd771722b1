"""Every host at most twice at once, and never within two seconds of the last request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.usecases.collecting import Crowded

PRUNE_ABOVE = 4096


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    next_at: float = 0.0
    users: int = 0
    slow: bool = field(default=False)


class Politeness:
    """Turns per host. A turn that is more than `patience` seconds away is refused, so that nobody queues for long.

    Hosts that kept somebody waiting until the deadline have `slow_places` for all of them together: however many there
    are, they cannot take the places of the others (HARDENING F6).
    """

    def __init__(
        self,
        spacing: float = 2.0,
        at_once: int = 2,
        patience: float = 20.0,
        places: tuple[int, int] = (512, 64),
        *,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._spacing, self._at_once, self._patience = spacing, at_once, patience
        self._places, self._slow_places = asyncio.Semaphore(places[0]), asyncio.Semaphore(places[1])
        self._now, self._pause = now, pause
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it.

        Raises:
            Crowded: the turn is too far away.
        """
        entry = self._entry(host)
        wait = self._reserve(entry)
        entry.users += 1
        try:
            if wait > 0:
                await self._pause(wait)
            async with entry.places, self._slow_places if entry.slow else self._places:
                yield
        finally:
            entry.users -= 1

    def remember(self, host: str, slow: bool) -> None:
        """Whether the last answer of this host ran into the deadline."""
        if host in self._hosts:
            self._hosts[host].slow = slow

    def _reserve(self, entry: _Host) -> float:
        now = self._now()
        at = max(now, entry.next_at)
        if at - now > self._patience:
            raise Crowded(at - now)
        entry.next_at = at + self._spacing
        return at - now

    def _entry(self, host: str) -> _Host:
        if host not in self._hosts:
            if len(self._hosts) >= PRUNE_ABOVE:
                self._prune()
            self._hosts[host] = _Host(asyncio.Semaphore(self._at_once))
        return self._hosts[host]

    def _prune(self) -> None:
        now = self._now()
        kept = {h: e for h, e in self._hosts.items() if e.users or e.slow or e.next_at > now}
        self._hosts = kept
