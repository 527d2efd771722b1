"""诉求: whether a petitioner's text tells of an emergency of now, or of an old accident, a fear or a dispute."""

from __future__ import annotations

from collections.abc import Iterable

from services.domain.assessment import Reason
from services.domain.patterns import any_of, late
from services.domain.severity.occurrence import sentence_around
from services.domain.severity.rules import PetitionRules

_HEAD = 80
# A petition that is about an emergency says so at once.
_LEAD = 40
_MANY = 3
_YEAR = late(r"(?<![0-9])(?:19|20)[0-9]{2}[年.\-/]")
_NOT_NOW = "事件等级:诉求所述非当前突发事件,不提等级"


class Petitions:
    """Reads petitions by the word lists of `grades.toml`; without lists no text is a petition."""

    def __init__(self, rules: PetitionRules) -> None:
        self._voice, self._report = any_of(rules.voice), any_of(rules.report)
        self._claims, self._aged = any_of(rules.claims), any_of(rules.aged)
        self._settled, self._now = any_of(rules.settled), any_of(rules.now)

    def is_petition(self, full: str) -> bool:
        """True where somebody writes to an authority or tells of his own case, and no reporter does."""
        return self._voice.search(full) is not None and self._report.search(full, 0, _HEAD) is None

    def not_now(self, full: str, told: Iterable[tuple[int, int]], dead: int) -> Reason | None:
        """Why a petition whose emergency words stand at `told` is about nothing of now; None where it may be.

        A sentence that says "now" about the emergency outweighs every complaint around it; so do three `dead` or
        missing, or one where the emergency is what the petition begins with: nobody may miss a disaster because its
        petitioner is angry. A claim goes before one dead, but before three only where it has been made for long.
        """
        spans = sorted(told)
        sentences = [sentence_around(full, *span) for span in spans]
        if any(self._now.search(s) and not _YEAR.search(s) for s in sentences):
            return None
        leads = spans[0][0] <= _LEAD
        deadly = dead >= _MANY or (dead > 0 and leads)
        claims = dead < _MANY or self._aged.search(full) is not None
        found = (self._claims.search(full) if claims else None) or (None if deadly else self._settled.search(full))
        if found is not None:
            return Reason(_NOT_NOW, found.group(), *found.span())
        if deadly or leads:
            return None
        return Reason(_NOT_NOW, full[slice(*spans[0])], *spans[0])
