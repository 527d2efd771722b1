"""What goes through the pipes between the pool and a worker: MessagePack in frames of a four-byte length.

The far side reads hostile input, so the near side decodes into types and never unpickles.
"""

from __future__ import annotations

import struct
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

import msgspec

from services.domain.source import Source
from services.usecases.collecting.contract import Entry, RefusedRow

LENGTH = struct.Struct(">I")
MAX_FRAME = 64 * 1024 * 1024
# Small enough that decoding one batch holds up the event loop for about a millisecond.
BATCH = 100


class Task(StrEnum):
    """What a worker is asked for."""

    FEED = "feed"
    BOARD = "board"
    ARTICLE = "article"
    LETTER = "letter"
    EXPORT = "export"


class Request(msgspec.Struct, frozen=True):
    """One body to be read. `source.url` is the address it came from.

    An export, which is called `file`, follows in pieces, each a frame of its own; an empty one is its end.
    """

    task: Task
    source: Source
    body: bytes
    content_type: str
    now: datetime
    file: str = ""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker has loaded everything it needs and has given up its right to open anything more."""


class Batch(msgspec.Struct, frozen=True, tag="batch"):
    """Some of the entries, and of the rows that are none; more follow, or `Done`."""

    entries: tuple[Entry, ...]
    refused: tuple[RefusedRow, ...] = ()


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The end of an answer. `refused` is the reason for NotAFeed, "" when the body was read.

    `opened` and `connected` count attempts to open a file or a connection while reading; `peak_kib` is the most memory
    the worker ever held.
    """

    refused: str = ""
    ttl_seconds: int | None = None
    encoding: str = ""
    flags: tuple[str, ...] = ()
    next_page: str | None = None
    article: str = ""
    opened: int = 0
    connected: int = 0
    peak_kib: int = 0


Reply = Ready | Batch | Done

encoder = msgspec.msgpack.Encoder()
request_decoder = msgspec.msgpack.Decoder(Request)
reply_decoder: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)


def framed(message: Request | Reply) -> bytes:
    """The message with its length in front."""
    return piece(encoder.encode(message))


def piece(body: bytes) -> bytes:
    """Bytes with their length in front."""
    return LENGTH.pack(len(body)) + body


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame from a blocking pipe; None at its end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None
