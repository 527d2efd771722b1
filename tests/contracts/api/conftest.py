"""The web role alone, and a program with a token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest

from tests.console_kit import HouseThread


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseThread]:
    """The web role alone: what is pushed stays in the log, where the tests read it."""
    house = HouseThread(tmp_path_factory.mktemp("api"), ("web",)).start()
    yield house
    house.close()


@pytest.fixture(scope="module")
def program(office: HouseThread) -> httpx2.Client:
    return office.program("tests")


@pytest.fixture(autouse=True)
def _time_passes(office: HouseThread) -> None:
    """The limit of calls a minute is one test's business only."""
    office.wall.ahead += timedelta(minutes=1)
