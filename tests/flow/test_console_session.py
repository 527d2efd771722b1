"""Who may come in, how long, and what is believed to come from whom."""

from __future__ import annotations

import asyncio
import itertools
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

import services.web
from services.adapters.accounts import AT_MOST, IDLE, LOCKED_FOR, MAX_FAILURES, BadAccount
from services.domain.vocabulary import Role
from tests.console_kit import PASSWORD, HouseThread

pytestmark = pytest.mark.timeout(120)
BLINK = timedelta(seconds=1)
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseThread]:
    house = HouseThread(tmp_path_factory.mktemp("session"), ("web",)).start()
    yield house
    house.close()


@pytest.fixture
def person(office: HouseThread) -> str:
    """An account of this test's own, with the limit on one address out of the way."""
    office.wall.ahead += timedelta(minutes=2)
    return office.add(f"person{next(NUMBERS)}", Role.DUTY_OFFICER)


def test_the_right_password_opens_the_desk_and_signing_out_closes_it(office: HouseThread, person: str) -> None:
    visitor = office.visitor()
    assert visitor.get("/").headers["location"] == "/sign-in?next=/"
    assert visitor.sign_in(person).headers["location"] == "/"
    page = visitor.get("/").text
    assert person in page
    assert "还没有事件。信息源采集的" in page, "what a new house waits for"
    cookie = dict(visitor.client.cookies)
    assert visitor.post("/sign-out", {"csrf": visitor.csrf()}).status_code == 303
    visitor.client.cookies.update(cookie)
    assert visitor.get("/").status_code == 303, "a cookie kept from before is worth nothing"


def test_the_sign_in_leads_back_to_the_very_page_with_its_search(office: HouseThread, person: str) -> None:
    visitor = office.visitor()
    wanted = "/?q=%E4%BE%9B%E7%83%AD&open=1"
    asked = visitor.get(visitor.get(wanted).headers["location"]).text
    (shown,) = re.findall('name="next" value="([^"]+)"', asked)
    form = {"name": person, "password": PASSWORD, "next": unescape(shown)}
    assert visitor.post("/sign-in", form).headers["location"] == wanted


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(office: HouseThread, person: str) -> None:
    wrong, unknown = (office.visitor().sign_in(name, "Wrong-pass-1") for name in (person, "nobody"))
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(person, "nobody").split("</header>")[1] == unknown.text.split("</header>")[1]
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize("name", ["", "a\x00b", "a b", "x" * 5000, "' OR 1=1 --", "\ud83d\ude00"])
def test_a_name_that_cannot_be_one_is_refused_like_any_other(office: HouseThread, name: str) -> None:
    office.wall.ahead += timedelta(minutes=2)
    name = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert office.visitor().sign_in(name, "Wrong-pass-1").status_code == 401


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(office: HouseThread, person: str) -> None:
    visitor = office.visitor()
    for _ in range(MAX_FAILURES):
        assert visitor.sign_in(person, "Wrong-pass-1").status_code == 401
    assert visitor.sign_in(person).status_code == 401, "the right one no longer helps"
    office.wall.ahead += LOCKED_FOR - BLINK * 30
    assert visitor.sign_in(person).status_code == 401
    office.wall.ahead += BLINK * 31
    assert visitor.sign_in(person).status_code == 303


def test_signing_in_forgives_earlier_failures(office: HouseThread, person: str) -> None:
    visitor = office.visitor()
    for _ in range(2):
        for _ in range(MAX_FAILURES - 1):
            visitor.sign_in(person, "Wrong-pass-1")
        assert visitor.sign_in(person).status_code == 303


def test_guesses_at_the_same_moment_are_counted_one_by_one(office: HouseThread, person: str) -> None:
    """More guesses at once than the lock allows: the right password among the later ones is not looked at."""

    async def guess() -> str | None:
        now = office.wall.now()
        await asyncio.gather(*(office.accounts.sign_in(person, "Wrong-pass-1", now) for _ in range(20)))
        return await office.accounts.sign_in(person, PASSWORD, now)

    assert office.call(guess()) is None


def test_one_address_cannot_try_without_end(office: HouseThread, person: str) -> None:
    visitor = office.visitor()
    answers = [visitor.sign_in("nobody", "Wrong-pass-1").status_code for _ in range(40)]
    assert 429 in answers
    office.wall.ahead += timedelta(minutes=2)
    assert visitor.sign_in(person).status_code == 303


def test_an_idle_session_ends_and_use_keeps_it(office: HouseThread, person: str) -> None:
    visitor = office.visitor(person)
    for _ in range(3):
        office.wall.ahead += IDLE - BLINK * 20
        assert visitor.get("/").status_code == 200
    office.wall.ahead += IDLE + BLINK
    assert visitor.get("/").headers["location"] == "/sign-in?next=/"


def test_what_a_page_fetches_by_itself_is_not_use(office: HouseThread, person: str) -> None:
    visitor = office.visitor(person)
    office.wall.ahead += IDLE - timedelta(minutes=2)
    assert visitor.get("/pulse").json()["idle"] is False
    office.wall.ahead += timedelta(minutes=3)
    told = visitor.get("/pulse").json()
    assert (told["idle"], told["counts"]) == (True, {}), "the alarm goes on, the figures do not"
    assert visitor.get("/rows/x").status_code == 303
    assert visitor.get("/").status_code == 303


def test_a_session_ends_after_a_shift_however_busy(office: HouseThread, person: str) -> None:
    visitor = office.visitor(person)
    for _ in range(int(AT_MOST / timedelta(minutes=12))):
        office.wall.ahead += timedelta(minutes=12) - BLINK
        assert visitor.get("/still-here").status_code == 204
    office.wall.ahead += timedelta(minutes=2)
    assert visitor.get("/").status_code == 303
    assert visitor.get("/pulse", accept="*/*").status_code == 401


def test_a_closed_account_is_out_at_once(office: HouseThread, person: str) -> None:
    visitor = office.visitor(person)
    office.call(office.accounts.disable(person))
    assert visitor.get("/").status_code == 303
    assert visitor.sign_in(person).status_code == 401


def test_signing_in_again_gives_a_new_session_and_ends_the_old(office: HouseThread, person: str) -> None:
    visitor = office.visitor()
    visitor.client.cookies.set("huiying_session", "fixed-by-somebody-else", domain="127.0.0.1")
    visitor.sign_in(person)
    first = visitor.client.cookies["huiying_session"]
    assert first != "fixed-by-somebody-else"
    visitor.sign_in(person)
    assert visitor.client.cookies["huiying_session"] != first
    stranger = office.visitor()
    stranger.client.cookies.set("huiying_session", first)
    assert stranger.get("/").status_code == 303


@pytest.mark.parametrize("token", ["", "wrong", "foreign", "中文"])
def test_a_form_without_its_own_token_changes_nothing(office: HouseThread, person: str, token: str) -> None:
    visitor = office.visitor(person)
    if token == "foreign":
        token = office.visitor(office.add(f"{person}x", Role.DUTY_OFFICER)).csrf()
    for path in ("/sign-out", "/enter", "/incidents/20260101-0000000000/assign"):
        assert visitor.post(path, {"csrf": token} if token else {}).status_code == 403
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_sent_from_another_site_changes_nothing(office: HouseThread, person: str, site: str) -> None:
    visitor = office.visitor(person)
    assert visitor.post("/sign-out", {"csrf": visitor.csrf()}, **{"sec-fetch-site": site}).status_code == 403
    assert visitor.client.post(
        office.base + "/sign-in", data={"name": person, "password": PASSWORD}, headers={"sec-fetch-site": site}
    ).status_code == 403  # fmt: skip


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"])
def test_signing_in_leads_to_pages_of_this_site_only(office: HouseThread, person: str, elsewhere: str) -> None:
    visitor = office.visitor()
    answer = visitor.post("/sign-in", {"name": person, "password": PASSWORD, "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_the_cookie_is_kept_from_scripts_and_other_sites(office: HouseThread, person: str) -> None:
    cookie = office.visitor().sign_in(person).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_passwords_are_neither_short_nor_simple_nor_the_name(office: HouseThread) -> None:
    for weak in ("Short-1", "alllowercase", "Officer-pass1", "12345678901", "中文密码中文密码中文"):
        with pytest.raises(BadAccount):
            office.call(office.accounts.add("officer", Role.VIEWER, "", weak, office.wall.now()))


def test_every_answer_carries_the_headers(office: HouseThread, person: str) -> None:
    visitor = office.visitor(person)
    for path in ("/", "/sign-in", "/nowhere", "/healthz", "/static/console.js", "/api/v1/incidents", "/openapi.json"):
        headers = visitor.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert ("cache-control" in headers and headers["cache-control"] == "no-store") != path.startswith("/static/")


def test_no_page_asks_for_anything_from_elsewhere() -> None:
    folder = Path(services.web.__file__).parent
    for file in [*folder.glob("templates/*"), *folder.glob("static/*")]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"""(src|href|url\(|import .* from )=?["'(]?\s*(https?:)?//""", text), file.name
        if file.suffix == ".html":
            assert not re.search(r"<script(?! src=)|<style|\son\w+=|\sstyle=", text), f"{file.name}: inline"


def test_the_server_stops_within_five_seconds_with_streams_open(tmp_path: Path) -> None:
    house = HouseThread(tmp_path, ("web",)).start()
    house.add("duty1", Role.DUTY_OFFICER)
    visitor, opened = house.visitor("duty1"), threading.Event()

    def listen() -> None:
        with visitor.client.stream("GET", f"{house.base}/live", timeout=30) as stream:
            for _ in stream.iter_lines():
                opened.set()

    listeners = [threading.Thread(target=listen) for _ in range(5)]
    for listener in listeners:
        listener.start()
    assert opened.wait(20)
    assert house.close() <= 5
    for listener in listeners:
        listener.join(10)
