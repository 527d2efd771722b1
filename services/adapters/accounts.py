"""Accounts, sessions and tokens: who may come in. Passwords by argon2id, everything else by SHA-256 of random ids."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import case, delete, select, update

from services.adapters.database import Database
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.accounts import AccountRow, SessionRow, TokenRow
from services.domain.incident import Actor
from services.domain.vocabulary import Role

ACCOUNT = table_of(AccountRow)
SESSION = table_of(SessionRow)
TOKEN = table_of(TokenRow)

# 19 MiB and two passes (OWASP's figure): a hundred sign-ins at once must not need gigabytes.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = 4

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=15)
AT_MOST = timedelta(hours=12)
MIN_PASSWORD = 10
MAX_NAME = 60


class BadAccount(ValueError):
    """The account cannot be made or changed like this; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Account:
    """One person (or post of duty) who may sign in."""

    name: str
    role: Role
    department: str
    disabled: bool
    last_login_at: datetime | None

    @property
    def actor(self) -> Actor:
        """As the domain sees this person."""
        return Actor(self.name, self.role, self.department)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` must come back with every change. `idle`: it hears the alarm, and sees no page."""

    account: Account
    csrf: str
    idle: bool = False


class Accounts:
    """The one writer of accounts, sessions and tokens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def _hash(self, password: str) -> str:
        async with self._at_once:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def _verify(self, stored: str, password: str) -> bool:
        async with self._at_once:
            try:
                return await asyncio.to_thread(_HASHER.verify, stored, password)
            except (VerifyMismatchError, InvalidHashError):
                return False

    async def add(self, name: str, role: Role, department: str, password: str, now: datetime) -> None:
        """Raises BadAccount where the name is taken, the password too weak or a department is missing."""
        if not known_form(name):
            raise BadAccount(f"帐号名只能用字母、数字、下划线和连字符，最多{MAX_NAME}个字符")
        check_password(name, password)
        if (role is Role.DEPARTMENT) != bool(department):
            raise BadAccount("部门联络员须指定部门，其他角色不能指定部门")
        row: dict[str, Any] = {
            "name": name,
            "role": role.value,
            "department": department,
            "password_hash": await self._hash(password),
        }
        row |= {"created_us": to_us(now), "must_change": False, "disabled": False, "failures": 0, "locked_until_us": 0}
        statement = self._database.insert(ACCOUNT).values(row).on_conflict_do_nothing().returning(ACCOUNT.c.name)
        async with self._database.write() as connection:
            if (await connection.execute(statement)).scalar_one_or_none() is None:
                raise BadAccount(f"帐号{name}已存在")

    async def all(self) -> list[Account]:
        """Every account, by name."""
        async with self._database.read() as connection:
            return [_account(row) for row in await connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.name))]

    async def disable(self, name: str) -> bool:
        """Close the account and end its sessions at once; False where there is none."""
        async with self._database.write() as connection:
            await connection.execute(delete(SESSION).where(SESSION.c.account == name))
            done = await connection.execute(update(ACCOUNT).where(ACCOUNT.c.name == name).values(disabled=True))
            return done.rowcount == 1

    async def sign_in(self, name: str, password: str, now: datetime) -> str | None:
        """A new session's id for the browser, or None. Five failures lock the account for a quarter of an hour."""
        stored = await self._claim_attempt(name, now)
        if stored is None:
            await self._hash(password)  # as slow as a real check: nobody learns which names exist
            return None
        return await self._open_session(name, now) if await self._verify(stored, password) else None

    async def _claim_attempt(self, name: str, now: datetime) -> str | None:
        """The stored hash; None where the account cannot be used now.

        The attempt counts as failed before it is checked, and signing in forgives it: a thousand guesses at once are
        five guesses, too.
        """
        if not known_form(name):
            return None
        failed = ACCOUNT.c.failures + 1
        counted = {
            "failures": case((failed >= MAX_FAILURES, 0), else_=failed),
            "locked_until_us": case((failed >= MAX_FAILURES, to_us(now + LOCKED_FOR)), else_=0),
        }
        usable = (ACCOUNT.c.name == name, ACCOUNT.c.disabled.is_(False), ACCOUNT.c.locked_until_us <= to_us(now))
        statement = update(ACCOUNT).where(*usable).values(counted).returning(ACCOUNT.c.password_hash)
        async with self._database.write() as connection:
            stored: str | None = (await connection.execute(statement)).scalar_one_or_none()
        return stored

    async def _open_session(self, name: str, now: datetime) -> str:
        session_id = secrets.token_urlsafe(32)
        row: dict[str, Any] = {"id_hash": _digest(session_id), "account": name, "csrf": secrets.token_urlsafe(24)}
        times = {"created_us": to_us(now), "used_us": to_us(now)}
        async with self._database.write() as connection:
            await connection.execute(self._database.insert(SESSION).values(row | times))
            statement = update(ACCOUNT).where(ACCOUNT.c.name == name)
            await connection.execute(statement.values(failures=0, locked_until_us=0, last_login_us=to_us(now)))
        return session_id

    async def session(self, session_id: str, now: datetime, *, by_hand: bool = True) -> Session | None:
        """Who this browser is; None when it is unknown, idle too long, too old, or its account is closed.

        What a page does by itself is not `by_hand`: it does not count as use, and the alarm of a page left open
        goes on through the shift although the page itself has to be signed in to again.
        """
        who = (ACCOUNT.c.name, ACCOUNT.c.role, ACCOUNT.c.department, ACCOUNT.c.disabled, ACCOUNT.c.last_login_us)
        joined = select(SESSION, *who).join(ACCOUNT, ACCOUNT.c.name == SESSION.c.account)
        query = joined.where(SESSION.c.id_hash == _digest(session_id), ACCOUNT.c.disabled.is_(False))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None or now - from_us(row.created_us) > AT_MOST:
            return None
        idle = now - from_us(row.used_us)
        if by_hand and idle > IDLE:
            return None
        if by_hand and idle > timedelta(minutes=1):
            await self._touch(row.id_hash, now)
        return Session(_account(row), row.csrf, idle > IDLE)

    async def _touch(self, id_hash: str, now: datetime) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(SESSION).where(SESSION.c.id_hash == id_hash).values(used_us=to_us(now)))

    async def sign_out(self, session_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(SESSION).where(SESSION.c.id_hash == _digest(session_id)))

    async def new_token(self, name: str, now: datetime) -> str:
        """A bearer token for a program; shown once, kept as a hash."""
        token = f"hy_{secrets.token_urlsafe(32)}"
        row = {"token_hash": _digest(token), "name": name, "created_us": to_us(now)}
        async with self._database.write() as connection:
            await connection.execute(self._database.insert(TOKEN).values(row))
        return token

    async def token_name(self, token: str) -> str | None:
        """The program that holds this token; None where it is unknown or revoked."""
        query = select(TOKEN.c.name).where(TOKEN.c.token_hash == _digest(token), TOKEN.c.revoked_us.is_(None))
        async with self._database.read() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def revoke_tokens(self, name: str, now: datetime) -> int:
        """Revoke every token of a program; returns how many there were."""
        statement = update(TOKEN).where(TOKEN.c.name == name, TOKEN.c.revoked_us.is_(None))
        async with self._database.write() as connection:
            return (await connection.execute(statement.values(revoked_us=to_us(now)))).rowcount


def known_form(name: str) -> bool:
    """Letters (Chinese ones too), digits, - and _: nothing that a database or a screen could stumble over."""
    return len(name) <= MAX_NAME and name.replace("-", "").replace("_", "").isalnum()


def check_password(name: str, password: str) -> None:
    """等保 8.1.4.1 a): long enough, at least three kinds of characters, not the name. Raises BadAccount."""
    kinds = {_kind(c) for c in password}
    if len(password) < MIN_PASSWORD or len(kinds) < 3:
        raise BadAccount(f"密码至少{MIN_PASSWORD}位，并含大写、小写、数字、符号中的三类")
    if name.lower() in password.lower():
        raise BadAccount("密码不能包含帐号名")


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "upper" if character.isupper() else "lower"
    return "sign"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _account(row: Any) -> Account:
    last = None if row.last_login_us is None else from_us(row.last_login_us)
    return Account(row.name, Role(row.role), row.department, row.disabled, last)
