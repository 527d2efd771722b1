"""A whole embedded house on a real server: every role but collecting, in one thread, with clocks a test can move."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from config.settings import Settings
from services.adapters.accounts import Accounts
from services.cli.roles import ROLES
from services.domain.vocabulary import Role
from services.web import server
from services.wiring import House, open_house

T = TypeVar("T")
PASSWORD = "Long-enough-1"
PATIENCE_SECONDS = 90.0
EMBEDDED = tuple(role for role in ROLES if role != "collect")
HEATING = "哈尔滨市道里区{place}小区居民反映暖气不热，室温只有14度，多次拨打供热单位电话无人处理，请有关部门解决。"
FIRE = "哈尔滨市南岗区{place}今晨发生爆炸，已造成12人死亡、20人受伤，消防救援正在进行。"


def until(condition: Callable[[], T], what: str) -> T:
    """Wait for a condition to hold; fail with what was waited for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (holds := condition()):
        assert time.monotonic() < deadline, f"still waiting for: {what}"
        time.sleep(0.05)
    return holds


class MovingClock:
    """The real time, moved on by hand."""

    speed = 1.0

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def _until_stopped(
    run: Callable[[House, asyncio.Event], Awaitable[None]], house: House, stop: asyncio.Event
) -> None:
    await run(house, stop)


@dataclass
class Visitor:
    """A browser without a screen: cookies, forms, and where redirects lead."""

    base: str
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=20, trust_env=False))

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(self.base + path, headers={"accept": "text/html", **headers})

    def post(self, path: str, form: dict[str, Any], **headers: str) -> httpx2.Response:
        return self.client.post(self.base + path, data=form, headers={"accept": "text/html", **headers})

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx2.Response:
        return self.post("/sign-in", {"name": name, "password": password, "next": "/"})

    def csrf(self) -> str:
        """The token of this session, as its forms carry it."""
        return re.search(r'name="csrf" value="([^"]+)"', self.get("/").text)[1]  # type: ignore[index]  # always there

    def act(self, incident: str, act: str, /, **form: Any) -> httpx2.Response:
        return self.post(f"/incidents/{incident}/{act}", {"csrf": self.csrf(), **form})


class HouseThread:
    """Runs the house until `close`. `call` runs a coroutine beside it."""

    def __init__(self, folder: Path, roles: tuple[str, ...] = EMBEDDED) -> None:
        self.clock, self.wall = MovingClock(), MovingClock()
        self._folder, self._roles = folder, roles
        self._started, self._thread = threading.Event(), threading.Thread(target=self._run)
        self._trouble: BaseException | None = None
        self.visitors: list[Visitor] = []

    def start(self) -> HouseThread:
        self._thread.start()
        assert self._started.wait(60), "the house did not start"
        if self._trouble:
            raise self._trouble
        return self

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as trouble:  # noqa: BLE001 - told to the test that started it
            self._trouble = trouble
            self._started.set()

    async def _serve(self) -> None:
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        settings = Settings(data_dir=self._folder, port=0, relay_seconds=0.05)
        async with open_house(settings, self.clock) as house:
            house.wall = self.wall
            self.house: House = house
            async with asyncio.TaskGroup() as group:
                for name in self._roles:
                    run = partial(server.run, ready=self._ready) if name == "web" else ROLES[name]
                    group.create_task(_until_stopped(run, house, self._stop))

    def _ready(self, address: str) -> None:
        self.base = address
        self._started.set()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def close(self) -> float:
        """Stop; returns the seconds it took."""
        began = time.monotonic()
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)
        took = time.monotonic() - began
        for visitor in self.visitors:
            visitor.client.close()
        assert not self._thread.is_alive()
        if self._trouble:
            raise self._trouble
        return took

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.house.database)

    def add(self, name: str, role: Role, department: str = "") -> str:
        self.call(self.accounts.add(name, role, department, PASSWORD, self.wall.now()))
        return name

    def visitor(self, name: str = "") -> Visitor:
        """Somebody's browser, signed in where a name is given."""
        self.visitors.append(Visitor(self.base))
        if name:
            assert self.visitors[-1].sign_in(name).status_code == 303
        return self.visitors[-1]

    def program(self, name: str = "tests") -> httpx2.Client:
        """A program with a token of its own."""
        token = self.call(self.accounts.new_token(name, self.wall.now()))
        self.visitors.append(Visitor(self.base, httpx2.Client(
            base_url=self.base, timeout=30, trust_env=False, headers={"authorization": f"Bearer {token}"}
        )))  # fmt: skip
        return self.visitors[-1].client

    def report(self, post_id: str, text: str, title: str = "", **more: str) -> str:
        """Push a post and wait until an incident holds it; returns the incident's number."""
        answer = self.program().post("/api/v1/posts", json={"id": post_id, "title": title, "text": text, **more})
        assert answer.status_code == 202, answer.text
        key = answer.json()["receipts"][0]["key"]
        number = until(lambda: self.call(self._holder(key)), f"an incident with {post_id}")
        until(lambda: self.call(self.house.reader.listed(number)), f"{number} on the desk")
        return number

    async def _holder(self, key: str) -> str:
        async with self.house.store.unit() as unit:
            return (await unit.holders([key])).get(key, "")

    def kinds(self, incident: str) -> list[str]:
        """The kinds of the entries in the incident's ledger."""
        return [entry.kind.value for entry in self.call(self.house.reader.ledger([incident]))]


def done(visitor: Visitor, incident: str, act: str, /, **form: str) -> None:
    """An act that is not refused."""
    answer = visitor.act(incident, act, **form)
    assert answer.status_code == 303, (act, re.findall(r'role="alert">([^<]+)', answer.text))
