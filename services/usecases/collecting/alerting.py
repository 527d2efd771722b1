"""信息源告警: a source that fell silent (静默) or whose content breaks the parser (隔离) is told to the administrators.

What is new since the last time goes out as one notice per person and channel: a network that fails silences thousands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from services.domain.delivery import Delivery, Ways, to_person
from services.domain.notice import Draft
from services.domain.source import SourceState
from services.domain.zone import SHANGHAI
from services.usecases.collecting.contract import Claimed

LISTED = 20


def episode(state: SourceState) -> str:
    """Names the present trouble of a source; the next time it is another. "" where there is none."""
    silent = f"silent {state.silent_since.isoformat()}" if state.silent_since else ""
    last = state.last_success_at.isoformat() if state.last_success_at else "never read"
    return " ".join(part for part in (silent, f"quarantined after {last}" if state.quarantined else "") if part)


def notices(troubled: Sequence[Claimed], people: Ways, now: datetime, link: str) -> list[Delivery]:
    """One delivery for every way to every administrator; none where nothing is wrong."""
    if not troubled:
        return []
    draft = Draft("", _title(troubled), _lines(troubled), link, urgent=False, alerted_at=now)
    news = "\x1f".join(f"{one.source.id} {episode(one.state)}" for one in troubled)
    message = f"sources:{hashlib.blake2b(news.encode(), digest_size=16).hexdigest()}"
    return [
        delivery for person in people.administrators() for delivery in to_person(message, person, draft, now, people)
    ]


def _title(troubled: Sequence[Claimed]) -> str:
    isolated = sum(bool(one.state.quarantined) for one in troubled)
    silent = len(troubled) - isolated
    counts = [f"{silent} 个静默" if silent else "", f"{isolated} 个隔离" if isolated else ""]
    return f"【信息源告警】{'，'.join(count for count in counts if count)}"


def _lines(troubled: Sequence[Claimed]) -> tuple[str, ...]:
    more = (f"另有 {len(troubled) - LISTED} 个，见信息源页",) if len(troubled) > LISTED else ()
    return (*(_line(one) for one in troubled[:LISTED]), *more)


def _line(one: Claimed) -> str:
    name = one.source.name or one.source.id
    if one.state.quarantined:
        return f"隔离：{name}，{one.state.quarantined}"
    last = one.state.last_new_at
    return f"静默：{name}，" + (f"{last.astimezone(SHANGHAI):%m-%d %H:%M} 以来没有新内容" if last else "从未有过内容")
