"""What the pages say about a post: its text with the reasons marked, and how sure the machine is of a grade."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

from services.domain.ledger import Entry
from services.usecases.ports import Filed
from services.web.sentences import sentence


def teller(department: Callable[[str], str]) -> Callable[[Entry], str]:
    """A filter that tells an entry's data in Chinese, with departments by name."""
    return lambda entry: sentence(entry.kind, entry.data, department)


def certainty(confirmed: bool, provisional: bool) -> str:
    """待确认: a person has to confirm it; 待核实: it rests on numbers nobody knows yet."""
    if confirmed:
        return "等级已确认"
    return "等级待确认（数字待核实）" if provisional else "等级待确认"


def marked(filed: Filed) -> Markup:
    """The post's text with the spans its reasons rest on highlighted."""
    whole = f"{filed.post.title}\n{filed.post.text}"
    out, at = Markup(), 0
    for start, end in _spans(filed, len(whole)):
        out += escape(whole[at:start]) + Markup("<mark>") + escape(whole[start:end]) + Markup("</mark>")
        at = end
    return out + escape(whole[at:])


def _spans(filed: Filed, length: int) -> list[tuple[int, int]]:
    """Sorted, without overlaps."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((r.start, r.end) for r in filed.assessment.reasons if 0 <= r.start < r.end <= length):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
    return spans
