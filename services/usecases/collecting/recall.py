"""What of the entries is news: not what was published before, be it under another address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.domain.identity import canonical_address, fingerprint, same_post, titled_id
from services.domain.source import Source, SourceKind
from services.domain.timestamps import DATE_ONLY
from services.usecases.collecting.contract import Entry, Seen
from services.usecases.collecting.gather import Tools
from services.usecases.collecting.harvest import Fresh, digest_of, fresh_entries, late_entries

# A page may move; the number of a petition in an export or a letter is its own.
WITH_ADDRESSES = (SourceKind.FEED, SourceKind.BOARD)


@dataclass(frozen=True, slots=True)
class News:
    """What must be published, and what is only remembered, as posts of this source that moved to another address.

    `late` were published without their article, which may be there now.
    """

    fresh: list[Fresh]
    moved: list[Seen]
    late: list[Fresh] = field(default_factory=list)


async def news_of(tools: Tools, source: Source, entries: Sequence[Entry]) -> News:
    """Compare with what is remembered of the source. An edit at a new address is an edit of the post that moved."""
    now = tools.clock.now()
    known = await tools.store.known(source.id, list({entry.id for entry in entries}))
    apart = list(entries)
    for named in (_title, _words):
        apart = [_apart(entry, known.get(entry.id), named) for entry in apart]
        others = {entry.id for entry in apart} - known.keys() - {entry.id for entry in entries}
        if others:
            known |= await tools.store.known(source.id, list(others))
    fresh, late = fresh_entries(apart, known, now), late_entries(apart, known)
    new = [item.seen.content_hash for item in fresh if item.seen.version == 1]
    worded = _worded(apart, known)
    if not new or source.kind not in WITH_ADDRESSES:
        return News(fresh, worded, late)
    twins = await tools.store.same_words(source.id, new, now - tools.rules.republished_within)
    if source.many_voices:
        # One text at two addresses side by side is two people's; one that moved has left its old address.
        shown = {entry.id for entry in (*entries, *apart)}
        twins = {words: [seen for seen in same if seen.item_id not in shown] for words, same in twins.items()}
    moved = [_moved(i, twin) for i in fresh if (twin := _twin(i, twins, proves=not source.many_voices)) is not None]
    gone = {seen.item_id for seen in moved}
    return News([item for item in fresh if item.seen.item_id not in gone], [*worded, *moved], late)


def _worded(entries: Sequence[Entry], known: Mapping[str, Seen]) -> list[Seen]:
    """What an earlier version of this program remembered without its words, with them."""
    bare = [(entry, seen) for entry in entries if (seen := known.get(entry.id)) and not seen.wording.title]
    return [
        replace(seen, wording=entry.wording, printed=entry.published_raw)
        for entry, seen in bare
        if seen.content_hash == digest_of(entry)
    ]


def _apart(entry: Entry, before: Seen | None, named: Callable[[Entry], str]) -> Entry:
    """Another matter at a known address gets a name of its own: nobody may take it for an edit and miss it."""
    if before is None or before.content_hash == digest_of(entry) or same_post(before.wording, entry.wording):
        return entry
    return replace(entry, id=titled_id(entry.id, named(entry)))


def _title(entry: Entry) -> str:
    return entry.title


def _words(entry: Entry) -> str:
    """One title may stand over matter after matter (警情通报)."""
    return entry.title + entry.wording.opening


def _twin(item: Fresh, twins: Mapping[str, Sequence[Seen]], *, proves: bool) -> Seen | None:
    """What was published with the same words and is the same post, under another name or address.

    `proves` says that a long text is enough to tell.
    """
    same = twins.get(item.seen.content_hash, ())
    if item.seen.version > 1 or not same:
        return None
    if proves and fingerprint(item.entry.title, item.entry.text):
        return next(iter(same), None)
    return next((seen for seen in same if _same_item(item.entry, seen)), None)


def _same_item(entry: Entry, seen: Seen) -> bool:
    """Whether the same few words are one post: many people say them independently, but not at one place and moment."""
    here, there = canonical_address(entry.url), canonical_address(seen.url)
    if here == there and here:
        return True
    if entry.guid and entry.guid == seen.wording.guid:
        return True
    at_once = entry.published_raw == seen.printed and DATE_ONLY not in entry.flags
    return at_once and here.partition("?")[0] == there.partition("?")[0] and bool(entry.published_raw or not here)


def _moved(item: Fresh, twin: Seen) -> Seen:
    return replace(item.seen, version=twin.version, post_id=twin.post_id or twin.item_id)
