"""What a merge or a split by a person says about where the machine had put the posts (归并)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.adapters.store.incidents import IncidentUnit
from services.adapters.store.placements import placements
from services.domain.correction import Correction, CorrectionKind
from services.domain.incident import Moment
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind
from services.usecases.ports import Filed

REGROUPING = ("merge", "split")
OPENED = "归并：另立事件"
JOINED = "归并："


async def regroupings(unit: IncidentUnit, incident_id: str, moment: Moment) -> list[Correction]:
    """After a merge or a split on this incident: each post that it put elsewhere than the machine had, or back."""
    own = await placements(unit.connection, [incident_id])
    act = next(e for e in reversed(own) if e.kind in (EntryKind.INCIDENTS_MERGED, EntryKind.POSTS_SPLIT))
    merged = act.kind is EntryKind.INCIDENTS_MERGED
    source, target = act.data["from"], act.data["into" if merged else "to"]
    moved = source if merged else target
    told = await placements(unit.connection, {source, target})
    found = _corrections(await unit.posts_of(moved), moved, target, (told, moment))
    # A copy that came while the two were one goes along when that is undone: nobody overruled where it had been put.
    return [one for one in found if not (act.data.get("undo") and one.proposed == source)]


def _corrections(
    posts: Sequence[Filed], moved: str, decided: str, known: tuple[Sequence[Entry], Moment]
) -> list[Correction]:
    """What merely followed into the incident that was moved says nothing against the rule by which it followed."""
    told, moment = known
    found = []
    placed = _placed(told)
    for post in (filed.post for filed in posts):
        proposed, rule = placed.get(post.key, (moved, ""))
        if proposed != moved or rule == OPENED:
            by, at = moment.actor.name, moment.now
            kind = CorrectionKind.GROUP
            found.append(Correction(post.key, kind, proposed, decided, by, at, rule, post.title, post.text))
    return found


def _placed(told: Iterable[Entry]) -> dict[str, tuple[str, str]]:
    """Where the machine put each post and by which rule. A person's split opens no incident in the machine's name."""
    opened: dict[str, tuple[str, str]] = {}
    parted: dict[str, tuple[str, str]] = {}
    joined: dict[str, tuple[str, str]] = {}
    for entry in told:
        data = entry.data
        if entry.kind is EntryKind.INCIDENT_REPORTED:
            opened[data["post"]] = entry.incident_id, OPENED
        elif entry.kind is EntryKind.POST_ATTACHED and data.get("because"):
            rule, _, _ = data["because"].partition("（")  # how alike they were would make a rule of every figure
            joined[data["post"]] = entry.incident_id, JOINED + rule
        elif entry.kind is EntryKind.POSTS_SPLIT:
            parted |= dict.fromkeys(data.get("posts", ()), (data["from"], ""))
    return opened | parted | joined
