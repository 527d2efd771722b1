"""无人可达: a rung nobody can be reached on is skipped at once, and what reached nobody is not called delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.reading import CONFIG_DIR
from config.settings import Settings
from consumers.topology import workers
from producers import relay, supervise
from services.adapters import wire
from services.adapters.accounts import Accounts
from services.cli.running import check_roster
from services.domain.incident import Actor
from services.domain.ledger import Entry
from services.domain.post import Post
from services.domain.vocabulary import EntryKind, Role
from services.topics import POSTS_COLLECTED
from services.usecases.handling import Command, perform
from services.usecases.ports import Message
from services.wiring import House, SteppedClock, open_house
from tests.flow.town_kit import digested

START = datetime(2026, 11, 2, 14, tzinfo=UTC)
PASSWORD = "Long-enough-1"
OFFICER = Actor("duty2", Role.DUTY_OFFICER)
POST = Post("p1", "本地论坛", "南岗区暖气不热", "哈尔滨市南岗区暖气不热，家里只有十四度。", START, origin="board")
ADDRESSES = '\n[[person]]\nname = "duty1"\nwebhook = "https://hooks.example.cn/duty1"\n'


MAIL = '\n[[person]]\nname = "duty1"\nemail = "duty1@example.cn"\n'


@asynccontextmanager
async def office(folder: Path, accounts: Sequence[str], roster: str = "", smtp_host: str = "") -> AsyncIterator[House]:
    """The shipped roster; accounts as `name` or `name:department`."""
    config = folder / "config"
    config.mkdir()
    for file in CONFIG_DIR.iterdir():
        (config / file.name).symlink_to(file)
    if roster:
        (config / "roster.toml").unlink()
        (config / "roster.toml").write_text((CONFIG_DIR / "roster.toml").read_text(encoding="utf-8") + roster)
    settings = Settings(data_dir=folder, config_dir=config, smtp_host=smtp_host)
    async with open_house(settings, SteppedClock(START)) as house:
        for account in accounts:
            name, _, department = account.partition(":")
            role = Role.DEPARTMENT if department else Role.DUTY_OFFICER
            await Accounts(house.database).add(name, role, department, PASSWORD, START)
        yield house


async def reported(house: House) -> list[Entry]:
    await house.log.publish(POSTS_COLLECTED, [Message(POST.key, POST.key, wire.encode_post(POST))])
    return alerts(await digested(house))


def alerts(ledger: list[Entry]) -> list[Entry]:
    return [entry for entry in ledger if entry.kind is EntryKind.LEVEL_ALERTED]


def called(entries: list[Entry]) -> list[dict[str, Any]]:
    return [{k: e.data[k] for k in ("level", "to", "skipped") if k in e.data} for e in entries]


async def test_an_officer_without_an_account_is_passed_over_for_one_who_has_one(tmp_path: Path) -> None:
    async with office(tmp_path, ["duty2"]) as house:
        assert called(await reported(house)) == [{"level": "duty_officer", "to": ["duty2"]}]


async def test_so_is_one_whose_account_was_disabled_a_moment_ago(tmp_path: Path) -> None:
    async with office(tmp_path, ["duty1", "duty2"]) as house:
        await Accounts(house.database).disable("duty1")
        assert called(await reported(house)) == [{"level": "duty_officer", "to": ["duty2"]}]


async def test_a_rung_nobody_is_reached_on_is_skipped_and_named(tmp_path: Path) -> None:
    async with office(tmp_path, ["leader1"]) as house:
        assert called(await reported(house)) == [
            {"level": "duty_leader", "to": ["leader1"], "skipped": ["duty_officer"]}
        ]


async def test_an_address_reaches_a_person_without_an_account(tmp_path: Path) -> None:
    async with office(tmp_path, ["duty2"], ADDRESSES) as house:
        assert called(await reported(house)) == [{"level": "duty_officer", "to": ["duty1"]}]


async def test_a_mail_address_reaches_nobody_while_no_mail_server_is_set(tmp_path: Path) -> None:
    async with office(tmp_path, ["duty2"], MAIL) as house:
        assert called(await reported(house)) == [{"level": "duty_officer", "to": ["duty2"]}]


@pytest.mark.parametrize(("server", "by"), [("", []), ("mail.example.cn", ["email"])])
async def test_no_mail_is_written_down_that_nobody_can_send(tmp_path: Path, server: str, by: list[str]) -> None:
    async with office(tmp_path, ["duty1"], MAIL, smtp_host=server) as house:
        directory = await house.directory()
        assert [address.channel for address in directory.addresses("duty1")] == by


def test_the_start_says_whose_mail_goes_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = (CONFIG_DIR / "roster.toml").read_text(encoding="utf-8") + MAIL
    (tmp_path / "roster.toml").write_text(roster, encoding="utf-8")
    for server, lines in (("mail.example.cn", 0), ("", 1)):
        check_roster(Settings(config_dir=tmp_path, smtp_host=server))
        told = capsys.readouterr().err
        assert told.count("\n") == lines
    assert "HUIYING_SMTP_HOST" in told
    assert "duty1" in told


async def test_where_nobody_at_all_is_reached_the_roster_is_called_as_it_stands_and_nothing_counts_as_delivered(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, ["someone_else"]) as house:
        assert called(await reported(house)) == [{"level": "duty_officer", "to": ["duty1"]}]
        await relay.tick(house)
        [worker] = workers(house, "notify")
        async with house.log.subscribe(worker.pipe.topic, worker.pipe.name) as subscription:
            await worker.step(subscription, wait_seconds=0)
        [lost] = await house.deliveries.given_up(10)
        assert (lost.to.person, "没有可用的帐号" in lost.text) == ("duty1", True)


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (["duty2", "grb"], {"level": "department", "to": ["grb"]}),
        (["duty2", "zhang:GRB"], {"level": "department", "to": ["zhang"]}),
        (["duty2"], {"level": "duty_officer", "to": ["duty2"], "skipped": ["department"]}),
    ],
)
async def test_what_is_assigned_reaches_the_contact_or_whoever_has_an_account_there_or_comes_back(
    tmp_path: Path, accounts: list[str], expected: dict[str, Any]
) -> None:
    async with office(tmp_path, accounts) as house:
        [first] = await reported(house)
        moment = await house.moment(OFFICER)
        async with house.store.unit() as unit:
            await perform(unit, Command("assign", first.incident_id, {"lead": "GRB"}), moment)
        assert called(alerts(await digested(house)))[-1] == expected


async def test_the_sweep_passes_over_them_too(tmp_path: Path) -> None:
    async with office(tmp_path, ["duty1", "leader1"]) as house:
        await reported(house)
        assert isinstance(house.clock, SteppedClock)
        house.clock.move_to(START.replace(minute=30))
        await supervise.tick(house)
        assert called(alerts(await digested(house)))[-1] == {"level": "duty_leader", "to": ["leader1"]}
