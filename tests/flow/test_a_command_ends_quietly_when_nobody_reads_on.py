"""`huiying assess FILE | head`: whoever read stdout is gone; the command ends without a word, as by SIGPIPE."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli import READER_GONE

SCENARIO = Path(__file__).parent / "scenarios" / "acknowledgement.yaml"
COMMAND = [sys.executable, "-c", "from services.cli import main; main()"]
LINE = json.dumps({"id": 7, "text": "南岗区暖气不热"})
NO_TEXT = b'{"id": "b", "text": "\xbb\xf0\xd4\xd6"}'


def unread(*arguments: str, buffered: bool = True) -> tuple[int, str]:
    """Exit code and stderr of a command whose stdout is closed at the other end from the start."""
    environment = os.environ | {"PYTHONUNBUFFERED": "" if buffered else "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*COMMAND, *arguments], **pipes, text=True, env=environment) as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.stderr is not None
        told = running.stderr.read()
    return running.returncode, told


@pytest.mark.parametrize("count", [1, 300])
def test_whether_the_answers_are_few_or_more_than_a_pipe_holds(tmp_path: Path, count: int) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text(f"{LINE}\n" * count, encoding="utf-8")
    assert unread("assess", str(file)) == (READER_GONE, "")


def test_so_does_a_drill_whose_first_line_already_fails() -> None:
    assert unread("drill", str(SCENARIO), buffered=False) == (READER_GONE, "")


@pytest.mark.parametrize("buffered", [True, False])
def test_so_does_the_help(buffered: bool) -> None:
    assert unread("--help", buffered=buffered) == (READER_GONE, "")


def test_with_a_reader_a_line_that_is_no_text_is_named_the_others_are_answered_and_the_exit_code_says_so() -> None:
    lines = b"\n".join([LINE.encode(), NO_TEXT, LINE.encode(), b""])
    done = subprocess.run([*COMMAND, "assess"], input=lines, capture_output=True, check=False)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [7, 7]
    assert b"-:2: -: not UTF-8" in done.stderr
    assert done.returncode == 2
