"""What a person reads: why, how grave, who answers for it, how long is left, and where to look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.delivery import Retry
from services.domain.notice import Draft, because, bundle, notice, one_line, split_bytes, time_left

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DRAFT = Draft("20260302-aa", "【政务舆情提醒】供暖不热", ("事由：新事件",), "http://127.0.0.1/incidents/1", NOON)


def test_time_left_is_counted_at_the_moment_of_sending() -> None:
    assert notice("d", DRAFT, False, NOON - timedelta(hours=4, minutes=12)).time_left == "还剩 4 小时 12 分"
    assert notice("d", DRAFT, False, NOON + timedelta(minutes=30)).time_left == "已逾期 30 分"
    assert time_left(None, NOON) == ""


def test_a_repeat_says_so() -> None:
    assert notice("d", DRAFT, True, NOON).title == "（重发）【政务舆情提醒】供暖不热"


def test_a_notice_that_comes_late_says_so() -> None:
    alerted = replace(DRAFT, alerted_at=NOON)
    titles = [
        notice("d", alerted, again, NOON + timedelta(minutes=m)).title
        for again, m in ((False, 5), (False, 6), (True, 6))
    ]
    assert [title[:4] for title in titles] == ["【政务舆", "（迟发）", "（重发）"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("first_statement 50%", "权威信息首发时限已用去 50%"),
        ("public_response missed", "回应逾期"),
        ("acknowledgement_expired", "确认后没有后续处置，确认失效"),
        ("something\nnew", "something new"),
    ],
)
def test_the_ledgers_reason_is_told_in_words_of_the_office(code: str, words: str) -> None:
    assert because(code) == words


def test_several_alerts_of_one_matter_are_one_notice_with_the_nearest_time() -> None:
    later = Draft("20260302-aa", "t", ("事由：回应逾期",), due_at=NOON + timedelta(hours=1), urgent=True)
    together = bundle([DRAFT, DRAFT, later])
    assert together.lines == ("事由：回应逾期", "另有 2 条提醒：新事件")
    assert (together.due_at, together.urgent) == (NOON, True)


def test_a_title_never_carries_a_line_break_into_a_header() -> None:
    assert one_line("一\r\nBcc: x\x00\u2028y") == "一 Bcc: x y"


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=200), st.integers(4, 60))
def test_a_long_text_is_cut_between_characters_and_nothing_is_lost(text: str, limit: int) -> None:
    clean = text.encode(errors="ignore").decode()
    parts = list(split_bytes(clean, limit))
    assert "".join(parts) == clean
    assert all(0 < len(part.encode()) <= limit for part in parts)


def test_nine_thousand_characters_fit_into_parts_of_2048_bytes() -> None:
    parts = list(split_bytes("政务舆情回应\n" * 1300, 2048))
    assert all(len(part.encode()) <= 2048 for part in parts)
    assert all(part.endswith("\n") for part in parts)


def test_waiting_grows_to_a_ceiling_and_ends() -> None:
    retry = Retry(timedelta(seconds=10), 2.0, timedelta(seconds=60), 5)
    waits = [retry.after(n) for n in range(1, 6)]
    assert [w.total_seconds() if w else None for w in waits] == [10, 20, 40, 60, None]
    assert retry.after(1, asked_seconds=30) == timedelta(seconds=30)
    assert retry.after(1, asked_seconds=10**9) == timedelta(seconds=60)
