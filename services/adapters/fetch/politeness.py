"""Every host at most twice at once, and never within two seconds of the last request."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from services.usecases.collecting import Crowded

PRUNE_ABOVE = 4096


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    start: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    users: int = 0
    waiting: int = 0
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
        self._refuse_if_far(entry)
        entry.users += 1
        try:
            async with self._started(entry):
                yield
        finally:
            entry.users -= 1

    @asynccontextmanager
    async def _started(self, entry: _Host) -> AsyncIterator[None]:
        """Hold a place of this host and one of all; the space to the last start is kept when both are there.

        Kept before, it would be gone by the time that a place is free, and those who waited would start together.
        """
        entry.waiting += 1
        async with AsyncExitStack() as held:
            try:
                await held.enter_async_context(entry.places)
                async with entry.start:
                    while (wait := entry.next_at - self._now()) > 0:
                        await self._pause(wait)
                    await held.enter_async_context(self._slow_places if entry.slow else self._places)
                    entry.next_at = self._now() + self._spacing
            finally:
                entry.waiting -= 1
            yield

    def remember(self, host: str, slow: bool) -> None:
        """Whether the last answer of this host ran into the deadline."""
        if host in self._hosts:
            self._hosts[host].slow = slow

    def _refuse_if_far(self, entry: _Host) -> None:
        away = max(entry.next_at - self._now(), 0.0) + entry.waiting * self._spacing
        if away > self._patience:
            raise Crowded(away)

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
