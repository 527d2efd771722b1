"""How much memory a process of its own needs for a bomb: `python -m tests.contracts.memory_of_a_bomb guarded|naive`.

In the process of the tests the mark of the highest use is that of everything before; here it begins at the bomb.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

from services.adapters.fetch.body import Budget, read_body
from services.usecases.collecting import FetchFailed

MIB = 1024 * 1024
CAP = 5 * MIB


def bomb(mebibytes: int, wbits: int = 31) -> bytes:
    """Zeros, packed a thousandfold. One block ends at a full flush, so it may be repeated as often as one likes."""
    packer, zeros = zlib.compressobj(9, zlib.DEFLATED, wbits), bytes(MIB)
    head = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (mebibytes - 1) + packer.flush()


async def one_chunk(data: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def peak_kib() -> int:
    """The most memory since it was last forgotten."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split(maxsplit=1)[0])


def main(how: str) -> None:
    packed = bomb(4096) if how == "guarded" else bomb(64, -15)
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): the mark falls to what is held now
    before = peak_kib()
    if how == "guarded":
        with contextlib.suppress(FetchFailed):
            asyncio.run(read_body(one_chunk(packed), "gzip", CAP, Budget(64 * MIB)))
    else:
        zlib.decompress(packed, -15)
    print(peak_kib() - before)


if __name__ == "__main__":
    main(sys.argv[1])
