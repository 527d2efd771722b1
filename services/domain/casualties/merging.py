"""Statements of all sentences → the final counts: the latest correction, else the highest, else what was added."""

from __future__ import annotations

from services.domain.casualties.statements import DEATHS, INJURIES, SERIOUS, Count, Statement

_FIELDS = ("deaths", "missing", "serious_injuries", "injuries", "direct_loss_yuan", "evacuated")
_CLOSE = 0.2


def merge(statements: list[Statement]) -> dict[str, Count]:
    """The counts of the event. Injuries follow the statement that carries the final deaths: the injured may die."""
    named = {name for statement in statements for name in statement.counts}
    chosen = {}
    for name in _FIELDS:
        if name in named:
            said = [s for s in statements if name in s.counts]
            headline = [s.counts[name] for s in said if s.title]
            chosen[name] = _final(headline, [s.counts[name] for s in said if not s.title])
    if DEATHS in chosen and chosen[DEATHS].value:
        for name in (INJURIES, SERIOUS):
            beside = _beside(statements, chosen[DEATHS].value, name)
            if beside is not None and not (name in chosen and (chosen[name].updated or chosen[name].corrected)):
                chosen[name] = beside
        injuries = chosen.get(INJURIES)
        if injuries is not None and injuries.value == 0 and injuries.end == _none_end(statements):
            del chosen[INJURIES]
    return _with_serious(_with_light(chosen, statements))


def _with_light(chosen: dict[str, Count], statements: list[Statement]) -> dict[str, Count]:
    """重伤2人；轻伤7人 in two sentences are nine, unless a sentence counts all the injured."""
    light = next((s.light for s in statements if s.light is not None), None)
    serious, injuries = chosen.get(SERIOUS), chosen.get(INJURIES)
    if light is None or serious is None or injuries is None or injuries.value != max(light.value, serious.value):
        return chosen
    if serious.start <= injuries.start < serious.end or light.start <= injuries.start < light.end:
        start, end = min(serious.start, light.start), max(serious.end, light.end)
        chosen[INJURIES] = Count(serious.value + light.value, serious.bound or light.bound, start, end)
    return chosen


def _none_end(statements: list[Statement]) -> int:
    """Where 无人员伤亡 ends: beside real deaths it speaks of something else and denies no injuries."""
    for statement in statements:
        deaths, injuries = statement.counts.get(DEATHS), statement.counts.get(INJURIES)
        if deaths and injuries and deaths.value == injuries.value == 0:
            return injuries.end
    return -1


def _beside(statements: list[Statement], deaths: int, name: str) -> Count | None:
    same = [
        s.counts[name]
        for s in statements
        if name in s.counts and DEATHS in s.counts and s.counts[DEATHS].value == deaths
    ]
    return next((c for c in same if not c.bound), same[0] if same else None)


def _final(headline: list[Count], body: list[Count]) -> Count:
    counts = headline + body
    corrected = [c for c in counts if c.corrected]
    if corrected:
        return corrected[-1]
    best = _accumulated(body or headline)
    for count in counts:
        if count.value > best.value:
            best = count
    return _exact(best, counts)


def _accumulated(counts: list[Count]) -> Count:
    """又有1人死亡 in a later sentence adds to what was said before it, unless that already includes it."""
    running = counts[0]
    for count in counts[1:]:
        if count.added and not count.updated:
            total = running.value + count.value
            running = Count(total, running.bound, count.start, count.end)
        elif count.value > running.value:
            running = count
    return running


def _exact(best: Count, counts: list[Count]) -> Count:
    if not best.bound:
        return best
    near = [c for c in counts if not c.bound and c.value and abs(c.value - best.value) <= _CLOSE * best.value]
    return near[-1] if near else best


def _with_serious(chosen: dict[str, Count]) -> dict[str, Count]:
    """The seriously injured are among the injured."""
    serious, injuries = chosen.get(SERIOUS), chosen.get(INJURIES)
    if serious is not None and (injuries is None or injuries.value < serious.value):
        bound = serious.bound or ("at_least" if injuries is not None and injuries.value else "")
        chosen[INJURIES] = Count(serious.value, bound, serious.start, serious.end)
    return chosen
