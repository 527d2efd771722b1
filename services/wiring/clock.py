"""Clocks: the real one, one that runs faster (the demo), and one that is moved by hand (drills)."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    speed = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)


class FastClock:
    """Starts at `start` and runs `speed` times as fast as the real one."""

    def __init__(self, start: datetime, speed: float) -> None:
        self._start, self.speed = start, speed
        self._real = datetime.now(UTC)

    def now(self) -> datetime:
        return self._start + (datetime.now(UTC) - self._real) * self.speed


class SteppedClock:
    """Stands still until it is moved."""

    speed = 0.0

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, at: datetime) -> None:
        """Never backwards."""
        self._now = max(self._now, at)
