"""People read a source's name, never its id; and an incident that the system cannot handle says so, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from services.domain.source import Source
from services.wiring.sources import source_store
from tests.console_kit import HEATING, HouseThread, Visitor, until

pytestmark = pytest.mark.timeout(120)
BROKEN = "系统处理出错"


async def spoil(office: HouseThread, incident: str, body: str) -> None:
    async with office.house.database.write() as connection:
        values = {"id": incident, "body": body.encode()}
        await connection.execute(text("UPDATE incident SET body = :body, next_due_us = 1 WHERE id = :id"), values)


async def body_of(office: HouseThread, incident: str) -> str:
    async with office.house.database.read() as connection:
        found = await connection.execute(text("SELECT body FROM incident WHERE id = :id"), {"id": incident})
        return bytes(found.scalar_one()).decode()


def test_list_line_page_and_ledger_name_the_source(office: HouseThread, officer: Visitor) -> None:
    known = Source("talk-77", "https://talk.example.org/", name="百姓热议")
    office.call(source_store(office.house).add([known], office.wall.now()))
    number = office.report("n1", HEATING.format(place="安静街"), source="talk-77")
    for path in ("/", f"/rows/{number}", f"/incidents/{number}"):
        page = officer.get(path).text
        assert "百姓热议" in page, path
        assert "talk-77" not in page, path
    assert "来源：百姓热议 · 经由：程序推送（tests）" in page


def test_a_source_that_is_switched_off_is_on_the_page_of_sources_and_says_so(
    office: HouseThread, officer: Visitor
) -> None:
    off = Source("old-88", "https://old.example.org/", name="停刊的报纸", enabled=False)
    office.call(source_store(office.house).add([off], office.wall.now()))
    row = officer.get("/sources").text.partition("停刊的报纸")[0].rpartition("<tr>")[2]
    assert "停用" in row


def test_who_is_no_source_of_the_house_is_called_what_it_calls_itself(office: HouseThread, officer: Visitor) -> None:
    number = office.report("n2", HEATING.format(place="建国街"), source="市民来电")
    assert "来自市民来电" in officer.get(f"/incidents/{number}").text


def test_what_the_sweep_cannot_settle_is_marked_and_counted_until_it_can(office: HouseThread, officer: Visitor) -> None:
    number = office.report("n3", HEATING.format(place="通达街"), source="市民来电")
    whole = office.call(body_of(office, number))
    office.call(spoil(office, number, "{}"))
    until(lambda: "troubled" in officer.get("/pulse").json()["counts"], "counters")
    until(lambda: officer.get("/pulse").json()["counts"]["troubled"] == 1, "a sweep that stumbles")
    assert 'huiying_incidents{state="troubled"} 1.0' in officer.get("/metrics").text
    assert BROKEN in officer.get("/?show=troubled").text
    damaged = officer.get(f"/incidents/{number}")
    assert damaged.status_code == 500
    assert "huiying doctor" in damaged.text
    office.call(spoil(office, number, whole))
    office.clock.ahead += timedelta(minutes=2)
    until(lambda: officer.get("/pulse").json()["counts"]["troubled"] == 0, "a sweep that settles it")
    assert BROKEN not in officer.get(f"/rows/{number}").text


def test_the_page_of_such_an_incident_says_what_to_do(office: HouseThread, officer: Visitor) -> None:
    number = office.report("n4", HEATING.format(place="尚志街"), source="市民来电")
    later = office.clock.now() + timedelta(days=1)
    office.call(_put_aside(office, number, later))
    page = officer.get(f"/incidents/{number}").text
    assert "人工盯办" in page
    assert "KeyError" in page


async def _put_aside(office: HouseThread, number: str, later: datetime) -> None:
    async with office.house.store.unit() as unit:
        await unit.push_ahead(number, later, "KeyError('x')")
