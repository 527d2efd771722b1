"""Logs: JSON lines on stderr, also what libraries say. A library that repeats itself is heard once a minute."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO, cast

import structlog

from config.settings import Settings

QUIET_SECONDS = 60.0
REMEMBERED = 1000


class _Stderr:
    """Whatever stderr is when something is written, not what it was when logging was set up.

    A line that cannot be kept (its disk is full) ends no service: it is counted, and told with the next that can.
    """

    def __init__(self) -> None:
        self._lost = 0

    def write(self, text: str) -> int:
        told = f'{{"event": "log lines lost", "lines": {self._lost}, "level": "warning"}}\n' if self._lost else ""
        try:
            sys.stderr.write(told + text)
            sys.stderr.flush()
        except OSError:
            self._lost += 1
        else:
            self._lost = 0
        return len(text)

    def flush(self) -> None:
        """Every write has flushed."""


class OnceAMinute(logging.Filter):
    """Lets a line pass that was not there in the last minute, and says then how often it was kept back.

    A Kafka client without its broker repeats a handful of lines two hundred times a second.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._heard: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        line = f"{record.name} {record.getMessage()} {error!r}"
        last, kept_back = self._heard.get(line, (-QUIET_SECONDS, 0))
        if self._now() - last < QUIET_SECONDS:
            self._heard[line] = last, kept_back + 1
            return False
        if len(self._heard) >= REMEMBERED:
            self._heard.clear()
        self._heard[line] = self._now(), 0
        record.kept_back = kept_back
        return True


class Line(logging.Formatter):
    """A record as one JSON line, as the program's own lines are."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
        }
        said |= {"timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")}
        if kept_back := getattr(record, "kept_back", 0):
            said |= {"again": kept_back}
        if record.exc_info:
            said |= {"exception": self.formatException(record.exc_info)}
        return json.dumps(said, ensure_ascii=False, default=str)


def set_up_logs(settings: Settings) -> None:
    """JSON lines on stderr; stdout belongs to results."""
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Stderr())),
    )
    handler = logging.StreamHandler(cast(TextIO, _Stderr()))
    handler.addFilter(OnceAMinute())
    handler.setFormatter(Line())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    # A tick left out because the last one still runs is how the clock is meant to work.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
