"""Long lists, a statement at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
CHUNK = 500


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """Statements stay under the databases' limits on parameters."""
    return (items[start : start + size] for start in range(0, len(items), size))
