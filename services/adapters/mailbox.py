"""A mailbox read over IMAP (the mayor's mailbox). Letters are only read: nothing is marked, moved or deleted there."""

from __future__ import annotations

import asyncio
import imaplib
import ssl
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from services.adapters import imap
from services.adapters.fetch.guard import Guard, Refused
from services.adapters.imap import LOOK_SECONDS, Line, Session
from services.domain.identity import content_hash
from services.domain.source import Failure, Refusal, Source
from services.usecases.collecting.contract import Box, Entry, FetchFailed, NotAFeed, Parsed, ParserKilled, Taken

AT_ONCE = 100
MAX_LETTER = 5 * 1024 * 1024
MAX_TOGETHER = 3 * MAX_LETTER
HEAD = 1024 * 1024
"""What is read of a larger letter: its words stand before its photographs."""
SLOW_HEAD = 64 * 1024
MAILBOXES_AT_ONCE = 8
LEAVE_SECONDS = 2.0


class LetterReader(Protocol):
    """Raw letters to entries, off the event loop (`parsing.pool.ParsingPool`)."""

    async def letter(self, source: Source, body: bytes, now: datetime) -> Parsed: ...


@dataclass(slots=True)
class _Look:
    """One look: the session it happens in, the folder's UIDVALIDITY, and the letters read so far by number.

    `cut_short` are the numbers of those of which only the beginning was read, `refused` of those the server would not
    hand out; `newest` is the highest there is, `reading` the one under way, `slow` one that took a whole look before.
    """

    session: Session
    slow: int = 0
    validity: str = ""
    bodies: list[tuple[int, bytes]] = field(default_factory=list)
    cut_short: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    newest: int = 0
    reading: int = 0

    @property
    def last(self) -> int:
        """The highest number that need not be asked for again."""
        return max((*self.refused, *(number for number, _ in self.bodies)), default=0)


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
        async with self.sitting(source) as sitting:
            return await sitting.take(source, cursor, now)

    @asynccontextmanager
    async def sitting(self, source: Source) -> AsyncIterator[Box]:
        """See `Box.sitting`: one sign-in for all, where the server does not hang up in between."""
        sitting = _Sitting(self._reader, self._guard, self._threads)
        try:
            yield sitting
        finally:
            await sitting.end()

    def close(self) -> None:
        """No further look begins."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Sitting:
    """Takes in a row from one mailbox. Each has its own deadline; one that runs into it costs the connection."""

    def __init__(self, reader: LetterReader, guard: Guard, threads: ThreadPoolExecutor) -> None:
        self._reader, self._guard, self._threads = reader, guard, threads
        self._session: Session | None = None

    @asynccontextmanager
    async def sitting(self, source: Source) -> AsyncIterator[Box]:
        """This is one."""
        yield self

    async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
        """See `Mailbox.take`."""
        letters = await self._read(source, cursor)
        entries: list[Entry] = []
        refused = [(number, "过大或过慢，只读取了开头，附件未读") for number in letters.cut_short]
        refused += [(number, "：邮箱服务器拒绝提供该邮件，未能读取") for number in letters.refused]
        for number, body in letters.bodies:
            try:
                read = await self._reader.letter(source, body, now)
                entries.extend(replace(entry, id=_letter_id(entry)) for entry in read.entries)
            except (NotAFeed, ParserKilled) as error:
                refused.append((number, f"：{error}"))
        last = max(letters.last, _after(cursor, letters.validity))
        slow = f":{letters.reading}" if letters.session.line.over and letters.reading > last else ""
        named = [Refusal(f"{letters.validity}:{number}", f"第 {number} 号邮件{why}", now) for number, why in refused]
        return Taken(tuple(entries), f"{letters.validity}:{last}{slow}", tuple(named), letters.newest > last)

    async def _read(self, source: Source, cursor: str) -> _Look:
        look = _Look(await self._opened(source), _slow(cursor))
        reading = asyncio.get_running_loop().run_in_executor(self._threads, _fetched, source, cursor, look)
        await _in_time(reading, look.session.line, LOOK_SECONDS)
        await reading
        return look

    async def _opened(self, source: Source) -> Session:
        """The session as it is, or where there is none yet or the last look ended it, one at checked addresses."""
        if self._session is None or self._session.line.over:
            parts = urlsplit(source.url)
            try:
                addresses = await self._guard.addresses(parts.hostname or "", parts.port or 0)
            except Refused as refused:
                raise FetchFailed(Failure.REFUSED, str(refused)) from None
            self._session = Session(source, Line(addresses))
        return self._session

    async def end(self) -> None:
        """Sign out, without waiting long for the answer."""
        if self._session is None or self._session.line.over:
            return
        leaving = asyncio.get_running_loop().run_in_executor(self._threads, self._session.leave)
        await _in_time(leaving, self._session.line, LEAVE_SECONDS)


async def _in_time(work: asyncio.Future[None], line: Line, seconds: float) -> None:
    """Wait for what a thread does with the line, and end the line when the time is up or nobody waits any more."""
    try:
        done, _ = await asyncio.wait({work}, timeout=seconds)
    except asyncio.CancelledError:
        line.end()
        raise
    if not done:
        line.end()


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
        _read_into(look, cursor)
    except FetchFailed:
        over = look.session.line.over
        look.session.drop()
        if look.bodies or (over and look.reading not in (0, look.slow)):
            return
        if not over:
            raise
        raise FetchFailed(Failure.TIMEOUT, f"邮箱服务器未能在 {LOOK_SECONDS:.0f} 秒内应答完毕") from None


def _read_into(look: _Look, cursor: str) -> None:
    try:
        server, look.validity = look.session.folder()
        numbers = imap.numbers(server, _after(cursor, look.validity))
        look.newest, numbers = max(numbers, default=0), numbers[:AT_ONCE]
        _read_letters(look, server, numbers)
    except TimeoutError:
        raise FetchFailed(Failure.TIMEOUT, f"邮箱服务器在 {LOOK_SECONDS:.0f} 秒内没有应答") from None
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


def _read_letters(look: _Look, server: imaplib.IMAP4, numbers: list[int]) -> None:
    sizes = imap.sizes(server, numbers)
    together = 0
    for number in numbers:
        part = SLOW_HEAD if number == look.slow else HEAD if sizes.get(number, 0) > MAX_LETTER else 0
        together += part or sizes.get(number, 0)
        if look.bodies and together > MAX_TOGETHER:
            return
        look.reading = number
        try:
            look.bodies.append((number, imap.body(server, number, part)))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            look.refused.append(number)
            continue
        look.cut_short += [number] if part else []
