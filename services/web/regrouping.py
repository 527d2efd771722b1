"""What a merge, a split or a declined candidate says about where the machine had put the posts (归并)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.adapters.store.incidents import IncidentUnit
from services.adapters.store.placements import placements
from services.domain.correction import Correction, CorrectionKind
from services.domain.incident import Moment
from services.domain.ledger import Entry
from services.domain.post import Post
from services.domain.vocabulary import EntryKind
from services.usecases.ports import Filed

REGROUPING = ("merge", "split", "decline")
OPENED = "归并：另立事件"
JOINED = "归并："
ASKED = "归并：疑似同一事件"
_ACTS = (EntryKind.INCIDENTS_MERGED, EntryKind.POSTS_SPLIT, EntryKind.CANDIDATE_DECLINED)


async def regroupings(unit: IncidentUnit, incident_id: str, moment: Moment) -> list[Correction]:
    """After such an act on this incident: each post that it put elsewhere than the machine had, or back.

    A candidate that is declined overrules what was asked about the post that opened the incident.
    """
    own = await placements(unit.connection, [incident_id])
    act = next(e for e in reversed(own) if e.kind in _ACTS)
    if act.kind is EntryKind.CANDIDATE_DECLINED:
        return await _answered(unit, incident_id, own, moment)
    merged = act.kind is EntryKind.INCIDENTS_MERGED
    source, target = act.data["from"], act.data["into" if merged else "to"]
    moved = source if merged else target
    told = await placements(unit.connection, {source, target})
    found = _corrections(await unit.posts_of(moved), moved, target, (told, moment))
    # A copy that came while the two were one goes along when that is undone: nobody overruled where it had been put.
    return [one for one in found if not (act.data.get("undo") and one.proposed == source)]


async def _answered(unit: IncidentUnit, incident_id: str, told: Sequence[Entry], moment: Moment) -> list[Correction]:
    """What was asked stands overruled until all that was declined is taken back."""
    opener = [e.data["post"] for e in told if e.kind is EntryKind.INCIDENT_REPORTED]
    declined: dict[str, bool] = {}
    for data in (e.data for e in told if e.kind is EntryKind.CANDIDATE_DECLINED):
        if data["incident"] == incident_id:
            declined[data["candidate"]] = not data.get("undo")
    standing = [candidate for candidate, stands in declined.items() if stands]
    proposed, rule = (standing[-1], ASKED) if standing else (incident_id, OPENED)
    posts = [filed.post for filed in await unit.posts_of(incident_id, opener)]
    return [_correction(post, (proposed, incident_id), rule, moment) for post in posts]


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
            found.append(_correction(post, (proposed, decided), rule, moment))
    return found


def _correction(post: Post, numbers: tuple[str, str], rule: str, moment: Moment) -> Correction:
    by, at = moment.actor.name, moment.now
    return Correction(post.key, CorrectionKind.GROUP, *numbers, by, at, rule, post.title, post.text)


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
