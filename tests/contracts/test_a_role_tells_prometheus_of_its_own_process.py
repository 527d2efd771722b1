"""A role that serves no pages still tells how it is doing, where it was asked to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.reading import BadConfig
from config.settings import Settings
from services.wiring.metrics import served
from tests.real.servers import free_port

ROOT = Path(__file__).parents[2]


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
