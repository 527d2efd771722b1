"""What people decide is learned from, and what they disagree with is shown first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from services.domain.correction import Correction, CorrectionKind, agreement
from services.domain.lessons import Lessons
from services.usecases.evaluating import for_the_owners, lessons, uses
from services.usecases.learning import Case, learn

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LEAD, DISPOSITION = CorrectionKind.DEPARTMENT, CorrectionKind.DISPOSITION
FILLING = [f"闲话{chr(0x4E00 + n)}" for n in range(400)]
CARDS = ("预付卡", "跑路", "退款")


def decision(post: str, kind: CorrectionKind, proposed: str, decided: str, minutes: int = 0) -> Correction:
    at = NOON + timedelta(minutes=minutes)
    return Correction(post, kind, proposed, decided, "duty_officer", at, "规则", "标题", f"{post}的正文")


def case(post: str, proposed: str, decided: str, words: Sequence[str] = (), kind: CorrectionKind = LEAD) -> Case:
    """A text of its own with these words in it."""
    own = Random(post).sample(FILLING, 20)
    return Case(post, kind, proposed, decided, frozenset([*own, *words]))


def usual(word: str) -> float | None:
    """The filling is in every twentieth text; 请问 says nothing."""
    return None if word == "请问" else 0.05 if word in FILLING else 0.002


def cards(count: int, proposed: str = "JYJ", decided: str = "SCJG") -> list[Case]:
    return [case(f"card{n}", proposed, decided, [*CARDS, "请问"]) for n in range(count)]


def lead(learned: Lessons, proposed: str, words: Sequence[str]) -> str:
    taught = learned.taught(LEAD, proposed, frozenset(words))
    return taught.decided if taught else proposed


def test_one_correction_is_remembered_for_the_same_and_nearly_the_same_text() -> None:
    (only,) = cards(1)
    learned = learn([only], usual)
    assert lead(learned, "JYJ", [*only.words]) == "SCJG"
    assert lead(learned, "ZJJ", [*only.words]) == "SCJG", "whatever the machine says of it by now"
    assert lead(learned, "JYJ", [*only.words, "另一", "说法"]) == "SCJG"
    assert lead(learned, "JYJ", sorted(only.words)[:12]) == "JYJ", "half of it is another text"
    assert lead(learned, "JYJ", CARDS) == "JYJ", "one text makes no rule"


def test_words_that_corrected_texts_share_speak_for_another_text() -> None:
    learned = learn(cards(5), usual)
    (shared,) = learned.shared
    assert (shared.proposed, shared.decided, shared.corrections) == ("JYJ", "SCJG", 5)
    assert set(shared.words) == set(CARDS), "neither stop words nor what one text alone has"
    taught = learned.taught(LEAD, "JYJ", frozenset([*CARDS[:2], "新的"]))
    assert taught is not None
    assert taught.reason("主责", "市场监管局", "买了预付卡店家跑路").evidence == "学自更正 5 条:预付卡"


def test_they_speak_only_where_the_machine_says_what_people_overruled() -> None:
    learned = learn(cards(5), usual)
    assert lead(learned, "JYJ", [*CARDS, "新的"]) == "SCJG"
    assert lead(learned, "SWJ", [*CARDS, "新的"]) == "SWJ"
    assert lead(learned, "JYJ", [CARDS[0], "新的"]) == "JYJ", "one word is no matter"


def test_two_corrections_make_no_rule() -> None:
    assert not learn(cards(2), usual).shared


def test_an_agreed_decision_teaches_nothing_and_takes_nothing_away() -> None:
    agreed = [case(f"agreed{n}", "SCJG", "SCJG", ["食堂", "学校"]) for n in range(9)]
    assert not learn(agreed, usual)
    both = learn([*agreed, *cards(5)], usual)
    assert both.texts == learn(cards(5), usual).texts
    assert lead(both, "JYJ", ["食堂", "学校"]) == "JYJ"


def test_words_of_texts_that_people_agreed_with_make_no_rule() -> None:
    agreed = [case(f"agreed{n}", "JYJ", "JYJ", CARDS) for n in range(5)]
    learned = learn([*agreed, *cards(5)], usual)
    assert not learned.shared
    assert len(learned.texts) == 5, "each is still remembered"


def test_the_last_decision_on_the_same_text_stands() -> None:
    first, second = cards(1)[0], Case("again", LEAD, "JYJ", "JYJ", cards(1)[0].words)
    assert not learn([first, second], usual)
    assert lead(learn([second, first], usual), "JYJ", [*first.words]) == "SCJG"


def test_copies_are_one_voice() -> None:
    (only,) = cards(1)
    copies = [Case(f"copy{n}", LEAD, "JYJ", "SCJG", only.words) for n in range(6)]
    learned = learn(copies, usual)
    assert not learned.shared
    assert [len(text.posts) for text in learned.texts] == [6]


def test_a_disposition_is_learned_beside_the_lead_and_a_grade_never() -> None:
    ways = [(DISPOSITION, "difficulty", "unclear"), (CorrectionKind.EVENT_GRADE, "IV", "none")]
    learned = learn([case("p", proposed, decided, kind=kind) for kind, proposed, decided in ways], usual)
    assert [text.kind for text in learned.texts] == [DISPOSITION]


def test_what_the_office_leaves_out_is_not_learned_and_stays_left_out() -> None:
    learned = learn(cards(1), usual, ["card0"])
    assert not learned
    assert learned.ignored == ("card0",)


def test_the_table_does_not_depend_on_the_order_of_words_in_memory() -> None:
    made = [*cards(7), *(case(f"other{n}", "JYJ", "WJW", ["打疫苗", "接种点"]) for n in range(4))]
    assert learn(made, usual) == learn([Case(c.post, c.kind, c.proposed, c.decided, frozenset(sorted(c.words)))
                                        for c in made], usual)  # fmt: skip


def test_it_is_measured_on_texts_that_were_left_out() -> None:
    agreed = [case(f"agreed{n}", "JYJ", "JYJ", ["补课", "学费"]) for n in range(10)]
    (held,) = learn([*agreed, *cards(10)], usual).held_out
    assert (held.kind, held.texts, held.before, held.worse) == (LEAD, 20, 10, 0)
    assert held.after == 20, "each of the ten is known by the words of the others"


def test_a_single_correction_is_no_proof_of_itself() -> None:
    (held,) = learn(cards(1), usual).held_out
    assert (held.texts, held.before, held.after) == (1, 0, 0)


def test_a_department_teaches_no_topic() -> None:
    made = [decision("p1", LEAD, "JYJ", "SCJG"), decision("p2", LEAD, "SCJG", "SCJG")]
    assert lessons(made) == []


def test_a_decided_topic_teaches_the_last_one_that_was_decided() -> None:
    made = [
        decision("p1", CorrectionKind.TOPIC, "环境保护", "交通运输"),
        decision("p1", CorrectionKind.TOPIC, "环境保护", "城乡建设", minutes=5),
    ]
    assert lessons(made) == lessons(made[::-1]) == [("标题\np1的正文", "城乡建设")]


def test_what_becomes_of_each_kind_is_told() -> None:
    made = [decision("card0", LEAD, "JYJ", "SCJG"), decision("p2", CorrectionKind.EVENT_GRADE, "III", "IV")]
    told = {use.kind: (use.decided, use.overruled, use.taught) for use in uses(made, learn(cards(1), usual), [])}
    assert told[LEAD] == (1, 1, 1)
    assert told[CorrectionKind.EVENT_GRADE] == (1, 1, 0)
    assert told[DISPOSITION] == (0, 0, 0)


def test_overruled_grades_are_told_to_whoever_keeps_the_rules() -> None:
    grade = CorrectionKind.EVENT_GRADE
    made = [decision(f"p{n}", grade, "III", "IV") for n in range(2)] + [decision("p9", grade, "II", "II")]
    assert for_the_owners(made) == [("规则", "III", "IV", 2)]


def test_the_least_agreed_with_comes_first() -> None:
    made = [
        decision("p1", CorrectionKind.EVENT_GRADE, "III", "III"),
        decision("p2", CorrectionKind.EVENT_GRADE, "III", "IV"),
        decision("p3", LEAD, "HBJ", "JTJ"),
    ]
    found = [(one.label, one.agreed, one.total) for one in agreement(made)]
    assert found == [("HBJ", 0, 1), ("III", 1, 2)]
