"""One letter as an entry. Runs in a worker process: letters are as hostile as pages."""

from __future__ import annotations

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from services.adapters.cleaning import literal_text, plain_text
from services.adapters.encodings import DAMAGED, UNCERTAIN, decode
from services.adapters.entries import RawEntry, entries_of
from services.usecases.collecting.contract import NotAFeed, Parsed

MAX_PARTS, DEEPEST = 200, 20
UNREAD, NAMELESS = "其余部分过多，未读取", "（文件名无法读取）"
# Letters of “您的邮件程序不支持 HTML，请……”.
SHORT = 200
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")


@dataclass(frozen=True, slots=True)
class _Text:
    words: str = ""
    flags: tuple[str, ...] = ()


def read_mail(body: bytes, now: datetime, *, mainland: bool = True) -> Parsed:
    """The letter in `body` (RFC 5322). Its Message-ID names it; attachments are only mentioned.

    Raises:
        NotAFeed: there is neither a subject nor a text.
    """
    message = email.message_from_bytes(body)
    letter = _Letter(mainland)
    text = letter.read(message)
    attached = "\n附件：" + "、".join(letter.names[:20]) if letter.names else ""
    name, address = parseaddr(_header(message, "From"))
    raw = RawEntry(
        title=literal_text(_header(message, "Subject")).text,
        content=text.words + attached,
        literal=True,
        guid=_header(message, "Message-ID"),
        author=name or address,
        times=(_header(message, "Date"),),
    )
    entries = entries_of([raw], "", now, text.flags)
    if not entries:
        raise NotAFeed("邮件既无主题也无正文")
    return Parsed(entries, None, "", text.flags, None)


class _Letter:
    """One letter taken apart: its texts in their order, and the names of what else it brings."""

    def __init__(self, mainland: bool) -> None:
        self.mainland, self.parts, self.names = mainland, 0, list[str]()

    def read(self, part: Message, deep: int = 0) -> _Text:
        """What people wrote in this part: of alternatives the fullest, of a forwarded letter subject and text."""
        self.parts += 1
        if self.parts > MAX_PARTS or deep > DEEPEST:
            self.names += [UNREAD] if UNREAD not in self.names else []
            return _Text()
        if part.is_multipart():
            inner = [self.read(one, deep + 1) for one in _within(part)]
            if part.get_content_type() == "multipart/alternative":
                return _fullest(inner)
            return _joined([_Text(_forwarded(part)), *inner])
        # One of several parts that has none, as its boundary is nowhere, is read as it is: the words are in it.
        wanted = part.get_content_type() in ("text/plain", "text/html") or part.get_content_maintype() == "multipart"
        if not wanted or part.get_content_disposition() == "attachment":
            self.names += [name] if (name := _file_name(part)) else []
            return _Text()
        return self._decoded(part)

    def _decoded(self, part: Message) -> _Text:
        payload = part.get_payload(decode=True)
        body = payload if isinstance(payload, bytes) else b""
        found = decode(body, _header(part, "Content-Type"), mainland=self.mainland)
        doubts = tuple(flag for flag in found.flags if flag in (UNCERTAIN, DAMAGED))
        if part.get_content_type() == "text/html":
            return _Text(plain_text(found.text).text, doubts)
        return _Text(_AUTOLINK.sub(r"\1", found.text), doubts)


def _within(part: Message) -> list[Message]:
    """What a part consists of. Some programs pack a forwarded letter, which the standard forbids."""
    inner = [one for one in part.get_payload() if isinstance(one, Message)]
    # A header of raw bytes is no string.
    packed = str(part.get("Content-Transfer-Encoding", "")).strip().lower() in ("base64", "quoted-printable")
    if part.get_content_type() != "message/rfc822" or not packed or not inner:
        return inner
    wrapped = Message()
    wrapped["Content-Transfer-Encoding"] = part["Content-Transfer-Encoding"]
    wrapped.set_payload(inner[0].as_string().lstrip("\n"))
    unpacked = wrapped.get_payload(decode=True)
    return [email.message_from_bytes(unpacked)] if isinstance(unpacked, bytes) else inner


def _file_name(part: Message) -> str:
    try:
        return _words(str(part.get_filename() or ""))
    except ValueError:  # in an encoding that not even a name can have
        return NAMELESS


def _forwarded(part: Message) -> str:
    if part.get_content_type() != "message/rfc822":
        return ""
    return "转发的邮件：" + "".join(_header(one, "Subject") for one in _within(part))


def _joined(texts: Sequence[_Text]) -> _Text:
    """One below the other; what stands above already, as HTML beside plain text, is not said twice."""
    kept: list[_Text] = []
    for one in texts:
        if one.words.strip() and not any(_letters(one) in _letters(above) for above in kept):
            kept.append(one)
    flags = dict.fromkeys(flag for one in kept for flag in one.flags)
    return _Text("\n".join(one.words.strip() for one in kept), tuple(flags))


def _fullest(versions: Sequence[_Text]) -> _Text:
    """The first, which is the plain one, if it says what the longest of the others says; both where neither does.

    A few words in place of the other version are not a version.
    """
    written = [one for one in versions if one.words.strip()] or [_Text()]
    first, other = written[0], max(written[1:], key=_length, default=written[0])
    if _says(first, other):
        return first
    stands_in = _length(first) < SHORT and "html" in first.words.lower()
    return other if stands_in or _says(other, first) else _joined([first, other])


def _says(one: _Text, other: _Text) -> bool:
    """Whether all but a twentieth of the other's words, by pairs of letters, stand in this one."""
    wanted = _pairs(_letters(other))
    return 20 * len(wanted & _pairs(_letters(one))) >= 19 * len(wanted)


def _pairs(letters: str) -> set[str]:
    return {letters[at : at + 2] for at in range(len(letters) - 1)} or {letters}


def _letters(text: _Text) -> str:
    return "".join(filter(str.isalnum, text.words))


def _length(text: _Text) -> int:
    return len(text.words.strip())


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
