"""A drill scenario (DOMAIN.md): posts and acts on a time line, read from YAML and refused with line and reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from config.departments import load_departments
from config.reading import CONFIG_DIR
from config.roster import load_roster
from services.domain.incident import ACTS, Actor
from services.domain.intake import Channel, Refusal, take_in
from services.domain.post import Post
from services.domain.timestamps import EARLIEST
from services.domain.vocabulary import Role
from services.domain.zone import SHANGHAI
from services.usecases.handling import LATEST

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_KEYS = {"name", "start", "steps", "until", "description", "users"}
_STEP_KEYS = {"at", "post", "act", "by", "on", "with"}


class _Loader(yaml.SafeLoader):
    """YAML 1.1 reads a bare `on` as true; in a scenario `on` is the post an act is about."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


class BadScenario(ValueError):
    """The file must not be run; the message names file, step, field and reason."""


NOBODY = Actor("system")


@dataclass(frozen=True, slots=True)
class Step:
    """At `at`: either a post comes in, or somebody acts on the incident that holds the post `on`."""

    number: int
    at: datetime
    post: Post | None = None
    act: str = ""
    actor: Actor = NOBODY
    on: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a drill runs, in order of time."""

    name: str
    start: datetime
    until: datetime
    steps: tuple[Step, ...]

    @property
    def named_posts(self) -> frozenset[str]:
        """Keys of posts that acts refer to: the author says that these are matters."""
        on = {step.on for step in self.steps if step.on}
        return frozenset(step.post.key for step in self.steps if step.post and step.post.id in on)

    def key_of(self, post_id: str) -> str:
        """The key of the post the scenario calls `post_id`; empty when there is none."""
        return next((s.post.key for s in self.steps if s.post and s.post.id == post_id), "")


def load_scenario(path: Path, config_dir: Path = CONFIG_DIR) -> Scenario:
    """Read and check a scenario against the office it is for: its roster and its departments.

    Raises:
        BadScenario: not YAML, an unknown key, act or actor, a time that makes no sense, a post without id or text.
        BadConfig: roster or departments must not be used.
    """
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:  # an impossible date is a bare ValueError
        raise BadScenario(f"{path}: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise BadScenario(f"{path}: a scenario is a mapping with start, steps and until")
    return _Reader(path, raw, _people(config_dir)).scenario()


def _people(config_dir: Path) -> dict[str, Actor]:
    """Who may act without being listed: every role, every department by its code, and whoever stands on the roster."""
    codes = load_departments(config_dir / "departments.toml").by_code
    roster = load_roster(config_dir / "roster.toml", codes)
    known = {name: Actor(name, Role.SYSTEM_ADMIN) for name in roster.administrators}
    if roster.default_contact:
        known |= {code.lower(): Actor(code.lower(), Role.DEPARTMENT, code) for code in codes}
    for shift in reversed(roster.standing.shifts):  # of somebody's several rungs the first counts
        known[shift.person] = Actor(shift.person, Role(shift.level.value), shift.department)
    known |= {code: Actor(code, Role.DEPARTMENT, code) for code in codes}
    return known | {role.value: Actor(role.value, role) for role in Role}


class _Reader:
    def __init__(self, path: Path, raw: dict[str, Any], people: Mapping[str, Actor]) -> None:
        self._path, self._raw, self._people = path, raw, people

    def scenario(self) -> Scenario:
        self._known(self._raw, _KEYS, "scenario")
        self._start = self._stamp("start", self._need(self._raw, "start", "scenario"))
        rows = self._need(self._raw, "steps", "scenario")
        if not isinstance(rows, list):
            raise self._bad("steps", "must be a list")
        steps = [self._step(number, row) for number, row in enumerate(rows, 1)]
        steps.sort(key=lambda s: s.at)
        until = self._time("until", self._raw.get("until", "0m"))
        last = max([until, *(s.at for s in steps)])
        return Scenario(str(self._raw.get("name", self._path.stem)), self._start, last, tuple(steps))

    def _step(self, number: int, row: Any) -> Step:
        where = f"step {number}"
        if not isinstance(row, dict):
            raise self._bad(where, "must be a mapping")
        self._known(row, _STEP_KEYS, where)
        at = self._time(f"{where}: at", self._need(row, "at", where))
        if "post" in row:
            return Step(number, at, post=self._post(where, row["post"], at))
        act = str(self._need(row, "act", where))
        if act not in ACTS:
            raise self._bad(f"{where}: act", f"unknown act “{act}”; known: {', '.join(ACTS)}")
        given = row.get("with") or {}
        if not isinstance(given, dict):
            raise self._bad(f"{where}: with", "must be a mapping")
        actor = self._actor(f"{where}: by", str(self._need(row, "by", where)))
        return Step(number, at, act=act, actor=actor, on=str(self._need(row, "on", where)), given=given)

    def _post(self, where: str, row: Any, at: datetime) -> Post:
        if not isinstance(row, dict):
            raise self._bad(f"{where}: post", "must be a mapping")
        raw = {"text": row.get("title") or "", **{k: v for k, v in row.items() if k != "source"}}
        if isinstance(raw.get("published_at"), datetime):
            raw["published_at"] = raw["published_at"].isoformat()
        taken = take_in(raw, Channel(source=str(row.get("source", "drill")), origin="drill", collected_at=at))
        if isinstance(taken, Refusal):
            raise self._bad(f"{where}: post.{taken.field}", taken.reason)
        return taken

    def _actor(self, where: str, by: str) -> Actor:
        """A user listed under `users`, a role, a department's code or a user of the roster."""
        users = self._raw.get("users") or {}
        row = (users.get(by) or {}) if isinstance(users, dict) else None
        if not isinstance(row, dict):
            raise self._bad("users", "must be a mapping of names to {role, department}")
        if by in users:
            wanted = str(row.get("role", "duty_officer"))
            role = next((r for r in Role if r.value == wanted), None)
            if role is None:
                raise self._bad(f"users: {by}", f"“{wanted}” is no role")
            return Actor(by, role, str(row.get("department", "")))
        if by not in self._people:
            near = get_close_matches(by, self._people, 1)
            hint = f"; “{near[0]}” perhaps?" if near else ""
            raise self._bad(
                where, f"“{by}” is no role, no department's code and no user of the roster or `users`{hint}"
            )
        return self._people[by]

    def _time(self, where: str, value: Any) -> datetime:
        """`90m`, `3h`, `2d` after the start, or a time stamp."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", str(value).strip())
        if match:
            try:
                return self._within(where, self._start + timedelta(**{_UNITS[match[2]]: float(match[1])}))
            except OverflowError:
                raise self._bad(where, f"“{value}” lies beyond the calendar") from None
        at = self._stamp(where, value)
        if at < self._start:
            raise self._bad(where, "lies before the start")
        return at

    def _stamp(self, where: str, value: Any) -> datetime:
        try:
            # YAML hands over times with an offset already turned to UTC; a bare one is Beijing time.
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            at = (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self._bad(
                where, f"“{value}” is not a time (write 90m, 3h, 2d or 2017-10-01T22:00:00+08:00)"
            ) from None
        return self._within(where, at)

    def _within(self, where: str, at: datetime) -> datetime:
        if not EARLIEST <= at < LATEST:
            raise self._bad(where, f"“{at.date()}” lies outside {EARLIEST.year}–{LATEST.year}")
        return at

    def _need(self, row: Mapping[str, Any], key: str, where: str) -> Any:
        if row.get(key) in (None, ""):
            raise self._bad(where, f"“{key}” is missing")
        return row[key]

    def _known(self, row: Mapping[str, Any], keys: set[str], where: str) -> None:
        unknown = sorted(str(k) for k in set(row) - keys)
        if unknown:
            raise self._bad(where, f"unknown key “{unknown[0]}”; known: {', '.join(sorted(keys))}")

    def _bad(self, where: str, reason: str) -> BadScenario:
        return BadScenario(f"{self._path}: {where}: {reason}")
