"""A role that serves no pages still tells how it is doing, where it was asked to."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.reading import BadConfig
from config.settings import Settings
from services.wiring.metrics import LOOP, beating, served, tell
from tests.real.servers import free_port

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def page(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read(), "utf-8")


@contextmanager
def collector(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {
        "HUIYING_DATA_DIR": str(folder),
        "HUIYING_METRICS_PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", "from services.cli import main; main()", "run", "collect"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_the_collector_tells_what_its_parsers_did_and_what_it_costs(tmp_path: Path) -> None:
    port, until = free_port(), time.monotonic() + 60
    with collector(tmp_path, port) as process:
        told = ""
        while 'what="parser_opened"' not in told and time.monotonic() < until and process.poll() is None:
            try:
                told = page(port)
            except OSError:
                time.sleep(0.05)
    assert 'huiying_sources{what="parser_opened"} 0.0' in told
    assert "process_cpu_seconds_total" in told


def checked(service: str, port: int) -> tuple[int, str]:
    """What docker-compose.yml has asked of this service, run as it stands there."""
    kind, command, *arguments = COMPOSE["services"][service]["healthcheck"]["test"]
    assert (kind, command) == ("CMD", "huiying")
    environment = os.environ | {"HUIYING_METRICS_PORT": str(port), "HUIYING_PORT": str(port), "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", "from services.cli import main; main()", *arguments]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


def test_the_health_check_of_a_role_knows_one_that_works_from_one_that_hangs(tmp_path: Path) -> None:
    port, until = free_port(), time.monotonic() + 60
    assert checked("collect", port)[0] == 1  # nobody is there
    with collector(tmp_path, port) as process:
        while (found := checked("collect", port))[0] and time.monotonic() < until:
            assert process.poll() is None
        assert found == (0, "")
        process.send_signal(signal.SIGSTOP)
        code, why = checked("collect", port)
    assert (code, why.count("\n")) == (1, 1)
    assert "collect: no answer" in why


def test_a_role_whose_loop_is_stuck_is_not_healthy_though_its_figures_are_served() -> None:
    port = free_port()
    for since, code in ((0.5, 0), (31.0, 1)):
        tell(LOOP, "how the role does its work", lambda since=since: {"loop_seconds": since})  # type: ignore[misc]  # bound
        with served(Settings(metrics_port=port)):
            assert checked("track", port)[0] == code


async def test_a_loop_that_turns_is_told_as_such() -> None:
    port = free_port()
    async with beating():
        await asyncio.sleep(0)
        with served(Settings(metrics_port=port)):
            told = await asyncio.to_thread(page, port)
    assert 'huiying_role{what="loop_seconds"} 0.' in told


def test_every_role_and_the_web_are_asked_how_they_are() -> None:
    for name, service in COMPOSE["services"].items():
        if service.get("command", [""])[0] == "run":
            assert service["healthcheck"]["test"] == ["CMD", "huiying", "healthcheck", service["command"][1]], name


def test_a_port_that_is_taken_stops_the_start_in_one_line_and_port_0_opens_none() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with (
            pytest.raises(BadConfig, match="HUIYING_METRICS_PORT"),
            served(Settings(metrics_port=other.getsockname()[1])),
        ):
            pass
    with served(Settings()):
        pass
    port = free_port()
    with served(Settings(metrics_port=port)):
        assert "process_cpu_seconds_total" in page(port)
    with pytest.raises(OSError, match="refused"):
        page(port)
