"""Who reads what: the members of a group lease partitions from each other, in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from services.usecases.ports import Received


class Group:
    """One group on one topic.

    A member leases a partition by reading from it and holds it until all it read is committed, or until it rewinds
    or leaves. So a partition has one reader at a time, and order per key holds across members.
    """

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        """Held while a member chooses and reads, so that two never choose the same partition."""
        self.members: list[object] = []
        self.committed: dict[int, int] = {}
        self._position: dict[int, int] = {}
        self._leases: dict[int, object] = {}

    def join(self, member: object) -> None:
        self.members.append(member)

    def leave(self, member: object) -> None:
        self.rewind(member)
        self.members = [one for one in self.members if one is not member]

    def starts(self, member: object, ends: Mapping[int, int]) -> dict[int, int]:
        """Where `member` may read now: what it holds, and free partitions up to its fair share, fullest first."""
        behind = {partition: end - self._next(partition) for partition, end in ends.items()}
        held = self._held_by(member)
        share = -(-len(ends) // max(1, len(self.members))) - len(held)
        free = sorted(behind.keys() - self._leases.keys(), key=lambda partition: -behind[partition])
        return {p: self._next(p) for p in held + free[: max(0, share)] if behind.get(p, 0) > 0}

    def hand_out(self, member: object, received: Sequence[Received]) -> None:
        for one in received:
            self._leases[one.partition] = member
            self._position[one.partition] = one.offset + 1

    def finished(self, member: object, received: Sequence[Received]) -> dict[int, int]:
        """The offsets to store. What `member` no longer holds is left out: whoever holds it will read it again."""
        done: dict[int, int] = {}
        for one in received:
            if self._leases.get(one.partition) is member and one.offset < self._next(one.partition):
                done[one.partition] = max(one.offset + 1, done.get(one.partition, 0))
        return done

    def commit(self, offsets: Mapping[int, int]) -> None:
        """The offsets are stored; partitions read to the end of what was handed out come free."""
        for partition, offset in offsets.items():
            self.committed[partition] = max(offset, self.committed.get(partition, 0))
            if self.committed[partition] >= self._next(partition):
                self._release([partition])

    def rewind(self, member: object) -> None:
        self._release(self._held_by(member))

    def behind(self, member: object, ends: Mapping[int, int]) -> int:
        """Messages not committed, on partitions no other member holds."""
        return sum(
            end - self.committed.get(partition, 0)
            for partition, end in ends.items()
            if self._leases.get(partition, member) is member
        )

    def _held_by(self, member: object) -> list[int]:
        return [partition for partition, holder in self._leases.items() if holder is member]

    def _next(self, partition: int) -> int:
        return self._position.get(partition, self.committed.get(partition, 0))

    def _release(self, partitions: Iterable[int]) -> None:
        for partition in partitions:
            self._leases.pop(partition, None)
            self._position.pop(partition, None)
