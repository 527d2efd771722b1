"""The only place where configuration meets adapters, and the only one that reads the clock."""

from services.wiring.clock import FastClock, SteppedClock, SystemClock
from services.wiring.house import House, open_house
from services.wiring.running import run_alone, set_up_logs, stop_on_signals

__all__ = [
    "FastClock",
    "House",
    "SteppedClock",
    "SystemClock",
    "open_house",
    "run_alone",
    "set_up_logs",
    "stop_on_signals",
]
