"""Feeds of every kind, from bytes to entries. Runs in a worker process (`parsing`), never in the event loop."""

from __future__ import annotations

from datetime import datetime

from services.adapters.encodings import DAMAGED, UNCERTAIN, decode
from services.adapters.entries import RawEntry, entries_of, left_out
from services.adapters.feeds.jsonfeed import read_json_feed
from services.adapters.feeds.xmlfeed import read_xml_feed, resolved, ttl_seconds
from services.domain.characters import REMOVED, legible
from services.usecases.collecting.contract import NotAFeed, Parsed

MAX_ENTRIES = 20_000
TOO_MANY = "entries_cut"


def read_feed(
    body: bytes, content_type: str, base: str, now: datetime, *, mainland: bool = True, many_voices: bool = False
) -> Parsed:
    """The feed in `body`, which came from the address `base` and was first seen at `now`. For the rest see `Source`.

    Raises:
        NotAFeed: the body is something else; the reason is in plain Chinese.
    """
    decoded = decode(body, content_type, mainland=mainland)
    if not decoded.text.strip():
        raise NotAFeed("内容为空，请核对地址")
    raws, repaired = _raw_entries(decoded.text.strip())
    doubts = [flag for flag in decoded.flags if flag in (UNCERTAIN, DAMAGED)]
    used, mended = raws[:MAX_ENTRIES], (REMOVED,) if repaired else ()
    entries = entries_of(used, base, now, [*doubts, *mended], many_voices=many_voices)
    cut = (TOO_MANY,) if len(raws) > MAX_ENTRIES else ()
    found = (*decoded.flags, *mended, *cut, *left_out(used, entries))
    return Parsed(entries, ttl_seconds(decoded.text), decoded.encoding, found, None)


def _raw_entries(text: str) -> tuple[list[RawEntry], bool]:
    """The items, and whether illegal characters had to go."""
    if text[0] in "{[":
        clean, repaired = legible(text)
        return read_json_feed(clean), repaired
    if "<" not in text:
        raise NotAFeed("这是纯文本，不是订阅源")
    clean, repaired = legible(resolved(text))
    return read_xml_feed(clean), repaired
