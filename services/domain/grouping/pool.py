"""The posts a batch is compared with: those from the store and those of the batch itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.domain.grouping.decision import OPEN, Ask, Ended, Join, Verdict, decide, same_outbreak
from services.domain.grouping.policy import GroupingPolicy
from services.domain.grouping.signature import Candidate, Placed, Signature

PER_KEY = 8
"""The newest so many posts of a key are compared: a key that everybody shares tells nothing."""


class Pool:
    """Decides posts in order; each sees the ones before it. Not for several threads."""

    def __init__(
        self,
        policy: GroupingPolicy,
        known: Iterable[Candidate] = (),
        ended: Ended = OPEN,
        asked: Iterable[Signature] | None = None,
    ) -> None:
        """`ended` as `decide` takes it.

        Where `asked` names the posts to come, what they have no key in common with is not kept.
        """
        self._policy, self._ended = policy, ended
        self._closed = {incident for incident, answered in ended.items() if answered is None}
        self._by_key: dict[int, list[Candidate]] = {}
        self._spans: dict[str, tuple[datetime, datetime]] = {}
        self.placed: list[Placed] = []
        wanted = None if asked is None else {key for signature in asked for key in signature.keys}
        for candidate in known:
            self._spans[candidate.incident] = (candidate.first_at, candidate.last_at)
            keys = candidate.signature.keys
            self._index(candidate, keys if wanted is None else wanted.intersection(keys))

    def decide(self, signature: Signature) -> Verdict:
        """The verdict on this post against everything known so far."""
        near = list(self._near(signature))
        verdict = decide(signature, near, self._policy, self._ended)
        if not signature.outbreak or isinstance(verdict, Join):
            return verdict
        outbreak = same_outbreak(signature, near, self._policy, self._closed)
        if isinstance(outbreak, Ask) and isinstance(verdict, Ask):
            return Ask(tuple((dict(outbreak.candidates) | dict(verdict.candidates)).items()))
        return outbreak or verdict

    def place(self, signature: Signature, incident: str) -> None:
        """The post is in this incident now; `placed` keeps it for the store."""
        first, last = self._spans.get(incident, (signature.at, signature.at))
        span = (min(first, signature.at), max(last, signature.at))
        self._spans[incident] = span
        echo = any(
            known.incident == incident and known.signature.exact == signature.exact
            for known in self._by_key.get(signature.exact, ())
        )
        self.placed.append(Placed(signature, incident, echo))
        if not echo:
            self._index(Candidate(signature, incident, *span), signature.keys)

    def _index(self, candidate: Candidate, keys: Iterable[int]) -> None:
        for key in keys:
            known = self._by_key.get(key)
            if known is None:
                self._by_key[key] = [candidate]
                continue
            known.append(candidate)
            if len(known) > PER_KEY:
                del known[0]

    def _near(self, signature: Signature) -> Iterable[Candidate]:
        found = {c.signature.post: c for key in signature.keys for c in self._by_key.get(key, ())}
        for candidate in found.values():
            first, last = self._spans[candidate.incident]
            if candidate.last_at != last:
                candidate = Candidate(candidate.signature, candidate.incident, first, last, candidate.barred)
            yield candidate


def group_all(signatures: Sequence[Signature], policy: GroupingPolicy) -> list[str]:
    """The incident of each post, in the order given; an incident is named by its first post.

    What a person would be asked stays apart.
    """
    pool = Pool(policy)
    found = [signature.post for signature in signatures]
    for index in sorted(range(len(signatures)), key=lambda known: signatures[known].at):
        verdict = pool.decide(signatures[index])
        if isinstance(verdict, Join):
            found[index] = verdict.incident
        pool.place(signatures[index], found[index])
    return found
