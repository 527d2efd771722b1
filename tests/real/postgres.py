"""A throw-away PostgreSQL from the Debian binaries: own folder, free port, nothing shared with a system cluster."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.real.servers import Missing, free_port, keep, stop

# fsync=off survives a killed process (the pages are in the kernel), only not a power cut: right for tests.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "error",
}


class Postgres:
    """One cluster. `url(database)` is what SQLAlchemy takes, `dsn(database)` what asyncpg takes."""

    def __init__(self, binaries: Path, folder: Path, port: int) -> None:
        self.binaries, self.folder, self.port = binaries, folder, port
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def create(cls) -> Postgres:
        """Initialise a cluster in a new folder; not started yet.

        Raises:
            Missing: the server binaries are not installed.
        """
        binaries = find_binaries()
        folder = Path(tempfile.mkdtemp(prefix="huiying-postgres-"))
        if _server_user():
            shutil.chown(folder, _server_user())
        postgres = cls(binaries, folder, free_port())
        arguments = ["-D", str(folder / "data"), "-U", "huiying", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        postgres._run("initdb", *arguments)
        return postgres

    def start(self) -> None:
        """Start and wait until it answers."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *settings]
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **_as_server_user()
        )
        log.close()
        self._wait_until_ready()

    def _wait_until_ready(self, patience_seconds: float = 60) -> None:
        deadline = time.monotonic() + patience_seconds
        ready = [str(self.binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        while subprocess.run(ready, check=False).returncode != 0:
            if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'server.log').read_text()}")
            time.sleep(0.05)

    def stop(self, sign: int = signal.SIGINT) -> None:
        """SIGINT: fast, clean; SIGQUIT: immediate, as a crash."""
        assert self.process is not None, "the server was not started"
        stop(self.process.pid, sign)
        self.process.wait()

    def freeze(self) -> None:
        """SIGSTOP to every process of the server: connections stay open and nobody answers."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL to every process of the server: as if the machine lost its power.

        Returns when all are gone: a new server refuses to start on memory that a dying child still holds.
        """
        self.freeze()
        children = self._children()
        self.stop(signal.SIGKILL)
        for child in children:
            stop(child, signal.SIGKILL)

    def _signal_all(self, sign: int) -> None:
        """The postmaster first, so that no child is born meanwhile; each child is a session of its own."""
        assert self.process is not None, "the server was not started"
        os.kill(self.process.pid, sign)
        for child in self._children():
            with contextlib.suppress(ProcessLookupError):  # a child may end as soon as its parent goes on
                os.kill(child, sign)

    def _children(self) -> list[int]:
        assert self.process is not None, "the server was not started"
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]

    def dsn(self, database: str) -> str:
        return dsn(self.port, database)

    def url(self, database: str) -> str:
        return url(self.port, database)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **_as_server_user())


def dsn(port: int, database: str) -> str:
    return f"postgresql://huiying@127.0.0.1:{port}/{database}"


def url(port: int, database: str) -> str:
    return f"postgresql+asyncpg://huiying@127.0.0.1:{port}/{database}"


def find_binaries() -> Path:
    """The newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    raise Missing("PostgreSQL server (Debian package postgresql): the suites on PostgreSQL were NOT run")


def start_shared() -> dict[str, Any]:
    """For `servers.once`."""
    postgres = Postgres.create()
    postgres.start()
    assert postgres.process is not None
    return {"pids": [keep(postgres.process)], "folders": [str(postgres.folder)], "port": postgres.port}


def _server_user() -> str:
    """PostgreSQL refuses to run as root; the Debian package brings the user `postgres`."""
    if os.geteuid() != 0:
        return ""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Missing("an unprivileged user for PostgreSQL: the suites on PostgreSQL were NOT run")


def _as_server_user() -> dict[str, Any]:
    user = _server_user()
    if not user:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
