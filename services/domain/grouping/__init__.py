"""Which posts are of one incident (归并). The machine proposes, a person merges and splits, and that stays.

How a use case groups a batch of posts (≤ 500), in the transaction that also writes the incidents:

1. `signatures = signer.sign_all([(post, assessment) …])`: CPU-bound, off the event loop (`adapters.fingerprints`)
2. `known = await store.candidates(connection, signatures, since)`   one query; `since` = the
   first post's time less `policy.longest`
3. `pool = Pool(policy, known, ended)`; `ended = await store.ended(connection, incidents of known)`
4. for each signature in order: `verdict = pool.decide(signature)`
   - `Join`: the post belongs to `verdict.incident`
   - `New`: open an incident
   - `Ask`: open an incident as well (no clock waits for a person) and show `verdict.candidates` on it as 疑似同一事件
   then `pool.place(signature, incident_id)`, so that later posts of the batch see it
5. `await store.remember(connection, pool.placed)`

A person's acts, in the transaction of the act: `store.merge(connection, source, target)` when incidents are merged,
`store.split(connection, post_keys, source, target)` when posts leave for another incident, and
`store.bar(connection, incident, candidate)` when a candidate is declined (`unbar` when that is taken back). All are
remembered: a copy of a post follows the person's placing, and a barred pair is never joined by the machine. Undoing a
merge is a split of the posts that came.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.domain.assessment import Assessment
from services.domain.grouping.decision import Ask, Ended, Join, New, Verdict, decide
from services.domain.grouping.evaluation import b_cubed, evaluate_grouping
from services.domain.grouping.policy import GroupingPolicy, Matter, Scope
from services.domain.grouping.pool import Pool, group_all
from services.domain.grouping.signature import Candidate, Placed, Signature
from services.domain.post import Post


class Signer(Protocol):
    def sign(self, post: Post, assessment: Assessment | None = None) -> Signature:
        """What grouping needs to know of a post. CPU-bound."""

    def sign_all(self, posts: Sequence[tuple[Post, Assessment | None]]) -> list[Signature]:
        """The same for many posts, in order, at a lower cost for each."""


class GroupingStore(Protocol):
    """`services.adapters.store.grouping` as tracking sees it; `connection` is the caller's open transaction."""

    async def candidates(self, connection: Any, signatures: Sequence[Signature], since: datetime) -> list[Candidate]:
        """Remembered posts that share a key with any of these and whose incident had a post at or after `since`."""

    async def ended(self, connection: Any, incidents: Collection[str]) -> Ended:
        """Those of the incidents that are no longer open or were answered; see `Ended`."""

    async def remember(self, connection: Any, placed: Sequence[Placed]) -> None:
        """Keep where posts were put. A post that is already kept stays where it is."""

    async def merge(self, connection: Any, source: str, target: str) -> None:
        """A person merged `source` into `target`: its posts move over; what is barred from it is barred from both."""

    async def split(self, connection: Any, post_keys: Sequence[str], source: str, target: str) -> None:
        """A person moved these posts from `source` to `target`; the machine never joins them to `source` again."""

    async def bar(self, connection: Any, incident: str, other: str) -> None:
        """A person said that the posts of `incident` are not of `other`."""

    async def unbar(self, connection: Any, incident: str, other: str) -> None:
        """He took it back: whether they are is open again."""


__all__ = [
    "Ask",
    "Candidate",
    "Ended",
    "GroupingPolicy",
    "GroupingStore",
    "Join",
    "Matter",
    "New",
    "Placed",
    "Pool",
    "Scope",
    "Signature",
    "Signer",
    "Verdict",
    "b_cubed",
    "decide",
    "evaluate_grouping",
    "group_all",
]
