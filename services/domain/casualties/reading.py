"""Text → casualties of this event with their reasons."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.domain.assessment import Casualties, Reason
from services.domain.casualties.context import NAMES, Background
from services.domain.casualties.drills import is_drill
from services.domain.casualties.hospital import POISONED
from services.domain.casualties.mentions import mentions_of
from services.domain.casualties.merging import merge
from services.domain.casualties.pairing import Mention
from services.domain.casualties.recovered import still_missing
from services.domain.casualties.remainder import Remainder, some_saved
from services.domain.casualties.rivals import outweighed
from services.domain.casualties.scenes import Scenes
from services.domain.casualties.spoken import perilous
from services.domain.casualties.spoken_words import PERIL
from services.domain.casualties.statements import Count, Statement, state
from services.domain.casualties.witness import Witness
from services.domain.casualties.words import HINTS, NUMBER_SIGN, hints
from services.domain.denials import claim_denied, confirmed
from services.domain.numerals import halve_width
from services.domain.patterns import late
from services.domain.regions.names import Mention as Place

CUES = (*HINTS, *PERIL)
"""Without one of these words a text tells of no casualties."""
_HINTS = frozenset(HINTS)
MAX_CHARACTERS = 6_000
"""Nobody states this event's dead, nor its grade, further down; the cap keeps a megabyte of one sign harmless."""
MAX_SENTENCES = 60
LONGEST = 600
"""Characters of a sentence."""
_SENTENCE_END = late(r"[。！？!?；;\n]")
_LABELS = {
    "deaths": "伤亡:死亡", "missing": "伤亡:失踪失联", "serious_injuries": "伤亡:重伤", "injuries": "伤亡:受伤",
    "direct_loss_yuan": "直接经济损失", "evacuated": "疏散转移",
}  # fmt: skip
_BOUND_LABELS = {"at_least": "至少", "about": "约", "at_most": "至多", "": ""}


@dataclass(frozen=True, slots=True)
class CasualtyReading:
    """Casualties of the event told of and why.

    `place` is the other place that the wording sets it in, None where it is ours or says nothing. `counted`: people
    are counted. `scenes` are the places of the text, where anything is counted. `endangered`: whoever is counted in a
    calamity of whom nobody says what became of them; `rest` are those who are left where some are said to have come
    out, none where all did: these are in danger, or dead, not all. `figures` are the spans of the numbers by field of
    `casualties`.
    """

    casualties: Casualties
    reasons: tuple[Reason, ...] = ()
    place: Place | None = None
    counted: bool = False
    scenes: Scenes | None = None
    endangered: Count | None = None
    rest: Count | None = None
    figures: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def in_danger(self) -> Count | None:
        """Who is in danger, whoever came out."""
        return self.rest if self.rest is not None and self.rest.value else self.endangered

    @property
    def foreign(self) -> bool:
        """True where all who are counted are counted in another place."""
        return self.place is not None


_NOTHING = CasualtyReading(Casualties())


def read_casualties(
    title: str,
    text: str,
    on: date | None = None,
    places: Sequence[Place] = (),
    present: Collection[str] = CUES,
) -> CasualtyReading:
    """Casualties and losses as stated; spans index `title + "\n" + text`.

    Numbers of the past, of statistics, laws, drills, fears and rumours are left out and named in the reasons; `on` is
    the day of the text, where known: what it dates long before that is the past. `places` are those the text names,
    as a gazetteer finds them: beside people counted here those counted elsewhere are left out, and those of different
    places are never added up. `foreign` says that all are counted elsewhere. `present` are those of `CUES` that the
    text contains, where the caller has looked already.
    """
    full = f"{title}\n{text[:MAX_CHARACTERS]}" if len(title) <= MAX_CHARACTERS else title[:MAX_CHARACTERS]
    marks = hints(full, _HINTS.intersection(present))
    peril = perilous(full, present)
    if not (marks or peril) or not NUMBER_SIGN.search(full):
        return _NOTHING
    full = halve_width(full)
    found, left_out, endangered, rest = _read_sentences(full, marks, is_drill(title, text), on, peril)
    if not found:
        return CasualtyReading(_NOTHING.casualties, tuple(left_out), endangered=endangered, rest=rest)
    scenes = Scenes(full, places)
    statements, place = _of_one_scene(found, scenes)
    chosen = merge(statements)
    again = [
        m._replace(start=start + m.start, end=start + m.end) for start, ms in found for m in ms if m.field == "found"
    ]
    if (missing := still_missing(chosen.get("missing"), full, again)) is not None:
        chosen["missing"] = missing
    reasons = [_reason(name, count, full) for name, count in chosen.items()]
    counted = any(name != "direct_loss_yuan" for name in chosen)
    place = place if counted else None
    if place is not None:
        reasons.append(Reason("地点:不在本市", full[place.start : place.end], place.start, place.end))
    figures = {name: (count.start, count.end) for name, count in chosen.items()}
    return CasualtyReading(
        _casualties(chosen), tuple(reasons) + tuple(left_out), place, counted, scenes, rest=rest, figures=figures
    )


def _of_one_scene(found: list[tuple[int, list[Mention]]], scenes: Scenes) -> tuple[list[Statement], Place | None]:
    """The statements of what happened here, or where nothing did, those of every other place and the first of these."""
    if not scenes.mixed:
        return [state(mentions, start) for start, mentions in found], None
    here: list[Statement] = []
    there: list[Statement] = []
    first: Place | None = None
    for start, mentions in found:
        parts: dict[str, list[Mention]] = {}
        for mention in mentions:
            place = scenes.of(start + mention.start)[1]
            first = first or place
            parts.setdefault(place.name if place else "", []).append(mention)
        for name, part in parts.items():
            (there if name else here).append(state(part, start))
    return (here, None) if here else (there, first)


def _read_sentences(
    full: str, marks: Sequence[int], drill: bool, on: date | None, peril: bool
) -> tuple[list[tuple[int, list[Mention]]], list[Reason], Count | None, Count | None]:
    """What the sentences with a mark count, by their starts, which numbers are left out, who is in danger, and who of
    them is left."""
    starts, sentences = _sentences(full)
    ill = POISONED.search(full) is not None
    background = Background(sentences, on)
    found: list[tuple[int, list[Mention]]] = []
    left_out: list[Reason] = []
    rumours: list[Mention] = []
    for number in dict.fromkeys([bisect_right(starts, mark) - 1 for mark in marks]):
        sentence, start = sentences[number], starts[number]
        if not NUMBER_SIGN.search(sentence):
            continue
        if len(found) >= MAX_SENTENCES:
            break
        kept = []
        for mention in mentions_of(sentence, ill, full):
            if drill:
                why = "drill"
            elif claim_denied(full, start + mention.start):
                why = "rumour"
            else:
                why = background.verdict(number, mention.start, mention.threshold)
            if not why:
                kept.append(mention)
                continue
            if why == "rumour":
                rumours.append(mention)
            if mention.value:
                left_out.append(_left_out(why, start, mention, full))
        if kept:
            found.append((start, kept))
    witness = rest = None
    saved = not drill and some_saved(full)
    if not drill and (peril or saved):
        witness = Witness(full, starts[:MAX_SENTENCES], sentences[:MAX_SENTENCES], background)
        found = witness.added_to(found) if peril else found
    denied: set[tuple[str, int | None]] = {(m.field, m.value) for m in rumours if m.value}
    found = _without(found, denied, full) if denied else found
    for start, mention in outweighed(full, found):
        left_out.append(_left_out("hearsay", start, mention, full))
        found = [(at, [m for m in mentions if m is not mention]) for at, mentions in found]
    if witness is not None and saved:
        found, rest = Remainder(full, witness.counts_at).added_to(found)
    kept_all = [(at, mentions) for at, mentions in found if mentions]
    unsaid = peril and rest is None and not kept_all and not left_out
    return kept_all, left_out, witness.endangered() if witness and unsaid else None, rest


def _without(
    found: list[tuple[int, list[Mention]]], denied: Collection[tuple[str, int | None]], full: str
) -> list[tuple[int, list[Mention]]]:
    """A number said to be false once (in the title) is false where it is told again, unless somebody confirms it."""
    return [
        (start, [m for m in mentions if (m.field, m.value) not in denied or confirmed(full, start + m.start)])
        for start, mentions in found
    ]


def _sentences(full: str) -> tuple[list[int], list[str]]:
    """Where each sentence starts, and the sentences; a longer one than LONGEST counts as several."""
    starts: list[int] = []
    sentences: list[str] = []
    at = 0
    for piece in _SENTENCE_END.split(full):
        size = len(piece)
        if size > LONGEST:
            starts += range(at, at + size, LONGEST)
            sentences += [piece[start : start + LONGEST] for start in range(0, size, LONGEST)]
        elif size:
            starts.append(at)
            sentences.append(piece)
        at += size + 1
    return starts, sentences


def _left_out(why: str, offset: int, mention: Mention, full: str) -> Reason:
    start, end = offset + mention.start, offset + mention.end
    return Reason("伤亡:" + NAMES[why], full[start:end], start, end)


def _reason(name: str, count: Count, full: str) -> Reason:
    rule = f"{_LABELS[name]} {_BOUND_LABELS[count.bound]}{count.value}"
    return Reason(rule, full[count.start : count.end], count.start, count.end)


def _casualties(chosen: dict[str, Count]) -> Casualties:
    values = {name: count.value for name, count in chosen.items()}
    bounds = {name: count.bound for name, count in chosen.items() if count.bound}
    return Casualties(**values, bounds=bounds)
