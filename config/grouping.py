"""`grouping.toml` and `grouping.npz` → the policy and the table that grouping works with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from config.reading import CONFIG_DIR, BadConfig, Section, check_names, check_texts, check_words, read_toml
from services.domain.grouping import GroupingPolicy, Matter, Scope

_BUCKETS = 1 << 18
LONGEST_DAYS = 366
OUTBREAKS = {"toll_times": (1, 100), "hours_apart": (0, 24), "disaster_dead": (1, 1000)}


class _Windows(Section, frozen=True):
    copy_days: float
    place_days: float
    matter_days: float
    event_days: float
    outbreak_hours: float
    lately_hours: float
    answered_hours: float


class _Likeness(Section, frozen=True):
    near: float
    same_place_join: float
    same_place_ask: float
    same_road_join: float
    lately_join: float
    same_name_join: float
    same_name_ask: float
    join: float
    ask: float
    aside_more: float


class _Outbreaks(Section, frozen=True):
    toll_times: float
    hours_apart: int
    disaster_dead: int


class _Matter(Section, frozen=True):
    name: str
    scope: Literal["city", "district", "owner", "spot"]
    words: list[str]
    outbreak: bool = False
    days: float | None = None
    owners: tuple[str, ...] = ()


class _File(Section, frozen=True):
    windows: _Windows
    likeness: _Likeness
    outbreaks: _Outbreaks
    matters: list[_Matter]
    nameless: list[str] = msgspec.field(default_factory=list)
    placeless: list[str] = msgspec.field(default_factory=list)
    notices: list[str] = msgspec.field(default_factory=list)
    firms: list[str] = msgspec.field(default_factory=list)
    subjects: dict[str, list[str]] = msgspec.field(default_factory=dict)


def load_grouping(path: Path = CONFIG_DIR / "grouping.toml") -> GroupingPolicy:
    """The policy.

    Raises:
        BadConfig: an unknown key, a window that is not positive, a likeness outside 0–1, a matter without words.
    """
    file = read_toml(path, _File, as_shipped=("windows", "likeness", "outbreaks"))
    _check_numbers(path, file)
    _check_matters(path, file.matters)
    _check_subjects(path, file)
    return GroupingPolicy(
        copy_window=timedelta(days=file.windows.copy_days),
        place_window=timedelta(days=file.windows.place_days),
        matter_window=timedelta(days=file.windows.matter_days),
        event_window=timedelta(days=file.windows.event_days),
        outbreak_window=timedelta(hours=file.windows.outbreak_hours),
        lately_window=timedelta(hours=file.windows.lately_hours),
        answered_for=timedelta(hours=file.windows.answered_hours),
        matters=tuple(
            Matter(m.name, Scope(m.scope), tuple(m.words), m.outbreak, m.days, m.owners) for m in file.matters
        ),
        nameless=tuple(file.nameless),
        placeless=tuple(file.placeless),
        notices=tuple(file.notices),
        firms=tuple(file.firms),
        subjects={name: tuple(words) for name, words in file.subjects.items()},
        **msgspec.structs.asdict(file.likeness),
        **msgspec.structs.asdict(file.outbreaks),
    )


def _check_numbers(path: Path, file: _File) -> None:
    for key, length in msgspec.structs.asdict(file.windows).items():
        if not 0 < length <= LONGEST_DAYS:
            raise BadConfig(path, f"windows.{key}", f"must be more than 0 and at most {LONGEST_DAYS}")
    for key, value in msgspec.structs.asdict(file.likeness).items():
        if not 0 < value <= 1:
            raise BadConfig(path, f"likeness.{key}", "must be more than 0 and at most 1")
    for scale in ("same_place_", "same_name_", ""):
        if getattr(file.likeness, f"{scale}ask") > getattr(file.likeness, f"{scale}join"):
            raise BadConfig(path, f"likeness.{scale}ask", f"must not be more than {scale}join: nobody would be asked")
    for key, (least, most) in OUTBREAKS.items():
        if not least <= getattr(file.outbreaks, key) <= most:
            raise BadConfig(path, f"outbreaks.{key}", f"must be from {least} to {most}")


def _check_matters(path: Path, matters: Sequence[_Matter]) -> None:
    check_names(path, "matters", [one.name for one in matters])
    for one in matters:
        key = f"matters.{one.name}"
        check_words(path, f"{key}.words", one.words)
        if one.outbreak and one.scope != "spot":
            raise BadConfig(path, f"{key}.outbreak", "only what happens at one spot can be an outbreak")
        if one.days is not None and not 0 < one.days <= LONGEST_DAYS:
            raise BadConfig(path, f"{key}.days", f"must be more than 0 and at most {LONGEST_DAYS}")
        if bool(one.owners) != (one.scope == "owner"):
            raise BadConfig(path, f"{key}.owners", "the scope owner needs the ends of names, no other does")
        if one.owners:
            check_words(path, f"{key}.owners", one.owners)


def _check_subjects(path: Path, file: _File) -> None:
    """Raises BadConfig for blank words, and for a word of two subjects."""
    for key in ("nameless", "placeless", "notices", "firms"):
        check_texts(path, key, getattr(file, key))
    told: dict[str, str] = {}
    for name, words in file.subjects.items():
        check_words(path, f"subjects.{name}", words)
        for word in words:
            if told.setdefault(word, name) != name:
                raise BadConfig(path, f"subjects.{name}", f"“{word}” stands under {told[word]} already")


def load_commonness(path: Path = CONFIG_DIR / "grouping.npz") -> NDArray[np.uint8]:
    """How common each pair of characters is in background texts, by bucket.

    Raises:
        BadConfig: the file is missing or has another shape.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            table: NDArray[np.uint8] = arrays["commonness"]
    except (OSError, ValueError, KeyError) as error:
        raise BadConfig(path, "commonness", str(error)) from error
    if table.shape != (_BUCKETS,) or table.dtype != np.uint8:
        raise BadConfig(path, "commonness", f"expected {_BUCKETS} bytes, found {table.dtype} {table.shape}")
    return table
