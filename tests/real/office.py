"""The production form as people meet it: role processes, a browser's requests, a program's token."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2

T = TypeVar("T")
PASSWORD = "Long-enough-1"
PATIENCE_SECONDS = 150
# A role ends within five seconds; a busy machine may take its time to run it at all.
STOP_SECONDS = 60


def until(condition: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Wait for a condition to hold; fail with what was waited for."""
    deadline = time.monotonic() + seconds
    while not (holds := condition()):
        assert time.monotonic() < deadline, f"still waiting for: {what}"
        time.sleep(0.1)
    return holds


def production(folder: Path, bootstrap: str, database_url: str, port: int) -> dict[str, str]:
    """The environment of an installation of its own on a broker and a database that others may use, too."""
    settings = {
        "LOG": "kafka",
        "KAFKA_BOOTSTRAP": bootstrap,
        "KAFKA_PREFIX": f"office-{uuid.uuid4().hex[:8]}.",
        "KAFKA_REPLICATION": "1",
        "KAFKA_MIN_ISR": "1",
        "KAFKA_PARTITIONS": "2",
        "ALLOW_UNSAFE_KAFKA": "true",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "PORT": str(port),
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    return inherited | {f"HUIYING_{name}": value for name, value in settings.items()}


@dataclass
class Processes:
    """Roles as processes of their own, each stopped by its own pid."""

    environment: dict[str, str]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    starts: Counter[str] = field(default_factory=Counter)
    killed: int = 0

    def command(self, *arguments: str, given: str = "") -> str:
        """Run `huiying …` to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", "from services.cli import main; main()", *arguments],
            input=given, capture_output=True, text=True, env=self.environment, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"huiying {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def start(self, role: str) -> None:
        """Start a role; it is ready when it does its work, which the test waits for."""
        self.starts[role] += 1
        self._spawn(role, "run", role)

    def started(self, role: str) -> bool:
        """The role told that it has opened its database and log, every time it was started."""
        told = (self.folder / f"{role}.log").read_bytes()
        return told.count(b'"event": "started"') >= self.starts[role]

    def wait_until_started(self) -> None:
        """Every role has begun: a SIGTERM finds it at work, not at loading its parts."""
        until(lambda: all(map(self.started, self.running)), "every role has begun")

    def start_up(self) -> None:
        """Start the embedded form, under the name "up"."""
        self._spawn("up", "up")

    def _spawn(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-c", "from services.cli import main; main()", *arguments],
                stdout=log, stderr=log, env=self.environment, start_new_session=True,
            )  # fmt: skip

    def resident_mib(self, name: str) -> float:
        """Resident memory of a process, in MiB."""
        status = Path(f"/proc/{self.running[name].pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]  # every process has the line

    def kill(self, role: str) -> None:
        """kill -9, and start it again at once."""
        process = self.running.pop(role)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        self.killed += 1
        self.start_up() if role == "up" else self.start(role)

    def terminate(self, role: str) -> int:
        """SIGTERM; returns the exit code. What does not end by itself in time fails the test."""
        process = self.running.pop(role)
        process.terminate()
        try:
            return process.wait(STOP_SECONDS)
        finally:
            process.kill()
            process.wait()

    def stop(self) -> None:
        """End every role in order, and by force what does not end."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def alive(self) -> dict[str, int | None]:
        """Roles that ended by themselves, with their exit codes."""
        return {role: p.poll() for role, p in self.running.items() if p.poll() is not None}


@dataclass
class Person:
    """Somebody at the console. Requests are repeated while the web role is being restarted."""

    base: str
    name: str
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=10, trust_env=False))

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request; a refused connection or 503 is tried again, as a person would."""

        def answer() -> httpx2.Response | None:
            try:
                response = self.client.request(method, self.base + path, headers={"accept": "text/html"}, **more)
            except httpx2.TransportError:
                return None
            return None if response.status_code >= 500 else response

        return until(answer, f"{method} {path}")

    def close(self) -> None:
        self.client.close()

    def sign_in(self) -> None:
        answer = self.ask("POST", "/sign-in", data={"name": self.name, "password": PASSWORD, "next": "/"})
        assert answer.status_code == 303, answer.text

    def act(self, incident: str, act: str, **form: str) -> None:
        """Do an act; where the answer was lost in a kill, a refusal to do it twice is fine."""
        page = self.ask("GET", f"/incidents/{incident}").text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token, page[:500]
        answer = self.ask("POST", f"/incidents/{incident}/{act}", data={"csrf": token[1], **form})
        assert answer.status_code in (303, 409), answer.text


@dataclass
class Program:
    """A program with a bearer token."""

    base: str
    token: str
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=10, trust_env=False))

    def ask(self, method: str, path: str, content: Any = None) -> Any:
        """The JSON answer; tried again while the web role is being restarted. None for 404."""

        def answer() -> tuple[Any] | None:
            body = None if content is None else json.dumps(content).encode()
            headers = {"authorization": f"Bearer {self.token}"}
            try:
                response = self.client.request(method, self.base + path, content=body, headers=headers)
            except httpx2.TransportError:
                return None
            if response.status_code >= 500:
                return None
            return (response.json() if response.status_code != 404 else None,)

        return until(answer, f"{method} {path}")[0]

    def close(self) -> None:
        self.client.close()

    def ledger(self, incident: str) -> list[dict[str, Any]]:
        found = self.ask("GET", f"/api/v1/incidents/{incident}/ledger")
        entries: list[dict[str, Any]] = found["entries"] if found else []
        return entries

    def kinds(self, incident: str) -> list[str]:
        return [entry["kind"] for entry in self.ledger(incident)]
