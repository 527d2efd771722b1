"""How often to look: from the source's own rhythm, what its server asks for, and how it fails."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median

from services.domain.source import Failure, Source, SourceState

FLOOR_SECONDS = 120
CEILING_SECONDS = 86_400
FIRST_SECONDS = 300
LOOKS_PER_ITEM = 3
JITTER = 0.1
SMOOTHING = 0.3
MIN_ITEMS_FOR_SILENCE = 3
MAX_DOUBLINGS = 12

# A source that says no for good is left in peace sooner than one whose network stutters.
WEIGHTS: Mapping[Failure, float] = {
    Failure.GONE: 1.0,
    Failure.REFUSED: 1.0,
    Failure.NOT_A_FEED: 1.0,
    Failure.PARSER_KILLED: 1.0,
    Failure.TOO_LARGE: 0.5,
    Failure.SERVER: 0.5,
    Failure.BUSY: 0.25,
    Failure.TIMEOUT: 0.25,
    Failure.UNREACHABLE: 0.25,
}


@dataclass(frozen=True, slots=True)
class Pace:
    """What the office decides about the rhythm (内部规定, `config/sources.toml`).

    A source at which an incident began is looked at twice as often for `hot_for`. One that is not told a period of its
    own is silent after `silent_gaps` of its usual gaps, but not before `silent_at_least`; while its rhythm is not
    known, after `silent_when_unknown`.
    """

    hot_for: timedelta
    silent_gaps: float
    silent_at_least: timedelta
    silent_when_unknown: timedelta


@dataclass(frozen=True, slots=True)
class Looked:
    """What one successful look brought. `wait_seconds` is the longest wait the server asked for.

    `more` says that the source has more than the look took.
    """

    new_items: int = 0
    published: tuple[datetime, ...] = ()
    wait_seconds: float = 0.0
    more: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a look brought nothing. `reason` is in plain Chinese and is shown to people."""

    kind: Failure
    reason: str
    wait_seconds: float = 0.0


def after_success(source: Source, state: SourceState, now: datetime, looked: Looked, pace: Pace) -> SourceState:
    """The state after a look that worked, whether or not it brought anything."""
    gap = _gap(state, now, looked)
    fresh = replace(
        state,
        gap_seconds=gap,
        last_checked_at=now,
        last_success_at=now,
        first_checked_at=state.first_checked_at or now,
        last_new_at=now if looked.new_items else state.last_new_at,
        failures_in_row=0,
        failure_weight=0.0,
        last_failure="",
        last_error="",
        quarantined="",
        items_total=state.items_total + looked.new_items,
    )
    # What is new stands behind all that has not been read yet.
    interval = _clamped(source, 0) if looked.more else interval_seconds(source, fresh, now, pace)
    return _silence(source, _timed(source, fresh, now, interval, looked.wait_seconds), now, pace)


def after_failure(source: Source, state: SourceState, now: datetime, why: Failed, pace: Pace) -> SourceState:
    """The state after a look that failed: slower by the weight of the failure, never dropped.

    A killed parser puts the source under 隔离 until a look works.
    """
    failed = replace(
        state,
        last_checked_at=now,
        first_checked_at=state.first_checked_at or now,
        failures_in_row=state.failures_in_row + 1,
        failure_weight=state.failure_weight + WEIGHTS[why.kind],
        last_failure=why.kind.value,
        last_error=why.reason,
        quarantined=why.reason if why.kind is Failure.PARSER_KILLED else state.quarantined,
    )
    slower = interval_seconds(source, failed, now, pace) * 2.0 ** min(failed.failure_weight, MAX_DOUBLINGS)
    timed = _timed(source, failed, now, min(slower, CEILING_SECONDS), why.wait_seconds)
    return _silence(source, timed, now, pace)


def interval_seconds(source: Source, state: SourceState, now: datetime, pace: Pace) -> float:
    """Seconds between two looks by the source's own rhythm, between its floor and its ceiling.

    A third of the usual gap between two items, growing slowly while nothing comes; half of that for a
    while after an incident began here.
    """
    if not state.gap_seconds:
        return _clamped(source, FIRST_SECONDS)
    quiet = (now - state.last_new_at).total_seconds() if state.last_new_at else 0.0
    wanted = max(state.gap_seconds, quiet / pace.silent_gaps) / LOOKS_PER_ITEM
    if state.broke_news_at and now - state.broke_news_at < pace.hot_for:
        wanted /= 2
    return _clamped(source, wanted)


def expected_within(source: Source, state: SourceState, pace: Pace) -> timedelta:
    """The period within which something new is expected."""
    if source.expected_seconds:
        return timedelta(seconds=source.expected_seconds)
    if state.items_total < MIN_ITEMS_FOR_SILENCE or not state.gap_seconds:
        return pace.silent_when_unknown
    return max(pace.silent_at_least, timedelta(seconds=pace.silent_gaps * state.gap_seconds))


def jitter(source_id: str, now: datetime) -> float:
    """A number in [0, 1] that is the same for the same source and second, so that runs can be repeated."""
    digest = hashlib.blake2b(f"{source_id}\x1f{int(now.timestamp())}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 0xFFFFFFFF


def wait_from_headers(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds the server asks to wait by Retry-After or Cache-Control: max-age; 0 when it asks nothing readable."""
    return max(_retry_after(headers.get("retry-after", ""), now), _max_age(headers.get("cache-control", "")))


def _retry_after(value: str, now: datetime) -> float:
    if value.strip().isdecimal():
        return float(value.strip()[:9])
    try:
        until = parsedate_to_datetime(value)
        until = until if until.tzinfo else until.replace(tzinfo=now.tzinfo)
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _max_age(value: str) -> float:
    for part in value.lower().split(","):
        name, _, number = part.strip().partition("=")
        if name == "max-age" and number.strip('" ').isdecimal():
            return float(number.strip('" ')[:9])
    return 0.0


def gap_between(times: Iterable[datetime]) -> float:
    """The usual distance between two items in seconds, by the times they carry; 0 when it cannot be told."""
    ordered = sorted(times)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(ordered)]
    return median(gaps) if len(gaps) >= 2 else 0.0


def _gap(state: SourceState, now: datetime, looked: Looked) -> float:
    """Smoothed: one burst does not make a daily gazette a news wire."""
    if not looked.new_items:
        return state.gap_seconds
    if not state.last_new_at:
        return gap_between(looked.published)
    measured = (now - state.last_new_at).total_seconds() / looked.new_items
    return measured if not state.gap_seconds else state.gap_seconds * (1 - SMOOTHING) + measured * SMOOTHING


def _clamped(source: Source, seconds: float) -> float:
    floor = max(FLOOR_SECONDS, source.floor_seconds)
    return min(max(seconds, floor), max(floor, min(source.ceiling_seconds, CEILING_SECONDS)))


def _timed(source: Source, state: SourceState, now: datetime, interval: float, wait: float) -> SourceState:
    # Jitter only shortens: nothing published waits longer than the interval that is shown.
    varied = max(interval * (1 - JITTER * jitter(source.id, now)), _clamped(source, 0))
    # A server that asks for ten years is believed for one day.
    chosen = max(varied, min(wait, CEILING_SECONDS))
    return replace(state, interval_seconds=interval, next_check_at=now + timedelta(seconds=chosen))


def _silence(source: Source, state: SourceState, now: datetime, pace: Pace) -> SourceState:
    last = state.last_new_at or state.first_checked_at
    heard = last is None or now - last <= expected_within(source, state, pace)
    return replace(state, silent_since=None if heard else state.silent_since or now)
