"""People who may sign in, their sessions and the tokens of programs. Secrets are kept as hashes only."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class AccountRow(SQLModel, table=True):
    __tablename__ = "account"

    name: str = Field(primary_key=True)
    role: str
    department: str = ""
    password_hash: str
    must_change: bool = True
    disabled: bool = False
    failures: int = 0
    locked_until_us: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    created_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_login_us: int | None = Field(default=None, sa_column=Column(BigInteger))


class SessionRow(SQLModel, table=True):
    """`id_hash` is the hash of what the browser holds; `csrf` goes into the forms of this session."""

    __tablename__ = "session"

    id_hash: str = Field(primary_key=True)
    account: str = Field(index=True)
    csrf: str
    created_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    used_us: int = Field(sa_column=Column(BigInteger, nullable=False))


class TokenRow(SQLModel, table=True):
    """A program's bearer token."""

    __tablename__ = "token"

    token_hash: str = Field(primary_key=True)
    name: str
    created_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    revoked_us: int | None = Field(default=None, sa_column=Column(BigInteger))
