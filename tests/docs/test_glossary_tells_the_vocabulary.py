"""docs/glossary.md has every identifier of the vocabulary with the term people see."""

from __future__ import annotations

import pytest

from services.domain import vocabulary
from services.domain.vocabulary import Disposition, Term
from tests.docs.tables import ROOT, table_under

KINDS = [kind for kind in Term.__subclasses__() if kind.__module__ == vocabulary.__name__]


def heading_of(kind: type[Term]) -> str:
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    return next((line for line in lines if line.startswith(f"## {kind.__name__} –")), f"## {kind.__name__} – missing")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_identifier_and_label_is_there(kind: type[Term]) -> None:
    rows = table_under("docs/glossary.md", heading_of(kind))
    assert [row[:2] for row in rows] == [[member.value, member.label] for member in kind]


def test_what_the_public_is_owed_is_told() -> None:
    rows = table_under("docs/glossary.md", heading_of(Disposition))
    assert [row[2] for row in rows] == [member.owed for member in Disposition]
