"""收集: look at a source, publish what is new there, and only then remember having looked."""

from services.usecases.collecting.backfill import Backfilled, backfill
from services.usecases.collecting.contract import (
    Article,
    Articles,
    Box,
    Claimed,
    Crowded,
    Entry,
    Fetched,
    Fetcher,
    FetchFailed,
    NotAFeed,
    Parsed,
    Parser,
    ParserKilled,
    Seen,
    SourceStore,
    Taken,
)
from services.usecases.collecting.examine import Examined, examine
from services.usecases.collecting.gather import Tools
from services.usecases.collecting.harvest import post_of
from services.usecases.collecting.look import Collector, Outcome, Result
from services.usecases.collecting.rules import Rules

__all__ = [
    "Article",
    "Articles",
    "Backfilled",
    "Box",
    "Claimed",
    "Collector",
    "Crowded",
    "Entry",
    "Examined",
    "FetchFailed",
    "Fetched",
    "Fetcher",
    "NotAFeed",
    "Outcome",
    "Parsed",
    "Parser",
    "ParserKilled",
    "Result",
    "Rules",
    "Seen",
    "SourceStore",
    "Taken",
    "Tools",
    "backfill",
    "examine",
    "post_of",
]
