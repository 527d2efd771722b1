"""属地: which places a post names, ours or not, read with a list of names and the words around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.domain.assessment import Reason, Region
from services.domain.regions.names import Kind, Matcher, Name, Rules, plain_matcher
from services.domain.regions.places import named_before

_NEAR = 3
"""A name this close behind another city's name belongs to that city (成都市的中央大街)."""


@dataclass(frozen=True, slots=True)
class RegionReading:
    """What a post says about where.

    `regions` are divisions of our city, in order of mention, the district before its street; the city itself only where
    nothing finer is named. `home` is True where our city or a part of it is named, False where only other cities are,
    None where no place is. `elsewhere` are the other cities, counties and provinces by their official names.
    `places` are finer places (小区, 路, 学校), without list or city, for grouping posts of the same matter.
    """

    regions: tuple[Region, ...] = ()
    home: bool | None = None
    elsewhere: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spot:
    name: Name
    start: int
    end: int


class Gazetteer:
    """Reads places. Building takes a moment; reading is quick and keeps no state, so one may serve many threads.

    `matcher_for` turns the names' texts into a leftmost-longest matcher; an adapter passes an automaton.
    """

    def __init__(
        self, names: Sequence[Name], rules: Rules, matcher_for: Callable[[Sequence[str]], Matcher] = plain_matcher
    ) -> None:
        self._names = list({name.text: name for name in reversed(names)}.values())
        self._match = matcher_for([name.text for name in self._names])
        self._rules = rules

    @property
    def divisions(self) -> tuple[str, ...]:
        """The names of cities, districts and streets it knows, ours and others'."""
        kinds = (Kind.CITY, Kind.DIVISION, Kind.ELSEWHERE)
        return tuple(name.text for name in self._names if name.kind in kinds)

    def find(self, title: str, text: str) -> RegionReading:
        """The places of one post. Offsets in the reasons count in `title + "\\n" + text`."""
        joined = f"{title}\n{text}"
        spots, places = self._read(joined)
        if not spots:
            return RegionReading(places=places)
        home = self._ours(joined, spots)
        elsewhere = tuple(dict.fromkeys(s.name.official for s in spots if s.name.kind is Kind.ELSEWHERE))
        return RegionReading(
            regions=self._regions(home),
            home=True if home else (False if elsewhere else None),
            elsewhere=elsewhere,
            places=places,
            reasons=_reasons(home, joined),
        )

    def _read(self, joined: str) -> tuple[list[_Spot], tuple[str, ...]]:
        """Names that name a place, and the finer places."""
        spots: list[_Spot] = []
        places: dict[str, None] = {}
        names, rules = self._names, self._rules
        for index, start, end in self._match(joined):
            name = names[index]
            kind = name.kind
            if kind is Kind.DECOY:
                continue
            if kind is Kind.SUFFIX or kind is Kind.BESIDE:
                place = "" if joined.startswith("道", end) else named_before(joined, start, end, kind is Kind.BESIDE)
            elif kind is Kind.PLACE:
                place = name.text
                spots.append(_Spot(name, start, end))
            elif kind is not Kind.DIVISION and self._is_road(joined, end):
                place = name.text + joined[end : end + 1]
            else:
                place = ""
                if not joined.startswith(rules.not_division, end):
                    spots.append(_Spot(name, start, end))
            if place:
                places[place] = None
        return spots, tuple(places)

    def _is_road(self, joined: str, end: int) -> bool:
        return joined.startswith(self._rules.roads, end) and not joined.startswith(self._rules.not_roads, end)

    def _ours(self, joined: str, spots: list[_Spot]) -> list[_Spot]:
        """The spots that are ours: sure ones, and doubtful ones with a sure one beside them."""
        ours: list[_Spot] = []
        doubtful: list[_Spot] = []
        other: _Spot | None = None
        for spot in spots:
            if spot.name.kind is Kind.ELSEWHERE:
                other = spot
            elif other is not None and spot.name.kind is not Kind.CITY and self._belongs(joined, other, spot):
                other = _Spot(other.name, other.start, spot.end)
            elif spot.name.sure or self._has_body(joined, spot):
                ours.append(spot)
            else:
                doubtful.append(spot)
        if ours:
            ours.extend(doubtful)
            ours.sort(key=lambda spot: spot.start)
        return ours

    def _has_body(self, joined: str, spot: _Spot) -> bool:
        return spot.name.kind is Kind.DIVISION and joined.startswith(self._rules.bodies, spot.end)

    def _belongs(self, joined: str, other: _Spot, spot: _Spot) -> bool:
        gap = joined[other.end : spot.start]
        return len(gap) <= _NEAR and gap in self._rules.joints

    def _regions(self, home: list[_Spot]) -> tuple[Region, ...]:
        city = next((s.name.code[:4] for s in home), "") + "00"
        found: dict[str, str] = {}
        for spot in home:
            code = spot.name.code
            district = code[:6]
            if district != city:
                found[district] = self._rules.divisions.get(district, "")
                if len(code) == 9:
                    found[code] = spot.name.official
        if not found and home:
            found[city] = self._rules.divisions.get(city, "")
        return tuple(Region(code, name) for code, name in found.items())


def _reasons(home: list[_Spot], joined: str) -> tuple[Reason, ...]:
    """One reason for each division or place of ours, at its first mention."""
    first: dict[str, _Spot] = {}
    for spot in home:
        first.setdefault(spot.name.text, spot)
    return tuple(
        Reason(f"属地：{s.name.official or s.name.text}", joined[s.start : s.end], s.start, s.end)
        for s in first.values()
    )
