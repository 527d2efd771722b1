"""F8: whatever strangers write, no page runs or follows it, and no mail or document makes more of it than text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Route, expect

from services.adapters.channels.email import compose
from services.adapters.desk.briefs import BriefReader
from services.adapters.exports.brief_docx import brief_as_docx
from services.domain.delivery import Address, Delivery, DeliveryState
from services.domain.notice import Draft, notice
from services.domain.source import Source
from services.domain.vocabulary import Role
from services.usecases.briefing import on_incident
from services.usecases.ports import Filed, Received
from services.web.sentences import sentence
from services.wiring.sources import source_store
from tests.browser.guarded import Guarded, plain
from tests.browser.payloads import KNOWN, corpus
from tests.console_kit import PASSWORD, HouseThread, done, until

pytestmark = pytest.mark.timeout(180)
PAYLOADS = [*KNOWN, *corpus(200)]
ALL = "\n".join(PAYLOADS)
KINDS = (
    "电梯故障",
    "路灯不亮",
    "暖气不热",
    "井盖丢失",
    "垃圾无人清运",
    "自来水停水",
    "夜间施工噪音扰民",
    "公交车不停站",
)
PLACES = ("香坊区和平路", "道外区南直路", "松北区世茂大道")
MATTERS = [f"{place}{kind}" for kind in KINDS for place in PLACES]


@pytest.fixture(scope="module")
def guarded(chromium: Browser, office: HouseThread) -> Iterator[Callable[[str], Guarded]]:
    opened: list[Guarded] = []

    def open_one(name: str) -> Guarded:
        opened.append(Guarded(chromium, office))
        if name:
            opened[-1].open("/sign-in")
            opened[-1].send("form[action='/sign-in']", name=name, password=PASSWORD)
        return opened[-1]

    yield open_one
    for one in opened:
        one.page.context.close()


@pytest.fixture(scope="module")
def filed(office: HouseThread, guarded: Callable[[str], Guarded]) -> list[Filed]:
    """Every payload as title, text, author, source, vendor and address of a post, pushed while a desk is open."""
    desk = guarded("duty1")
    posts = [
        {
            "id": f"xss{count}", "title": f"{payload}{matter(count)}", "author": payload, "source": payload,
            "text": f"{payload}哈尔滨市{matter(count)}，居民多次反映，请有关部门处理。{payload}",
            "url": address(payload, count),
        }
        for count, payload in enumerate(PAYLOADS)
    ]  # fmt: skip
    answer = office.program("vendor").post("/api/v1/posts", json=posts)
    keys = [receipt["key"] for receipt in answer.json()["receipts"]]
    assert answer.status_code == 202
    assert len(set(keys)) == len(PAYLOADS)
    until(lambda: len(_holders(office, keys)) == len(keys), "every post in an incident")
    numbers = set(_holders(office, keys).values())
    until(lambda: all(office.call(office.house.reader.listed(n)) for n in numbers), "every incident on the desk")
    expect(desk.page.locator("#rows tr").first).to_be_visible()
    desk.look()
    assert (desk.dialogs, desk.reports, desk.elements, desk.errors) == ([], [], [], [])
    return office.call(office.house.reader.posts(sorted(numbers), limit=1000))


def matter(count: int) -> str:
    """The first of each matter, whose title the incident takes, carries one of `KNOWN`."""
    return MATTERS[count % len(MATTERS)]


def address(payload: str, count: int) -> str:
    """Every second is an address that a browser could follow; the others are none."""
    return (
        f"https://example.org/?q={quote(payload, safe=chr(39))}'-alert(1)-'" if count % 2 else f"javascript:{payload}"
    )


def _holders(office: HouseThread, keys: list[str]) -> dict[str, str]:
    async def holders() -> dict[str, str]:
        async with office.house.store.unit() as unit:
            return await unit.holders(keys)

    return office.call(holders())


def visit_business(witness: Guarded, filed: list[Filed]) -> None:
    """The desk, every incident, and the way out to every address that can be followed."""
    desk = "".join(witness.open(f"/?show=all&page={page}") for page in (1, 2))
    expect(witness.page.locator("#alarm")).to_be_visible()
    titles = {plain(f.post.title) for f in filed}
    assert sum(title in desk for title in titles) >= len(KNOWN) // 2
    for number in sorted({f.incident_id for f in filed}):
        told, posts = witness.open(f"/incidents/{number}"), [f.post for f in filed if f.incident_id == number]
        for post in posts:
            assert all(plain(words) in told for words in (post.title, post.text, post.author)), post
        assert witness.page.locator("a[href*='/leave?to=']").count() >= sum(post.url != "" for post in posts)
    followed = [f for f in filed if f.post.url][::16]
    for one in followed:
        told = witness.open(f"/incidents/{one.incident_id}/leave?to={quote(one.post.url, safe='')}")
        assert plain(one.post.url) in told
        assert witness.page.locator("a.onward").get_attribute("href") == one.post.url
    witness.open(f"/?q={quote(ALL)}")
    witness.open("/notices")


def visit_refusals(witness: Guarded, number: str) -> None:
    """Forms that were refused show again what was typed; pages that are not there say what was asked for."""
    told = witness.send("form[action='/enter']", source=ALL, title=ALL, text=ALL, url="javascript:alert(1)")
    assert "未收下" in told
    assert told.count(plain(ALL)) >= 2
    witness.open(f"/incidents/{number}")
    told = witness.send(".act-merge form", into=ALL)
    assert "未执行" in told
    assert plain(ALL) in told
    for payload in KNOWN[::3]:
        witness.open(f"/incidents/{quote(payload, safe='')}")


@pytest.fixture(scope="module")
def number(office: HouseThread, filed: list[Filed]) -> str:
    """An incident on which whatever a person may fill in was filled in with every payload."""
    number = filed[0].incident_id
    officer, department = office.visitor("duty1"), office.visitor("grb")
    done(officer, number, "consult", participants=ALL, conclusion=ALL)
    office.add("leader1", Role.DUTY_LEADER)
    done(officer, number, "escalate", level="duty_leader", reason=ALL)
    done(officer, number, "assign", lead="GRB")
    done(department, number, "accept")
    for url in ("javascript:alert(1)", 'https://example.org/"><script>alert(1)</script>'):
        done(department, number, "publish", form="website_reply", url=url, channel=ALL, reviewed_by=ALL)
    until(lambda: office.kinds(number).count("response_published") == 2, "what was published")
    return number


async def trouble_the_machine(office: HouseThread) -> None:
    """Sources, messages and answers of providers that carry payloads."""
    house, now = office.house, office.house.clock.now()
    store = source_store(house)
    named = [Source(f"x{n}", f"https://example.org/{p}", p, vendor=p) for n, p in enumerate(PAYLOADS)]
    await store.add(named, now)
    for claimed in await store.claim(now + timedelta(hours=1), len(named)):
        name = claimed.source.name
        await store.advance(replace(claimed.state, last_error=name, quarantined=name, failures_in_row=9), [])
    letters = [(Received(p, 0, n, p, p, p.encode()), p) for n, p in enumerate(PAYLOADS[:50])]
    for _, payload in letters:
        await house.dead_letters.bury(payload, letters[:1], now)
    await house.dead_letters.bury("assess", letters, now)
    given_up = DeliveryState.GIVEN_UP
    lost = [
        Delivery(f"d{n}", f"m{n}", Address(p, "webhook", p), Draft("", p, (p,)), now, given_up, 1, code=p, text=p)
        for n, p in enumerate(PAYLOADS[-50:])
    ]
    async with house.database.write() as connection:
        await house.deliveries.within(connection).add(lost)


def test_no_page_runs_or_follows_what_strangers_wrote(
    office: HouseThread,
    guarded: Callable[[str], Guarded],
    filed: list[Filed],
    number: str,
    figure: Callable[[str], None],
) -> None:
    office.call(trouble_the_machine(office))
    office.add("admin1", Role.SYSTEM_ADMIN)
    officer, administrator, nobody = guarded("duty1"), guarded("admin1"), guarded("")
    visit_business(officer, filed)
    officer.open("/enter")
    visit_refusals(officer, number)
    told = officer.open("/sources")
    assert all(told.count(plain(payload)) >= 2 for payload in PAYLOADS)
    told = administrator.open("/system")
    assert all(plain(payload) in told for payload in PAYLOADS[-50:])
    administrator.open("/notices")
    nobody.open("/sign-in?next=" + quote('/"><script>alert(1)</script>'))
    nobody.send("form[action='/sign-in']", name=KNOWN[1], password=KNOWN[1])
    seen = (officer, administrator, nobody)
    assert [one.dialogs for one in seen] == [one.reports for one in seen] == [[], [], []]
    assert [one.elements for one in seen] == [one.errors for one in seen] == [[], [], []]
    pages = sum(len(one.opened) for one in seen)
    kinds = f"{len(KNOWN)} + {len(PAYLOADS) - len(KNOWN)} payloads"
    figure(f"F8: {kinds}, {pages} pages in Chromium: 0 dialogs, 0 CSP reports, 0 elements or links of theirs")


def test_a_page_that_does_not_escape_would_be_caught(guarded: Callable[[str], Guarded]) -> None:
    control = guarded("")
    policy = {"content-security-policy": "script-src 'self'"}
    bodies = {"dialog": (KNOWN[7], {}), "report": (KNOWN[7], policy), "element": (KNOWN[15], {})}

    def answer(route: Route) -> None:
        payload, headers = bodies[route.request.url.rpartition("/")[2]]
        route.fulfill(body=f"<!doctype html><p>{payload}</p>", headers=headers, content_type="text/html")

    for name in bodies:
        control.page.route(f"**/{name}", answer)
        control.open(f"/{name}")
    assert control.dialogs == ["1"]
    assert any(report.startswith("script-src") for report in control.reports)
    assert any("javascript:" in element for element in control.elements)


def test_a_mail_carries_what_strangers_wrote_as_text_only(
    office: HouseThread, filed: list[Filed], number: str, figure: Callable[[str], None]
) -> None:
    kept = [office.call(office.house.deliveries.of_incident(one)) for one in {f.incident_id for f in filed}]
    drafts = [delivery.draft for of_one in kept for delivery in of_one]
    assert sum("alert" in draft.title for draft in drafts) >= len(KNOWN) // 2
    assert any(plain(ALL) in plain(line) for draft in drafts for line in draft.lines)
    for draft in drafts + [Draft("x", f"【提醒】{' '.join(p.split())}", (p,)) for p in PAYLOADS]:
        sent = notice("n", draft, again=False, now=office.house.clock.now())
        mail = compose("duty@example.org", "officer@example.org", sent)
        assert mail.get_content_type() == "text/plain"
        assert not mail.is_multipart()
        assert mail["Subject"] == sent.title
        assert plain(sent.body) in plain(mail.get_content())
    figure(f"F8: {len(PAYLOADS)} payloads in mails: text/plain only")


def test_a_document_carries_what_strangers_wrote_as_text_only(
    office: HouseThread, filed: list[Filed], number: str, figure: Callable[[str], None]
) -> None:
    house, now = office.house, office.house.clock.now()
    name, told = house.people.department_name, dict[str, str]()
    for one in {f.incident_id for f in filed}:
        words = (lambda entry: sentence(entry.kind, entry.data, name), name)
        brief = office.call(on_incident(BriefReader(house.database), one, now, words))
        told[one] = text_of(brief_as_docx(brief, now))
        assert plain(brief.title) in told[one]
    assert all(plain(payload) in told[number] for payload in PAYLOADS)
    figure(f"F8: {len(PAYLOADS)} payloads in {len(told)} docx: text only, 0 hyperlinks, 0 fields")


def text_of(content: bytes) -> str:
    """The document's words; it is XML that holds no link, no field and nothing from outside."""
    with zipfile.ZipFile(io.BytesIO(content)) as document:
        parts = {name: document.read(name) for name in document.namelist() if name.endswith((".xml", ".rels"))}
    assert not [name for name, part in parts.items() if b"TargetMode=" in part or b"relationships/hyperlink" in part]
    tree = ElementTree.fromstring(parts["word/document.xml"])
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert not tags & {"hyperlink", "fldSimple", "instrText", "object", "altChunk"}
    return plain("".join(tree.itertext()))
