"""Copies: equal texts, and those with most of their text in common, unless they fill in one form for two matters."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from services.domain.grouping.comparing import WIDE, About, Asked, Match
from services.domain.grouping.details import DAY, DEAD, HOURS, INJURED, OWNER, PLACE, TOLLS, by_sort, one_scene, outgrew
from services.domain.grouping.marks import NUMBER, agreeing, differing
from services.domain.grouping.naming import ELSEWHERE, Other, other_names
from services.domain.grouping.policy import EMERGENCY
from services.domain.grouping.signature import Candidate, Signature, resemblance

IDENTICAL: Match = (3.0, "内容相同")
_NEAR = 2.0
"""A copy outweighs every likeness; an exact one every near one."""
_DISTRICT, _LATER, _ELSE = "区", "后", "别"
_NOT_ASKED = frozenset((PLACE, ELSEWHERE, _DISTRICT, _ELSE))
"""Who names another street or district speaks of another matter: nobody need be asked."""
_SPOT = frozenset((PLACE, OWNER, NUMBER))
_TINY = 40
"""Letters of a text that says where and what, and no more."""
_TIME = frozenset((DAY, HOURS))


class _Near(NamedTuple):
    """A known post with most of its text in common, the sorts of marks in which it differs, and the other names."""

    common: float
    known: Signature
    differs: frozenset[str]
    names: tuple[Other, ...]


class Copies:
    """What of the known is a copy of the post (`sure`), what may be one (`half`), and what is only by the same form.

    `formed` are the incidents with a post of the same form that is another matter, as far as its marks tell: likeness
    says nothing there. `barred` are the incidents that a person kept such copies from.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._near: dict[str, list[_Near]] = {}
        self._bars: dict[bool, set[str]] = {True: set(), False: set()}
        self.sure: dict[str, Match] = {}
        self.half: dict[str, float] = {}
        self.formed: set[str] = set()

    @property
    def barred(self) -> set[str]:
        """What a person said of the very same text counts, not what he said of one that is only near it."""
        return self._bars[IDENTICAL in self.sure.values()]

    def see(self, candidate: Candidate) -> None:
        """Take a known post into account."""
        asked, known = self._asked, candidate.signature
        if known.exact == asked.signature.exact:
            if asked.apart(candidate) <= asked.policy.copy_window:
                self._bars[True] |= candidate.barred
                self.sure[candidate.incident] = IDENTICAL
            return
        if asked.pieces.isdisjoint(known.shingles):  # nearly every pair
            return
        common = resemblance(asked.pieces, known, asked.policy.near)
        if common < asked.policy.near or asked.apart(candidate) > asked.policy.copy_window:
            return
        names = tuple(other_names(asked.signature.letters, known.letters))
        near = _Near(common, known, self._differing(candidate, {other.sort for other in names}), names)
        if not near.differs:
            self._bars[False] |= candidate.barred
        self._near.setdefault(candidate.incident, []).append(near)

    def weigh(self) -> None:
        """All are seen: which incidents the post is of, and which a person should compare it with."""
        for incident, near in self._near.items():
            plain = [one for one in near if not one.differs]
            differs = frozenset[str]().union(*(one.differs for one in near))
            names = [other for one in near for other in one.names]
            if differs - {_ELSE}:
                self.formed.add(incident)
            if incident in self.sure:
                continue
            common = max(one.common for one in plain or near)
            # One that names no spot would else chain all those together that name one.
            if plain and not differs - {_ELSE} - self._agreed(plain, names):
                self.sure[incident] = _NEAR + common, f"转载或改写（{common:.0%}相同）"
            elif plain or any(not one.differs & _NOT_ASKED for one in near):
                self.half[incident] = common
        if IDENTICAL not in self.sure.values() and self._several():
            self.half |= {incident: match[0] - _NEAR for incident, match in self.sure.items()}
            self.formed.update(self.sure)
            self.sure.clear()

    def _several(self) -> bool:
        """It is as near to two matters by one form, and names nothing that is of one of them only."""
        plain = {incident: [one for one in self._near[incident] if not one.differs] for incident in self.sure}
        for one, other in combinations(plain.values(), 2):
            left, right = one[0].known, other[0].known
            names = other_names(left.letters, right.letters)
            differs = differing(left.marks, right.marks).union(other.sort for other in names)
            if differs and not differs & (self._agreed(one) | self._agreed(other)):
                return True
        return False

    def _agreed(self, near: list[_Near], names: Iterable[Other] = ()) -> frozenset[str]:
        """The sorts of marks in which the post agrees with one of these; of the `names` those they have too."""
        marks, divisions = self._asked.signature.marks, self._asked.divisions
        found = set[str]().union(*(agreeing(marks, one.known.marks) for one in near))
        if any(not divisions.isdisjoint(one.known.divisions) for one in near):
            found.add(_DISTRICT)
        if any(_toll(self._asked.signature) == _toll(one.known) for one in near):
            found.add(DEAD)
        found |= {other.sort for other in names if any(other.name in one.known.letters for one in near)}
        return frozenset(found)

    def _differing(self, candidate: Candidate, named: set[str]) -> frozenset[str]:
        """The sorts of marks in which the two differ, as far as that makes them two matters, and those `named`."""
        asked, known = self._asked, candidate.signature
        mine, its = asked.signature.marks, known.marks
        found = set(differing(mine, its)) | named
        event = asked.policy.events.get(asked.signature.kind) or asked.signature.kind == EMERGENCY
        if not event and _estate(mine, its):
            found -= {OWNER, NUMBER}
        if asked.details and one_scene(asked.details, known.details, asked.policy):
            found.discard(PLACE)
        rose = outgrew(asked.details, known.details) or outgrew(known.details, asked.details)
        if rose:
            found -= _TIME
        elif self._other_toll(known, bool(agreeing(mine, its) & _SPOT)):
            found.add(DEAD)
        late = asked.apart(candidate) > asked.policy.event_window
        if late and event and not rose and DAY not in agreeing(mine, its):
            found.add(_LATER)
        if asked.other_district(known):
            found.add(_DISTRICT)
        if self._of_another_thing(known):
            found.add(_ELSE)
        # Within days a copy with another toll is news of the same event; after months it is another event told alike.
        if not found and asked.differs(known, frozenset() if late else TOLLS):
            found.add(_ELSE)
        return frozenset(found)

    def _of_another_thing(self, known: Signature) -> bool:
        """In a line of text the place alone is most of it: 某小区停电 is no copy of 某小区停水."""
        letters = self._asked.signature.letters, known.letters
        if not all(letters) or max(map(len, letters)) > _TINY:
            return False
        kinds = {self._asked.signature.kind, known.kind} - {""}
        return len(kinds) > 1 or self._asked.about(known) is About.ANOTHER

    def _other_toll(self, known: Signature, at_one_spot: bool) -> bool:
        """Another toll than news of the same event would have: hours later fewer, or more where such events are many.

        Both write what has happened, not that it became more.
        """
        asked, policy = self._asked.signature, self._asked.policy
        mine, its = _toll(asked), _toll(known)
        apart = abs(asked.at - known.at)
        if mine is None or its is None or mine == its or apart <= policy.outbreak_window:
            return False
        rare = at_one_spot or asked.kind in policy.outbreaks
        fewer = (mine < its) is (asked.at > known.at)
        return fewer or not rare or apart > policy.event_window


def _estate(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Both name one place that is no mere road or village: its neighbours complain house by house."""
    left, right = by_sort(one).get(PLACE, set()), by_sort(other).get(PLACE, set())
    return any(not place.endswith(WIDE) for place in left & right)


def _toll(signature: Signature) -> int | None:
    """The dead, else the injured."""
    told = by_sort(signature.details)
    counts = told.get(DEAD) or told.get(INJURED)
    return max(map(int, counts)) if counts else None
