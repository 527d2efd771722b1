"""A killing goes to the police, a flood is no accident at work: body, kind of event, focus and disposition."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import config
from services.adapters.assessor import MachineAssessor
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.vocabulary import Disposition, Focus
from services.wiring.machine import make_assessor

PLAIN = (
    ("哈尔滨：一死三伤！道里区凌晨命案", "GAJ", "治安刑事案件"),
    ("一名男子在道里区中央大街被捅伤，送医后不治身亡。", "GAJ", "治安刑事案件"),
    ("今晨香坊区发生一起持刀伤人案，造成4人死亡。", "GAJ", "治安刑事案件"),
    ("道外区居民楼爆燃，死亡人数已达6人。", "YJGL", "生产安全事故"),
    ("呼兰区一饭店闪爆，3人死亡。", "YJGL", "生产安全事故"),
    ("尚志市洪水致两名干部殉职", "YJGL", "自然灾害"),
    ("五常市山洪冲毁民房，造成3人死亡。", "YJGL", "自然灾害"),
)


@pytest.fixture(scope="module")
def assessor() -> MachineAssessor:
    return make_assessor(Path(config.__file__).parent)


def assessed(assessor: MachineAssessor, text: str, source: str = "某网") -> Assessment:
    return assessor.assess([Post("p", source, "", text, datetime(2026, 11, 20, 4, tzinfo=UTC))])[0]


@pytest.mark.parametrize(("text", "body", "kind"), PLAIN)
def test_an_emergency_reaches_who_answers_under_its_own_kind(
    assessor: MachineAssessor, text: str, body: str, kind: str
) -> None:
    found = assessed(assessor, text)
    assert found.lead_department == body
    assert next(r.rule for r in found.reasons if r.rule.startswith("事件等级")).split(" ")[1] == kind
    assert Focus.F4 in found.focus
    assert found.disposition is Disposition.MAJOR_PROBLEM


def test_a_slogan_about_killings_is_no_killing(assessor: MachineAssessor) -> None:
    assert assessed(assessor, "道里公安分局坚持命案必破，连续三年命案积案清零。").event_grade is None
