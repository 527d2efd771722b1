"""`Signature` ↔ the bytes kept in its row, about 500 a post, and two a letter of a brief one."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from functools import lru_cache
from struct import unpack as numbers

import msgspec

from services.domain.grouping import Signature


class _Packed(msgspec.Struct, array_like=True):
    at: float
    exact: int
    near: bytes
    matter: bytes
    shingles: bytes
    terms: bytes
    weights: bytes
    places: tuple[str, ...]
    names: bytes
    divisions: tuple[str, ...]
    kind: str
    outbreak: str = ""
    details: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    letters: bytes = b""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Packed)


def pack(signature: Signature) -> bytes:
    """The signature without the post's key, which has a column of its own."""
    s = signature
    return _encoder.encode(
        _Packed(
            at=s.at.timestamp(),
            exact=s.exact,
            near=array("q", s.near).tobytes(),
            matter=array("q", s.matter).tobytes(),
            shingles=array("I", s.shingles).tobytes(),
            terms=array("I", s.terms).tobytes(),
            weights=bytes(s.weights),
            places=s.places,
            names=array("I", s.names).tobytes(),
            divisions=s.divisions,
            kind=s.kind,
            outbreak=s.outbreak,
            details=s.details,
            subjects=s.subjects,
            aside=s.aside,
            marks=s.marks,
            letters=s.letters.encode("utf-16-le"),
        )
    )


@lru_cache(1 << 11)  # who came last is compared with batch after batch; some 6 kB each
def unpack(post: str, packed: bytes) -> Signature:
    """The signature of the post with this key.

    Raises:
        msgspec.MsgspecError: the bytes are no packed signature.
    """
    p = _decoder.decode(packed)
    return Signature(
        post=post,
        at=datetime.fromtimestamp(p.at, UTC),
        exact=p.exact,
        near=numbers(f"{len(p.near) // 8}q", p.near),
        matter=numbers(f"{len(p.matter) // 8}q", p.matter),
        shingles=numbers(f"{len(p.shingles) // 4}I", p.shingles),
        terms=numbers(f"{len(p.terms) // 4}I", p.terms),
        weights=tuple(p.weights),
        places=p.places,
        names=numbers(f"{len(p.names) // 4}I", p.names),
        divisions=p.divisions,
        kind=p.kind,
        outbreak=p.outbreak,
        details=p.details,
        subjects=p.subjects,
        aside=p.aside,
        marks=p.marks,
        letters=p.letters.decode("utf-16-le"),
    )
