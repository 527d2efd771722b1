"""Reasons as they are stored: with spans in the post's own characters, not in those that were matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.adapters.folding import Folded
from services.domain.assessment import Reason


def in_original(reasons: Sequence[Reason], whole: Folded) -> tuple[Reason, ...]:
    """The reasons with spans in the post as stored: folding may have moved them."""
    if whole.origins is None:
        return tuple(reasons)
    return tuple(
        reason if reason.start < 0 else _moved(reason, *whole.span(reason.start, reason.end)) for reason in reasons
    )


def _moved(reason: Reason, start: int, end: int) -> Reason:
    return replace(reason, start=start, end=end)
