"""A body read to its end or to its limit, decompressed as it comes (HARDENING F5)."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Iterator

from services.domain.source import Failure
from services.usecases.collecting import FetchFailed

PIECE = 64 * 1024


class Budget:
    """The bytes all bodies in flight may take together; a machine under attack refuses instead of swapping."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def take(self, size: int) -> None:
        if size > self.left:
            raise FetchFailed(Failure.BUSY, "本机正在接收的内容过多，稍后再取")
        self.left -= size

    def give(self, size: int) -> None:
        self.left += size


async def read_body(stream: AsyncIterable[bytes], encoding: str, limit: int, budget: Budget) -> bytes:
    """The body after decompression, at most `limit` bytes, never more than one piece above it in memory.

    Raises:
        FetchFailed: too large, an unknown or nested compression, or a compressed body that is cut short.
    """
    inflater = _inflater(encoding)
    body, taken, arrived = bytearray(), 0, 0
    try:
        async for chunk in stream:
            arrived += len(chunk)
            if arrived > limit:
                raise too_large(limit)
            for piece in inflater.pieces(chunk) if inflater else (chunk,):
                budget.take(len(piece))
                taken += len(piece)
                if taken > limit:
                    raise too_large(limit)
                body += piece
        if inflater and arrived:
            inflater.finish()
        return bytes(body)
    finally:
        budget.give(taken)


def too_large(limit: int) -> FetchFailed:
    return FetchFailed(Failure.TOO_LARGE, f"内容超过 {limit // 1024} KiB 上限")


def _inflater(encoding: str) -> Inflater | None:
    names = [name.strip() for name in encoding.lower().split(",") if name.strip() not in ("", "identity")]
    if not names:
        return None
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        asked = "本系统只请求 gzip 和 deflate，请让对方按 Accept-Encoding 回答，或换用不压缩的地址"
        raise FetchFailed(Failure.NOT_A_FEED, f"对方用了没有请求的压缩方式 {encoding[:40]}：{asked}")
    return Inflater()


class Inflater:
    """gzip, zlib and the bare deflate that some servers send under its name, several gzip members in a row."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=47)
        self._started = False

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """The text of one chunk, piece by piece, so that a bomb is seen before it has gone off."""
        left, piece = chunk, b""
        # A full piece with nothing left over may still have more behind it inside zlib.
        while left or len(piece) == PIECE:
            piece, left = self._step_or_bare(left)
            if piece:
                yield piece

    def _step_or_bare(self, chunk: bytes) -> tuple[bytes, bytes]:
        """At most PIECE bytes of text, and what is left of `chunk`."""
        try:
            return self._step(chunk)
        except zlib.error as error:
            if self._started:
                raise FetchFailed(Failure.SERVER, "压缩数据损坏") from error
            self._inflate, self._started = zlib.decompressobj(wbits=-15), True
            return self._step_or_bare(chunk)

    def _step(self, chunk: bytes) -> tuple[bytes, bytes]:
        if self._inflate.eof:
            # What follows the last gzip member is padding and is ignored.
            if not chunk.startswith(b"\x1f\x8b"):
                return b"", b""
            self._inflate = zlib.decompressobj(wbits=47)
        text = self._inflate.decompress(chunk, PIECE)
        self._started = True
        return text, self._inflate.unconsumed_tail or self._inflate.unused_data

    def finish(self) -> None:
        """Raises FetchFailed when the compressed body stopped before its end."""
        if not self._inflate.eof:
            raise FetchFailed(Failure.SERVER, "压缩数据不完整")
