"""The machine as it is shipped, made once for all contracts that ask it."""

from __future__ import annotations

import pytest

from config.reading import CONFIG_DIR
from services.adapters.assessor import MachineAssessor
from services.wiring.machine import make_assessor


@pytest.fixture(scope="session")
def assessor() -> MachineAssessor:
    return make_assessor(CONFIG_DIR)
