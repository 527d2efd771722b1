"""What the use cases need from the world. Adapters implement it; tests run one contract on every implementation."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.domain.assessment import Assessment
from services.domain.post import Post


class Unreadable(Exception):
    """This message can never be understood: dead letter, with this reason, never retried by itself."""


class NotNow(Exception):
    """The world is not ready (database, broker, provider): pause and try the same thing again."""


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
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
