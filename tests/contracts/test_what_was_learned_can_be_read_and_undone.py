"""learned.toml: written and read back the same, applied with its reason, and never against the law's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

import config
from config.learned import load_learned, save_learned
from config.reading import BadConfig
from services.adapters.assessor import MachineAssessor
from services.adapters.training import SCIKIT_LEARN, are_of
from services.domain.assessment import Assessment
from services.domain.correction import Correction, CorrectionKind
from services.domain.lessons import HeldOut, Lessons, Remembered, Shared
from services.domain.post import Post
from services.domain.vocabulary import Disposition, EventGrade
from services.wiring.machine import assessor_with
from services.wiring.teaching import learned_from

CONFIG = Path(config.__file__).parent
MODEL = CONFIG / "model" / "topics.npz"
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LEAD, DISPOSITION = CorrectionKind.DEPARTMENT, CorrectionKind.DISPOSITION
WAGES = "哈尔滨市道里区一家餐馆拖欠服务员工资三个月，老板不接电话，请劳动监察部门帮助讨要。"
BLAST = "哈尔滨市道里区一饭店今晨发生爆炸，已造成12人死亡、20人受伤，消防救援正在进行。"
CARDS = [
    f"哈尔滨市{district}的{shop}收了预付卡的钱就停业跑路，{said}，会员们要求退款。"
    for district, shop, said in (
        ("道里区", "健身房", "门上贴着转让的纸条"),
        ("南岗区", "理发店", "电话一直打不通"),
        ("香坊区", "洗车行", "群里几百人都在问"),
        ("松北区", "游泳馆", "上个月还在搞充值活动"),
        ("道外区", "美容院", "房东说租约早就到期"),
    )
]


def decided(text: str, kind: CorrectionKind, to: str, number: int = 0) -> Correction:
    return Correction(f"post{number}", kind, "X", to, "duty1", NOON, "规则", "", text)


def taught(decisions: Sequence[Correction]) -> MachineAssessor:
    return assessor_with(CONFIG, MODEL, learned_from(decisions, (), CONFIG, MODEL))


def judged(assessor: MachineAssessor, text: str) -> Assessment:
    return assessor.assess([Post("p", "市民", "", text, NOON)])[0]


def reasons(assessment: Assessment, rule: str) -> list[str]:
    return [one.evidence for one in assessment.reasons if one.rule.startswith(rule)]


@pytest.fixture(scope="module")
def unlearned() -> MachineAssessor:
    return assessor_with(CONFIG, MODEL, Lessons())


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    table = Lessons(
        [Remembered(LEAD, "230102", frozenset({"工资", "拖欠"}), ("a1", "b2"))],
        [Shared(DISPOSITION, "difficulty", "unclear", {"请问": 2.5, "怎么": 1.0}, 1.75, 3)],
        ["c3"],
        [HeldOut(LEAD, 9, 5, 7, 1)],
    )
    save_learned(tmp_path / "learned.toml", table)
    read = load_learned(tmp_path / "learned.toml")
    assert (list(read.texts), list(read.shared)) == (table.texts, table.shared)
    assert (list(read.ignored), list(read.held_out)) == (table.ignored, table.held_out)


def test_nothing_is_learned_where_there_is_no_file(tmp_path: Path) -> None:
    assert not load_learned(tmp_path / "learned.toml")
    assert not (CONFIG / "model" / "learned.toml").exists(), "none ships"


def test_a_table_that_names_no_disposition_is_refused(tmp_path: Path) -> None:
    save_learned(tmp_path / "learned.toml", Lessons([Remembered(DISPOSITION, "nonsense", frozenset({"工资"}), ("a",))]))
    with pytest.raises(BadConfig, match="nonsense is no disposition"):
        load_learned(tmp_path / "learned.toml")


def test_a_district_decided_for_a_text_leads_where_it_is_named(unlearned: MachineAssessor) -> None:
    before = judged(unlearned, WAGES)
    assessor = taught([decided(WAGES, LEAD, "230102")])
    after = judged(assessor, WAGES)
    assert before.lead_department == "RSJ"
    assert after.lead_department == "230102"
    assert reasons(after, "主责")[0] == "学自更正 1 条,内容相同或几乎相同"
    assert [one.code for one in after.departments].count("230102") == 1
    assert (after.topic, after.opinion_grade) == (before.topic, before.opinion_grade)
    elsewhere = judged(assessor, WAGES.replace("道里区", "香坊区"))
    assert elsewhere.lead_department == "RSJ", "道里区 answers for nothing in 香坊区"


def test_words_of_several_corrections_speak_for_the_next_text_and_say_so(unlearned: MachineAssessor) -> None:
    fresh = "哈尔滨市呼兰区一家摄影店突然停业，老板失联，顾客想要退款。"
    before = {judged(unlearned, text).lead_department for text in (fresh, *CARDS)}
    assert len(before) == 1, before
    assert "GAJ" not in before
    after = judged(taught([decided(text, LEAD, "GAJ", n) for n, text in enumerate(CARDS)]), fresh)
    assert after.lead_department == "GAJ"
    (why,) = [one for one in after.reasons if "学自更正" in one.evidence]
    assert why.evidence == f"学自更正 5 条:{fresh[why.start - 1 : why.end - 1]}"


def test_a_decided_disposition_is_proposed_next_time(unlearned: MachineAssessor) -> None:
    assert judged(unlearned, WAGES).disposition is Disposition.DIFFICULTY
    after = judged(taught([decided(WAGES, DISPOSITION, "unclear")]), WAGES)
    assert after.disposition is Disposition.UNCLEAR
    assert reasons(after, "处置") == ["学自更正 1 条,内容相同或几乎相同"]


def test_the_law_stands_whatever_was_decided(unlearned: MachineAssessor) -> None:
    ways = [(CorrectionKind.EVENT_GRADE, "IV"), (CorrectionKind.OPINION_GRADE, "IV"), (DISPOSITION, "unclear")]
    after = judged(taught([decided(BLAST, kind, to) for kind, to in ways]), BLAST)
    before = judged(unlearned, BLAST)
    assert after.event_grade is EventGrade.II
    assert (after.opinion_grade, after.disposition) == (before.opinion_grade, Disposition.MAJOR_PROBLEM)


def test_what_the_rules_propose_rightly_by_now_is_no_correction(unlearned: MachineAssessor) -> None:
    assert not learned_from([decided(WAGES, LEAD, judged(unlearned, WAGES).lead_department)], (), CONFIG, MODEL)


def test_the_figures_that_ship_are_those_of_the_model_that_ships(tmp_path: Path) -> None:
    figures = CONFIG / "model" / "figures.json"
    assert are_of(figures, MODEL)
    other = tmp_path / "topics.npz"
    other.write_bytes(MODEL.read_bytes() + b"0")
    assert not are_of(figures, other)


def test_what_the_command_says_to_install_is_what_is_pinned() -> None:
    assert f"\n{SCIKIT_LEARN} " in (CONFIG.parent / "requirements-dev.txt").read_text(encoding="utf-8")
