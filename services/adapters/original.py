"""Reasons as they are stored: with spans in the post's own characters, not in those that were matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.adapters.folding import Folded
from services.domain.assessment import Reason
from services.domain.characters import legible
from services.domain.post import Post


def in_original(reasons: Sequence[Reason], whole: Folded) -> tuple[Reason, ...]:
    """The reasons with spans in the post as stored: folding may have moved them."""
    if whole.origins is None:
        return tuple(reasons)
    return tuple(
        reason if reason.start < 0 else _moved(reason, *whole.span(reason.start, reason.end)) for reason in reasons
    )


def _moved(reason: Reason, start: int, end: int) -> Reason:
    return replace(reason, start=start, end=end)


def in_given(reasons: Sequence[Reason], post: Post, given: tuple[str, str]) -> tuple[Reason, ...]:
    """The reasons with spans in the title and text that somebody gave, where the post as kept reads a little otherwise.

    What is kept is what was given without some of its blanks and without what cannot be seen; a title that is the
    beginning of the text points there.
    """
    title, text = given
    own = bool(legible(title)[0].strip())
    split = len(post.title) + 1
    last = max((reason.end for reason in reasons), default=0)
    head = _places(post.title[:last], title if own else text, 0 if own else len(title) + 1)
    places = [*head, len(title), *_places(post.text[: max(0, last - split)], text, len(title) + 1)]
    return tuple(reason if reason.start < 0 else _placed(reason, places, split) for reason in reasons)


def _places(kept: str, given: str, offset: int) -> list[int]:
    """Where each character of what was kept stands in what was given."""
    found, at = [], 0
    for character in kept:
        if not character.isspace():
            at = max(given.find(character, at), at)
        found.append(offset + at)
        at += 1
    return found


def _placed(reason: Reason, places: Sequence[int], split: int) -> Reason:
    """One that reaches from the title into the text ends with the title."""
    end = min(reason.end, split - 1) if reason.start < split - 1 else reason.end
    return _moved(reason, places[reason.start], places[end - 1] + 1)
