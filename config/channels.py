"""`channels.toml` → how notices are tried again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain.delivery import Retry


class _Retry(Section, frozen=True):
    first_seconds: float
    factor: float
    ceiling_seconds: float
    attempts: int


class _File(Section, frozen=True):
    retry: _Retry


def load_retry(path: Path = CONFIG_DIR / "channels.toml") -> Retry:
    """Raises BadConfig naming file, key and reason."""
    read = read_toml(path, _File).retry
    limits = {
        "first_seconds": (1, 3600),
        "factor": (1, 10),
        "ceiling_seconds": (read.first_seconds, 86_400),
        "attempts": (1, 100),
    }
    for key, (least, most) in limits.items():
        if not least <= getattr(read, key) <= most:
            raise BadConfig(path, f"retry.{key}", f"must be from {least:g} to {most:g}")
    first, ceiling = timedelta(seconds=read.first_seconds), timedelta(seconds=read.ceiling_seconds)
    return Retry(first, read.factor, ceiling, read.attempts)
