"""`sources.toml` → the sources and the rules of collecting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain.rhythm import CEILING_SECONDS, FLOOR_SECONDS, Pace
from services.domain.source import BoardSelectors, Source, SourceKind
from services.usecases.collecting import Rules

SCHEMES: Mapping[SourceKind, tuple[str, ...]] = {
    SourceKind.FEED: ("http", "https"),
    SourceKind.BOARD: ("http", "https"),
    SourceKind.MAILBOX: ("imap", "imaps"),
    SourceKind.HOTLINE: ("", "file"),
}
OPTIONS: Mapping[SourceKind, tuple[str, ...]] = {
    SourceKind.MAILBOX: ("user", "password_file", "ca_file"),
    SourceKind.HOTLINE: ("columns.",),
}
_Option = str | int | bool
LIMITS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "collecting": {
        "first_look_days": (0, 3650),
        "articles_per_look": (0, 500),
        "article_tries": (1, 100),
        "busy_seconds": (1, CEILING_SECONDS),
        "letter_told_days": (0, 366),
        "republished_days": (0, 3650),
        "hot_hours": (0, 24 * 7),
    },
    "silence": {"gaps": (1, 1000), "at_least_hours": (0, 24 * 366), "unknown_hours": (1, 24 * 366)},
}
"""From what to what each number may be."""


class _Collecting(Section, frozen=True):
    first_look_days: float
    articles_per_look: int
    article_tries: int
    busy_seconds: float
    letter_told_days: float
    republished_days: float
    hot_hours: float


class _Silence(Section, frozen=True):
    gaps: float
    at_least_hours: float
    unknown_hours: float


class _Class(Section, frozen=True):
    floor_seconds: int
    ceiling_seconds: int
    expected_hours: float


class _Board(Section, frozen=True):
    item: str
    link: str = "a"
    title: str = "a"
    time: str = ""
    body: str = ""
    author: str = ""
    next_page: str = ""
    max_pages: int = 1


class _Source(Section, frozen=True, rename={"source_class": "class"}):
    id: str
    url: str
    name: str = ""
    kind: SourceKind = SourceKind.FEED
    source_class: str = "media"
    vendor: str = ""
    floor_seconds: int | None = None
    ceiling_seconds: int | None = None
    expected_hours: float | None = None
    full_text: bool = False
    mainland: bool = True
    enabled: bool = True
    board: _Board | None = None
    options: dict[str, _Option | dict[str, _Option]] = msgspec.field(default_factory=dict)


class _File(Section, frozen=True):
    collecting: _Collecting
    silence: _Silence
    classes: dict[str, _Class]
    sources: tuple[_Source, ...] = ()


class SourcesFile(msgspec.Struct, frozen=True):
    """What the file says. `classes` are kept for sources that are added later, by OPML or in the console."""

    sources: tuple[Source, ...]
    rules: Rules
    classes: Mapping[str, Source]


def load_sources(path: Path = CONFIG_DIR / "sources.toml") -> SourcesFile:
    """Raises BadConfig naming file, key and reason."""
    read = read_toml(path, _File, as_shipped=("collecting", "silence"))
    _check_rules(path, read)
    seen: set[str] = set()
    sources = []
    for number, one in enumerate(read.sources):
        key = f"sources[{number}]"
        if one.id in seen:
            raise BadConfig(path, f"{key}.id", f"{one.id} is there twice")
        seen.add(one.id)
        sources.append(_source(path, key, one, read.classes))
    return SourcesFile(tuple(sources), _rules(read), {name: _pattern(name, one) for name, one in read.classes.items()})


def _rules(read: _File) -> Rules:
    said, silence = read.collecting, read.silence
    return Rules(
        first_look_days=said.first_look_days,
        articles_per_look=said.articles_per_look,
        article_tries=said.article_tries,
        busy_for=timedelta(seconds=said.busy_seconds),
        letter_told_for=timedelta(days=said.letter_told_days),
        republished_within=timedelta(days=said.republished_days),
        pace=Pace(
            hot_for=timedelta(hours=said.hot_hours),
            silent_gaps=silence.gaps,
            silent_at_least=timedelta(hours=silence.at_least_hours),
            silent_when_unknown=timedelta(hours=silence.unknown_hours),
        ),
    )


def _check_rules(path: Path, read: _File) -> None:
    for table, limits in LIMITS.items():
        for name, (least, most) in limits.items():
            _between(path, f"{table}.{name}", getattr(getattr(read, table), name), least, most)
    for name, one in read.classes.items():
        _check_rhythm(path, f"classes.{name}", one.floor_seconds, one.ceiling_seconds, one.expected_hours)


def _check_rhythm(path: Path, key: str, floor: int, ceiling: int, expected: float) -> None:
    _between(path, f"{key}.floor_seconds", floor, FLOOR_SECONDS, CEILING_SECONDS)
    _between(path, f"{key}.ceiling_seconds", ceiling, floor, CEILING_SECONDS)
    _between(path, f"{key}.expected_hours", expected, 0, 24 * 366)


def _source(path: Path, key: str, one: _Source, classes: Mapping[str, _Class]) -> Source:
    if one.source_class not in classes:
        raise BadConfig(path, f"{key}.class", f"unknown class {one.source_class}; there are {', '.join(classes)}")
    _check_address(path, key, one)
    usual = classes[one.source_class]
    floor = usual.floor_seconds if one.floor_seconds is None else one.floor_seconds
    ceiling = max(floor, usual.ceiling_seconds) if one.ceiling_seconds is None else one.ceiling_seconds
    expected = usual.expected_hours if one.expected_hours is None else one.expected_hours
    _check_rhythm(path, key, floor, ceiling, expected)
    options = tuple(sorted(_options(one.options)))
    _check_options(path, key, one.kind, dict(options))
    return Source(
        id=one.id,
        url=one.url,
        name=one.name or one.id,
        kind=one.kind,
        source_class=one.source_class,
        vendor=one.vendor,
        floor_seconds=floor,
        ceiling_seconds=ceiling,
        expected_seconds=int(expected * 3600),
        full_text=one.full_text,
        mainland=one.mainland,
        board=_board(path, key, one),
        options=options,
        enabled=one.enabled,
    )


def _check_address(path: Path, key: str, one: _Source) -> None:
    if not one.id.strip() or len(one.id) > 100 or "\x1f" in one.id:
        raise BadConfig(path, f"{key}.id", "must have 1 to 100 characters")
    try:
        parts = urlsplit(one.url)
    except ValueError as error:
        raise BadConfig(path, f"{key}.url", str(error)) from error
    allowed = SCHEMES[one.kind]
    if parts.scheme not in allowed or not (parts.hostname or "" in allowed):
        wanted = "a folder" if "" in allowed else " or ".join(allowed)
        raise BadConfig(path, f"{key}.url", f"a source of kind {one.kind.value} needs {wanted}")


def _board(path: Path, key: str, one: _Source) -> BoardSelectors | None:
    if one.kind is not SourceKind.BOARD:
        if one.board is not None:
            raise BadConfig(path, f"{key}.board", 'only a source with kind = "board" has selectors')
        return None
    if one.board is None or not one.board.item.strip():
        raise BadConfig(path, f"{key}.board.item", "a board needs a CSS selector for its items")
    _between(path, f"{key}.board.max_pages", one.board.max_pages, 1, 100)
    return BoardSelectors(**msgspec.structs.asdict(one.board))


def _pattern(name: str, one: _Class) -> Source:
    return Source(
        id="",
        url="",
        source_class=name,
        floor_seconds=one.floor_seconds,
        ceiling_seconds=one.ceiling_seconds,
        expected_seconds=int(one.expected_hours * 3600),
    )


def _options(given: Mapping[str, _Option | dict[str, _Option]], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Flat names: `[sources.options.columns] title = "标题"` becomes ("columns.title", "标题")."""
    for name, value in given.items():
        if isinstance(value, dict):
            yield from _options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value).lower() if isinstance(value, bool) else str(value)


def _check_options(path: Path, key: str, kind: SourceKind, options: Mapping[str, str]) -> None:
    known = OPTIONS.get(kind, ())
    for name in options:
        if not any(name == one or (one.endswith(".") and name.startswith(one)) for one in known):
            told = ", ".join(known) or "none"
            raise BadConfig(path, f"{key}.options.{name}", f"a source of kind {kind.value} knows: {told}")
    for name in ("user", "password_file") if kind is SourceKind.MAILBOX else ():
        if not options.get(name, "").strip():
            raise BadConfig(path, f"{key}.options.{name}", "a mailbox cannot be read without it")


def _between(path: Path, key: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise BadConfig(path, key, f"must be from {least:g} to {most:g}")
