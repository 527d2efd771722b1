"""A number that a process holds while it lives: the first that no other process of this installation holds."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path


@contextmanager
def slot(folder: Path, role: str) -> Iterator[int]:
    """1 for the first process of `role` on this `folder`, 2 for the second …; the kernel frees it after kill -9."""
    for number in count(1):
        with (folder / f"{role}-{number}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return
