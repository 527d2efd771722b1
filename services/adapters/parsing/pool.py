"""The near side: a few killable processes that read bodies, so that the event loop never does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import services
from services.adapters.parsing.exchange import (
    LENGTH,
    MAX_FRAME,
    Batch,
    Done,
    Ready,
    Reply,
    Request,
    Task,
    framed,
    piece,
    reply_decoder,
)
from services.domain.source import Source, SourceKind
from services.usecases.collecting.contract import Article, Entry, Exported, NotAFeed, Parsed, ParserKilled
from services.usecases.ports import NotNow

_ROOT = str(Path(services.__file__).parent.parent)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START_SECONDS = 60.0
PATIENCE = 6
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: seconds of processor time, six times that on the clock, MiB of address space.

    Processor time is what an attack costs; by the clock alone a loaded machine would end honest feeds. A worker is
    replaced after `requests` answers or when it has held half of its memory, and ended after `idle_seconds`.
    """

    seconds: float = 5.0
    memory_mib: int = 512
    requests: int = 500
    idle_seconds: float = 120.0


# A year of a city's petitions is some ten thousand rows, and a workbook takes four times as long as a table.
OF_AN_EXPORT = Limits(seconds=60.0, memory_mib=1024, requests=50)


class _Worker:
    """One process and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.answered = 0
        self.peak_kib = 0

    async def replies(self, request: Request, file: BinaryIO | None) -> AsyncIterator[Reply]:
        assert self.process.stdin is not None
        self.process.stdin.write(framed(request))
        await self.process.stdin.drain()
        if file is not None:
            await self.send(file)
        while True:
            reply = await self.read()
            yield reply
            if isinstance(reply, Done):
                return

    async def send(self, file: BinaryIO) -> None:
        """Piece by piece, so that nobody waits until a large one has been copied."""
        assert self.process.stdin is not None
        while part := await asyncio.to_thread(file.read, PIECE):
            self.process.stdin.write(piece(part))
            await self.process.stdin.drain()
        self.process.stdin.write(piece(b""))
        await self.process.stdin.drain()

    async def read(self) -> Reply:
        assert self.process.stdout is not None
        (length,) = LENGTH.unpack(await self.process.stdout.readexactly(LENGTH.size))
        if length > MAX_FRAME:
            raise EOFError("frame too large")
        return reply_decoder.decode(await self.process.stdout.readexactly(length))

    async def cause_of_death(self) -> int:
        """The exit status of a process whose pipe has ended: minus the signal, as Popen has it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                await self.process.wait()
        return self.process.returncode or 0

    async def last_words(self) -> str:
        """The last line that a process which never got ready wrote to its standard error."""
        assert self.process.stderr is not None
        lines = (await self.process.stderr.read()).decode("utf-8", "replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "no reason given")

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


class ParsingPool:
    """Parses feeds and list pages and extracts articles (`Parser` of the collecting use case).

    Processes start on first use, one after the other as they are needed. `opened` and `connected` add up the forbidden
    attempts that workers reported: anything but 0 is an attack or a bug; `killed` counts workers that had to be ended;
    `peak_kib` is the most memory that any of them held. A pool `of` exports loads what reads these, too.
    """

    def __init__(self, size: int = 2, limits: Limits | None = None, *, of: Task | None = None) -> None:
        self.limits, self._of = limits or Limits(), of
        self.opened = self.connected = self.killed = self.peak_kib = 0
        # Last in, first out: under light load one worker does everything and the others never start.
        self._free: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(None)
        self._size = size
        self._retiring: asyncio.TimerHandle | None = None

    async def parse(self, source: Source, body: bytes, headers: Mapping[str, str], now: datetime) -> Parsed:
        """The entries in `body`; see `Parser.parse`. Raises NotNow when no worker can be started."""
        task = Task.BOARD if source.kind is SourceKind.BOARD else Task.FEED
        entries, done = await self._entries(Request(task, source, body, headers.get("content-type", ""), now))
        return Parsed(entries, done.ttl_seconds, done.encoding, done.flags, done.next_page)

    async def article(self, source: Source, body: bytes, headers: Mapping[str, str]) -> Article:
        """The article on a page; see `Articles.article`.

        Raises:
            ParserKilled: the worker passed its limits and was ended.
        """
        request = Request(Task.ARTICLE, source, body, headers.get("content-type", ""), _EPOCH)
        _, done = await self._entries(request)
        return Article(done.article, done.flags)

    async def letter(self, source: Source, body: bytes, now: datetime) -> Parsed:
        """The letter in `body` (RFC 5322) as one entry.

        Raises:
            NotAFeed, ParserKilled: as for `parse`.
        """
        entries, done = await self._entries(Request(Task.LETTER, source, body, "", now))
        return Parsed(entries, None, done.encoding, done.flags, None)

    async def export(self, source: Source, path: Path, now: datetime, heard: Callable[[int], None]) -> Exported:
        """The rows of a file, as far as it can be read within the limits; `heard` is told how many rows came.

        Raises:
            OSError: the file cannot be opened or read.
        """
        # A name in GBK, as Windows archives have them, is no text here.
        name = os.fsencode(path.name).decode("utf-8", "backslashreplace")
        request, batches, ended = Request(Task.EXPORT, source, b"", "", now, name), list[Batch](), ""

        def take(batch: Batch) -> None:
            batches.append(batch)
            heard(len(batch.entries) + len(batch.refused))

        try:
            with await asyncio.to_thread(path.open, "rb") as file:
                await self._ask(request, take, file)
        except NotAFeed as error:
            ended = str(error)
        except ParserKilled as error:
            ended = f"{error}，请分成几个较小的文件"
        entries = tuple(entry for batch in batches for entry in batch.entries)
        return Exported(entries, tuple(row for batch in batches for row in batch.refused), ended)

    async def close(self) -> None:
        """End every worker. Nobody may be parsing any more."""
        if self._retiring:
            self._retiring.cancel()
        for _ in range(self._size):
            worker = await self._free.get()
            if worker is not None:
                await worker.end()
        for _ in range(self._size):
            self._free.put_nowait(None)

    async def _entries(self, request: Request) -> tuple[tuple[Entry, ...], Done]:
        entries: list[Entry] = []
        done = await self._ask(request, lambda batch: entries.extend(batch.entries))
        return tuple(entries), done

    async def _ask(self, request: Request, take: Callable[[Batch], None], file: BinaryIO | None = None) -> Done:
        worker = await self._free.get()
        try:
            if worker is None or worker.process.returncode is not None:
                worker = await self._started()
            done = await self._exchange(worker, worker.replies(request, file), take)
        except BaseException:
            # Also when the caller gave up: a worker in the middle of an answer cannot be asked again.
            await self._discard(worker)
            self._give_back(None)
            raise
        self._give_back(await self._kept(worker, done))
        self.opened += done.opened
        self.connected += done.connected
        self.peak_kib = max(self.peak_kib, done.peak_kib)
        if done.refused:
            raise NotAFeed(done.refused)
        return done

    async def _started(self) -> _Worker:
        environment = {"PATH": os.defpath, "PYTHONPATH": _ROOT, "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-m", "services.adapters.parsing.worker"),
            *(str(self.limits.memory_mib), str(self.limits.seconds), *([self._of] if self._of else [])),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env=environment, limit=1 << 20,
        )  # fmt: skip
        worker = _Worker(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = await worker.read()
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await worker.end()
            raise NotNow(f"parsing worker does not start: {await worker.last_words()}") from error
        assert isinstance(ready, Ready)
        return worker

    async def _exchange(self, worker: _Worker, replies: AsyncIterator[Reply], take: Callable[[Batch], None]) -> Done:
        try:
            async with asyncio.timeout(self.limits.seconds * PATIENCE):
                async for reply in replies:
                    if isinstance(reply, Batch):
                        take(reply)
                    elif isinstance(reply, Done):
                        return reply
        except TimeoutError:
            raise ParserKilled(f"解析超过 {self.limits.seconds * PATIENCE:g} 秒没有结果，已终止") from None
        except (asyncio.IncompleteReadError, ConnectionError, EOFError) as error:
            if await worker.cause_of_death() == -signal.SIGPROF:
                raise ParserKilled(f"解析超过 {self.limits.seconds:g} 秒处理器时间，已终止") from None
            raise ParserKilled(f"解析超出 {self.limits.memory_mib} MiB 内存限额，已终止") from error
        raise ParserKilled("解析进程提前结束")

    async def _discard(self, worker: _Worker | None) -> None:
        if worker is not None:
            self.killed += 1
            await asyncio.shield(worker.end())

    async def _kept(self, worker: _Worker, done: Done) -> _Worker | None:
        worker.answered += 1
        if worker.answered < self.limits.requests and done.peak_kib < self.limits.memory_mib * 512:
            return worker
        await worker.end()
        return None

    def _give_back(self, worker: _Worker | None) -> None:
        self._free.put_nowait(worker)
        if self._retiring:
            self._retiring.cancel()
        self._retiring = asyncio.get_running_loop().call_later(self.limits.idle_seconds, self._retire)

    def _retire(self) -> None:
        """Nobody asked for a while: hand the memory back."""
        idle = [self._free.get_nowait() for _ in range(self._free.qsize())]
        for worker in idle:
            if worker is not None and worker.process.returncode is None:
                worker.process.kill()
            self._free.put_nowait(None)
