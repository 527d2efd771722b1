"""What the use cases need from the world. Adapters implement it; tests run one contract on every implementation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from services.domain.assessment import Assessment
    from services.domain.incident import Incident
    from services.domain.ledger import Entry
    from services.domain.post import Post


class Unreadable(Exception):
    """This message can never be understood: dead letter, with this reason, never retried by itself."""


class NotNow(Exception):
    """The world is not ready (database, broker, provider): pause and try the same thing again."""


class TooManyDead(Exception):
    """So many messages in a row were unreadable that the program, not the data, must be wrong: it stops."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes on a topic. `id` makes a repeat harmless; `key` keeps order within one key."""

    id: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """A message as read back, with the place it was read from."""

    topic: str
    partition: int
    offset: int
    id: str
    key: str
    body: bytes


class Subscription(Protocol):
    """One member of a consumer group on one topic."""

    async def batch(self, limit: int, wait_seconds: float) -> Sequence[Received]:
        """Up to `limit` messages after the last batch; empty when none came within `wait_seconds`."""

    async def commit(self, received: Sequence[Received]) -> None:
        """Mark these as done for the group. Called after the database transaction, never before."""

    async def rewind(self) -> None:
        """Forget what was read and not committed: the next batch starts at the committed offset."""

    async def lag(self) -> int:
        """Messages on the topic's partitions of this member that are not committed yet."""

    async def close(self) -> None:
        """Leave the group."""


class Log(Protocol):
    """The topics. `locallog` and `kafka` implement it."""

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Return when every message is durable. Order per key is the order given."""

    def subscribe(self, topic: str, group: str) -> AbstractAsyncContextManager[Subscription]:
        """Join `group` on `topic`, starting at the group's committed offset or the very first message."""

    async def ready(self) -> None:
        """Raise NotNow with a reason when the log cannot be used."""

    async def close(self) -> None:
        """Flush and let go."""


class Assessor(Protocol):
    """Everything the machine can say about a post."""

    def assess(self, posts: Sequence[Post]) -> list[Assessment]:
        """One assessment per post, in order. CPU-bound: call it off the event loop."""


class Clock(Protocol):
    @property
    def speed(self) -> float:
        """How fast this clock runs: 1 for the real one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class Conflict(Exception):
    """Somebody else changed the same incident first: load it again and repeat the step."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A post as kept in the store: which incident it belongs to, and what the machine said of it."""

    post: Post
    assessment: Assessment
    incident_id: str


class Unit(Protocol):
    """One transaction on the write side. Everything done through it is kept together or not at all."""

    async def unseen(self, consumer: str, message_ids: Sequence[str]) -> set[str]:
        """Those of the messages this consumer has not done yet; they are marked as done in this transaction."""

    async def load(self, incident_ids: Sequence[str]) -> dict[str, Incident]:
        """The incidents by id, locked against others where the database can; unknown ids are left out."""

    async def save(self, incidents: Sequence[Incident]) -> None:
        """Store state and new ledger entries. Raises Conflict where a version has moved on."""

    async def file_posts(self, filed: Sequence[Filed]) -> None:
        """Keep these posts; one that is already there stays as it is."""

    async def count_left_out(self, posts: Mapping[str, int]) -> None:
        """So many more posts were left out, by rule of relevance. Call it last: all units share these rows."""

    async def keep_versions(self, posts: Sequence[tuple[Post, Assessment]]) -> list[tuple[int, Post, Assessment]]:
        """Keep what was edited since: those of the posts, all on file, that read otherwise than the last version kept.

        In the order given; returns those that were kept, each with the number of its version (from 2).
        """

    async def holders(self, post_keys: Sequence[str]) -> dict[str, str]:
        """Which incident holds each post; a merged incident answers with where it was merged into."""

    async def posts_of(self, incident_id: str, post_keys: Sequence[str] = ()) -> list[Filed]:
        """The posts of an incident, oldest first; only these keys where any are given."""

    async def move_posts(self, post_keys: Sequence[str], incident_id: str) -> None:
        """These posts belong to another incident from now on."""

    async def regroup_merged(self, source: str, target: str) -> None:
        """A person merged `source` into `target`: the machine groups accordingly from now on."""

    async def copies_in(self, incident_id: str, post_keys: Sequence[str]) -> list[str]:
        """Posts of this incident that read exactly as one of these; those themselves are left out."""

    async def regroup_split(self, post_keys: Sequence[str], source: str, target: str) -> None:
        """A person moved these posts from `source` to `target`: the machine never joins them to `source` again."""

    async def regroup_declined(self, incident_id: str, candidate: str) -> None:
        """A person said that the two are not one event: the machine joins no copy of the one to the other."""

    async def regroup_reconsidered(self, incident_id: str, candidate: str) -> None:
        """He took that back."""

    async def due(self, now: datetime, limit: int) -> list[str]:
        """Incidents whose `next_due_at` has come, the longest late first. A look only: `claim` says whose they are."""

    async def claim(self, incident_id: str, now: datetime) -> Incident | None:
        """The incident, held until the unit ends; None when it is not due any more, or held by another."""

    async def next_due(self) -> datetime | None:
        """When the next incident becomes due; None when no clock runs."""

    async def push_ahead(self, incident_id: str, until: datetime, reason: str) -> None:
        """A row that breaks the sweep steps aside until then, with the reason visible."""

    async def unpublished(self, limit: int, without: Collection[str] = ()) -> list[Entry]:
        """Ledger entries no relay has published yet, in order within each incident; none of the incidents `without`.

        Where a row cannot be read its incident waits from there on, and takes up none of the limit.
        """

    async def mark_published(self, entries: Sequence[Entry], now: datetime) -> None:
        """The relay has published these."""


class Store(Protocol):
    """The write side."""

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """A transaction: committed when the block ends, rolled back when it raises."""
