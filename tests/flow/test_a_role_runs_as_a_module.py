"""`python -m producers ROLE` and `python -m consumers ROLE`: one role until SIGTERM; what is no role is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from consumers import topology
from producers import schedule

ROLES = {"producers": sorted(schedule.CLOCKS), "consumers": sorted(topology.PIPES)}


def module(data: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "HUIYING_DATA_DIR": str(data), "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.mark.parametrize(("package", "role"), [("producers", "relay"), ("consumers", "project")])
def test_a_role_runs_until_it_is_told_to_stop(tmp_path: Path, package: str, role: str) -> None:
    with module(tmp_path, package, role) as running:
        assert running.stdout
        started = next((line for line in running.stdout if '"started"' in line), "")
        running.send_signal(signal.SIGTERM)
        rest = running.stdout.read()
        assert (running.wait(60), f'"{role}"' in started, '"stopped"' in rest) == (0, True, True)


@pytest.mark.parametrize("package", sorted(ROLES))
def test_what_is_no_role_is_refused_with_those_there_are(tmp_path: Path, package: str) -> None:
    with module(tmp_path, package, "nobody") as refused:
        said = refused.communicate(timeout=60)[0]
    assert refused.returncode == 2
    assert f"python -m {package}" in said
    assert all(role in said for role in ROLES[package])
