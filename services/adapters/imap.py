"""IMAP for one look into a mailbox: a connection that another thread can end, and the few commands that read."""

from __future__ import annotations

import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from services.domain.source import Failure, Source
from services.usecases.collecting.contract import FetchFailed

LOOK_SECONDS = 20.0
"""For a whole look, and the longest silence in it."""
_CONNECT_SECONDS = 8.0
_SIZE = re.compile(rb"UID (\d+)\b.*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*?UID (\d+)")


@dataclass(slots=True)
class Line:
    """The connection of one look, while it lasts, to one of the checked addresses of its server."""

    addresses: list[str]
    over: bool = False
    _open: socket.socket | None = None
    _held: list[socket.socket] = field(default_factory=list)

    def connect(self, port: int) -> socket.socket:
        """To the first checked address that answers; a second handle, so that another thread can end the line."""
        failure: OSError = OSError("no address")
        for address in self.addresses:
            try:
                line = socket.create_connection((address, port), _CONNECT_SECONDS)
            except OSError as error:
                failure = error
                continue
            line.settimeout(LOOK_SECONDS)
            self._open = line.dup()
            self._held += [line, self._open]
            if self.over:
                self.end()
            return line
        raise failure

    def encrypted(self, port: int, context: ssl.SSLContext, host: str) -> socket.socket:
        """The same under TLS; the certificate must be that of the name."""
        line: socket.socket = context.wrap_socket(self.connect(port), server_hostname=host)
        self._held.append(line)
        return line

    def end(self) -> None:
        """Whoever reads from this line reads no more. A server that drips can be ended in no other way."""
        self.over = True
        if self._open is not None:
            with suppress(OSError):  # the server was quicker
                self._open.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give everything back: imaplib leaves a socket open where the other side is gone first."""
        for line in self._held:
            line.close()
        self._held, self._open = [], None


class _Plain(imaplib.IMAP4):
    """Connects where the line says, not where a second answer of the name server may lead."""

    def __init__(self, line: Line, host: str, port: int) -> None:
        self._line = line
        super().__init__(host, port)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        return self._line.connect(self.port)


class _Encrypted(imaplib.IMAP4_SSL):
    """The same under TLS."""

    def __init__(self, line: Line, host: str, port: int, context: ssl.SSLContext) -> None:
        self._line = line
        super().__init__(host, port, ssl_context=context)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        return self._line.encrypted(self.port, self.ssl_context, self.host)


class Session:
    """Signed in at a mailbox for as long as it is looked into, and anew where the server has hung up in between."""

    def __init__(self, source: Source, line: Line) -> None:
        self.line = line
        self._source = source
        self._server: imaplib.IMAP4 | None = None

    def folder(self) -> tuple[imaplib.IMAP4, str]:
        """The server with the folder of `source.url` open for reading only, and the folder's UIDVALIDITY.

        Raises:
            FetchFailed: there is no password to sign in with.
        """
        kept, self._server = self._server, self._server or _signed_in(self._source, self.line)
        try:
            return self._server, _select(self._server, self._source)
        except (imaplib.IMAP4.abort, ConnectionError):
            if not kept or self.line.over:
                raise
        self.drop()
        return self.folder()

    def drop(self) -> None:
        """Nothing more is expected from this connection."""
        if self._server:
            _hang_up(self._server)
        self._server = None
        self.line.close()

    def leave(self) -> None:
        """Sign out, if there is still somebody to tell."""
        with suppress(OSError, imaplib.IMAP4.error):
            if self._server and not self.line.over:
                self._server.logout()
        self.drop()


def _signed_in(source: Source, line: Line) -> imaplib.IMAP4:
    parts, options = urlsplit(source.url), dict(source.options)
    password = _password(options.get("password_file", ""))
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        context = ssl.create_default_context(cafile=options.get("ca_file"))
        server: imaplib.IMAP4 = _Encrypted(line, host, parts.port or 993, context)
    else:
        server = _Plain(line, host, parts.port or 143)
    try:
        server.login(options.get("user", ""), password)
    except BaseException as error:
        _hang_up(server)
        if type(error) is imaplib.IMAP4.error:
            check = "请核对 user 和 password_file，有的邮箱须用授权码代替密码"
            raise FetchFailed(Failure.REFUSED, f"邮箱服务器拒绝登录（{_text(error.args[:1])}）：{check}") from None
        raise
    return server


def _hang_up(server: imaplib.IMAP4) -> None:
    with suppress(OSError):  # the server was quicker
        server.shutdown()


def _password(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        lacking = f"密码文件“{file}”不存在或无法读取" if file else "没有给出密码文件：请写明 user 和 password_file"
        raise FetchFailed(Failure.REFUSED, lacking) from None


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(_text(data))
    return data


def _text(data: Sequence[Any]) -> str:
    return data[0].decode("utf-8", "replace") if data and isinstance(data[0], bytes) else ""


def _select(server: imaplib.IMAP4, source: Source) -> str:
    folder = unquote(urlsplit(source.url).path.lstrip("/")) or "INBOX"
    try:
        _done(server.select(folder_name(folder), readonly=True))
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        reason = f"邮箱服务器拒绝打开文件夹“{folder}”（{error}）：请核对地址末尾的文件夹名"
        raise FetchFailed(Failure.REFUSED, reason) from None
    return _text(server.response("UIDVALIDITY")[1])


def numbers(server: imaplib.IMAP4, after: int) -> list[int]:
    """The UIDs after this one, in order."""
    found = _text(_done(server.uid("SEARCH", f"UID {after + 1}:*")))
    # `n:*` always includes the last letter, even one before n (RFC 9051 §6.4.4).
    return sorted(number for word in found.split() if word.isdigit() and (number := int(word)) > after)


def sizes(server: imaplib.IMAP4, numbers: list[int]) -> dict[int, int]:
    """Octets of each letter, as far as the server tells."""
    if not numbers:
        return {}
    found: dict[int, int] = {}
    for line in _done(server.uid("FETCH", ",".join(map(str, numbers)), "(RFC822.SIZE)")):
        match = _SIZE.search(line) if isinstance(line, bytes) else None
        if match:
            number, size = (match[1], match[2]) if match[1] else (match[4], match[3])
            found[int(number)] = int(size)
    return found


def body(server: imaplib.IMAP4, number: int, most: int) -> bytes:
    """The letter; of one that is too much, its first `most` octets."""
    part = f"<0.{most}>" if most else ""
    data = _done(server.uid("FETCH", str(number), f"(BODY.PEEK[]{part})"))
    return next((part[1] for part in data if isinstance(part, tuple)), b"")


def folder_name(name: str) -> str:
    """A folder as IMAP4rev1 wants it (RFC 3501 §5.1.3): UTF-16 in a base64 of its own, quoted."""
    encoded = re.sub(r"[^\x20-\x7e]+", _shifted, name.replace("&", "&-"))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(match: re.Match[str]) -> str:
    packed = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii")
    return f"&{packed.rstrip('=').replace('/', ',')}-"
