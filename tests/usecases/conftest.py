"""What collecting is tried with: a clock moved by hand, and tools with a real store."""

from __future__ import annotations

from tests.collecting_kit import clock as clock
from tests.collecting_kit import kit as kit
