"""Changes reach open pages: at once, all of them, in order, also across a reconnect; who does not read is let go."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from services.adapters.accounts import IDLE
from services.adapters.desk import Desk
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind, Role
from services.web import streaming
from services.web.live import QUEUE, Change, Live
from tests.console_kit import HEATING, HouseThread, Visitor, until

pytestmark = pytest.mark.timeout(120)


class Page:
    """An open page: reads the stream in a thread of its own and keeps what it was told."""

    def __init__(self, visitor: Visitor, after: int | None = None, last_id: str = "") -> None:
        self.changes: list[dict[str, Any]] = []
        self.ids: list[int] = []
        self.opened, self.ended, self._leave = threading.Event(), threading.Event(), threading.Event()
        self._visitor, self._after, self._last, self._at = visitor, after, last_id, 0
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        assert self.opened.wait(20)

    def _read(self) -> None:
        path = "/live" if self._after is None else f"/live?after={self._after}"
        headers = {"last-event-id": self._last} if self._last else {}
        with (
            suppress(httpx2.RemoteProtocolError),  # cut off by the server, or the house is closed
            self._visitor.client.stream("GET", self._visitor.base + path, headers=headers, timeout=30) as stream,
        ):
            for line in stream.iter_lines():
                self._take(line)
                if self._leave.is_set():
                    break
        self.ended.set()

    def _take(self, line: str) -> None:
        self.opened.set()
        if line.startswith("id: "):
            self._at = int(line[4:])
        if line.startswith("data: {"):
            self.changes.append(json.loads(line[6:]))
            self.ids.append(self._at)  # as in a browser: an event counts once all of it is here

    def back_again(self) -> Page:
        """Where a busy machine was too slow for half a second, the page comes back as a browser's does."""
        if self.ended.is_set() and not self._leave.is_set():
            self._last = str(self.ids[-1]) if self.ids else self._last
            self.ended.clear()
            self._thread = threading.Thread(target=self._read)
            self._thread.start()
        return self

    def leave(self) -> None:
        """Gone at the next line; a heartbeat comes at the latest after ten seconds."""
        self._leave.set()

    def told(self, incident: str) -> list[str]:
        return [change["kind"] for change in self.changes if change["incident"] == incident]


def happen(office: HouseThread, incident: str, first: int, count: int, size: int = 1) -> None:
    """So many changes on the desk's feed, straight from the ledger's reader."""
    now = datetime.now(UTC)
    entries = [
        Entry(incident, seq, EntryKind.POST_ATTACHED, now, now, "system", {"title": "长" * size, "n": seq})
        for seq in range(first, first + count)
    ]
    office.call(Desk(office.house.database).refresh(entries))


def test_a_change_reaches_an_open_page_with_its_title(office: HouseThread, officer: Visitor) -> None:
    page = Page(officer)
    number = office.report("l1", HEATING.format(place="群力第五大道"), "群力暖气不热")
    until(lambda: "level_alerted" in page.told(number), "the alert on the page")
    assert {change["title"] for change in page.changes if change["incident"] == number} == {"群力暖气不热"}
    calls = officer.get("/pulse").json()["calls"]
    assert (calls[0]["title"], calls[0]["who"], calls[0]["why"]) == ("群力暖气不热", "值班员 duty1", "新事件")
    assert officer.act(number, "acknowledge").status_code == 303
    until(lambda: officer.get("/pulse").json()["calls"] == [], "the call to end")
    page.leave()


def test_nothing_is_lost_and_nothing_comes_twice_across_a_reconnect(office: HouseThread, officer: Visitor) -> None:
    start = office.call(office.house.reader.last_position())
    first = Page(officer)
    happen(office, "reconnect", 1, 20)
    until(lambda: len(first.told("reconnect")) == 20, "the first changes")
    first.leave()
    seen = first.ids[-1]
    happen(office, "reconnect", 21, 1500)  # more than one page of the feed and more than a queue holds
    second = Page(officer, last_id=str(seen))
    happen(office, "reconnect", 1521, 30)
    until(lambda: len(second.told("reconnect")) == 1530, "everything missed and everything new")
    numbers = [change["data"]["n"] for change in second.changes if change["incident"] == "reconnect"]
    assert numbers == list(range(21, 1551))
    third = Page(officer, after=start)
    until(lambda: len(third.told("reconnect")) == 1550, "the whole story for a page rendered before")
    for page in (second, third):
        page.leave()


@pytest.mark.parametrize("last", ["x", "-1", "9" * 40, "\xb2"])
def test_a_nonsensical_last_event_id_is_taken_for_none(office: HouseThread, officer: Visitor, last: str) -> None:
    headers = [(b"last-event-id", last.encode("latin-1"))]
    with officer.client.stream("GET", f"{office.base}/live", headers=headers) as answer:
        assert answer.status_code == 200


def test_a_department_hears_of_its_own_incidents_only(office: HouseThread, officer: Visitor) -> None:
    page = Page(office.visitor(office.add("grb", Role.DEPARTMENT, "GRB")))
    other = office.report("l3", "哈尔滨市道外区南直路路灯坏了一个月，晚上很黑，请尽快维修。", "道外区路灯不亮")
    own = office.report("l4", "哈尔滨市香坊区公滨路一带供暖温度低，暖气冰凉，请供热部门处理。", "香坊区暖气冰凉")
    assert officer.act(own, "assign", lead="GRB").status_code == 303
    until(lambda: "department_assigned" in page.told(own), "the assignment")
    assert officer.act(own, "transfer_lead", lead="ZJJ", reason="改派").status_code == 303
    until(lambda: "lead_transferred" in page.told(own), "that it was taken away")
    before = len(page.changes)
    for incident in (own, other):
        assert officer.act(incident, "escalate", level="duty_leader", reason="不再相干").status_code == 303
    watcher = Page(officer, after=0)
    until(lambda: watcher.told(other)[-1:] == ["level_alerted"], "the later changes, for the officer")
    assert page.told(other) == []
    assert all(change["incident"] == own for change in page.changes[before:])
    assert not any(change["data"].get("reason") == "不再相干" for change in page.changes)
    for one in (page, watcher):
        one.leave()


def test_a_department_sees_a_matter_go_that_an_undone_merge_takes_away(office: HouseThread, officer: Visitor) -> None:
    page = Page(office.visitor(office.add("cgj", Role.DEPARTMENT, "CGJ")))
    lift = office.report("l5", "哈尔滨市松北区世茂大道滨江小区的电梯坏了三个月，老人上不了楼，物业一直不修。")
    well = office.report("l6", "哈尔滨市南岗区学府路井盖丢失，行人差点掉下去，请有关部门尽快处理。")
    for number, lead in ((lift, "ZJJ"), (well, "CGJ")):
        assert officer.act(number, "assign", lead=lead).status_code == 303
    assert officer.act(well, "merge", into=lift).status_code == 303
    until(lambda: "CGJ" in office.call(office.house.reader.listed(lift)).departments, "it came along")
    assert officer.act(lift, "split", incident=well).status_code == 303
    until(lambda: "posts_split" in page.told(lift), "that it has gone")
    page.leave()


def test_an_idle_page_is_told_that_something_changed_and_nothing_of_it(office: HouseThread, officer: Visitor) -> None:
    number = office.report("l7", "哈尔滨市呼兰区学院路的路灯坏了，晚上很黑，请有关部门尽快维修。")
    assert officer.act(number, "escalate", level="duty_leader", reason="来电人李某的住址").status_code == 303
    idle = office.visitor("duty1")
    office.wall.ahead += IDLE + timedelta(minutes=1)
    heard: list[str] = []
    with idle.client.stream("GET", f"{idle.base}/live?after=0", timeout=30) as stream:
        for line in stream.iter_lines():
            heard.append(line)
            if len(heard) > 40 or "来电人" in line:
                break
    office.wall.ahead -= IDLE + timedelta(minutes=1)
    assert "event: stir" in heard
    assert not any("incident" in line for line in heard)


def test_a_page_of_a_closed_account_hears_no_more(office: HouseThread, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "CHECK_SECONDS", 0.0)
    page = Page(office.visitor(office.add("leaver", Role.VIEWER)))
    happen(office, "leaving", 1, 1)
    until(lambda: page.told("leaving"), "a change while the account is open")
    office.call(office.accounts.disable("leaver"))
    happen(office, "leaving", 2, 1)
    assert page.ended.wait(20)
    assert len(page.told("leaving")) == 1


def test_a_page_that_does_not_read_is_cut_off(
    office: HouseThread, officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SEND_SECONDS", 0.5)
    before = _open_pages(officer)
    cookie = officer.client.cookies["huiying_session"]
    host, port = office.base.removeprefix("http://").split(":")
    with socket.socket() as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle.connect((host, int(port)))
        idle.sendall(f"GET /live HTTP/1.1\r\nhost: x\r\ncookie: huiying_session={cookie}\r\n\r\n".encode())
        until(lambda: _open_pages(officer) > before, "the page to be open")
        reading = Page(officer)
        for batch in range(8):
            happen(office, "flood", 1 + batch * 500, 500, size=2000)
        until(lambda: len(reading.back_again().told("flood")) == 4000, "the flood on a page that reads")
        reading.leave()
        until(lambda: _open_pages(officer) <= before + 1, "the page that does not read to be let go")


def _open_pages(visitor: Visitor) -> int:
    metrics = visitor.get("/metrics").text
    return int(float(next(line for line in metrics.splitlines() if line.startswith("huiying_open_pages")).split()[1]))


async def test_a_page_a_thousand_changes_behind_is_never_told_around_a_gap(office: HouseThread) -> None:
    """It comes back for what follows the last change it saw: one that was left out before that would be lost."""
    live = Live(office.house.reader)
    stream = live.stream(None)
    told = asyncio.ensure_future(_positions(stream))
    await asyncio.sleep(0)  # the page opens
    assert live.connected
    for position in range(1, QUEUE + 3):
        live._tell(Change(position, frozenset(), b""))
    got = await told
    assert got == list(range(1, len(got) + 1))


async def _positions(stream: AsyncIterator[Change | None]) -> list[int]:
    return [change.position async for change in stream if change is not None]
