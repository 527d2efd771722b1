"""A real Chromium on a real house."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from services.domain.vocabulary import Role
from tests.conftest import unavailable
from tests.console_kit import PASSWORD, HouseThread
from tests.real.servers import Missing

OpenPage = Callable[..., Page]
WAIT = 20_000
expect.set_options(timeout=WAIT)
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


class Watched:
    """A page and everything a browser complains of on it."""

    def __init__(self, page: Page) -> None:
        self.page, self.complaints = page, list[str]()
        page.set_default_timeout(WAIT)
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.complaints.append(f"error {error}"))
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("request", lambda asked: self._ask(asked.url))

    def _hear(self, kind: str, text: str) -> None:
        # An answer with 409 is shown as a page; the browser counts it among the errors all the same.
        if kind == "error" and "status of 409" not in text:
            self.complaints.append(text)

    def _ask(self, url: str) -> None:
        if not re.match(r"(http://127\.0\.0\.1:|data:|blob:)", url):
            self.complaints.append(f"asked elsewhere: {url}")


@pytest.fixture
def open_page(chromium: Browser, office: HouseThread) -> Iterator[OpenPage]:
    """`open_page(name, width)` is a signed-in page of a browser of its own; none may have complained at the end."""
    opened: list[Watched] = []

    def open_one(name: str, width: int = 1280) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        opened.append(Watched(context.new_page()))
        sign_in(opened[-1].page, office.base, name)
        return opened[-1].page

    office.wall.ahead += timedelta(minutes=1)
    yield open_one
    complaints = [complaint for watched in opened for complaint in watched.complaints]
    for watched in opened:
        watched.page.context.close()
    assert complaints == []


def sign_in(page: Page, base: str, name: str) -> None:
    """By keyboard only."""
    page.goto(f"{base}/")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(name)
    expect(page.locator("#connection")).to_have_text("已连接")
