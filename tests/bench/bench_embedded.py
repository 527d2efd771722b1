"""The embedded form as a duty officer has it: how soon it is ready, how much it holds, how soon a push rings."""

from __future__ import annotations

import json
import os
import queue
import statistics
import tempfile
import threading
import time
from pathlib import Path

import httpx2

from tests.bench import hotline
from tests.bench.table import Row, most
from tests.real.office import PASSWORD, Person, Processes, Program, until
from tests.real.servers import free_port

POSTS = 200
PAGE_WAITS = 0.3
"""Seconds for which the page gathers changes before it asks whom it calls (console.js)."""


async def run() -> list[Row]:
    import asyncio

    return await asyncio.to_thread(_measured)


def _measured() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
        environment |= {"HUIYING_DATA_DIR": folder, "HUIYING_PORT": str(free_port())}
        processes = Processes(environment, Path(folder))
        try:
            return _figures(processes)
        finally:
            processes.stop()


def _figures(processes: Processes) -> list[Row]:
    processes.command("user", "add", "duty1", "--role", "duty_officer", "--password-stdin", given=PASSWORD + "\n")
    base = f"http://127.0.0.1:{processes.environment['HUIYING_PORT']}"
    program = Program(base, processes.command("user", "token", "bench").strip())
    began = time.perf_counter()
    processes.start_up()
    until(lambda: _ready(base), "/readyz", 120)
    ready = time.perf_counter() - began
    health = statistics.median(_health(base) for _ in range(50))
    delays = _delays(base, program)
    memory = processes.resident_mib("up")
    p99 = sorted(delays)[int(len(delays) * 0.99) - 1]
    return [
        most("huiying up to /readyz, s", ready, ("bare python -c pass", _bare()), 5.0),
        most("push to alarm on a page, p99 ms", p99 * 1000, ("GET /healthz, ms", health * 1000), 2_000),
        most("resident memory idle, MiB", memory, ("goal", 400.0), 400.0),
    ]


def _ready(base: str) -> bool:
    try:
        return httpx2.get(f"{base}/readyz", timeout=5, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def _health(base: str) -> float:
    began = time.perf_counter()
    httpx2.get(f"{base}/healthz", timeout=5, trust_env=False)
    return time.perf_counter() - began


def _bare() -> float:
    import subprocess
    import sys

    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - began


def _delays(base: str, program: Program) -> list[float]:
    """Seconds from sending each push until the page that is open shows its alarm, one push at a time."""
    person = Person(base, "duty1")
    person.sign_in()
    page = _Page(person)
    letters = iter(hotline.posts(POSTS * 3))
    delays: list[float] = []
    while len(delays) < POSTS:
        letter = next(letters)
        post = {"id": letter.id, "title": letter.title, "text": f"哈尔滨市{letter.text}"}
        began = time.perf_counter()
        program.ask("POST", "/api/v1/posts", post)
        incident = page.alarmed()
        if incident:  # what only joins a known matter rings nobody
            delays.append(time.perf_counter() - began)
            person.act(incident, "acknowledge")
            until(lambda: not page.calls(), "silence, so that the next call stands alone")
            page.forget()
    page.left.set()
    return delays


class _Page:
    """An open page as console.js has it: a change on the stream, a short wait for more, then whom it calls."""

    def __init__(self, person: Person) -> None:
        self.person, self.left = person, threading.Event()
        self._open = threading.Event()
        self._kinds: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._open.wait(60), "the page's stream did not open"

    def _listen(self) -> None:
        with self.person.client.stream("GET", f"{self.person.base}/live", timeout=60) as stream:
            for line in stream.iter_lines():
                self._open.set()
                if line.startswith("data: {"):
                    self._kinds.put(str(json.loads(line.removeprefix("data: "))["kind"]))
                if self.left.is_set():
                    return

    def calls(self) -> list[dict[str, str]]:
        listed: list[dict[str, str]] = self.person.ask("GET", "/pulse").json()["calls"]
        return listed

    def forget(self) -> list[str]:
        """What changed and was not looked at yet."""
        kinds = []
        while not self._kinds.empty():
            kinds.append(self._kinds.get())
        return kinds

    def alarmed(self) -> str:
        """Wait until the bar calls; returns the incident's number. Empty where the post joined a known matter."""
        while True:
            kinds = [self._kinds.get(timeout=60)]
            time.sleep(PAGE_WAITS)
            kinds += self.forget()
            calls = self.calls()
            if calls or "post_attached" in kinds:
                return calls[0]["incident"] if calls else ""
