"""A mailbox read over IMAP (the mayor's mailbox). Letters are only read: nothing is marked, moved or deleted there."""

from __future__ import annotations

import asyncio
import base64
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from services.adapters.fetch.guard import Guard, Refused
from services.domain.identity import content_hash
from services.domain.source import Failure, Refusal, Source
from services.usecases.collecting.contract import Entry, FetchFailed, NotAFeed, Parsed, ParserKilled, Taken

TOTAL_SECONDS = 20.0
"""For a whole look; what was read by then is kept, and the next look goes on from there."""
AT_ONCE = 100
MAX_LETTER = 5 * 1024 * 1024
MAX_TOGETHER = 3 * MAX_LETTER
HEAD = 1024 * 1024
"""What is read of a larger letter: its words stand before its photographs."""
SLOW_HEAD = 64 * 1024
CONNECT_SECONDS = 8.0
MAILBOXES_AT_ONCE = 8
_SIZE = re.compile(rb"UID (\d+)\b.*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*?UID (\d+)")


class LetterReader(Protocol):
    """Raw letters to entries, off the event loop (`parsing.pool.ParsingPool`)."""

    async def letter(self, source: Source, body: bytes, now: datetime) -> Parsed: ...


@dataclass(slots=True)
class _Look:
    """One look: the connection while it lasts, the folder's UIDVALIDITY, and the letters read so far by number.

    `cut_short` are the numbers of those of which only the beginning was read, `refused` of those the server would not
    hand out; `newest` is the highest there is, `reading` the one under way, `slow` one that took a whole look before.
    """

    addresses: list[str]
    slow: int = 0
    line: socket.socket | None = None
    over: bool = False
    validity: str = ""
    bodies: list[tuple[int, bytes]] = field(default_factory=list)
    cut_short: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    newest: int = 0
    reading: int = 0
    held: list[socket.socket] = field(default_factory=list)

    def connect(self, port: int) -> socket.socket:
        """To the first checked address that answers; a second handle, so that another thread can end the line."""
        failure: OSError = OSError("no address")
        for address in self.addresses:
            try:
                line = socket.create_connection((address, port), CONNECT_SECONDS)
            except OSError as error:
                failure = error
                continue
            line.settimeout(TOTAL_SECONDS)
            self.line = line.dup()
            self.held += [line, self.line]
            if self.over:
                self.end()
            return line
        raise failure

    @property
    def last(self) -> int:
        """The highest number that need not be asked for again."""
        return max((*self.refused, *(number for number, _ in self.bodies)), default=0)

    def end(self) -> None:
        """Whoever reads from this line reads no more. A server that drips can be ended in no other way."""
        self.over = True
        if self.line is not None:
            with suppress(OSError):  # the server was quicker
                self.line.shutdown(socket.SHUT_RDWR)


class Mailbox:
    """Letters of one folder in the order of their numbers (`Box` of the collecting use case).

    `source.url` is imaps://host[:port]/folder (imap:// only on a trusted network); the options are `user`,
    `password_file` and, for a private authority, `ca_file`. The cursor is "UIDVALIDITY:last number".
    """

    def __init__(self, reader: LetterReader, guard: Guard) -> None:
        self._reader, self._guard = reader, guard
        # Threads of its own: a mailbox that hangs holds up other mailboxes at most.
        self._threads = ThreadPoolExecutor(MAILBOXES_AT_ONCE, thread_name_prefix="mailbox")

    async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
        """Up to 100 letters after `cursor`; letters that could not be read whole are named in `refused`.

        Raises:
            FetchFailed: the server cannot or must not be reached, says nothing, or refuses the account or the folder.
        """
        letters = await self._read(source, cursor)
        entries: list[Entry] = []
        refused = [(number, "过大或过慢，只读取了开头，附件未读") for number in letters.cut_short]
        refused += [(number, "：邮箱服务器拒绝交出，未读取") for number in letters.refused]
        for number, body in letters.bodies:
            try:
                read = await self._reader.letter(source, body, now)
                entries.extend(replace(entry, id=_letter_id(entry)) for entry in read.entries)
            except (NotAFeed, ParserKilled) as error:
                refused.append((number, f"：{error}"))
        last = max(letters.last, _after(cursor, letters.validity))
        slow = f":{letters.reading}" if letters.over and letters.reading > last else ""
        named = [Refusal(f"{letters.validity}:{number}", f"第 {number} 号邮件{why}", now) for number, why in refused]
        return Taken(tuple(entries), f"{letters.validity}:{last}{slow}", tuple(named), letters.newest > last)

    async def _read(self, source: Source, cursor: str) -> _Look:
        parts = urlsplit(source.url)
        try:
            addresses = await self._guard.addresses(parts.hostname or "", parts.port or 0)
        except Refused as refused:
            raise FetchFailed(Failure.REFUSED, str(refused)) from None
        look = _Look(addresses, _slow(cursor))
        reading = asyncio.get_running_loop().run_in_executor(self._threads, _fetched, source, cursor, look)
        try:
            done, _ = await asyncio.wait({reading}, timeout=TOTAL_SECONDS)
        except asyncio.CancelledError:
            look.end()
            raise
        if not done:
            look.end()
        await reading
        return look

    def close(self) -> None:
        """No further look begins."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _letter_id(entry: Entry) -> str:
    """Nobody edits a letter: another text, writer or time under one Message-ID, or none, is another letter."""
    written = f"{entry.text}\x1f{entry.author}\x1f{entry.published_raw}"
    return f"{entry.id}#{content_hash(entry.title, written)[:12]}"


def _slow(cursor: str) -> int:
    number = cursor.split(":")[2:]
    return int(number[0]) if number and number[0].isdigit() else 0


def _after(cursor: str, validity: str) -> int:
    """The last number read; 0 when the server has numbered its letters anew."""
    known, last = (*cursor.split(":"), "")[:2]
    return int(last) if known == validity and last.isdigit() else 0


def _fetched(source: Source, cursor: str, look: _Look) -> None:
    """Read into `look`. Whatever ends it, it keeps the letters it has, and has failed only where it has none.

    A letter that took a whole look is asked for by its beginning at the next one; if not even that comes, the server
    is out of order, and nothing is passed over.
    """
    try:
        _read_into(look, source, cursor)
    except FetchFailed:
        if look.bodies or (look.over and look.reading not in (0, look.slow)):
            return
        if not look.over:
            raise
        raise FetchFailed(Failure.TIMEOUT, f"邮箱服务器在 {TOTAL_SECONDS:.0f} 秒内没有应答完") from None
    finally:
        for line in look.held:  # imaplib leaves one open where the other side is gone first
            line.close()


def _read_into(look: _Look, source: Source, cursor: str) -> None:
    try:
        with _connected(source, look) as server:
            folder = unquote(urlsplit(source.url).path.lstrip("/")) or "INBOX"
            _done(server.select(_folder_name(folder), readonly=True))
            look.validity = _text(server.response("UIDVALIDITY")[1])
            numbers = _numbers(server, _after(cursor, look.validity))
            look.newest, numbers = max(numbers, default=0), numbers[:AT_ONCE]
            sizes = _sizes(server, numbers)
            together = 0
            for number in numbers:
                part = SLOW_HEAD if number == look.slow else HEAD if sizes.get(number, 0) > MAX_LETTER else 0
                together += part or sizes.get(number, 0)
                if look.bodies and together > MAX_TOGETHER:
                    return
                look.reading = number
                try:
                    look.bodies.append((number, _body(server, number, part)))
                except imaplib.IMAP4.abort:
                    raise
                except imaplib.IMAP4.error:
                    look.refused.append(number)
                    continue
                look.cut_short += [number] if part else []
    except TimeoutError:
        raise FetchFailed(Failure.TIMEOUT, f"邮箱服务器在 {TOTAL_SECONDS:.0f} 秒内没有应答") from None
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed(Failure.UNREACHABLE, f"邮箱服务器的证书不可信：{error.verify_message}") from None
    except ssl.SSLError as error:
        raise FetchFailed(Failure.UNREACHABLE, f"与邮箱服务器无法建立加密连接：{error.reason}") from None
    except OSError as error:
        raise FetchFailed(Failure.UNREACHABLE, f"无法连接邮箱服务器：{error}") from None
    except imaplib.IMAP4.error as error:
        raise FetchFailed(Failure.REFUSED, f"邮箱服务器拒绝：{error}") from None
    except UnicodeEncodeError:
        raise FetchFailed(Failure.REFUSED, "邮箱的用户名和密码只能用英文字母、数字和符号") from None


class _Plain(imaplib.IMAP4):
    """Connects where the look says, not where a second answer of the name server may lead."""

    def __init__(self, look: _Look, host: str, port: int) -> None:
        self._look = look
        super().__init__(host, port)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        return self._look.connect(self.port)


class _Encrypted(imaplib.IMAP4_SSL):
    """The same; the certificate must be that of the name."""

    def __init__(self, look: _Look, host: str, port: int, context: ssl.SSLContext) -> None:
        self._look = look
        super().__init__(host, port, ssl_context=context)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        line: socket.socket = self.ssl_context.wrap_socket(self._look.connect(self.port), server_hostname=self.host)
        self._look.held.append(line)
        return line


@contextmanager
def _connected(source: Source, look: _Look) -> Iterator[imaplib.IMAP4]:
    parts, options = urlsplit(source.url), dict(source.options)
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        context = ssl.create_default_context(cafile=options.get("ca_file"))
        server: imaplib.IMAP4 = _Encrypted(look, host, parts.port or 993, context)
    else:
        server = _Plain(look, host, parts.port or 143)
    with server:
        password = Path(options.get("password_file", "")).read_text(encoding="utf-8").strip()
        server.login(options.get("user", ""), password)
        yield server


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(_text(data))
    return data


def _text(data: list[Any]) -> str:
    return data[0].decode("utf-8", "replace") if data and isinstance(data[0], bytes) else ""


def _numbers(server: imaplib.IMAP4, after: int) -> list[int]:
    found = _text(_done(server.uid("SEARCH", f"UID {after + 1}:*")))
    # `n:*` always includes the last letter, even one before n (RFC 9051 §6.4.4).
    return sorted(number for word in found.split() if word.isdigit() and (number := int(word)) > after)


def _sizes(server: imaplib.IMAP4, numbers: list[int]) -> dict[int, int]:
    if not numbers:
        return {}
    sizes: dict[int, int] = {}
    for line in _done(server.uid("FETCH", ",".join(map(str, numbers)), "(RFC822.SIZE)")):
        match = _SIZE.search(line) if isinstance(line, bytes) else None
        if match:
            number, size = (match[1], match[2]) if match[1] else (match[4], match[3])
            sizes[int(number)] = int(size)
    return sizes


def _body(server: imaplib.IMAP4, number: int, most: int) -> bytes:
    """The letter; of one that is too much, its first `most` octets."""
    part = f"<0.{most}>" if most else ""
    data = _done(server.uid("FETCH", str(number), f"(BODY.PEEK[]{part})"))
    return next((part[1] for part in data if isinstance(part, tuple)), b"")


def _folder_name(name: str) -> str:
    """A folder as IMAP4rev1 wants it (RFC 3501 §5.1.3): UTF-16 in a base64 of its own, quoted."""
    encoded = re.sub(r"[^\x20-\x7e]+", _shifted, name.replace("&", "&-"))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(match: re.Match[str]) -> str:
    packed = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii")
    return f"&{packed.rstrip('=').replace('/', ',')}-"
