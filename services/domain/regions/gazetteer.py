"""属地: which places a post names, ours or not, read with a list of names and the words around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from services.domain.assessment import Reason, Region
from services.domain.regions.alone import hidden, standing
from services.domain.regions.involved import Spot, confirmed, involved, is_site
from services.domain.regions.names import Hit, Kind, Matcher, Mention, Name, Rules, plain_matcher
from services.domain.regions.places import named_before

_NEAR = 3
"""A name this close behind another city's name belongs to that city (成都市的中央大街)."""


class RegionReading(NamedTuple):
    """What a post says about where.

    `regions` are divisions of our city, in order of mention, the district before its street; the city itself only where
    nothing finer is named. `home` is True where our city or a part of it is named, False where only other cities are,
    None where no place is. `elsewhere` are the other cities, counties and provinces by their official names.
    `places` are finer places (小区, 路, 学校), without list or city, for grouping posts of the same matter.
    `mentions` are all places of the list in order, ours and others; only where ours is named.
    """

    regions: tuple[Region, ...] = ()
    home: bool | None = None
    elsewhere: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    reasons: tuple[Reason, ...] = ()


_NOWHERE = RegionReading()
_CITY, _DIVISION, _PLACE, _ELSEWHERE = Kind.CITY, Kind.DIVISION, Kind.PLACE, Kind.ELSEWHERE  # asked for at every spot
_start = attrgetter("start")
_new = tuple.__new__  # a spot is made some ten times a post: this way takes a third of the constructor's time


class Gazetteer:
    """Reads places. Building takes a moment; reading is quick and keeps no state, so one may serve many threads.

    `matcher_for` turns the names' texts into a leftmost-longest matcher; an adapter passes an automaton.
    """

    def __init__(
        self, names: Sequence[Name], rules: Rules, matcher_for: Callable[[Sequence[str]], Matcher] = plain_matcher
    ) -> None:
        self._names = list({name.text: name for name in reversed(names)}.values())
        self._matcher_for = matcher_for
        self._rules = rules
        nameless = (Kind.DECOY, Kind.SUFFIX, Kind.BESIDE)
        self._named = [None if name.kind in nameless else name for name in self._names]

    @property
    def terms(self) -> list[str]:
        """What it looks for, in the order of the numbers of its hits."""
        return [name.text for name in self._names]

    @cached_property
    def _match(self) -> Matcher:
        """Built for the first text that comes without its hits."""
        return self._matcher_for(self.terms)

    @property
    def divisions(self) -> tuple[str, ...]:
        """The names of cities, districts and streets it knows, ours and others'."""
        kinds = (Kind.CITY, Kind.DIVISION, Kind.ELSEWHERE)
        return tuple(name.text for name in self._names if name.kind in kinds)

    @cached_property
    def city(self) -> tuple[str, ...]:
        """The names that surely are our city's."""
        return tuple(name.text for name in self._names if name.kind is Kind.CITY and name.sure)

    @cached_property
    def own_places(self) -> frozenset[str]:
        """The well-known places and streets of our districts; a river is no spot."""
        return frozenset(n.text for n in self._names if n.kind is Kind.PLACE and not n.code.endswith("00"))

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The names of the others' alone."""
        return tuple(name.text for name in self._names if name.kind is Kind.ELSEWHERE)

    def find(self, title: str, text: str) -> RegionReading:
        """The places of one post. Offsets in the reasons count in `title + "\\n" + text`."""
        joined = f"{title}\n{text}"
        hits = self._match(joined)
        return self._reading(joined, hits, self._finer(joined, hits))

    def divisions_of(self, joined: str, hits: Sequence[Hit], local: bool = False) -> RegionReading:
        """As `find` for `title + "\\n" + text`, without the finer places, which cost most of the reading.

        `hits` are the `terms` in the text by their numbers, the leftmost and longest. `local`: the post came by our
        own doors or from a source of ours, where a street or quarter of ours is named without the city.
        """
        return self._reading(joined, hits, (), local) if hits else _NOWHERE

    def is_door(self, source: str) -> bool:
        """Whether the name of a source is that of a door of ours (12345), whose city needs no name."""
        return any(door in source for door in self._rules.doors)

    def places_of(self, title: str, text: str) -> tuple[str, ...]:
        """The finer places alone, as `find` reads them."""
        joined = f"{title}\n{text}"
        return self._finer(joined, self._match(joined))

    def _reading(self, joined: str, hits: Sequence[Hit], places: tuple[str, ...], local: bool = False) -> RegionReading:
        spots = self._spots(joined, hits)
        if not spots:
            return RegionReading(places=places) if places else _NOWHERE
        home = self._ours(joined, spots, local)
        others = dict.fromkeys([name.official for name, _, _ in spots if name.kind is _ELSEWHERE])
        concerned = involved(joined, home, f"{home[0].name.code[:4]}00") if home else []
        return RegionReading(
            regions=self._regions(home, concerned),
            home=True if home else (False if others else None),
            elsewhere=tuple(others),
            places=places,
            mentions=_mentions(spots, home) if home else (),
            reasons=_reasons(concerned or home, joined) if home else (),
        )

    def _spots(self, joined: str, hits: Sequence[Hit]) -> list[Spot]:
        """Names that name a place of the list."""
        found: list[Spot] = []
        named, not_division = self._named, self._rules.not_division
        for index, start, end in hits:
            name = named[index]
            if name is None:
                continue
            kind = name.kind
            if kind is _PLACE:
                found.append(_new(Spot, (name, start, end)))
            elif not joined.startswith(not_division, end):
                spot = _new(Spot, (name, start, end))
                if not (self._is_word(joined, spot) if kind is _DIVISION else self._is_road(joined, end)):
                    found.append(spot)
        return found

    def _finer(self, joined: str, hits: Sequence[Hit]) -> tuple[str, ...]:
        """The finer places (小区, 路, 学校), each once."""
        places: dict[str, None] = {}
        begins = 0
        for index, start, end in hits:
            name = self._names[index]
            kind = name.kind
            if kind is Kind.SUFFIX or kind is Kind.BESIDE:
                beside = kind is Kind.BESIDE
                place = "" if joined.startswith("道", end) else named_before(joined, start, end, beside, begins)
            elif kind is Kind.PLACE:
                place, begins = name.text, end
            elif self._named[index] is not None and kind is not Kind.DIVISION and self._is_road(joined, end):
                place = name.text + joined[end : end + 1]
            else:
                begins = end if kind in (_CITY, _DIVISION) else begins
                continue
            if place:
                places[place] = None
        return tuple(places)

    def _is_word(self, joined: str, spot: Spot) -> bool:
        """Whether a division's short name is another word here, or the name of a street (通河街)."""
        if len(spot.name.text) > 2:
            return False
        rules, end = self._rules, spot.end
        if joined.startswith(rules.streets, end) and not joined.startswith(rules.not_streets, end):
            return True
        return hidden(joined, spot, rules)

    def _is_road(self, joined: str, end: int) -> bool:
        return joined.startswith(self._rules.roads, end) and not joined.startswith(self._rules.not_roads, end)

    def _ours(self, joined: str, spots: list[Spot], local: bool) -> list[Spot]:
        """The spots that are ours: the sure ones; doubtful ones beside a sure one, that confirm each other or stand."""
        ours: list[Spot] = []
        doubtful: list[Spot] = []
        other: Spot | None = None
        for spot in spots:
            name = spot[0]
            if name.kind is _ELSEWHERE:
                other = spot
            elif other is not None and name.kind is not _CITY and self._belongs(joined, other, spot):
                other = Spot(other.name, other.start, spot.end)
            elif name.sure or self._has_body(joined, spot):
                ours.append(spot)
            else:
                doubtful.append(spot)
        if doubtful and (
            ours
            or confirmed(joined, doubtful, self._rules, other is None)
            or (other is None and standing(joined, doubtful, self._rules, local))
        ):
            ours.extend(doubtful)
            ours.sort(key=_start)
        return ours

    def _has_body(self, joined: str, spot: Spot) -> bool:
        if spot.name.kind is not Kind.DIVISION:
            return False
        return joined.startswith(self._rules.bodies, spot.end) or is_site(joined, spot, self._rules)

    def _belongs(self, joined: str, other: Spot, spot: Spot) -> bool:
        return spot.start - other.end <= _NEAR and joined[other.end : spot.start] in self._rules.joints

    def _regions(self, home: list[Spot], concerned: list[Spot]) -> tuple[Region, ...]:
        if not home:
            return ()
        city = home[0].name.code[:4] + "00"
        found: dict[str, str] = {}
        for name, _, _ in concerned:
            code = name.code
            district = code[:6]
            if district != city:
                found[district] = self._rules.divisions.get(district, "")
                if len(code) == 9:
                    found[code] = name.official
        if not found:
            found[city] = self._rules.divisions.get(city, "")
        return tuple([Region(code, official) for code, official in found.items()])


def _mentions(spots: list[Spot], home: list[Spot]) -> tuple[Mention, ...]:
    """Every spot that is ours, and every name of another city."""
    ours = {start for _, start, _ in home}
    return tuple(
        [
            _new(Mention, (name.text, start, end, start in ours, start in ours and name.kind is not _CITY))
            for name, start, end in spots
            if start in ours or name.kind is _ELSEWHERE
        ]
    )


def _reasons(home: list[Spot], joined: str) -> tuple[Reason, ...]:
    """One reason for each division or place of ours, at its first mention."""
    first: dict[str, Spot] = {}
    for spot in home:
        first.setdefault(spot[0].text, spot)
    return tuple(
        [
            Reason(f"属地：{name.official or name.text}", joined[start:end], start, end)
            for name, start, end in first.values()
        ]
    )
