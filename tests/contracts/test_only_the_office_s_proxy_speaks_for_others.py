"""X-Forwarded-For and -Proto are believed from the configured proxy alone: cookie, HSTS, and whose try it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.reading import BadConfig
from config.settings import Settings, load_settings
from services.adapters.accounts import Accounts
from services.domain.vocabulary import Role
from services.web import app, server
from services.wiring import open_house

PROXY, STRANGER, PASSWORD = "127.0.0.2", "127.0.0.3", "Long-enough-1"


@pytest.fixture
def _one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SIGN_INS_A_MINUTE", 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, port=0, trusted_proxies=(f"{PROXY}/32",))


@asynccontextmanager
async def office(settings: Settings) -> AsyncIterator[int]:
    """The console of an installation with one account; yields its port."""
    stop, address = asyncio.Event(), asyncio.get_running_loop().create_future()
    async with open_house(settings) as house, asyncio.TaskGroup() as group:
        accounts = Accounts(house.database)
        await accounts.add("duty1", Role.DUTY_OFFICER, "", PASSWORD, house.wall.now())
        group.create_task(server.run(house, stop, address.set_result))
        yield int(urlsplit(await address).port or 0)
        stop.set()


@pytest.fixture
async def port(settings: Settings) -> AsyncIterator[int]:
    async with office(settings) as port:
        yield port


async def asked(
    port: int, method: str, path: str, body: str = "", source: str = "", headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    def ask() -> tuple[int, dict[str, str]]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source or STRANGER, 0))
        connection.request(method, path, body, {"Accept": "text/html", **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}

    return await asyncio.to_thread(ask)


async def sign_in(port: int, source: str, client: str = "10.1.2.3") -> tuple[int, dict[str, str]]:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": client}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    return await asked(port, "POST", "/sign-in", f"name=duty1&password={PASSWORD}", source, headers)


async def test_behind_the_proxy_the_cookie_is_of_this_host_and_secure(port: int) -> None:
    _, headers = await sign_in(port, PROXY)
    assert headers["set-cookie"].startswith("__Host-")
    assert "Secure" in headers["set-cookie"]
    assert "strict-transport-security" in headers


async def test_who_is_no_proxy_cannot_say_that_he_came_by_https(port: int) -> None:
    status, headers = await sign_in(port, STRANGER)
    assert status == 303
    assert "Secure" not in headers["set-cookie"]
    assert "strict-transport-security" not in headers


async def test_where_a_proxy_does_not_tell_how_it_was_asked_the_office_may_say_that_it_is_https(
    settings: Settings,
) -> None:
    """The cookie is known again by the name it was given."""
    async with office(settings.model_copy(update={"secure_cookies": True})) as port:
        _, headers = await sign_in(port, STRANGER)
        given = headers["set-cookie"]
        assert given.startswith("__Host-")
        assert "Secure" in given
        status, _ = await asked(port, "GET", "/", headers={"Cookie": given.partition(";")[0]})
        assert status == 200


@pytest.mark.usefixtures("_one_try")
async def test_behind_the_proxy_each_address_has_its_own_tries(port: int) -> None:
    tries = [
        (PROXY, "10.1.2.3"),
        (PROXY, "10.1.2.4"),
        (PROXY, "10.1.2.3"),
        (STRANGER, "10.1.2.5"),
        (STRANGER, "10.1.2.6"),
    ]
    found = [(await sign_in(port, source, client=client))[0] for source, client in tries]
    assert found == [303, 303, 429, 303, 429]


@pytest.mark.parametrize("given", ['["*"]', '["proxy.example"]', '["10.1.0.0/33"]', "10.1.0.1"])
def test_a_proxy_that_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("HUIYING_TRUSTED_PROXIES", given)
    with pytest.raises(BadConfig, match="HUIYING_TRUSTED_PROXIES"):
        load_settings()
