"""A server process of slow and good sources for HARDENING F6: `python -m tests.bench.slow_and_good` prints its port.

In the process of the collector its own work would delay the answers that are measured.
"""

from __future__ import annotations

import asyncio
import sys

from tests.bench.bench_collect import page
from tests.collecting_kit import Asked, answer, web

# A byte a second, a header a second, silence after the headers, silence from the start.
SLOW_WAYS = (
    (b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n", b"x"),
    (b"HTTP/1.1 200 X\r\n", b"x: y\r\n"),
    (b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n", b""),
    (b"", b""),
)


class Town:
    """Hosts that begin with `good` answer at once, `count.test` says how many slow answers are under way."""

    def __init__(self) -> None:
        self.slow = 0
        self.page = page(0)

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.host.startswith("good"):
            answer(writer, 200, self.page)
        elif asked.host.startswith("count"):
            answer(writer, 200, str(self.slow).encode())
        else:
            await self.drip(int(asked.path.strip("/")), writer)

    async def drip(self, number: int, writer: asyncio.StreamWriter) -> None:
        head, drip = SLOW_WAYS[number % len(SLOW_WAYS)]
        self.slow += 1
        try:
            writer.write(head)
            while not writer.is_closing():
                writer.write(drip)
                await writer.drain()
                await asyncio.sleep(1)
        finally:
            self.slow -= 1


async def main() -> None:
    async with web(Town()) as server:
        print(server.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
