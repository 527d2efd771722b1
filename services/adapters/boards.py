"""List pages of message boards and news columns that have no feed."""

from __future__ import annotations

from datetime import datetime

from services.domain.source import Source
from services.usecases.collecting.contract import NotAFeed, Parsed


def read_board(body: bytes, content_type: str, source: Source, now: datetime) -> Parsed:
    """The items on a list page, by the source's selectors.

    Raises:
        NotAFeed: the source has no selectors, or they match nothing.
    """
    raise NotAFeed("该信息源没有配置列表页选择器")
