"""Accounts, sessions and tokens on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.adapters.accounts import AT_MOST, IDLE, LOCKED_FOR, MAX_FAILURES, Accounts, BadAccount
from services.adapters.database import Database
from services.domain.vocabulary import Role

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
PASSWORD = "Long-enough-1"


@pytest.fixture
async def accounts(database: Database) -> Accounts:
    found = Accounts(database)
    await found.add("duty1", Role.DUTY_OFFICER, "", PASSWORD, NOW)
    return found


async def test_an_account_is_made_once_and_listed(accounts: Accounts) -> None:
    await accounts.add("grb", Role.DEPARTMENT, "GRB", PASSWORD, NOW)
    assert [(a.name, a.role, a.department) for a in await accounts.all()] == [
        ("duty1", Role.DUTY_OFFICER, ""),
        ("grb", Role.DEPARTMENT, "GRB"),
    ]
    with pytest.raises(BadAccount, match="已存在"):
        await accounts.add("duty1", Role.VIEWER, "", PASSWORD, NOW)


@pytest.mark.parametrize(
    ("name", "role", "department"),
    [("a b", Role.VIEWER, ""), ("", Role.VIEWER, ""), ("x" * 61, Role.VIEWER, ""), ("a\x00", Role.VIEWER, ""),
     ("dep", Role.DEPARTMENT, ""), ("view", Role.VIEWER, "GRB")],
)  # fmt: skip
async def test_an_account_that_cannot_be_is_refused(accounts: Accounts, name: str, role: Role, department: str) -> None:
    with pytest.raises(BadAccount):
        await accounts.add(name, role, department, PASSWORD, NOW)


async def test_a_session_knows_its_account_and_ends_in_time(accounts: Accounts) -> None:
    opened = await accounts.sign_in("duty1", PASSWORD, NOW)
    assert opened is not None
    session = await accounts.session(opened, NOW + IDLE)
    assert session is not None
    assert (session.account.name, session.account.last_login_at, session.idle) == ("duty1", NOW, False)
    assert await accounts.session(opened, NOW + 2 * IDLE + timedelta(seconds=1)) is None
    left_open = await accounts.session(opened, NOW + 2 * IDLE + timedelta(seconds=1), by_hand=False)
    assert left_open is not None
    assert left_open.idle
    assert await accounts.session(opened, NOW + AT_MOST + timedelta(seconds=1), by_hand=False) is None


async def test_guesses_at_once_are_counted_and_lock_for_a_quarter_of_an_hour(accounts: Accounts) -> None:
    guesses = [accounts.sign_in("duty1", "Wrong-pass-1", NOW) for _ in range(2 * MAX_FAILURES)]
    assert await asyncio.gather(*guesses) == [None] * 2 * MAX_FAILURES
    assert await accounts.sign_in("duty1", PASSWORD, NOW + LOCKED_FOR - timedelta(seconds=1)) is None
    assert await accounts.sign_in("duty1", PASSWORD, NOW + LOCKED_FOR) is not None


async def test_success_forgives_failures(accounts: Accounts) -> None:
    for _ in range(3):
        for _ in range(MAX_FAILURES - 1):
            assert await accounts.sign_in("duty1", "Wrong-pass-1", NOW) is None
        assert await accounts.sign_in("duty1", PASSWORD, NOW) is not None


async def test_closing_an_account_ends_its_sessions(accounts: Accounts) -> None:
    opened = await accounts.sign_in("duty1", PASSWORD, NOW)
    assert opened is not None
    assert await accounts.disable("duty1")
    assert await accounts.session(opened, NOW) is None
    assert await accounts.sign_in("duty1", PASSWORD, NOW) is None
    assert not await accounts.disable("nobody")


async def test_a_token_names_its_program_until_it_is_revoked(accounts: Accounts) -> None:
    tokens = [await accounts.new_token("crawler", NOW) for _ in range(2)]
    assert [await accounts.token_name(token) for token in tokens] == ["crawler", "crawler"]
    assert await accounts.token_name("hy_unknown") is None
    assert await accounts.revoke_tokens("crawler", NOW) == 2
    assert await accounts.token_name(tokens[0]) is None


async def test_no_secret_is_kept_as_it_is(accounts: Accounts, database: Database) -> None:
    opened, token = await accounts.sign_in("duty1", PASSWORD, NOW), await accounts.new_token("crawler", NOW)
    async with database.read() as connection:
        kept = ""
        for table in ("account", "session", "token"):
            kept += str((await connection.exec_driver_sql(f"SELECT * FROM {table}")).all())
    for secret in (PASSWORD, str(opened), token):
        assert secret not in kept
