"""Messages as bytes: JSON through msgspec, with the schema's version in front. Typed and checked when read."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from services.domain.assessment import Assessment
from services.domain.ledger import Entry
from services.domain.post import Post
from services.usecases.ports import Unreadable

VERSION = 1
T = TypeVar("T")


class PostMessage(msgspec.Struct, frozen=True):
    """On posts.collected and posts.backfilled."""

    v: int
    post: Post


class AssessedMessage(msgspec.Struct, frozen=True):
    """On posts.assessed."""

    v: int
    post: Post
    assessment: Assessment


class EntryMessage(msgspec.Struct, frozen=True):
    """On incidents.changed."""

    v: int
    entry: Entry


class _Versioned(msgspec.Struct, frozen=True):
    v: int


_encoder = msgspec.json.Encoder()
_version = msgspec.json.Decoder(_Versioned)
_post = msgspec.json.Decoder(PostMessage)
_assessed = msgspec.json.Decoder(AssessedMessage)
_entry = msgspec.json.Decoder(EntryMessage)


def encode_post(post: Post) -> bytes:
    return _encoder.encode(PostMessage(VERSION, post))


def decode_post(body: bytes) -> Post:
    """Raises Unreadable for anything but a post of a known version."""
    return _read(_post, body).post


def encode_assessed(post: Post, assessment: Assessment) -> bytes:
    return _encoder.encode(AssessedMessage(VERSION, post, assessment))


def decode_assessed(body: bytes) -> tuple[Post, Assessment]:
    """Raises Unreadable for anything but an assessed post of a known version."""
    message = _read(_assessed, body)
    return message.post, message.assessment


def encode_entry(entry: Entry) -> bytes:
    return _encoder.encode(EntryMessage(VERSION, entry))


def decode_entry(body: bytes) -> Entry:
    """Raises Unreadable for anything but a ledger entry of a known version."""
    return _read(_entry, body).entry


def _read(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        message = decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(_why(body, error)) from error
    version = getattr(message, "v", None)
    if version != VERSION:
        raise Unreadable(f"schema version {version}, this program reads {VERSION}")
    return message


def _why(body: bytes, error: Exception) -> str:
    """A future version explains more than the field it happens to have changed."""
    try:
        version = _version.decode(body).v
    except (msgspec.DecodeError, UnicodeDecodeError):
        return str(error)
    return str(error) if version == VERSION else f"schema version {version}, this program reads {VERSION}"
