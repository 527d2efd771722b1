"""立案, 并入, 拆分: how posts become incidents and join them."""

from __future__ import annotations

import hashlib

from services.domain.assessment import Assessment
from services.domain.incident.grading import follow_grade, graver_or_louder, propose_grade
from services.domain.incident.heating import hear, raise_by_spread
from services.domain.incident.ladder import alert, ring, tell_extraordinary
from services.domain.incident.mandates import require
from services.domain.incident.model import Incident, Moment, Refused
from services.domain.incident.settling import settle
from services.domain.incident.statutory import align_statutory, move_start
from services.domain.policy import Rules
from services.domain.post import Post
from services.domain.vocabulary import EntryKind, Level
from services.domain.zone import SHANGHAI

MAX_SOURCES = 20


def incident_number(post: Post) -> str:
    """事件编号: the day it was first seen (Asia/Shanghai) and ten characters of its first post.

    Made from the post, so that a repeat after a crash finds the same incident and no counter has to be shared.
    """
    digest = hashlib.blake2b(post.key.encode(), digest_size=5).hexdigest()
    day = post.collected_at.astimezone(SHANGHAI)
    return f"{day.year}{day.month:02}{day.day:02}-{digest}"


def report(post: Post, assessment: Assessment, rules: Rules, moment: Moment) -> Incident:
    """立案: the first post of a matter.

    1. the start is when this system collected it; 2. the machine's grade is proposed and the clocks run on it;
    3. the duty officer is called. A back-filled post starts no clock and rings no bell.
    """
    title = post.title.strip() or post.text.strip()[:40]
    incident = Incident(incident_number(post), title, post.collected_at, post.collected_at, rules)
    incident.quiet = post.backfill
    incident.lead_proposed = assessment.lead_department
    incident.supporting_proposed = assessment.supporting
    incident.coordinators_proposed = assessment.coordinators
    incident.topic = assessment.topic
    data = {"post": post.key, "source": post.source, "title": title, "started_at": post.collected_at}
    data |= {"start_rule": rules.start, "lead_proposed": assessment.lead_department, "quiet": incident.quiet}
    data["evidence"] = post.evidence
    incident.record(EntryKind.INCIDENT_REPORTED, moment, data, occurred_at=post.collected_at)
    _count(incident, post, assessment)
    if not incident.quiet:
        _start_clocks(incident, moment, assessment)
    return incident


def _start_clocks(incident: Incident, moment: Moment, assessment: Assessment) -> None:
    propose_grade(incident, moment, assessment)
    align_statutory(incident, moment, "立案")
    ring(incident, moment, "incident_reported")
    tell_extraordinary(incident, moment)
    settle(incident, moment)


def _count(incident: Incident, post: Post, assessment: Assessment) -> None:
    incident.posts += 1
    incident.first_post_at = min(incident.first_post_at, post.collected_at)
    incident.last_post_at = max(incident.last_post_at or post.collected_at, post.collected_at)
    if post.source not in incident.sources and len(incident.sources) < MAX_SOURCES:
        incident.sources += (post.source,)
    incident.regions = tuple(dict.fromkeys(incident.regions + tuple(r.code for r in assessment.regions)))
    incident.focus = tuple(dict.fromkeys(incident.focus + tuple(f.value for f in assessment.focus)))
    incident.suspected_false = incident.suspected_false or assessment.suspected_false
    incident.emerging = incident.emerging or assessment.emerging
    incident.watches = tuple(dict.fromkeys(incident.watches + assessment.watches))
    incident.disposition_proposed = incident.disposition_proposed or assessment.disposition
    hear(incident.heat, post, assessment)


def attach(incident: Incident, post: Post, assessment: Assessment, moment: Moment, because: str = "") -> None:
    """并入: a further post of the same matter, by the rule `because` where the machine found it.

    Higher numbers raise the proposed grade, many posts the opinion grade; both may ring again. A back-filled post only
    joins; the first live one on a quiet incident starts its clocks; one that was collected earlier but read later moves
    the start.
    """
    settle(incident, moment)
    data = {"post": post.key, "source": post.source, "title": post.title[:80], "posts": incident.posts + 1}
    data |= {"because": because} if because else {}
    data["evidence"] = post.evidence
    incident.record(EntryKind.POST_ATTACHED, moment, data, occurred_at=post.collected_at)
    _count(incident, post, assessment)
    if post.backfill:
        return
    if incident.quiet:
        _wake(incident, post, assessment, moment)
    else:
        if incident.state.open and post.collected_at < incident.started_at:
            move_start(incident, moment, post.collected_at, "更早采集的信息", rule=incident.rules.start)
        _hear(incident, assessment, moment)


def revise(incident: Incident, post: Post, assessment: Assessment, moment: Moment, version: int) -> None:
    """编辑: a post on file reads otherwise now. A bulletin that counts more dead at the same address is heard too.

    The ledger keeps what was seen of every version (from 2), also of one that is nothing to this city any more.
    """
    settle(incident, moment)
    data = {"post": post.key, "source": post.source, "title": post.title[:80], "version": version, "edited": True}
    data["evidence"] = post.evidence
    incident.record(EntryKind.POST_ATTACHED, moment, data, occurred_at=post.collected_at)
    if assessment.relevant and not (post.backfill or incident.quiet):
        _hear(incident, assessment, moment, edited=post.key)


def _wake(incident: Incident, post: Post, assessment: Assessment, moment: Moment) -> None:
    incident.quiet = False
    move_start(incident, moment, post.collected_at, "历史信息有了新的信息", rule=incident.rules.start)
    _start_clocks(incident, moment, assessment)


def _hear(incident: Incident, assessment: Assessment, moment: Moment, edited: str = "") -> None:
    """What is graver or louder than what was closed is proposed and told; its clocks run once it is reopened."""
    before = incident.event_grade, incident.opinion_grade
    propose_grade(incident, moment, assessment, edited)
    raise_by_spread(incident, moment)
    if incident.state.open:
        follow_grade(incident, moment, before, "等级升高")
    elif graver_or_louder(incident, before):
        alert(incident, Level.DUTY_OFFICER, moment, "higher grade reported after closing")
        tell_extraordinary(incident, moment)


def split(incident: Incident, posts: list[tuple[Post, Assessment]], moment: Moment) -> Incident:
    """拆分: these posts are another matter. Its clocks count from its own earliest post."""
    require("split", moment.actor, incident)
    settle(incident, moment)
    if not posts or len(posts) >= incident.posts:
        raise Refused("拆分须选出部分信息，且不能全部拆出")
    posts = sorted(posts, key=lambda pair: (pair[0].collected_at, pair[0].key))
    first, *others = posts
    if any(incident_number(post) == incident.id for post, _ in posts):
        raise Refused("不能拆出事件的首条信息；请拆出其余信息")
    new = report(first[0], first[1], incident.rules, moment)
    for post, assessment in others:
        attach(new, post, assessment, moment)
    data = {"from": incident.id, "to": new.id, "posts": [post.key for post, _ in posts]}
    incident.posts -= len(posts)
    incident.record(EntryKind.POSTS_SPLIT, moment, data)
    new.record(EntryKind.POSTS_SPLIT, moment, data)
    return new
