"""A house and its duty officer, for every file of tests anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.domain.vocabulary import Role
from tests.console_kit import HouseThread, Visitor


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseThread]:
    house = HouseThread(tmp_path_factory.mktemp("house")).start()
    yield house
    house.close()


@pytest.fixture(scope="module")
def officer(office: HouseThread) -> Visitor:
    return office.visitor(office.add("duty1", Role.DUTY_OFFICER))
