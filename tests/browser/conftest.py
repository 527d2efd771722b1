"""A real Chromium on a real house."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from services.domain.vocabulary import Role
from tests.conftest import unavailable
from tests.console_kit import HouseThread
from tests.real.servers import Missing

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; where there is none the tests are skipped with a loud line.

    Playwright keeps an event loop running in this thread while it is open, and no other test may run its own then.
    """
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not found:
        unavailable(Missing("Chromium; the console is NOT run in a browser"))
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=ARGS)
        except Error as error:
            unavailable(Missing(f"a Chromium that starts ({str(error)[:80]}); the console is NOT run in a browser"))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseThread]:
    """The whole house, with an officer and the heating office."""
    house = HouseThread(tmp_path_factory.mktemp("browser")).start()
    house.add("duty1", Role.DUTY_OFFICER)
    house.add("grb", Role.DEPARTMENT, "GRB")
    yield house
    house.close()
