"""The machine as it is shipped, made once for all contracts that ask it; a clock moved by hand, and its tools."""

from __future__ import annotations

import pytest

from config.reading import CONFIG_DIR
from services.adapters.assessor import MachineAssessor
from services.wiring.machine import make_assessor
from tests.collecting_kit import clock as clock
from tests.collecting_kit import kit as kit


@pytest.fixture(scope="session")
def assessor() -> MachineAssessor:
    return make_assessor(CONFIG_DIR)
