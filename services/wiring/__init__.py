"""The only place where configuration meets adapters, and the only one that reads the clock."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.wiring.clock import FastClock, SteppedClock, SystemClock
    from services.wiring.house import House, open_house
    from services.wiring.logs import set_up_logs
    from services.wiring.running import leave_at_last, run_from_arguments, stop_on_signals, until_stopped

__all__ = [
    "FastClock",
    "House",
    "SteppedClock",
    "SystemClock",
    "leave_at_last",
    "open_house",
    "run_from_arguments",
    "set_up_logs",
    "stop_on_signals",
    "until_stopped",
]
_PLACES = {
    "clock": ("FastClock", "SteppedClock", "SystemClock"),
    "house": ("House", "open_house"),
    "logs": ("set_up_logs",),
    "running": ("leave_at_last", "run_from_arguments", "stop_on_signals", "until_stopped"),
}


def __getattr__(name: str) -> Any:
    """A name of this package when it is first asked for: who wants the clock needs neither database nor log."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"services.wiring.{module}"), name)
    raise AttributeError(name)
