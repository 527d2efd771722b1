"""`huiying demo` as a person starts it: it says where to look and who to be, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.demo import office

COMMAND = [sys.executable, "-c", "from services.cli import main; main()", "demo", "--port", "0"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the demo keeps its data; a hostile environment must not change that."""
    (tmp_path / "tmp").mkdir()
    return tmp_path / "tmp"


def started(scratch: Path, *options: str) -> subprocess.Popen[str]:
    surroundings = {**os.environ, "TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    surroundings |= {"HUIYING_DATA_DIR": "/nowhere/at/all", "HUIYING_SMTP_HOST": "mail.example.cn"}
    return subprocess.Popen(
        [*COMMAND, *options], cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def until_told(demo: subprocess.Popen[str], wanted: str) -> Iterator[str]:
    assert demo.stdout is not None
    for line in demo.stdout:
        yield line
        if wanted in line:
            return
    pytest.fail(f"the demo ended without telling “{wanted}”")


def test_it_tells_address_and_accounts_answers_and_leaves_nothing(scratch: Path) -> None:
    demo = started(scratch)
    try:
        told = "".join(until_told(demo, "5. "))
        address = re.search(r"http://127\.0\.0\.1:\d+", told)
        assert address is not None
        assert all(account.name in told for account in office.ACCOUNTS)
        assert office.PASSWORD in told
        with urllib.request.urlopen(f"{address[0]}/readyz", timeout=10) as answer:
            assert answer.status == 200
    finally:
        demo.send_signal(signal.SIGINT)
        rest, _ = demo.communicate(timeout=60)
    assert demo.returncode == 0, rest
    assert list(scratch.iterdir()) == []


def test_what_is_to_be_kept_is_kept(scratch: Path) -> None:
    demo = started(scratch, "--keep")
    try:
        list(until_told(demo, "5. "))
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)
    (folder,) = scratch.iterdir()
    assert (folder / "data" / "huiying.sqlite").exists()
