"""`huiying brief` on a real database: the right incidents, as text and as a document Word opens."""

from __future__ import annotations

import asyncio
import io
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from typer.testing import CliRunner

from config.settings import Settings
from services.adapters import migrating
from services.adapters.database import Database
from services.adapters.desk import Desk
from services.adapters.desk.briefs import BriefReader
from services.adapters.exports.brief_docx import brief_as_docx
from services.adapters.store.incidents import IncidentStore
from services.cli import app
from services.domain import incident as office
from services.domain.briefing import Brief, Section
from services.domain.performance import Period
from services.domain.vocabulary import Disposition
from services.domain.zone import SHANGHAI
from services.usecases.briefing import NothingToTell, day_of, on_incident, week_of
from services.web.sentences import sentence
from services.wiring.database import database_url
from tests.domain.incident.cast import OFFICER, START, Matter, handled, hours, reported
from tests.domain.incident.two_matters import another, merged

MONDAY_NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def in_beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


async def keep(database: Database, *matters: Matter) -> None:
    """Incidents in the store and on the desk, as after the project consumer."""
    entries = [entry for matter in matters for entry in matter.incident.changes]
    async with IncidentStore(database).unit() as unit:
        await unit.save([matter.incident for matter in matters])
    await Desk(database).refresh(entries)


def resolved(name: str) -> Matter:
    """Answered after an hour and resolved after two: nothing is owed."""
    matter = handled()
    matter.incident.id = name
    for number, change in enumerate(matter.incident.changes):
        matter.incident.changes[number] = replace(change, incident_id=name)
    matter.wait_until(hours(1))
    matter.publish()
    matter.wait_until(hours(2))
    matter.do(office.resolve, OFFICER, Disposition.DIFFICULTY, {"outcome": "已恢复"})
    return matter


async def test_a_brief_reads_what_is_open_owes_something_or_changed_since(database: Database) -> None:
    owing, done = resolved("owing"), resolved("done")
    owing.incident.duties[-1].met_at = None
    waiting, late = reported(name="p3"), reported(name="p4")
    await keep(database, owing, done, waiting)
    async with IncidentStore(database).unit() as unit:
        await unit.save([late.incident])  # not on the desk yet
    desk = BriefReader(database)
    everything = {"owing", "done", waiting.incident.id, late.incident.id}
    assert {i.id for i in await desk.touched(START)} == everything
    assert {i.id for i in await desk.touched(START + timedelta(days=3))} == everything - {"done"}


async def test_a_brief_on_an_incident_tells_what_happened_on_the_numbers_that_were_merged_into_it(
    database: Database,
) -> None:
    answered, other = handled(), another(0.5, name="q1")
    answered.publish()
    merged(other, answered, 1)
    await keep(database, answered, other)
    words = (lambda entry: sentence(entry.kind, entry.data, str), str)
    brief = await on_incident(BriefReader(database), other.incident.id, other.now, words)
    course = next(s.lines for s in brief.sections if "处置经过" in s.heading)
    assert any("回应发布：" in line for line in course)
    assert sum(" 合并：" in line for line in course) == 1
    assert f"并入：{answered.incident.id}" in brief.subtitle


def test_without_a_date_a_brief_covers_the_last_whole_day_or_week_in_beijing() -> None:
    assert day_of(None, MONDAY_NOON) == Period(in_beijing("2026-03-01"), in_beijing("2026-03-02"))
    assert week_of(None, MONDAY_NOON) == Period(in_beijing("2026-02-23"), in_beijing("2026-03-02"))


def test_a_day_that_still_runs_ends_now_and_one_to_come_is_refused() -> None:
    assert day_of(date(2026, 3, 2), MONDAY_NOON) == Period(in_beijing("2026-03-02"), MONDAY_NOON)
    assert week_of(date(2026, 3, 5), MONDAY_NOON) == Period(in_beijing("2026-03-02"), MONDAY_NOON)
    with pytest.raises(NothingToTell, match="2026-03-03"):
        day_of(date(2026, 3, 3), MONDAY_NOON)


def test_a_document_holds_the_whole_brief_and_nothing_word_cannot_open() -> None:
    brief = Brief("日报\x00", "统计时间", (Section("一、总体情况", ("新增\x0b 1 件\ud800", "第二行")),))
    document = Document(io.BytesIO(brief_as_docx(brief, MONDAY_NOON)))
    told = [paragraph.text for paragraph in document.paragraphs]
    assert told == ["日报", "统计时间", "一、总体情况", "新增 1 件", "第二行"]
    assert document.core_properties.title == "日报"


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A data folder with one incident of 2017; the number of it."""
    for name in [name for name in os.environ if name.startswith("HUIYING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUIYING_DATA_DIR", str(tmp_path))
    matter = handled()
    asyncio.run(_fill(Settings(data_dir=tmp_path), matter))
    return matter.incident.id


async def _fill(settings: Settings, matter: Matter) -> None:
    database = Database(database_url(settings))
    await migrating.upgrade(database)
    await keep(database, matter)
    await database.close()


def test_the_command_writes_text_and_documents(installation: str, tmp_path: Path) -> None:
    run = CliRunner().invoke
    daily = run(app, ["brief", "daily", "--date", "2017-10-01"])
    assert daily.exit_code == 0, daily.stderr
    assert daily.stdout.startswith("政务舆情日报（2017年10月1日）")
    assert "新增政务舆情 1 件" in daily.stdout
    weekly = run(app, ["brief", "weekly", "--date", "2017-10-01"])
    assert weekly.stdout.startswith("政务舆情周报（2017年9月25日至2017年10月1日）")
    special = run(app, ["brief", "incident", "--incident", installation])
    assert "签收：应急管理局" in special.stdout
    out = tmp_path / "brief.docx"
    assert (
        run(app, ["brief", "incident", "--incident", installation, "--format", "docx", "--out", str(out)]).exit_code
        == 0
    )
    assert Document(str(out)).paragraphs[0].text.startswith("政务舆情专报：")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["daily", "--date", "1 March"], "YYYY-MM-DD"),
        (["daily", "--date", "2999-01-01"], "还没有到"),
        (["daily", "--format", "pdf"], "text, docx"),
        (["incident", "--incident", "none"], "没有编号为 none 的事件"),
        (["daily", "--out", "/nowhere/brief.txt"], "No such file"),
    ],
)
def test_bad_use_is_one_line_and_exit_code_2(installation: str, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, ["brief", *arguments])
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
