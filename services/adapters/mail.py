"""One letter as an entry. Runs in a worker process: letters are as hostile as pages."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from services.adapters.cleaning import plain_text
from services.adapters.encodings import DAMAGED, UNCERTAIN, decode
from services.adapters.entries import RawEntry, entries_of
from services.usecases.collecting.contract import NotAFeed, Parsed

MAX_PARTS = 200
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")


def read_mail(body: bytes, now: datetime, *, mainland: bool = True) -> Parsed:
    """The letter in `body` (RFC 5322). Its Message-ID names it; attachments are only mentioned.

    Raises:
        NotAFeed: there is neither a subject nor a text.
    """
    message = email.message_from_bytes(body)
    text, flags = _text(message, mainland)
    names = [name for part in _parts(message) if (name := part.get_filename())]
    attached = "\n附件：" + "、".join(_words(str(name)) for name in names[:20]) if names else ""
    name, address = parseaddr(_header(message, "From"))
    raw = RawEntry(
        title=_header(message, "Subject"),
        content=text + attached,
        guid=_header(message, "Message-ID"),
        author=name or address,
        times=(_header(message, "Date"),),
    )
    entries = entries_of([raw], "", now, flags)
    if not entries:
        raise NotAFeed("邮件既无主题也无正文")
    return Parsed(entries, None, "", flags, None)


def _parts(message: Message) -> Iterator[Message]:
    for count, part in enumerate(message.walk()):
        if count >= MAX_PARTS:
            return
        yield part


def _text(message: Message, mainland: bool) -> tuple[str, tuple[str, ...]]:
    """The plain version where there is one, else the HTML version."""
    for wanted in ("text/plain", "text/html"):
        for part in _parts(message):
            if part.get_content_type() == wanted and not part.get_filename():
                payload = part.get_payload(decode=True)
                found = decode(
                    payload if isinstance(payload, bytes) else b"", _header(part, "Content-Type"), mainland=mainland
                )
                if found.text.strip():
                    doubts = tuple(flag for flag in found.flags if flag in (UNCERTAIN, DAMAGED))
                    plain = _AUTOLINK.sub(r"\1", found.text) if wanted == "text/plain" else plain_text(found.text).text
                    return plain, doubts
    return "", ()


def _header(message: Message, name: str) -> str:
    # The parsed headers have lost raw GBK bytes; the raw ones keep them as surrogates.
    return _words(next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), ""))


def _words(printed: str) -> str:
    """A header as text: encoded words (RFC 2047), or raw bytes in whatever encoding the sender's system had."""
    if not printed.isascii():
        return decode(printed.encode("utf-8", "surrogateescape")).text
    try:
        pieces = decode_header(printed)
    except HeaderParseError:
        return printed
    return "".join(_piece(piece, charset) for piece, charset in pieces)


def _piece(piece: bytes | str, charset: str | None) -> str:
    return piece if isinstance(piece, str) else decode(piece, f"charset={charset or ''}").text
