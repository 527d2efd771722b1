"""Letters over TLS: the password goes to the server that proves who it is, and to no other."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.adapters.fetch.guard import Guard
from services.adapters.mailbox import Mailbox
from services.adapters.parsing.pool import ParsingPool
from services.domain.source import Failure, Source, SourceKind
from services.usecases.collecting.contract import FetchFailed
from tests.conftest import unavailable
from tests.contracts.imap_server import ImapServer
from tests.real.certificates import certify
from tests.real.servers import Missing

pytestmark = pytest.mark.real

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
LETTER = "Subject: 供热问题\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n室温只有十四度".encode()


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    try:
        return certify(tmp_path_factory.mktemp("keys"), "mail", "the mailbox over TLS")
    except Missing as missing:
        unavailable(missing)


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    pool, guard = ParsingPool(size=1), Guard(["127.0.0.0/8", "::1/128"])
    box = Mailbox(pool, guard)
    yield box
    box.close()
    guard.close()
    await pool.close()


@pytest.fixture
def server_side(certified: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certified)
    return context


def source(server: ImapServer, folder: Path, host: str = "127.0.0.1", **options: str) -> Source:
    secret = folder / "password"
    secret.write_text("secret\n", encoding="utf-8")
    given = {"password_file": str(secret), "user": server.user} | options
    url = f"imaps://{host}:{server.port}/INBOX"
    return Source("mayor", url, kind=SourceKind.MAILBOX, options=tuple(sorted(given.items())))


async def test_letters_come_in_over_tls_under_an_authority_of_the_house(
    mailbox: Mailbox, certified: tuple[Path, Path], server_side: ssl.SSLContext, tmp_path: Path
) -> None:
    async with ImapServer(folders={"INBOX": [LETTER]}).serving(server_side) as server:
        taken = await mailbox.take(source(server, tmp_path, ca_file=str(certified[0])), "", NOW)
    assert [(entry.title, entry.text) for entry in taken.entries] == [("供热问题", "室温只有十四度")]


@pytest.mark.parametrize(("host", "trusted"), [("127.0.0.1", False), ("localhost", True)])
async def test_neither_an_unknown_authority_nor_another_name_gets_the_password(
    mailbox: Mailbox,
    certified: tuple[Path, Path],
    server_side: ssl.SSLContext,
    tmp_path: Path,
    host: str,
    trusted: bool,
) -> None:
    options = {"ca_file": str(certified[0])} if trusted else {}
    async with ImapServer(folders={"INBOX": [LETTER]}).serving(server_side) as server:
        with pytest.raises(FetchFailed, match="证书不可信") as failure:
            await mailbox.take(source(server, tmp_path, host, **options), "", NOW)
    assert failure.value.kind is Failure.UNREACHABLE
    assert server.commands == []


async def test_a_server_without_tls_gets_nothing_where_tls_was_asked_for(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer(folders={"INBOX": [LETTER]}).serving() as server:
        with pytest.raises(FetchFailed, match="无法建立加密连接"):
            await mailbox.take(source(server, tmp_path), "", NOW)
    assert not any("LOGIN" in command for command in server.commands)
