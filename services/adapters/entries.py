"""Items as a source printed them, to entries as they are stored: cleaned, dated, each identity once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.adapters.cleaning import literal_text, plain_line, plain_text, web_link
from services.domain.characters import legible
from services.domain.identity import post_id, same_post, titled_id, weighed_hash
from services.domain.intake import LINK_REMOVED, MAX_NAME, MAX_TITLE, TITLE_CUT, TITLE_FROM_TEXT, TITLE_TAKEN
from services.domain.post import shortened
from services.domain.remarks import LEFT_OUT
from services.domain.timestamps import MISSING, Moment, read_time
from services.usecases.collecting.contract import Entry

# A description shorter than this, with a link and without a full-content element, is taken for a summary.
SUMMARY_LENGTH = 200
_TRAILS_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:阅读|查看)?(?:全文|更多|详情|详细内容?)[\])】»>]*)\s*$")


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One item as printed: HTML or text, unchecked. `content` is the full text where the source has an element for it;
    `times` are the printed times, the most trustworthy first; `literal` says that `content` is no HTML."""

    title: str = ""
    summary: str = ""
    content: str = ""
    link: str = ""
    guid: str = ""
    author: str = ""
    times: tuple[str, ...] = ()
    literal: bool = False


def entries_of(
    raws: Iterable[RawEntry], base: str, now: datetime, flags: Sequence[str] = (), *, many_voices: bool = False
) -> tuple[Entry, ...]:
    """The entries among `raws` that have words, in their order, each identity once. `flags` go on every one.

    A long text is one post also under two names, unless there are `many_voices`.
    """
    made = [read for raw in raws if (read := _read(raw, base, now, tuple(flags))) is not None]
    return tuple(_once(_distinct([entry for entry, _ in made]), [proves and not many_voices for _, proves in made]))


def left_out(raws: Sequence[RawEntry], entries: Sequence[Entry]) -> tuple[str, ...]:
    """A flag that counts the items without words and the repetitions, where there are any."""
    missing = len(raws) - len(entries)
    return (f"{LEFT_OUT}_{missing}",) if missing else ()


def _read(raw: RawEntry, base: str, now: datetime, common: tuple[str, ...]) -> tuple[Entry, bool] | None:
    """The entry, and whether its words are enough to know it again by them."""
    title = plain_line(raw.title)
    body = literal_text(raw.content) if raw.literal else plain_text(raw.content or raw.summary)
    if not title.text and not body.text:
        return None
    link, guid = web_link(raw.link, base), legible(raw.guid)[0]
    raw_time, moment = _moment(raw.times, now)
    text, text_flags = shortened(body.text)
    head, head_flags = _headline(title.text, text)
    words, proves = weighed_hash(head, text)
    found = title.flags + body.flags + text_flags + head_flags + moment.flags
    entry = Entry(
        id=post_id(link, guid, head, text),
        url=link,
        title=head,
        text=text,
        author=plain_line(raw.author).text[:MAX_NAME] if raw.author else "",
        published_at=moment.at,
        published_raw=legible(raw_time)[0][:200],
        flags=tuple(dict.fromkeys((*common, *found, *((LINK_REMOVED,) if raw.link and not link else ())))),
        summary_only=bool(link) and not raw.content and _is_summary(text),
        words=words,
        guid=guid.strip()[:MAX_NAME] if guid not in (link, raw.link) else "",
    )
    return entry, proves


def _moment(times: Sequence[str], now: datetime) -> tuple[str, Moment]:
    """The first time that can be true; if none can, what was printed first and why it cannot."""
    first = ("", Moment(None, (MISSING,)))
    for raw in filter(None, times):
        moment = read_time(raw, now)
        if moment.at is not None:
            return raw, moment
        first = first if first[0] else (raw, moment)
    return first


def _headline(title: str, text: str) -> tuple[str, tuple[str, ...]]:
    if not title:
        return " ".join(text[:TITLE_FROM_TEXT].split()), (TITLE_TAKEN,)
    return (title[:MAX_TITLE], (TITLE_CUT,)) if len(title) > MAX_TITLE else (title, ())


def _is_summary(text: str) -> bool:
    return len(text) < SUMMARY_LENGTH or bool(_TRAILS_OFF.search(text[-20:]))


def _distinct(entries: list[Entry]) -> list[Entry]:
    """Different posts behind one address (a live page, a list) get names of their own, by title, then by words."""
    shared = _shared_ids(entries)
    if not shared:
        return entries
    titled = [replace(one, id=titled_id(one.id, one.title)) if one.id in shared else one for one in entries]
    again = _shared_ids(titled)
    return [replace(one, id=_worded_id(one)) if one.id in again else one for one in titled]


def _worded_id(entry: Entry) -> str:
    return titled_id(entry.id, entry.title + entry.wording.opening)


def _shared_ids(entries: list[Entry]) -> set[str]:
    first: dict[str, Entry] = {}
    shared: set[str] = set()
    for entry in entries:
        known = first.setdefault(entry.id, entry)
        if known is not entry and not same_post(known.wording, entry.wording):
            shared.add(entry.id)
    return shared


def _once(entries: Sequence[Entry], proven: Sequence[bool]) -> list[Entry]:
    """Of several versions the latest; of a long text published twice the first."""
    by_id: dict[str, Entry] = {}
    words: set[str] = set()
    for entry, proves in zip(entries, proven, strict=True):
        known = by_id.get(entry.id)
        if _later(entry, known) if known else entry.words not in words:
            by_id[entry.id] = entry
        if proves:
            words.add(entry.words)
    return list(by_id.values())


def _later(entry: Entry, known: Entry) -> bool:
    return bool(entry.published_at and known.published_at and entry.published_at > known.published_at)
