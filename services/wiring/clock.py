"""Clocks: the real one, one that runs faster (the demo), and one that is moved by hand (drills)."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FastClock:
    """Starts at `start` and runs `factor` times as fast as the real one."""

    def __init__(self, start: datetime, factor: float) -> None:
        self._start, self._factor = start, factor
        self._real = datetime.now(UTC)

    def now(self) -> datetime:
        return self._start + (datetime.now(UTC) - self._real) * self._factor


class SteppedClock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, at: datetime) -> None:
        """Never backwards."""
        self._now = max(self._now, at)
