"""A mailbox read over IMAP (the mayor's mailbox). Letters are only read: nothing is marked, moved or deleted there."""

from __future__ import annotations

import asyncio
import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from services.domain.source import Failure, Source
from services.usecases.collecting.contract import Entry, FetchFailed, NotAFeed, Parsed, ParserKilled, Taken

TIMEOUT_SECONDS = 20.0
AT_ONCE = 100
MAX_LETTER = 5 * 1024 * 1024
_SIZE = re.compile(rb"UID (\d+)\b.*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*?UID (\d+)")


class LetterReader(Protocol):
    """Raw letters to entries, off the event loop (`parsing.pool.ParsingPool`)."""

    async def letter(self, source: Source, body: bytes, now: datetime) -> Parsed: ...


@dataclass(frozen=True, slots=True)
class _Letters:
    """What was new: the folder's UIDVALIDITY, the letters by number, and the numbers of those left out as too large."""

    validity: str
    bodies: tuple[tuple[int, bytes], ...]
    too_large: tuple[int, ...]


class Mailbox:
    """Letters of one folder in the order of their numbers (`Box` of the collecting use case).

    `source.url` is imaps://host[:port]/folder (imap:// only on a trusted network); the options are `user`,
    `password_file` and, for a private authority, `ca_file`. The cursor is "UIDVALIDITY:last number".
    """

    def __init__(self, reader: LetterReader) -> None:
        self._reader = reader

    async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
        """Up to 100 letters after `cursor`; letters that could not be read are named in `flags`.

        Raises:
            FetchFailed: the server cannot be reached, or refuses the account or the folder.
        """
        letters = await asyncio.to_thread(_fetched, source, cursor)
        entries: list[Entry] = []
        flags = [f"第 {number} 号邮件超过 5 MiB，未读取" for number in letters.too_large]
        for number, body in letters.bodies:
            try:
                entries.extend((await self._reader.letter(source, body, now)).entries)
            except (NotAFeed, ParserKilled) as error:
                flags.append(f"第 {number} 号邮件：{error}")
        last = max((*letters.too_large, *(number for number, _ in letters.bodies), _after(cursor, letters.validity)))
        return Taken(tuple(entries), f"{letters.validity}:{last}", tuple(flags))


def _after(cursor: str, validity: str) -> int:
    """The last number read; 0 when the server has numbered its letters anew."""
    known, _, last = cursor.partition(":")
    return int(last) if known == validity and last.isdigit() else 0


def _fetched(source: Source, cursor: str) -> _Letters:
    try:
        with _connected(source) as server:
            folder = unquote(urlsplit(source.url).path.lstrip("/")) or "INBOX"
            _done(server.select(_folder_name(folder), readonly=True))
            validity = _text(server.response("UIDVALIDITY")[1])
            numbers = _numbers(server, _after(cursor, validity))[:AT_ONCE]
            sizes = _sizes(server, numbers)
            fitting = [number for number in numbers if sizes.get(number, 0) <= MAX_LETTER]
            bodies = tuple((number, _body(server, number)) for number in fitting)
            return _Letters(validity, bodies, tuple(number for number in numbers if number not in fitting))
    except TimeoutError:
        raise FetchFailed(Failure.TIMEOUT, "邮箱服务器在 20 秒内没有应答") from None
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed(Failure.UNREACHABLE, f"邮箱服务器的证书不可信：{error.verify_message}") from None
    except ssl.SSLError as error:
        raise FetchFailed(Failure.UNREACHABLE, f"与邮箱服务器无法建立加密连接：{error.reason}") from None
    except OSError as error:
        raise FetchFailed(Failure.UNREACHABLE, f"无法连接邮箱服务器：{error}") from None
    except imaplib.IMAP4.error as error:
        raise FetchFailed(Failure.REFUSED, f"邮箱服务器拒绝：{error}") from None


@contextmanager
def _connected(source: Source) -> Iterator[imaplib.IMAP4]:
    parts, options = urlsplit(source.url), dict(source.options)
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        context = ssl.create_default_context(cafile=options.get("ca_file"))
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT_SECONDS)
    else:
        server = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT_SECONDS)
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


def _body(server: imaplib.IMAP4, number: int) -> bytes:
    data = _done(server.uid("FETCH", str(number), "(BODY.PEEK[])"))
    return next((part[1] for part in data if isinstance(part, tuple)), b"")


def _folder_name(name: str) -> str:
    """A folder as IMAP4rev1 wants it (RFC 3501 §5.1.3): UTF-16 in a base64 of its own, quoted."""
    encoded = re.sub(r"[^\x20-\x7e]+", _shifted, name.replace("&", "&-"))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(match: re.Match[str]) -> str:
    packed = base64.b64encode(match[0].encode("utf-16-be")).decode("ascii")
    return f"&{packed.rstrip('=').replace('/', ',')}-"
