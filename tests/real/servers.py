"""Servers shared by one test run: started by the first worker that needs them, stopped when the run ends.

With pytest-xdist every worker is a process of its own; a lock file decides who starts a server, a JSON file tells
the others where it is and which processes to end.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

RUN_DIR = "TESTS_RUN_DIR"
_shared: list[subprocess.Popen[bytes]] = []


class Missing(Exception):
    """A part that is not installed; the message names it and what is therefore not run."""


def free_port() -> int:
    """A TCP port on 127.0.0.1 nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin_run() -> None:
    """Called once by the process that started pytest; workers inherit the folder through the environment."""
    os.environ[RUN_DIR] = tempfile.mkdtemp(prefix="huiying-tests-")


def end_run() -> None:
    """End every server of this run by its own pid, and remove its folder."""
    run_dir = Path(os.environ.pop(RUN_DIR))
    for state in run_dir.glob("*.json"):
        server = json.loads(state.read_text())
        for pid in server["pids"]:
            stop(pid)
        for folder in server["folders"]:
            shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(run_dir, ignore_errors=True)


def once(name: str, start: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `start` returned (`pids` and `folders` at least), calling it only in the first process that asks.

    Raises:
        Missing: `start` said so now, or said so to another worker before.
    """
    run_dir = Path(os.environ[RUN_DIR])
    with _locked(run_dir / f"{name}.lock"):
        state = run_dir / f"{name}.json"
        if not state.exists():
            state.write_text(json.dumps(_started(start)))
        server: dict[str, Any] = json.loads(state.read_text())
    if "missing" in server:
        raise Missing(server["missing"])
    return server


def keep(process: subprocess.Popen[bytes]) -> int:
    """The pid of a server that outlives the fixture which started it (a forgotten Popen warns)."""
    _shared.append(process)
    return process.pid


def _started(start: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return start()
    except Missing as missing:
        return {"missing": str(missing), "pids": [], "folders": []}


def stop(pid: int, sign: int = signal.SIGTERM, patience_seconds: float = 20) -> None:
    """End one process by its id and wait until it is gone; a stubborn one is killed."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sign)
    deadline = time.monotonic() + patience_seconds
    while _alive(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            deadline += patience_seconds
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    """A child of another worker that has ended but was not waited for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
