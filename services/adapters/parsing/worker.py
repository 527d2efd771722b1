"""The far side: one process that reads one body at a time and can be killed at any moment without loss.

1. Load everything that reading may need. 2. Give up memory, processor time and the right to open files or connections.
3. Answer requests until the pipe ends.
"""

from __future__ import annotations

import contextlib
import encodings
import gc
import importlib
import os
import pkgutil
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from services.adapters.articles import extract_article
from services.adapters.boards import read_board
from services.adapters.encodings import decode
from services.adapters.feeds import read_feed
from services.adapters.mail import read_mail
from services.adapters.parsing import exports
from services.adapters.parsing.exchange import (
    BATCH,
    Batch,
    Done,
    Ready,
    Reply,
    Request,
    Task,
    framed,
    read_frame,
    request_decoder,
)
from services.usecases.collecting.contract import NotAFeed, Parsed

_OPENING = frozenset(("open", "os.listdir", "os.scandir", "shutil.copyfile"))
_LOOKUPS = frozenset(("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind", "urllib.Request"))
_PROGRAMS = frozenset(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"))
_REACHING = _LOOKUPS | _PROGRAMS


# One body for each way through the readers: detection, JSON, the fast reader, the authority strict and loose.
_REHEARSAL = (
    "供热".encode("gbk") + bytes(range(128, 256)),
    b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}]}',
    b"<rss><channel><item><title>a</title><pubDate>Sun, 22 Nov 2026 08:05:00 GMT</pubDate></item></channel></rss>",
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><item><title>&a;</title></item></channel></rss>",
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><item><title>&c;</title><b></item></channel></rss>",
)


class Watch:
    """Counts, and forbids, everything that has no business in reading a body. An audit hook cannot be removed."""

    def __init__(self) -> None:
        self.opened = self.connected = 0
        sys.addaudithook(self._seen)

    def _seen(self, event: str, _details: tuple[Any, ...]) -> None:
        if event in _OPENING:
            self.opened += 1
            raise PermissionError("a parsing worker opens no files")
        if event in _REACHING:
            self.connected += 1
            raise PermissionError("a parsing worker makes no connections")


def main(memory_mib: int, cpu_seconds: float, reads: str = "") -> None:
    """Serve requests from stdin to stdout until stdin ends. Only one that `reads` exports loads what these need."""
    requests, replies = _pipes()
    memory = Memory()
    _warm_up()
    if reads == Task.EXPORT:
        exports.warm_up()
    _give_up(memory_mib)
    gc.freeze()  # what was loaded stays: looking through it again and again would cost a tenth of the time
    watch = Watch()
    _send(replies, Ready())
    while (frame := read_frame(requests)) is not None:
        # SIGPROF, unhandled, ends the process even inside C code, and even if the near side has died.
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        _answer(request_decoder.decode(frame), (requests, replies), watch, memory)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The protocol gets descriptors of its own, so that no library's print can break into it."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return requests, replies


def _warm_up() -> None:
    """Load what libraries would otherwise load in the middle of a parse, when nothing may be opened any more."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in ("mbcs", "oem"):
            importlib.import_module(f"encodings.{module.name}")
    # fastfeedparser looks for this optional package at every unusual date; None means "do not look".
    sys.modules.setdefault("dateparser", None)  # type: ignore[arg-type]  # the stubs do not know of None
    for body in _REHEARSAL:
        with contextlib.suppress(NotAFeed):
            read_feed(body, "", "http://localhost/", datetime(2026, 1, 1, tzinfo=UTC))
    read_mail(b"Subject: =?gbk?B?uanIyA==?=\nContent-Type: text/html\n\n<p>a</p>", datetime(2026, 1, 1, tzinfo=UTC))
    extract_article("<html><body><article><p>。</p></article></body></html>")


def _give_up(memory_mib: int) -> None:
    memory = memory_mib * 1024 * 1024
    if sys.platform != "darwin":  # which knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # The audit hook sees Python only; without a free descriptor the C libraries cannot open anything either.
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))


class Memory:
    """How much this process has used at most, in KiB.

    Not by `getrusage`: there Linux counts what the parent had before the exec, and beside a large parent every worker
    would look too large to be kept. The file is opened now, because later nothing can be opened.
    """

    def __init__(self) -> None:
        own = Path("/proc/self/status")
        self._status = own.open("rb", buffering=0) if own.exists() else None

    def peak_kib(self) -> int:
        if self._status is None:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # bytes where there is no /proc
        self._status.seek(0)
        return int(self._status.read().partition(b"VmHWM:")[2].split(maxsplit=1)[0])


def _answer(request: Request, pipes: tuple[BinaryIO, BinaryIO], watch: Watch, memory: Memory) -> None:
    watch.opened = watch.connected = 0
    requests, replies = pipes
    try:
        done = _exported(request, requests, replies) if request.task is Task.EXPORT else _work(request, replies)
    except NotAFeed as refusal:
        done = Done(refused=str(refusal))
    except MemoryError:
        os._exit(os.EX_OSERR)  # what is left of the heap cannot be trusted
    except Exception as error:  # noqa: BLE001 - whatever a stranger's bytes break, the next body must be read
        done = Done(refused=f"内容无法解析({type(error).__name__})")
    _send(replies, _with_counts(done, watch, memory.peak_kib()))


def _with_counts(done: Done, watch: Watch, peak: int) -> Done:
    return Done(
        refused=done.refused,
        ttl_seconds=done.ttl_seconds,
        encoding=done.encoding,
        flags=done.flags,
        next_page=done.next_page,
        article=done.article,
        opened=watch.opened,
        connected=watch.connected,
        peak_kib=peak,
    )


def _work(request: Request, replies: BinaryIO) -> Done:
    source = request.source
    if request.task is Task.ARTICLE:
        page = decode(request.body, request.content_type, mainland=source.mainland)
        return Done(article=extract_article(page.text), encoding=page.encoding, flags=page.flags)
    parsed = _parsed(request)
    for start in range(0, len(parsed.entries), BATCH):
        _send(replies, Batch(parsed.entries[start : start + BATCH]))
    return Done("", parsed.ttl_seconds, parsed.encoding, parsed.flags, parsed.next_page)


def _exported(request: Request, requests: BinaryIO, replies: BinaryIO) -> Done:
    for batch in exports.read(request, requests):
        _send(replies, batch)
    return Done()


def _parsed(request: Request) -> Parsed:
    source = request.source
    if request.task is Task.BOARD:
        return read_board(request.body, request.content_type, source, request.now)
    if request.task is Task.LETTER:
        return read_mail(request.body, request.now, mainland=source.mainland)
    who = {"mainland": source.mainland, "many_voices": source.many_voices}
    return read_feed(request.body, request.content_type, source.url, request.now, **who)


def _send(replies: BinaryIO, reply: Reply) -> None:
    replies.write(framed(reply))
    replies.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:])
