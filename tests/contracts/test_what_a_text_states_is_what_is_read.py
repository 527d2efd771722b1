"""Numbers, grades and hints of the tables of stated and recounted sentences, through the whole assessment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.adapters.assessor import MachineAssessor
from services.domain.assessment import Assessment
from services.domain.post import Post
from tests.contracts import office_sentences, recounted_sentences, stated_sentences, worded_sentences

NOW = datetime(2026, 11, 22, tzinfo=UTC)
_COUNTS = {
    "d": "deaths", "m": "missing", "s": "serious_injuries", "i": "injuries", "l": "direct_loss_yuan", "e": "evacuated",
}  # fmt: skip
ROWS = [
    row
    for tables in (stated_sentences, recounted_sentences, worded_sentences, office_sentences)
    for name, table in vars(tables).items()
    if name.isupper()
    for row in table
]


def read(found: Assessment) -> dict[str, str]:
    counts = {short: getattr(found.casualties, name) for short, name in _COUNTS.items()}
    others = {
        "g": found.event_grade.name if found.event_grade else None,
        "prov": int(found.provisional),
        "susp": int(found.suspected_false),
        "rel": int(found.relevant),
        "disp": found.disposition.value,
    }
    return {name: "x" if value is None else str(value) for name, value in (counts | others).items()}


@pytest.mark.parametrize(("sentence", "expected"), ROWS)
def test_the_sentence_states(assessor: MachineAssessor, sentence: str, expected: str) -> None:
    way, _, text = sentence.rpartition("@")
    got = read(assessor.assess([Post("p", "市民推送", "", text, NOW, origin=way or "push")])[0])
    wanted = dict(part.split("=") for part in expected.split())
    assert {name: got[name] for name, value in wanted.items() if got[name] not in value.split("/")} == {}
