"""What somebody types, or a program sends, is read as meant or refused in words: never a crash, never left out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from services.domain.incident import Refused
from services.domain.vocabulary import EntryKind
from services.usecases.handling import moment_of
from tests.domain.incident.cast import OFFICER, PRESS, START, hours
from tests.usecases.room import ADDRESS, Room


@pytest.mark.parametrize(
    "entered",
    [
        *("0001-01-01T00:00", "0020-11-22T08:00", "9999-12-31T23:59:59-08:00", "9999-12-31", "1970-01-01", "garbage"),
        *("9" * 5000, datetime(1, 1, 1), datetime.max),  # noqa: DTZ001, DTZ901 - YAML hands over what has no offset
        *(5, ["x"], {"a": 1}, float("inf")),
    ],
)  # fmt: skip
async def test_a_time_that_cannot_be_is_refused_in_words_wherever_it_is_entered(entered: Any) -> None:
    for name, label in (("published_at", "发布时间"), ("started_at", "起点时间"), ("transfer_at", "移交时间")):
        with pytest.raises(Refused, match=f"^{label}不") as refusal:
            moment_of(entered, name)
        assert len(str(refusal.value)) < 100
    room = Room()
    incident = room.report()
    reply = {"form": "statement", "channel": "政府网站", "url": ADDRESS}
    with pytest.raises(Refused, match="发布时间不"):
        await room.act(incident, PRESS, "publish", **reply, published_at=entered)
    with pytest.raises(Refused, match="起点时间不"):
        await room.act(incident, OFFICER, "extend_start", started_at=entered, reason="报警记录")
    await room.act(incident, PRESS, "publish", **reply)
    transferred = {"transfer_to": "GAJ", "transfer_at": entered, "transfer_receipt": "1号"}
    for transfer in (transferred, {"transfer": {"to": "GAJ", "at": entered, "receipt": "1号"}}):
        with pytest.raises(Refused, match="移交时间不"):
            await room.act(incident, PRESS, "resolve", disposition="false_information", outcome="已公布", **transfer)


async def test_a_transfer_lies_in_the_past() -> None:
    room = Room()
    incident = room.report()
    await room.act(incident, PRESS, "publish", form="statement", channel="政府网站", url=ADDRESS)
    transfer = {"to": "GAJ", "at": START + hours(2), "receipt": "1号"}
    with pytest.raises(Refused, match="移交时间不能晚于当前时间"):
        await room.act(incident, PRESS, "resolve", disposition="false_information", transfer=transfer)


@pytest.mark.parametrize(
    ("act", "given", "key"),
    [
        ("confirm_grade", {"event_grad": "II"}, "event_grad"),
        ("acknowledge", {"recorded_on": "x"}, "recorded_on"),
        ("assign", {"lead": "GRB", "bogus": 1}, "bogus"),
        ("resolve", {"disposition": "difficulty", "transfer": {"too": "GAJ"}}, "too"),
        ("merge", {"into": "x", "in\x00to": "y"}, "into"),
    ],
)
async def test_what_nobody_reads_is_refused_with_what_may_be_given(act: str, given: dict[str, Any], key: str) -> None:
    room = Room()
    incident = room.report()
    with pytest.raises(Refused, match=f"“{key}”这一项，可填"):
        await room.act(incident, PRESS if act == "resolve" else OFFICER, act, **given)


async def test_a_reason_may_stand_with_every_act() -> None:
    room = Room()
    incident = room.report()
    await room.act(incident, OFFICER, "assign", lead="GRB", reason="职责", note="电话已告")
    assert incident.lead == "GRB"


async def test_whoever_closes_a_matter_says_what_the_public_was_told() -> None:
    room = Room()
    incident = room.report()
    await room.act(incident, PRESS, "publish", form="statement", channel="政府网站", url=ADDRESS)
    with pytest.raises(Refused, match="向公众交代的情况（解决情况）"):
        await room.act(incident, PRESS, "resolve", disposition="difficulty", outcome=" \x07 ")
    await room.act(incident, PRESS, "resolve", disposition="difficulty", outcome="已恢复\x00供热")
    [entry] = [e for e in incident.take_changes() if e.kind is EntryKind.INCIDENT_RESOLVED]
    assert entry.data["outcome"] == "已恢复供热"
