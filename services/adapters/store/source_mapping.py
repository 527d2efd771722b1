"""Rows of the source table to domain objects and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from services.adapters.store.times import from_us, to_us
from services.domain.source import Refusal, Source, SourceState

PLAIN = (
    "etag",
    "last_modified",
    "body_hash",
    "cursor",
    "interval_seconds",
    "gap_seconds",
    "failures_in_row",
    "failure_weight",
    "last_failure",
    "last_error",
    "quarantined",
    "items_total",
    "ttl_seconds",
)
TIMES = {
    "first_checked_us": "first_checked_at",
    "last_checked_us": "last_checked_at",
    "last_success_us": "last_success_at",
    "last_new_us": "last_new_at",
    "silent_since_us": "silent_since",
    "broke_news_us": "broke_news_at",
    "reading_since_us": "reading_since",
}

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Source)
_refusals = msgspec.json.Decoder(tuple[Refusal, ...])


def definition_of(source: Source) -> str:
    return _encoder.encode(source).decode()


def source_of(row: Mapping[str, Any]) -> Source:
    """The definition, switched off where the row says so: a source taken out of the file keeps its definition."""
    return replace(defined(row["definition"]), enabled=row["enabled"])


def defined(definition: str) -> Source:
    """What `definition_of` wrote."""
    return _decoder.decode(definition)


def state_of(row: Mapping[str, Any]) -> SourceState:
    times: dict[str, Any] = {
        name: from_us(row[column]) if row[column] is not None else None for column, name in TIMES.items()
    }
    rest: dict[str, Any] = {name: row[name] for name in PLAIN}
    rest["refused"] = _refusals.decode(row["refused"]) if row["refused"] else ()
    return SourceState(source_id=row["source_id"], next_check_at=from_us(row["next_check_us"]), **rest, **times)


def columns_of(state: SourceState) -> dict[str, Any]:
    """The state as column values. `broke_news_us` is left out: tracking writes it, a look must not undo that."""
    values: dict[str, Any] = {name: getattr(state, name) for name in PLAIN}
    for column, name in TIMES.items():
        moment = getattr(state, name)
        values[column] = to_us(moment) if moment is not None else None
    del values["broke_news_us"]
    values["next_check_us"] = to_us(state.next_check_at)
    values["refused"] = _encoder.encode(state.refused).decode() if state.refused else ""
    return values
