"""A part of the suite that cannot be had is one loud line; where everything must have been run, it is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.tables import ROOT
from tests.real.servers import RUN_DIR

SUITE = ["-m", "pytest", "-p", "no:cacheprovider", "-k", "kafka", "tests/contracts/test_log.py"]
LINE = "missing: Java (Debian package default-jre-headless): the suites on real Kafka were NOT run"


def without_java(command: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """As on a machine where no program is installed, in a run of its own."""
    kept = {
        k: v for k, v in os.environ.items() if k not in ("CI", RUN_DIR) and not k.startswith(("HUIYING_", "PYTEST"))
    }
    environment = {**kept, "PATH": str(folder), **more}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_what_could_not_be_run_is_skipped_and_said_once(tmp_path: Path) -> None:
    done = without_java(SUITE, tmp_path)
    assert done.returncode == 0, done.stdout
    assert [line for line in done.stdout.splitlines() if "NOT run" in line] == [f"!!! {LINE}"]
    assert "passed" not in done.stdout


def test_in_ci_it_fails(tmp_path: Path) -> None:
    done = without_java(SUITE, tmp_path, CI="true")
    assert done.returncode == 1, done.stdout
    assert LINE in done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_fetching_the_parts_ahead_of_the_tests_says_the_same(tmp_path: Path, ci: str, code: int) -> None:
    done = without_java(["-m", "tests.real.broker"], tmp_path, CI=ci)
    assert done.returncode == code
    assert done.stdout.splitlines()[-1] == f"!!! {LINE}"


@pytest.mark.real
def test_a_broker_that_is_there_already_is_used_instead(tmp_path: Path, kafka_bootstrap: str) -> None:
    done = without_java(
        [*SUITE[:-2], "kafka and order", SUITE[-1]], tmp_path, CI="true", HUIYING_TEST_KAFKA=kafka_bootstrap
    )
    assert done.returncode == 0, done.stdout
