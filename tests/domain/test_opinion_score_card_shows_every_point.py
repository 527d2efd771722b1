"""舆情等级 by score card, focus, disposition, sentiment and watches."""

from __future__ import annotations

from datetime import UTC, date, datetime

from services.domain.focus import FocusReading, propose_disposition, read_focus
from services.domain.opinion import ScoreCard, Situation, Spread, Step, earned, grade_opinion, grade_spread
from services.domain.sentiment import read_sentiment
from services.domain.signals import Hit, Signals
from services.domain.vocabulary import Disposition, EventGrade, Focus, OpinionGrade, Sentiment
from services.domain.watches import Watch, watched

CARD = ScoreCard(
    grades={OpinionGrade.I: 80, OpinionGrade.II: 50, OpinionGrade.III: 20},
    origins={"feed": 5},
    sources={"新华网": 12},
    spread=(Step(10, 10), Step(100, 40)),
    growth=(Step(20, 15),),
    sensitivity={"morality": 15, "major": 12},
    sensitivity_limit=20,
    focus={Focus.F5: 8},
)


def hit(word: str, weight: float = 1.0, start: int = 0) -> list[Hit]:
    return [Hit(word, start, start + len(word), weight)]


def test_unknown_spread_gives_no_points() -> None:
    grade, reasons = grade_opinion(CARD, Situation("某网", "feed", Signals()))
    assert grade is OpinionGrade.IV
    assert [reason.evidence for reason in reasons] == ["+5 来源 某网", "5 分,一般舆情"]


def test_a_source_of_its_own_weight_overrides_its_way_in() -> None:
    _, reasons = grade_opinion(CARD, Situation("新华网", "feed", Signals()))
    assert reasons[0].evidence.startswith("+12 ")


def test_spread_and_growth_raise_the_grade_by_the_highest_step_reached_and_are_shown() -> None:
    _, reasons = grade_opinion(CARD, Situation("", "feed", Signals()))
    grade, said = grade_spread(CARD, earned(reasons), Spread(posts=100, growth=20))
    assert grade is OpinionGrade.II
    assert said == ("来源 +5", "传播 +40(24 小时内 100 条)", "增速 +15(1 小时内 20 条)", "60 分,50 分起为重大舆情")


def test_a_matter_without_spread_has_the_grade_of_its_weightiest_post() -> None:
    grade, said = grade_spread(CARD, (("来源", 12.0), ("敏感内容", 15.0)), Spread(posts=1, growth=1, sources=1))
    assert (grade, said[-1]) == (OpinionGrade.III, "27 分,20 分起为较大舆情")


def test_a_grade_begins_exactly_at_its_points() -> None:
    exact = ScoreCard(grades=CARD.grades, origins={"feed": 20})
    below = ScoreCard(grades=CARD.grades, origins={"feed": 19.9})
    assert grade_opinion(exact, Situation("", "feed", Signals()))[0] is OpinionGrade.III
    assert grade_opinion(below, Situation("", "feed", Signals()))[0] is OpinionGrade.IV


def test_sensitive_content_counts_up_to_the_limit_and_points_at_its_words() -> None:
    signals = Signals({"morality": hit("虐待", start=3), "major": hit("死亡", start=9)})
    _, reasons = grade_opinion(CARD, Situation("", "", signals))
    assert [reason.evidence for reason in reasons[:2]] == ["+15 虐待", "+5 死亡"]
    assert (reasons[0].start, reasons[0].end) == (3, 5)


def test_focus_follows_words_and_a_graded_event_is_always_f4() -> None:
    assert read_focus(Signals({"decision": hit("常务会议")}), None).focus == (Focus.F1,)
    assert read_focus(Signals(), EventGrade.IV).focus == (Focus.F4,)


def test_rumour_words_are_a_hint_and_a_denial_takes_it_back() -> None:
    rumour = {"rumour": hit("不转不是", 2.0)}
    assert read_focus(Signals(rumour), None).suspected_false
    assert not read_focus(Signals(rumour | {"denial": hit("辟谣")}), None).suspected_false


def disposition(signals: Signals, grade: EventGrade | None = None, suspected: bool = False) -> Disposition:
    return propose_disposition(signals, FocusReading((), False, suspected, ()), grade)[0]


def test_the_gravest_disposition_that_fits_is_proposed() -> None:
    advice = {"suggestion": hit("建议", 2.0)}
    assert disposition(Signals(advice), suspected=True) is Disposition.FALSE_INFORMATION
    assert disposition(Signals(advice), EventGrade.II) is Disposition.MAJOR_PROBLEM
    assert disposition(Signals(advice | {"major": hit("贪污")})) is Disposition.MAJOR_PROBLEM
    assert disposition(Signals(advice)) is Disposition.SUGGESTION
    assert disposition(Signals({"question": hit("咨询", 2.0)}, title_end=5)) is Disposition.UNCLEAR
    assert disposition(Signals()) is Disposition.DIFFICULTY


def test_a_reproach_in_the_form_of_a_question_stays_a_difficulty() -> None:
    assert disposition(Signals({"question": hit("为什么"), "complaint": hit("投诉")})) is Disposition.DIFFICULTY


def test_praise_with_a_negation_is_blame() -> None:
    text = "对结果很不满意"
    assert read_sentiment(text, Signals({"positive": hit("满意", 1.0, 5)}))[0] is Sentiment.NEGATIVE
    assert read_sentiment("很满意", Signals({"positive": hit("满意", 1.0, 1)}))[0] is Sentiment.POSITIVE
    assert read_sentiment("", Signals())[0] is Sentiment.NEUTRAL


HEATING = Watch("供暖季", ("供热",), (10, 15), (4, 20))
CONGRESS = Watch("两会", ("提案",), date(2026, 3, 1), date(2026, 3, 12))
WORDS = Signals({"watch:供暖季": hit("供热"), "watch:两会": hit("提案")})


def names(at: datetime) -> tuple[str, ...]:
    return watched((HEATING, CONGRESS), WORDS, at)[0]


def test_a_watch_is_kept_in_its_period_only() -> None:
    assert names(datetime(2026, 1, 5, tzinfo=UTC)) == ("供暖季",)
    assert names(datetime(2026, 3, 5, tzinfo=UTC)) == ("供暖季", "两会")
    assert names(datetime(2026, 7, 5, tzinfo=UTC)) == ()


def test_a_watch_begins_and_ends_at_midnight_in_beijing() -> None:
    assert names(datetime(2026, 10, 14, 16, 0, tzinfo=UTC)) == ("供暖季",)
    assert names(datetime(2026, 10, 14, 15, 59, tzinfo=UTC)) == ()
    assert names(datetime(2026, 4, 20, 15, 59, tzinfo=UTC)) == ("供暖季",)
