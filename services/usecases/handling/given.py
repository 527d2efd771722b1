"""What a person filled in, or a program sent: read, or refused in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from services.domain.characters import legible
from services.domain.incident import Refused
from services.domain.timestamps import EARLIEST
from services.domain.vocabulary import Term
from services.domain.zone import SHANGHAI

LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""Every limit can still be added to a time before this one."""
Given = Mapping[str, Any]
TAKES: Mapping[str, tuple[str, ...]] = {
    "acknowledge": (),
    "confirm_grade": ("event_grade", "opinion_grade", "reason"),
    "assign": ("lead", "supporting"),
    "transfer_lead": ("lead", "to", "reason"),
    "accept": (),
    "return": ("reason",),
    "consult": ("participants", "conclusion", "reason"),
    "publish": (
        *("form", "channel", "url", "address", "scan", "publisher", "published_at"),
        *("by_principal_leader", "reviewed_by"),
    ),
    "nothing_new": ("reason",),
    "remind": ("reason",),
    "escalate": ("level", "reason"),
    "extend_start": ("started_at", "reason"),
    "exempt": ("duty", "reason", "signed_by"),
    "resolve": ("disposition", "outcome", "transfer", "transfer_to", "transfer_at", "transfer_receipt"),
    "evaluate": (
        *("acceptance", "opinion_before", "opinion_after", "timeliness", "timeliness_note"),
        *("note", "reason", "score"),
    ),
    "reopen": ("reason",),
    "dismiss": ("reason",),
    "merge": ("into", "other", "from", "with"),
    "split": ("posts", "incident"),
    "decline": ("other", "undo"),
}
"""What each act reads of what is given. Anything else is refused: a misspelt grade would confirm the old one."""
REMARKS = ("reason", "note")
"""May stand with every act; kept where the act reads it."""
_LABELS = {"published_at": "发布时间", "started_at": "起点时间", "transfer_at": "移交时间"}


def known(given: Given, allowed: Sequence[str], where: str) -> None:
    """Raises Refused where something is given that nobody reads."""
    unknown = next((str(name) for name in given if name not in allowed), "")
    if unknown:
        raise Refused(f"{where} 没有“{legible(unknown)[0][:40]}”这一项，可填：{'、'.join(dict.fromkeys(allowed))}")


def readable(value: Any) -> Any:
    """What somebody filled in, without the characters that no page, document or column can hold."""
    if isinstance(value, str):
        return legible(value)[0]
    if isinstance(value, Mapping):
        return {str(name): readable(part) for name, part in value.items()}
    return [readable(part) for part in value] if isinstance(value, list | tuple) else value


def text(given: Given, *names: str) -> str:
    """The first of these that is filled in; nothing where none is."""
    return next((str(given[n]).strip() for n in names if given.get(n)), "")


def names(given: Given, name: str) -> list[str]:
    """Several, as a list or as words with commas."""
    value = given.get(name) or []
    parts = value if isinstance(value, list | tuple) else re.split("[,，、]", str(value))
    return [str(p).strip() for p in parts if str(p).strip()]


def term(kind: type[Term], given: Given, name: str) -> Any:
    """The identifier or the Chinese label of a term; None where nothing was given."""
    value = text(given, name)
    if value in ("", "none", "None"):
        return None
    for member in kind:
        if value in (member.value, member.label):
            return member
    allowed = "、".join(f"{m.value}（{m.label}）" for m in kind)
    raise Refused(f"{name}不能是“{value}”，可选：{allowed}")


def moment_of(value: Any, name: str) -> datetime | None:
    """A time as entered: ISO 8601; without an offset it is Beijing time. What cannot be one is refused in words."""
    if value in (None, ""):
        return None
    label, shown = _LABELS.get(name, name), str(value)[:40]
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        at = (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(f"{label}不是有效时间：{shown}") from None
    if not EARLIEST <= at < LATEST:
        raise Refused(f"{label}不可能是{shown}，请核对年份")
    return at
