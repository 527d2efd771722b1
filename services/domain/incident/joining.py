"""立案, 并入, 合并, 拆分: how posts and incidents come together and apart."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from services.domain.assessment import Assessment
from services.domain.incident.duties import align_statutory, credit_publications
from services.domain.incident.grading import propose_disposition, propose_grade
from services.domain.incident.handling import move_start
from services.domain.incident.ladder import alert, alert_all, ring
from services.domain.incident.mandates import require
from services.domain.incident.model import Incident, Merge, Moment, Refused
from services.domain.incident.settling import settle
from services.domain.policy import Rules
from services.domain.post import Post
from services.domain.roster import SHANGHAI
from services.domain.vocabulary import EntryKind, Level, OpinionGrade

MAX_SOURCES = 20


def incident_number(post: Post) -> str:
    """事件编号: the day it was first seen (Asia/Shanghai) and ten characters of its first post.

    Made from the post, so that a repeat after a crash finds the same incident and no counter has to be shared.
    """
    digest = hashlib.blake2b(post.key.encode(), digest_size=5).hexdigest()
    return f"{post.collected_at.astimezone(SHANGHAI):%Y%m%d}-{digest}"


def report(post: Post, assessment: Assessment, rules: Rules, moment: Moment) -> Incident:
    """立案: the first post of a matter.

    1. the start is when this system collected it; 2. the machine's grade is proposed and the clocks run on it;
    3. the duty officer is called. A back-filled post starts no clock and rings no bell.
    """
    title = post.title.strip() or post.text.strip()[:40]
    incident = Incident(incident_number(post), title, post.collected_at, post.collected_at, rules)
    incident.quiet = post.backfill
    incident.lead_proposed = assessment.lead_department
    incident.departments_proposed = tuple(d.code for d in assessment.departments)
    incident.topic = assessment.topic
    data = {"post": post.key, "source": post.source, "title": title, "started_at": post.collected_at}
    data |= {"start_rule": rules.start, "lead_proposed": assessment.lead_department, "quiet": incident.quiet}
    incident.record(EntryKind.INCIDENT_REPORTED, moment, data, occurred_at=post.collected_at)
    _count(incident, post, assessment)
    if incident.quiet:
        return incident
    propose_grade(incident, moment, assessment)
    _start_clocks(incident, moment, "incident_reported")
    return incident


def _start_clocks(incident: Incident, moment: Moment, because: str) -> None:
    align_statutory(incident, moment, "立案")
    ring(incident, moment, because)
    if incident.opinion_grade is OpinionGrade.I:
        alert_all(incident, incident.rules.at_once, moment, "extraordinary opinion")
    settle(incident, moment)


def _count(incident: Incident, post: Post, assessment: Assessment) -> None:
    incident.posts += 1
    incident.last_post_at = post.collected_at
    if post.source not in incident.sources and len(incident.sources) < MAX_SOURCES:
        incident.sources += (post.source,)
    incident.regions = tuple(dict.fromkeys(incident.regions + tuple(r.code for r in assessment.regions)))
    incident.focus = tuple(dict.fromkeys(incident.focus + tuple(f.value for f in assessment.focus)))
    incident.suspected_false = incident.suspected_false or assessment.suspected_false
    propose_disposition(incident, assessment.disposition)


def attach(incident: Incident, post: Post, assessment: Assessment, moment: Moment) -> None:
    """并入: a further post of the same matter. Higher numbers raise the proposed grade and ring again."""
    settle(incident, moment)
    data = {"post": post.key, "source": post.source, "title": post.title[:80], "posts": incident.posts + 1}
    incident.record(EntryKind.POST_ATTACHED, moment, data, occurred_at=post.collected_at)
    _count(incident, post, assessment)
    if incident.quiet and not post.backfill:
        incident.quiet = False
        incident.started_at = post.collected_at
        propose_grade(incident, moment, assessment)
        _start_clocks(incident, moment, "incident_reported")
    elif incident.state.open and not incident.quiet:
        propose_grade(incident, moment, assessment)
    elif not incident.quiet and assessment.event_grade and assessment.event_grade.rank > incident.proposed_rank:
        incident.proposed_rank = assessment.event_grade.rank
        alert(incident, Level.DUTY_OFFICER, moment, "higher grade reported after closing")


def merge(target: Incident, source: Incident, moment: Moment) -> None:
    """合并 `source` into `target`: the earliest start wins, all duties stay, both numbers resolve, it can be undone."""
    for incident in (target, source):
        require("merge", moment.actor, incident)
        settle(incident, moment)
        if incident.merged_into:
            raise Refused(f"{incident.id}已并入{incident.merged_into}")
    if target.id == source.id:
        raise Refused("不能与自身合并")
    if not target.state.open:
        raise Refused(f"目标事件{target.state.label}，请先重启")
    target.merges.append(Merge(source.id, moment.now, target.started_at))
    source.merged_into = target.id
    data = {"into": target.id, "from": source.id}
    target.record(EntryKind.INCIDENTS_MERGED, moment, data)
    source.record(EntryKind.INCIDENTS_MERGED, moment, data)
    target.publications += [replace(p, came_from=source.id) for p in source.publications]
    target.posts += source.posts
    target.sources = tuple(dict.fromkeys(target.sources + source.sources))[:MAX_SOURCES]
    if source.started_at < target.started_at:
        move_start(target, moment, source.started_at, f"与{source.id}合并，从早计时")
    credit_publications(target, moment)
    _take_higher_grade(target, source, moment)


def _take_higher_grade(target: Incident, source: Incident, moment: Moment) -> None:
    """All duties stay: the clocks of the graver of the two go on."""
    if source.event_grade and (target.event_grade is None or source.event_grade.rank > target.event_grade.rank):
        target.event_grade, target.grade_confirmed = source.event_grade, source.grade_confirmed
        target.proposed_rank = max(target.proposed_rank, source.proposed_rank)
        align_statutory(target, moment, "合并后等级从高")
        ring(target, moment, "grade_raised")
        settle(target, moment)


def unmerge(target: Incident, source: Incident, moment: Moment) -> None:
    """撤销合并: the source stands on its own again, its clocks from its own start; the target gets its start back."""
    require("split", moment.actor, target)
    record = next((m for m in target.merges if m.incident_id == source.id), None)
    if record is None or source.merged_into != target.id:
        raise Refused(f"{source.id}未并入本事件")
    target.merges.remove(record)
    source.merged_into = ""
    data = {"from": target.id, "to": source.id, "undo": "merge"}
    target.record(EntryKind.POSTS_SPLIT, moment, data)
    source.record(EntryKind.POSTS_SPLIT, moment, data)
    target.publications = [p for p in target.publications if p.came_from != source.id]
    target.posts -= source.posts
    if target.started_at == source.started_at != record.started_before:
        move_start(target, moment, record.started_before, "撤销合并")
    settle(source, moment)


def split(incident: Incident, posts: list[tuple[Post, Assessment]], moment: Moment) -> Incident:
    """拆分: these posts are another matter. Its clocks count from its own earliest post."""
    require("split", moment.actor, incident)
    settle(incident, moment)
    if not posts or len(posts) >= incident.posts:
        raise Refused("拆分须选出部分信息，且不能全部拆出")
    posts = sorted(posts, key=lambda pair: (pair[0].collected_at, pair[0].key))
    first, *others = posts
    new = report(first[0], first[1], incident.rules, moment)
    if new.id == incident.id:
        raise Refused("不能拆出事件的首条信息；请拆出其余信息")
    for post, assessment in others:
        attach(new, post, assessment, moment)
    data = {"from": incident.id, "to": new.id, "posts": [post.key for post, _ in posts]}
    incident.posts -= len(posts)
    incident.record(EntryKind.POSTS_SPLIT, moment, data)
    new.record(EntryKind.POSTS_SPLIT, moment, data)
    return new
