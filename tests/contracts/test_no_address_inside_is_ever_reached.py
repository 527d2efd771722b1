"""SSRF (HARDENING F7): 40 ways to write an inside address × 4 ways to get there = 160 cases, and no knock on the door.

The canary listens where the hostile addresses lead: 0.0.0.0 and [::] of this machine. The redirecting server and the
rebinding name are real; only the name server's answers are written by the test.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from ipaddress import ip_address

import pytest

from services.adapters.fetch import Guard, HttpFetcher
from services.adapters.fetch.guard import Refused
from services.adapters.fetch.politeness import Politeness
from services.domain.source import Failure
from services.usecases.collecting import FetchFailed
from tests.collecting_kit import Asked, Web, answer, web

FORMS = (
    "http://127.0.0.1:{p}/",
    "http://127.0.0.2:{p}/",
    "http://127.255.255.254:{p}/",
    "http://127.1:{p}/",
    "http://127.0.1:{p}/",
    "http://2130706433:{p}/",
    "http://0x7f000001:{p}/",
    "http://0x7f.0.0.1:{p}/",
    "http://0x7f.1:{p}/",
    "http://0177.0.0.1:{p}/",
    "http://017700000001:{p}/",
    "http://0:{p}/",
    "http://0.0.0.0:{p}/",
    "http://localhost:{p}/",
    "http://LOCALHOST.:{p}/",
    "http://ｌｏｃａｌｈｏｓｔ:{p}/",
    "http://①②⑦.⓪.⓪.①:{p}/",
    "http://127。0。0。1:{p}/",
    "http://[::1]:{p}/",
    "http://[0:0:0:0:0:0:0:1]:{p}/",
    "http://[::]:{p}/",
    "http://[::127.0.0.1]:{p}/",
    "http://[::ffff:127.0.0.1]:{p}/",
    "http://[::ffff:7f00:1]:{p}/",
    "http://[64:ff9b::127.0.0.1]:{p}/",
    "http://[64:ff9b:1::7f00:1]:{p}/",
    "http://[2002:7f00:1::]:{p}/",
    "http://[2001:0:7f00:1::]:{p}/",
    "http://[fe80::1%25lo]:{p}/",
    "http://[fc00::1]:{p}/",
    "http://[ff02::1]:{p}/",
    "http://user:word@127.0.0.1:{p}/",
    "http://example.com@127.0.0.1:{p}/",
    "http://example.com\\@127.0.0.1:{p}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://10.0.0.1:{p}/",
    "http://192.168.0.1:{p}/",
    "file:///etc/hostname",
    "gopher://127.0.0.1:{p}/_x",
)
FORMS_COUNT = 40
UNTOUCHED = "F7 an inside address asked for and refused, nothing knocked at its door"
Figure = Callable[[str], None]
PUBLIC = "93.184.216.34"
# The redirecting server must itself be reachable, so its own address, and no other, is on the allow list.
DOORSTEP = "127.0.0.77"


class Names:
    """A name server: hostile names get the answers of the case, everything else goes to the system."""

    def __init__(self) -> None:
        self.answers: list[Sequence[str]] = []
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        if host != "rebind.test":
            found = await asyncio.get_running_loop().getaddrinfo(host, port)
            return [str(answer[4][0]) for answer in found]
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
async def canary() -> AsyncIterator[Web]:
    async def sing(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, b"secret of the inside")

    async with web(sing, "0.0.0.0") as site:
        inside = await asyncio.start_server(site.serve, "::1", site.port)
        yield site
        inside.close()


@pytest.fixture
async def names() -> Names:
    return Names()


@pytest.fixture
async def getter(names: Names) -> AsyncIterator[HttpFetcher]:
    made = HttpFetcher(Guard([f"{DOORSTEP}/32"], names), politeness=Politeness(spacing=0))
    yield made
    await made.close()


def inside_address(form: str) -> str:
    """The address of the form where it is written as one, else the loopback: what a hostile name would answer."""
    host = form.partition("://")[2].rpartition("@")[2].partition("/")[0].rpartition(":")[0].strip("[]")
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return "127.0.0.1"


async def is_refused(getter: HttpFetcher, url: str) -> None:
    """By us: that an address cannot be reached from here proves nothing."""
    with pytest.raises(FetchFailed) as caught:
        await getter.fetch(url, {})
    assert caught.value.kind is Failure.REFUSED, caught.value.reason


def test_there_are_forty_forms() -> None:
    assert len(set(FORMS)) == FORMS_COUNT


@pytest.mark.parametrize("form", FORMS)
async def test_asked_for_directly(form: str, getter: HttpFetcher, canary: Web, figure: Figure) -> None:
    await is_refused(getter, form.format(p=canary.port))
    assert canary.connections == 0
    figure(UNTOUCHED)


@pytest.mark.parametrize("form", FORMS)
async def test_asked_for_by_a_redirect(form: str, getter: HttpFetcher, canary: Web, figure: Figure) -> None:
    async def redirect(asked: Asked, writer: asyncio.StreamWriter) -> None:
        target = form.format(p=canary.port).encode().decode("latin-1")
        answer(writer, 302, location=target)

    async with web(redirect, DOORSTEP) as doorstep:
        await is_refused(getter, doorstep.url(host=DOORSTEP))
        assert len(doorstep.asked) == 1
    assert canary.connections == 0
    figure(UNTOUCHED)


@pytest.mark.parametrize("form", FORMS)
async def test_hidden_among_public_addresses(
    form: str, getter: HttpFetcher, names: Names, canary: Web, figure: Figure
) -> None:
    names.answers = [[PUBLIC, inside_address(form)]]
    await is_refused(getter, f"http://rebind.test:{canary.port}/")
    assert canary.connections == 0
    figure(UNTOUCHED)


@pytest.mark.parametrize("form", FORMS)
async def test_public_at_the_first_answer_and_inside_at_the_second(
    form: str, getter: HttpFetcher, names: Names, canary: Web, figure: Figure
) -> None:
    """The first hop goes to an allowed address; the name then turns inside, and the redirect asks for it again."""

    async def redirect(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 307, location=f"http://rebind.test:{canary.port}/again")

    names.answers = [[DOORSTEP], [inside_address(form)]]
    async with web(redirect, DOORSTEP) as doorstep:
        await is_refused(getter, f"http://rebind.test:{doorstep.port}/")
        assert len(doorstep.asked) == 1
    assert names.asked == 2, "resolved once for every connection, never between check and connect"
    assert canary.connections == 0
    figure(UNTOUCHED)


async def test_an_intranet_range_is_reached_only_when_it_was_opened(canary: Web) -> None:
    opened = HttpFetcher(Guard(["127.0.0.0/8"]), politeness=Politeness(spacing=0))
    fetched = await opened.fetch(canary.url(), {})
    await opened.close()
    assert (fetched.status, canary.connections) == (200, 1)


async def test_a_configured_proxy_is_used_and_still_never_asked_for_the_inside(canary: Web) -> None:
    async def proxy(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, b"from the proxy")

    async with web(proxy) as server:
        getter = HttpFetcher(Guard(), politeness=Politeness(spacing=0), proxy=server.url())
        fetched = await getter.fetch(f"http://{PUBLIC}/page", {})
        await is_refused(getter, canary.url())
        await getter.close()
        assert [asked.path for asked in server.asked] == [f"http://{PUBLIC}/page"]
    assert fetched.body == b"from the proxy"
    assert canary.connections == 0


async def test_a_proxy_in_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch, canary: Web) -> None:
    async def proxy(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, b"from the proxy")

    async with web(proxy) as surprise:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, surprise.url())
        opened = HttpFetcher(Guard(["127.0.0.0/8"]), politeness=Politeness(spacing=0))
        fetched = await opened.fetch(canary.url(), {})
        await opened.close()
        assert surprise.connections == 0
    assert fetched.body == b"secret of the inside"


@pytest.mark.parametrize("address", ["::ffff:0:127.0.0.1", "::ffff:0:a00:1", "::ffff:127.0.0.1", "64:ff9b::a00:1"])
def test_an_address_that_carries_one_of_the_inside_is_inside(address: str) -> None:
    with pytest.raises(Refused):
        Guard().check(address)
