"""How often a program may call."""

from __future__ import annotations

import math
from datetime import datetime


class Limiter:
    """A bucket per caller that refills steadily. Kept in this process: it protects the process."""

    def __init__(self, per_minute: int) -> None:
        self._per_second, self._full = per_minute / 60, float(per_minute)
        self._buckets: dict[str, tuple[float, datetime]] = {}

    def wait(self, caller: str, now: datetime) -> int:
        """0 when the call may go on, else the whole seconds to wait."""
        left, then = self._buckets.get(caller, (self._full, now))
        left = min(self._full, left + max(0.0, (now - then).total_seconds()) * self._per_second)
        if left < 1:
            self._buckets[caller] = (left, now)
            return math.ceil((1 - left) / self._per_second)
        self._buckets[caller] = (left - 1, now)
        return 0
