"""The chain over an incident's ledger: every entry carries a hash over the one before it and over itself.

The hash is SHA-256 over the hash before (32 zero bytes before the first entry), then the JSON array [incident, seq,
kind, occurred_us, recorded_us, actor] without spaces in UTF-8, then `data` as stored. When an entry was relayed is no
part of it. GB/T 22239-2019 8.1.4.3 c: audit records are protected against deletion, change and overwriting.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

_encode = msgspec.json.Encoder().encode
_own = itemgetter("incident_id", "seq", "kind", "occurred_us", "recorded_us", "actor")


class Head(NamedTuple):
    """How far an incident's chain reaches: its last seq and hash."""

    seq: int
    hash: bytes


START = Head(0, bytes(32))


def link(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of a ledger row that follows the row with hash `previous`."""
    return sha256(b"".join((previous, _encode(_own(row)), row["data"]))).digest()
