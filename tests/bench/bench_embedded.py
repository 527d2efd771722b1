"""The embedded form as a duty officer has it: how soon it is ready, how much it holds, how soon a push rings."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

import httpx2

from tests.bench.table import Row, most
from tests.real.office import PASSWORD, Person, Processes, Program, until
from tests.real.servers import free_port

POSTS = 60
PLACES = ("道里区", "南岗区", "道外区", "平房区", "松北区", "香坊区")
MATTERS = (
    "小区暖气不热，室温只有14度", "路灯坏了一个月没人修", "井盖丢失，行人夜间危险", "电梯停运半个月，老人下不了楼",
    "公交线路取消后上班困难", "幼儿园收费不公示", "社保补缴窗口办不了", "医院挂号要排一夜", "菜市场缺斤少两",
    "垃圾三天没有清运", "工地夜间施工扰民",
)  # fmt: skip


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
        most("push to alert on a page, p99 ms", p99 * 1000, ("GET /healthz, ms", health * 1000), 2_000),
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


def _post(number: int) -> dict[str, str]:
    """A matter of its own each time, so that each push opens an incident and rings."""
    place, matter = PLACES[number % len(PLACES)], MATTERS[number // len(PLACES) % len(MATTERS)]
    return {"id": str(number), "text": f"哈尔滨市{place}居民反映{matter}，请有关部门尽快解决。"}


def _delays(base: str, program: Program) -> list[float]:
    """Seconds from sending each push to its alert on an open page, one push at a time."""
    person = Person(base, "duty1")
    person.sign_in()
    rung, open_page, stop = threading.Semaphore(0), threading.Event(), threading.Event()

    def listen() -> None:
        with person.client.stream("GET", f"{base}/live", timeout=60) as stream:
            for line in stream.iter_lines():
                open_page.set()
                if '"level_alerted"' in line or '"post_attached"' in line:
                    rung.release()
                if stop.is_set():
                    return

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    assert open_page.wait(60), "the page's stream did not open"
    delays = []
    for number in range(POSTS):
        began = time.perf_counter()
        program.ask("POST", "/api/v1/posts", _post(number))
        assert rung.acquire(timeout=60), f"no alert for post {number}"
        delays.append(time.perf_counter() - began)
        while rung.acquire(timeout=0.05):
            continue
    stop.set()
    return delays
