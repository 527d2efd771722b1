"""The numbers and words that grouping goes by (内部规定, `config/grouping.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import cached_property

EMERGENCY = "突发事件"
"""The kind of a post that tells of people killed, hurt or brought to safety and names no kind of event."""


class Scope(Enum):
    """How far one matter of a kind reaches."""

    CITY = "city"
    """A service of the whole city (供热): complaints from several districts in the same days are one matter."""
    DISTRICT = "district"
    """An outage (停水): complaints from one district in the same days are one matter, from another another."""
    OWNER = "owner"
    """Somebody's doing (欠薪): complaints about the same firm or school are one matter, about another another."""
    SPOT = "spot"
    """An event at one spot (火灾): another spot is another event, and so is the same spot some days later."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of matter with the words that name it.

    `days` is its window where it has one of its own. `owners` are the ends of the names of those whose doing it may be.
    `outbreak`: so rare that two reports of one from one district within hours are of one event unless they contradict.
    """

    name: str
    scope: Scope
    words: tuple[str, ...]
    outbreak: bool = False
    days: float | None = None
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupingPolicy:
    """Windows slide with the incident's last post. `answered_for` after its last answer a matter nobody has resolved
    takes no further complaints. Likenesses are 0–1; below `join` and above `ask` a person decides.

    `near` is the share of common text from which two posts are copies of each other. `same_place_*` is for posts that
    name the same finer place (which is left out of the likeness); where both name it first and are about the same,
    `same_place_ask` is enough to join. `same_road_join` is for a road or a village, `lately_join` for any place where
    they are about the same within `lately_window`, `same_name_*` for posts with what
    looks like a proper name in common (which is not left out), `join` and `ask` for the others.

    `subjects` are the words that tell what a post is about: one place or name counts only where posts are about the
    same, and `aside_more` is added where that is so in passing only, or not known. `nameless` words and those of
    subjects are no part of a name, and what has one of the `placeless` words is no finer place.
    Only of `notices` of planned work the days are compared. `firms` are the ends of the names of shops, firms and
    schools: posts in like words that name others are not copies.

    Reports of one outbreak may differ by `toll_times` in the dead or injured and by `hours_apart` in the hour of the
    day. A later report that names something specific of an event with `disaster_dead` may be of it: that is asked.
    """

    copy_window: timedelta
    place_window: timedelta
    matter_window: timedelta
    answered_for: timedelta
    event_window: timedelta
    outbreak_window: timedelta
    lately_window: timedelta
    near: float
    same_place_join: float
    same_place_ask: float
    same_road_join: float
    lately_join: float
    same_name_join: float
    same_name_ask: float
    aside_more: float
    join: float
    ask: float
    toll_times: float
    hours_apart: int
    disaster_dead: int
    matters: tuple[Matter, ...] = field(default_factory=tuple)
    subjects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nameless: tuple[str, ...] = ()
    placeless: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    firms: tuple[str, ...] = ()

    @property
    def longest(self) -> timedelta:
        """How far back candidates can matter at all."""
        own = (self.window_of(matter.name) for matter in self.matters)
        return max(self.copy_window, self.place_window, self.matter_window, self.event_window, *own)

    def scope_of(self, kind: str) -> Scope | None:
        """The scope of the kind of that name."""
        matter = self._kinds.get(kind)
        return None if matter is None else matter.scope

    def window_of(self, kind: str) -> timedelta:
        """How long after its last post a matter of this kind goes on."""
        days = self._kinds[kind].days
        return self.matter_window if days is None else timedelta(days=days)

    def owners_of(self, kind: str) -> tuple[str, ...]:
        """The ends of the names of those whose doing a matter of this kind is."""
        return self._kinds[kind].owners if kind in self._kinds else ()

    @cached_property
    def events(self) -> dict[str, bool]:
        """By the name of a kind: is it an event (火灾) or a standing matter (供热)? The two never join by likeness.

        An explosion in a heating station is no complaint about cold rooms, and its clocks start when it happens.
        """
        return {matter.name: matter.scope is Scope.SPOT for matter in self.matters} | {EMERGENCY: True}

    @cached_property
    def _kinds(self) -> dict[str, Matter]:
        return {matter.name: matter for matter in self.matters}

    @cached_property
    def outbreaks(self) -> dict[str, tuple[str, ...]]:
        """The kinds that are outbreaks, with their words."""
        return {matter.name: matter.words for matter in self.matters if matter.outbreak}
