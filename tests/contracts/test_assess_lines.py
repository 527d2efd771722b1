"""`huiying assess`: every field for every post, in the contract's shape; a bad line is named and harms no other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.adapters.assess_lines import BadLine, assess_lines
from services.adapters.assessor import MachineAssessor
from services.domain.assessment import Assessment, Casualties, DepartmentScore, Reason, Region
from services.domain.characters import legible
from services.domain.intake import Channel, take_in
from services.domain.post import Post
from services.domain.vocabulary import EventGrade, Focus

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
CONTRACT = (
    *("id", "relevant", "topic", "topic_scores", "lead_department", "departments", "regions", "event_grade"),
    *("opinion_grade", "focus", "disposition", "casualties", "sentiment", "suspected_false", "reasons"),
)


class Fixed:
    """Says the same of every post, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Post] = []

    def assess(self, posts: Sequence[Post]) -> list[Assessment]:
        self.asked += posts
        found = Assessment(
            relevant=True,
            topic="环境保护",
            topic_scores={"环境保护": 0.9},
            lead_department="HBJ",
            departments=(DepartmentScore("HBJ", "生态环境局", 0.8),),
            regions=(Region("230102", "道里区"),),
            event_grade=EventGrade.III,
            focus=(Focus.F4,),
            casualties=Casualties(deaths=3, bounds={"deaths": "at_least"}),
            reasons=(Reason("伤亡", "3人", 0, 2),),
        )
        return [found for _ in posts]


def answers(*lines: str | bytes) -> list[dict[str, Any] | BadLine]:
    return list(assess_lines([one.encode() if isinstance(one, str) else one for one in lines], Fixed(), NOW))


def test_the_answer_has_the_contract_s_fields_in_its_shape() -> None:
    (found,) = answers('{"id": "a", "title": "t", "text": "x"}')
    assert isinstance(found, dict)
    assert tuple(found)[: len(CONTRACT)] == CONTRACT
    assert found["departments"] == [{"code": "HBJ", "name": "生态环境局", "score": 0.8}]
    assert found["regions"] == [{"code": "230102", "name": "道里区"}]
    assert (found["event_grade"], found["opinion_grade"], found["focus"]) == ("III", "IV", ["F4"])
    assert found["casualties"]["deaths"] == 3
    assert found["casualties"]["injuries"] is None
    assert found["casualties"]["bounds"] == {"deaths": "at_least"}
    assert found["reasons"] == [{"rule": "伤亡", "evidence": "3人", "start": 0, "end": 2}]
    assert json.loads(json.dumps(found)) == found


def test_bad_lines_are_named_by_line_and_field_and_the_others_are_answered_in_order() -> None:
    found = answers(
        '{"id": "a", "text": "x"}',
        "not json",
        "",
        "[1]",
        '{"text": "x"}',
        '{"id": "b", "text": 7}',
        '{"id": "c"}',
        '{"id": "d", "text": "x", "published_at": "yesterday"}',
        '{"id": 9, "title": "x"}',
    )
    named = [(one.line, one.field) if isinstance(one, BadLine) else one["id"] for one in found]
    expected = ["a", (2, "-"), (4, "-"), (5, "id"), (6, "text"), (7, "text"), (8, "published_at"), 9]
    assert named == expected


def test_bytes_that_are_no_text_are_refused_and_never_guessed_at() -> None:
    found = answers(
        '{"id": "a", "text": "火灾"}', b'{"id": "b", "text": "\xbb\xf0\xd4\xd6"}', '{"id": "c", "text": "\\ud800"}'
    )
    assert [one["id"] if isinstance(one, dict) else one.line for one in found] == ["a", 2, 3]
    assert "UTF-8" in found[1].reason if isinstance(found[1], BadLine) else False


def test_an_id_comes_back_as_it_was_given_so_that_answers_can_be_joined() -> None:
    found = answers('{"id": 7, "text": "x"}', '{"id": "7", "text": "x"}')
    assert [one["id"] for one in found if isinstance(one, dict)] == [7, "7"]


def test_a_stated_time_is_the_moment_that_watches_go_by() -> None:
    assessor = Fixed()
    list(assess_lines([b'{"id":"a","text":"x","published_at":"2026-03-05T08:00:00+08:00"}'], assessor, NOW))
    list(assess_lines([b'{"id":"b","text":"x"}'], assessor, NOW))
    assert [post.collected_at for post in assessor.asked] == [datetime(2026, 3, 5, tzinfo=UTC), NOW]


def test_a_batch_ends_without_losing_its_last_posts() -> None:
    lines = [json.dumps({"id": str(n), "text": "x"}) for n in range(600)]
    assert [one["id"] for one in answers(*lines) if isinstance(one, dict)] == [str(n) for n in range(600)]


FIRE = "今晨，哈尔滨市道外区一家工厂发生爆炸，已造成１２人死亡、20人受伤，消防救援正在进行，周边居民已经疏散。"
COLD = "哈尔滨市香坊区公滨路小区暖气不热，室内只有14度，老人孩子都冻感冒了，供热公司电话没人接，请有关部门尽快解决。"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", FIRE),
        (None, COLD),
        ("  ", COLD + "物业也不管。" * 20),
        ("", "  各位领导：\r\n\r\n\r\n  " + COLD.replace("，", "，  ") + "\n\n"),
        ("", "\u200b" + FIRE.replace("工厂", "工\u200b厂") + "\u0007"),
        ("道外区  爆炸\n", "\t" + FIRE),
        ("道外区爆炸致12人死亡", FIRE),
        ("道外区爆炸致12人死亡", ""),
    ],
)
def test_a_post_is_assessed_as_the_service_does_which_keeps_none_without_a_title(
    assessor: MachineAssessor, title: str | None, text: str
) -> None:
    line = {"id": "a", "text": text, "source": "网友"} | ({} if title is None else {"title": title})
    [told] = assess_lines([json.dumps(line).encode()], assessor, NOW)
    kept = take_in({**line, "text": text or title, "source": "网友"}, Channel("网友", "push", NOW))
    assert isinstance(told, dict)
    assert isinstance(kept, Post)
    [found] = assessor.assess([kept if text else replace(kept, text="")])
    served = {"relevant", "topic", "topic_scores", "lead_department", "supporting", "provisional", "watches"}
    assert {name: told[name] for name in served} == {
        name: list(value) if isinstance(value := getattr(found, name), tuple) else value for name in served
    }
    assert (told["event_grade"], told["opinion_grade"]) == (found.event_grade, found.opinion_grade)
    assert [(r["rule"], r["evidence"]) for r in told["reasons"]] == [(r.rule, r.evidence) for r in found.reasons]
    whole, given = f"{kept.title}\n{kept.text}", f"{title or ''}\n{text}"
    for mine, its in zip(told["reasons"], found.reasons, strict=True):
        assert (mine["start"] < 0) == (its.start < 0)
        assert seen(given[mine["start"] : mine["end"]]) == seen(whole[its.start : its.end]), "where it was given"


def seen(text: str) -> str:
    return "".join(legible(text)[0].split())


def test_spans_of_a_post_without_a_title_count_in_its_text(assessor: MachineAssessor) -> None:
    [told] = assess_lines([json.dumps({"id": "a", "text": FIRE}).encode()], assessor, NOW)
    assert isinstance(told, dict)
    spans = {("\n" + FIRE)[r["start"] : r["end"]] for r in told["reasons"] if r["rule"].startswith("事件等级II")}
    assert spans == {"１２人死亡"}
