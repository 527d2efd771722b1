"""What the office decides about collecting (内部规定). Values come from `config/sources.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.domain.rhythm import Pace


@dataclass(frozen=True, slots=True)
class Rules:
    """`first_look_days`: what a source printed so long before its first look is back-fill and starts no clock, until
    its history has been read through (0: everything is news).

    `articles_per_look` bounds the pages fetched for summaries in one look, `article_tries` the looks at which one that
    does not come is asked for. A server that is busy, and does not say for how long, is left alone `busy_for`. A letter
    that could not be read is told of for `letter_told_for`: by then somebody has read it in the mailbox. The same words
    at another address within `republished_within` have moved; after that they are said again.
    """

    first_look_days: float
    articles_per_look: int
    article_tries: int
    busy_for: timedelta
    letter_told_for: timedelta
    republished_within: timedelta
    pace: Pace
