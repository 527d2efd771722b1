"""The day as data: `day.toml`, read and checked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from config.reading import BadConfig, Section, read_toml
from services.domain.zone import SHANGHAI

DAY_FILE = Path(__file__).parent / "day.toml"
Format = Literal["rss", "rss-gb18030", "atom", "json"]


class _Source(Section, frozen=True, rename={"source_class": "class"}):
    id: str
    format: Format
    source_class: str


class _Post(Section, frozen=True):
    at: str
    source: str
    matter: str
    title: str
    text: str


class _File(Section, frozen=True, rename={"sources": "source", "posts": "post"}):
    day: dt.date
    begins: str
    sources: tuple[_Source, ...]
    posts: tuple[_Post, ...]


@dataclass(frozen=True, slots=True)
class DemoPost:
    """One post. `matter` says what it is about, `out` that it must be kept out; the feeds do not tell."""

    id: str
    source: str
    at: dt.datetime
    matter: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoSource:
    """One fictional source, by the name people see, and the format of its feed."""

    id: str
    format: Format
    source_class: str


@dataclass(frozen=True, slots=True)
class Day:
    """`posts` are in order of time."""

    begins: dt.datetime
    sources: tuple[DemoSource, ...]
    posts: tuple[DemoPost, ...]

    def published(self, source: str, now: dt.datetime) -> list[DemoPost]:
        """What this source has published by `now`, newest first, as feeds have it."""
        return [post for post in reversed(self.posts) if post.source == source and post.at <= now]


def load_day(path: Path = DAY_FILE) -> Day:
    """Raises BadConfig naming file, key and reason."""
    read = read_toml(path, _File)
    known = {source.id for source in read.sources}
    posts = []
    for number, row in enumerate(read.posts, 1):
        if row.source not in known:
            raise BadConfig(path, f"post[{number}].source", f"there is no source {row.source}")
        at = _moment(path, f"post[{number}].at", read.day, row.at)
        posts.append(DemoPost(f"post-{number:03}", row.source, at, row.matter, row.title, row.text))
    sources = tuple(DemoSource(s.id, s.format, s.source_class) for s in read.sources)
    begins = _moment(path, "begins", read.day, read.begins)
    return Day(begins, sources, tuple(sorted(posts, key=lambda post: post.at)))


def _moment(path: Path, key: str, day: dt.date, clock: str) -> dt.datetime:
    try:
        return dt.datetime.combine(day, dt.time.fromisoformat(clock), SHANGHAI)
    except ValueError as error:
        raise BadConfig(path, key, f"“{clock}” is not a time of day") from error
