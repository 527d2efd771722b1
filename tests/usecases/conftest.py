"""What collecting is tried with: a clock moved by hand, and tools with a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.usecases.collecting import Tools
from tests.collecting_kit import HandClock, tools


@pytest.fixture
async def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def kit(tmp_path: Path, clock: HandClock) -> AsyncIterator[Tools]:
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", clock) as made:
        yield made
