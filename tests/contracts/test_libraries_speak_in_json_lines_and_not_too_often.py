"""A library that complains two hundred times a second must not fill the disk, and is a JSON line like all others."""

from __future__ import annotations

import json
import logging
import sys

from services.wiring.logs import Line, OnceAMinute


class Listener(logging.Handler):
    """Keeps the lines that pass."""

    def __init__(self, quiet: OnceAMinute) -> None:
        super().__init__()
        self.addFilter(quiet)
        self.setFormatter(Line())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def record(words: str, error: BaseException | None = None) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("aiokafka", logging.ERROR, __file__, 1, words, None, told)


def test_the_same_line_passes_once_a_minute_and_says_how_often_it_was_kept_back() -> None:
    seconds = 0.0
    listener = Listener(OnceAMinute(lambda: seconds))
    for tenth in range(1300):
        seconds = tenth / 10
        listener.handle(record("Unable connect to node 1"))
    assert [json.loads(line).get("again") for line in listener.lines] == [None, 599, 599]


def test_other_lines_pass_meanwhile_however_many_there_are() -> None:
    listener = Listener(OnceAMinute(lambda: 0.0))
    for number in range(5000):
        listener.handle(record(f"node {number}"))
    assert len(listener.lines) == 5000


def test_another_error_under_the_same_words_is_another_line() -> None:
    listener = Listener(OnceAMinute(lambda: 0.0))
    for number in (1, 2, 2):
        listener.handle(record("Exception in ASGI application", ValueError(number)))
    assert len(listener.lines) == 2


def test_a_line_is_one_json_object_even_with_a_traceback() -> None:
    try:
        raise ValueError("第一行\n第二行")
    except ValueError as error:
        line = Line().format(record("broke", error))
    assert "\n" not in line
    told = json.loads(line)
    assert told["event"] == "broke"
    assert told["level"] == "error"
    assert "第二行" in told["exception"]
    assert sys.exc_info() == (None, None, None)
