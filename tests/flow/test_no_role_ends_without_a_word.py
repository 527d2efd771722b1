"""`huiying up`: whatever one role ended by is told, also where another one hangs when all are to stop."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from services.cli import roles, told
from services.usecases.ports import NotNow, TooManyDead
from services.wiring import House, running, until_stopped

NO_HOUSE = cast("House", None)


async def _broken(_house: House, _stop: asyncio.Event, _ready: Any = None) -> None:
    raise NotNow("cannot listen on 127.0.0.1:80")


async def _hanging(_house: House, _stop: asyncio.Event, _ready: Any = None) -> None:
    await asyncio.Event().wait()


async def _web(_house: House, stop: asyncio.Event, ready: Any) -> None:
    ready("http://127.0.0.1:1")
    await stop.wait()


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(roles, "web", _web)


async def test_the_error_of_one_role_is_told_though_another_had_to_be_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(roles, "ROLES", {"assess": _hanging, "track": _broken, "web": _web})
    stop, failed = asyncio.Event(), list[Exception]()
    with pytest.raises(ExceptionGroup) as raised:
        await until_stopped(roles.run_all(NO_HOUSE, stop, lambda _: None, failed.append), stop)
    assert [str(error) for error in raised.value.exceptions] == ["cannot listen on 127.0.0.1:80"]
    assert failed == list(raised.value.exceptions)  # at once: a thread that hangs may keep the rest from ending


async def test_where_the_web_cannot_begin_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = list[str]()

    async def counted(*_: object) -> None:
        begun.append("begun")

    monkeypatch.setattr(roles, "web", _broken)
    monkeypatch.setattr(roles, "ROLES", {"assess": counted, "web": _broken})
    stop = asyncio.Event()
    with pytest.raises(ExceptionGroup):
        await until_stopped(roles.run_all(NO_HOUSE, stop, lambda _: None), stop)
    assert begun == []


async def test_a_stop_that_was_asked_for_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "ROLES", {"assess": _hanging, "web": _web})
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    await until_stopped(roles.run_all(NO_HOUSE, stop, lambda _: None), stop)


def test_the_exit_code_says_whether_the_user_or_the_program_is_wrong() -> None:
    assert told(NotNow("the port\nis taken")) == (2, "huiying: the port is taken")
    assert told(TooManyDead("ten in a row"))[0] == 1
    assert told(RuntimeError())[0] == 1
