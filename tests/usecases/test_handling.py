"""处置: what a person fills in becomes an act, or a refusal that says what to do instead."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.domain import incident as office
from services.domain.incident import Actor, Moment, Refused
from services.domain.vocabulary import (
    Disposition,
    DutyKind,
    EntryKind,
    EventGrade,
    IncidentState,
    OpinionGrade,
    PublicationForm,
    Role,
)
from services.usecases.handling import moment_of
from services.usecases.ports import Filed
from tests.domain.incident.cast import (
    HEALTH,
    LEADER,
    OFFICER,
    OPEN_GOVERNMENT,
    PRESS,
    RESCUE,
    RULES,
    START,
    Names,
    hours,
    minutes,
    post,
    says,
)
from tests.usecases.room import ADDRESS, Room


async def test_a_matter_goes_through_the_office_from_the_call_to_the_evaluation() -> None:
    room = Room()
    incident = room.report(event=EventGrade.II)
    await room.act(incident, OFFICER, "acknowledge")
    await room.act(incident, OFFICER, "confirm_grade", event_grade="II", reason="现场核实")
    await room.act(incident, OFFICER, "assign", lead="YJGL", supporting="WJW、GAJ")
    await room.act(incident, RESCUE, "accept")
    await room.act(incident, HEALTH, "return", reason="无伤员")
    await room.act(incident, OFFICER, "consult", participants=["YJGL", "GAJ"], conclusion="应急管理局统一发布")
    room.after = hours(2)
    await room.act(incident, RESCUE, "publish", form="新闻发布会", channel="政府网站", url=ADDRESS)
    room.after = hours(20)
    await room.act(incident, RESCUE, "nothing_new", reason="搜救仍在进行")
    await room.act(incident, PRESS, "resolve", disposition="重大问题", outcome="已成立调查组")
    await room.act(incident, OPEN_GOVERNMENT, "evaluate", acceptance="认可", opinion_after="平稳")
    assert incident.state is IncidentState.CLOSED
    assert incident.disposition is Disposition.MAJOR_PROBLEM
    assert incident.active_departments == ("YJGL", "GAJ")
    assert not list(incident.owed())
    assert room.shelf.saved == [incident.id] * 10


@pytest.mark.parametrize("value", ["II", "重大"])
async def test_a_term_is_given_by_its_identifier_or_as_people_say_it(value: str) -> None:
    room = Room()
    incident = await room.act(room.report(), OFFICER, "confirm_grade", event_grade=value)
    assert incident.event_grade is EventGrade.II


async def test_an_unknown_term_lists_what_may_be_chosen_and_changes_nothing() -> None:
    room = Room()
    incident = room.report()
    with pytest.raises(Refused) as refused:
        await room.act(incident, OFFICER, "confirm_grade", event_grade="V")
    assert all(choice in str(refused.value) for choice in ("“V”", "I（特别重大）", "IV（一般）"))
    assert room.shelf.saved == []


@pytest.mark.parametrize(("given", "grade"), [("none", None), (None, None), ("", EventGrade.IV)])
async def test_none_says_that_it_is_no_emergency_and_an_empty_field_leaves_the_grade(
    given: str | None, grade: EventGrade | None
) -> None:
    room = Room()
    incident = room.report(event=EventGrade.IV)
    await room.act(incident, OFFICER, "confirm_grade", event_grade=given, opinion_grade="III", reason="核实")
    assert (incident.event_grade, incident.opinion_grade) == (grade, OpinionGrade.III)


@pytest.mark.parametrize(
    "entered",
    ["2017-10-01T23:00:00", "2017-10-01 23:00", "2017-10-01T15:00:00Z", datetime.fromisoformat("2017-10-01T23:00:00")],
)
def test_a_time_without_an_offset_is_beijing_time(entered: str | datetime) -> None:
    at = moment_of(entered, "published_at")
    assert (at, at and at.tzinfo) == (START + hours(1), UTC)


def test_no_time_is_no_time_and_nonsense_is_refused() -> None:
    assert moment_of("", "published_at") is moment_of(None, "published_at") is None
    with pytest.raises(Refused, match="发布时间不是有效时间：昨天"):
        moment_of("昨天", "published_at")


async def test_a_publication_is_entered_with_its_own_time_form_and_spokesperson() -> None:
    room = Room(after=hours(3))
    incident = room.report(event=EventGrade.II)
    given = {"form": "weibo", "channel": "@平安道外", "scan": "scan-3.png", "by_principal_leader": "on"}
    await room.act(incident, PRESS, "publish", **given, published_at="2017-10-02T00:00:00")
    [publication] = incident.publications
    assert publication.form is PublicationForm.WEIBO
    assert (publication.published_at, publication.address) == (START + hours(2), "scan-3.png")
    assert publication.by_principal_leader
    assert publication.late_recorded


async def test_a_department_is_transferred_reminded_and_escalated_by_its_code_and_level() -> None:
    room = Room()
    incident = room.report()
    await room.act(incident, OFFICER, "assign", lead="YJGL")
    await room.act(incident, OFFICER, "transfer_lead", to="WJW", reason="伤员救治为主")
    await room.act(incident, OFFICER, "remind")
    await room.act(incident, OFFICER, "escalate", level="主要负责人", reason="外媒关注")
    assert incident.lead == "WJW"
    told = [e.data["level"] for e in incident.changes if e.kind is EntryKind.LEVEL_ALERTED]
    assert told[-2:] == ["department", "principal_leader"]


async def test_the_start_is_moved_and_a_duty_exempted() -> None:
    room = Room(after=hours(1))
    incident = room.report(event=EventGrade.II)
    await room.act(incident, OFFICER, "extend_start", started_at="2017-10-01T21:30:00", reason="报警时间")
    assert incident.started_at == START - minutes(30)
    await room.act(incident, LEADER, "exempt", duty="新闻发布会", reason="涉密")
    exempted = [d.kind for d in incident.duties if d.closed_as == "exempted"]
    assert exempted == [DutyKind.PRESS_CONFERENCE]


@pytest.mark.parametrize(
    ("given", "resolved"),
    [
        ({}, False),
        ({"transfer": "GAJ"}, False),
        ({"transfer": {"to": "GAJ", "receipt": "1号"}}, True),
        ({"transfer_to": "GAJ", "transfer_at": "2017-10-01T22:00:00", "transfer_receipt": "1号"}, True),
    ],
)
async def test_false_information_is_resolved_with_its_transfer_however_it_is_filled_in(
    given: dict[str, Any], resolved: bool
) -> None:
    room = Room()
    incident = room.report()
    await room.act(incident, PRESS, "publish", form="statement", channel="政府网站", url=ADDRESS)
    if resolved:
        await room.act(incident, PRESS, "resolve", disposition="false_information", **given)
    else:
        with pytest.raises(Refused, match="移交"):
            await room.act(incident, PRESS, "resolve", disposition="false_information", **given)
    assert (incident.state is IncidentState.RESOLVED) is resolved


@pytest.mark.parametrize(
    ("act", "given", "why"),
    [
        ("publish", {"channel": "政府网站", "url": ADDRESS}, "形式"),
        ("exempt", {"reason": "涉密"}, "时限"),
        ("extend_start", {"reason": "报警时间"}, "起点"),
        ("assign", {}, "牵头部门"),
        ("merge", {}, "另一事件"),
        ("merge", {"into": "20171001-0000000000"}, "没有编号"),
        ("split", {"incident": "20171001-0000000000"}, "没有编号"),
        ("split", {"posts": ["p9"]}, "部分信息"),
        ("split", {}, "请选出"),
        ("decline", {}, "另一事件"),
        ("decline", {"other": "20171001-0000000000"}, "没有编号"),
        ("decline", {"into": "20171001-0000000000"}, "没有“into”"),
        ("delete", {}, "没有“delete”"),
    ],
)
async def test_what_is_missing_is_named(act: str, given: dict[str, Any], why: str) -> None:
    room = Room()
    with pytest.raises(Refused, match=why):
        await room.act(room.report(), OFFICER, act, **given)
    assert room.shelf.saved == []


async def test_a_number_nobody_knows_is_refused() -> None:
    unknown = office.report(post("x"), says(), RULES, Moment(START, Names()))
    with pytest.raises(Refused, match=unknown.id):
        await Room().act(unknown, OFFICER, "acknowledge")


async def test_after_a_merge_both_numbers_act_on_the_one_that_carries_them() -> None:
    room = Room()
    one, other = room.report("p1"), room.report("p2")
    await room.act(one, OFFICER, "merge", into=other.id)
    assert await room.act(one, OFFICER, "assign", lead="YJGL") is other
    assert room.shelf.saved == [other.id, one.id, other.id]


async def test_other_comes_into_this_one_and_is_parted_again() -> None:
    room = Room()
    one, other = room.report("p1"), room.report("p2")
    await room.act(one, OFFICER, "merge", other=other.id)
    assert other.merged_into == one.id
    await room.act(one, OFFICER, "split", incident=other.id)
    assert other.merged_into == ""
    assert room.shelf.regrouped == [(other.id, one.id), (one.id, other.id)]
    assert {one.id, other.id} <= set(room.shelf.saved)


async def test_a_candidate_is_declined_and_asked_again() -> None:
    room = Room()
    one, other = room.report("p1"), room.report("p2")
    one.candidates = (other.id,)
    await room.act(one, OFFICER, "decline", other=other.id)
    assert (one.undecided, room.shelf.regrouped) == ((), [(one.id, other.id)])
    await room.act(one, OFFICER, "decline", undo=other.id)
    assert (one.undecided, room.shelf.regrouped) == ((other.id,), [])
    assert room.shelf.saved == [one.id, other.id] * 2


async def test_posts_are_split_off_and_moved_to_their_own_incident() -> None:
    room = Room()
    incident = room.report("p1")
    second = post("p2", START)
    office.attach(incident, second, says(), Moment(START, Names()))
    room.shelf.filed.append(Filed(second, says(), incident.id))
    await room.act(incident, OFFICER, "split", posts=[second.key])
    [moved] = [f.incident_id for f in room.shelf.filed if f.post.key == second.key]
    assert moved != incident.id
    assert room.shelf.incidents[moved].posts == incident.posts == 1


@pytest.mark.parametrize("act", office.ACTS)
async def test_every_act_of_the_mandates_is_known(act: str) -> None:
    """An auditor may do none of them, and hears so from the rules, not from a missing function."""
    room = Room()
    with pytest.raises(Refused, match=r"无权|指明|填写|选择|选出"):
        await room.act(room.report(), Actor("audit1", Role.AUDITOR), act)
