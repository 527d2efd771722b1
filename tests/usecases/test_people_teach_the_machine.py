"""What people decide is learned from, and what they disagree with is shown first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.domain.correction import Correction, CorrectionKind, agreement
from services.usecases.evaluating import lessons

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
TOPICS = {"JTJ": "交通运输", "HBJ": "环境保护"}


def decision(post: str, kind: CorrectionKind, proposed: str, decided: str, minutes: int = 0) -> Correction:
    at = NOON + timedelta(minutes=minutes)
    return Correction(post, kind, proposed, decided, "duty_officer", at, "规则", "标题", f"{post}的正文")


def test_a_department_that_stands_for_one_topic_teaches_that_topic() -> None:
    found = lessons([decision("p1", CorrectionKind.DEPARTMENT, "HBJ", "JTJ")], TOPICS)
    assert found == [("标题\np1的正文", "交通运输")]


def test_a_department_of_many_topics_teaches_none() -> None:
    assert lessons([decision("p1", CorrectionKind.DEPARTMENT, "HBJ", "BGT")], TOPICS) == []


def test_a_decided_topic_outweighs_the_department() -> None:
    made = [
        decision("p1", CorrectionKind.TOPIC, "环境保护", "城乡建设"),
        decision("p1", CorrectionKind.DEPARTMENT, "HBJ", "JTJ", minutes=5),
    ]
    assert [topic for _, topic in lessons(made, TOPICS)] == ["城乡建设"]


def test_only_the_last_decision_teaches() -> None:
    made = [
        decision("p1", CorrectionKind.DEPARTMENT, "HBJ", "JTJ"),
        decision("p1", CorrectionKind.DEPARTMENT, "HBJ", "HBJ", minutes=5),
    ]
    assert [topic for _, topic in lessons(made, TOPICS)] == ["环境保护"]


def test_lessons_do_not_depend_on_the_order_of_the_decisions() -> None:
    made = [decision(f"p{n}", CorrectionKind.DEPARTMENT, "HBJ", "JTJ", minutes=n) for n in range(5)]
    assert lessons(made, TOPICS) == lessons(made[::-1], TOPICS)


def test_the_least_agreed_with_comes_first() -> None:
    made = [
        decision("p1", CorrectionKind.EVENT_GRADE, "III", "III"),
        decision("p2", CorrectionKind.EVENT_GRADE, "III", "IV"),
        decision("p3", CorrectionKind.DEPARTMENT, "HBJ", "JTJ"),
    ]
    found = [(one.label, one.agreed, one.total) for one in agreement(made)]
    assert found == [("HBJ", 0, 1), ("III", 1, 2)]
