"""The rhythm of looking: from the source's own pace, its server's wishes and its failures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.sources import load_sources
from services.domain import rhythm
from services.domain.rhythm import Failed, Looked, after_failure, after_success
from services.domain.source import Failure, Source, SourceState

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SOURCE = Source(id="s1", url="http://a.test/")
PACE = load_sources().rules.pace
NEW = SourceState("s1", next_check_at=NOW)


def wait(state: SourceState, now: datetime = NOW) -> float:
    return (state.next_check_at - now).total_seconds()


def paced(gap: timedelta, **more: object) -> SourceState:
    known = replace(NEW, gap_seconds=gap.total_seconds(), last_new_at=NOW, items_total=10)
    return replace(known, **more)  # type: ignore[arg-type]  # fields are named by the test


def test_a_source_nobody_knows_yet_is_looked_at_every_five_minutes() -> None:
    assert after_success(SOURCE, NEW, NOW, Looked(), PACE).interval_seconds == 300


def test_a_source_that_has_more_is_looked_at_again_as_soon_as_it_may_be() -> None:
    weekly = tuple(NOW - timedelta(days=7 * n) for n in range(9))
    state = rhythm.after_success(SOURCE, NEW, NOW, Looked(9, weekly, more=True), PACE)
    assert state.next_check_at == NOW + timedelta(seconds=SOURCE.floor_seconds)


def test_the_first_look_takes_the_pace_from_the_times_of_the_items() -> None:
    hourly = tuple(NOW - timedelta(hours=n) for n in range(10))
    state = after_success(SOURCE, NEW, NOW, Looked(10, hourly), PACE)
    assert state.gap_seconds == 3600
    assert state.interval_seconds == 1200


@pytest.mark.parametrize(("gap", "interval"), [(timedelta(seconds=30), 120), (timedelta(days=30), 86_400)])
def test_the_pace_stays_between_two_minutes_and_a_day(gap: timedelta, interval: int) -> None:
    assert rhythm.interval_seconds(SOURCE, paced(gap), NOW, PACE) == interval


def test_a_class_of_sources_has_its_floor_and_its_ceiling() -> None:
    bounded = replace(SOURCE, floor_seconds=600, ceiling_seconds=1800)
    assert rhythm.interval_seconds(bounded, paced(timedelta(seconds=30)), NOW, PACE) == 600
    assert rhythm.interval_seconds(bounded, paced(timedelta(days=30)), NOW, PACE) == 1800


def test_a_source_that_goes_quiet_is_looked_at_less_and_less() -> None:
    state = paced(timedelta(minutes=30))
    intervals = [rhythm.interval_seconds(SOURCE, state, NOW + timedelta(hours=h), PACE) for h in (0, 10, 100, 1000)]
    assert intervals == sorted(intervals)
    assert intervals[0] == 600
    assert intervals[-1] == 86_400


def test_a_source_that_broke_news_is_looked_at_twice_as_often_for_six_hours() -> None:
    state = paced(timedelta(hours=2), broke_news_at=NOW)
    assert rhythm.interval_seconds(SOURCE, state, NOW, PACE) == 1200
    assert rhythm.interval_seconds(SOURCE, replace(state, last_new_at=None), NOW + timedelta(hours=6), PACE) == 2400


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3600"}, 3600),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT"}, 3600),
        ({"retry-after": "Sun, 22 Nov 2026 07:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "Sun, 22 Nov 2026 05:00:00 +99999999999999"}, 0),
        ({"retry-after": "Sun, 22 Nov 99999999999 05:00:00 GMT"}, 0),
        ({"retry-after": "-5"}, 0),
        ({"cache-control": "public, Max-Age=900"}, 900),
        ({"cache-control": "max-age=900", "retry-after": "60"}, 900),
        ({"cache-control": "no-store"}, 0),
        ({}, 0),
    ],
)
def test_what_the_server_asks_for_is_read(headers: dict[str, str], seconds: float) -> None:
    assert rhythm.wait_from_headers(headers, NOW) == seconds


def test_the_longest_wish_wins_but_nobody_sends_us_away_for_more_than_a_day() -> None:
    assert wait(after_success(SOURCE, NEW, NOW, Looked(wait_seconds=3600), PACE)) == 3600
    assert wait(after_success(SOURCE, NEW, NOW, Looked(wait_seconds=1), PACE)) <= 300
    assert wait(after_success(SOURCE, NEW, NOW, Looked(wait_seconds=10**9), PACE)) == 86_400


def test_failures_weigh_by_kind() -> None:
    state, waits = NEW, {}
    for kind in (Failure.GONE, Failure.SERVER, Failure.TIMEOUT):
        waits[kind] = wait(after_failure(SOURCE, state, NOW, Failed(kind, "x"), PACE))
    assert waits[Failure.GONE] > waits[Failure.SERVER] > waits[Failure.TIMEOUT]
    assert set(rhythm.WEIGHTS) == set(Failure)
    assert set(rhythm.WEIGHTS.values()) == {1.0, 0.5, 0.25}


def test_a_source_that_never_answers_is_still_asked_once_a_day() -> None:
    state = NEW
    for _ in range(1000):
        state = after_failure(SOURCE, state, NOW, Failed(Failure.GONE, "地址不存在"), PACE)
    assert 0.9 * 86_400 <= wait(state) <= 86_400
    assert (state.failures_in_row, state.last_error) == (1000, "地址不存在")


def test_one_good_look_forgives_everything() -> None:
    failed = after_failure(SOURCE, NEW, NOW, Failed(Failure.PARSER_KILLED, "解析超过 5 秒"), PACE)
    assert failed.quarantined == "解析超过 5 秒"
    good = after_success(SOURCE, failed, NOW, Looked(), PACE)
    assert (good.failures_in_row, good.failure_weight, good.last_error, good.quarantined) == (0, 0.0, "", "")


def test_silence_is_told_once_and_ends_with_the_next_item() -> None:
    daily = replace(SOURCE, expected_seconds=86_400)
    state = after_success(daily, NEW, NOW, Looked(1), PACE)
    quiet = after_success(daily, state, NOW + timedelta(days=1, seconds=1), Looked(), PACE)
    quieter = after_failure(daily, quiet, NOW + timedelta(days=2), Failed(Failure.TIMEOUT, "x"), PACE)
    heard = after_success(daily, quieter, NOW + timedelta(days=3), Looked(1), PACE)
    assert state.silent_since is None
    assert quiet.silent_since == quieter.silent_since == NOW + timedelta(days=1, seconds=1)
    assert heard.silent_since is None


def test_without_a_period_silence_is_measured_by_the_source_s_own_pace() -> None:
    hourly = paced(timedelta(hours=6))
    assert rhythm.expected_within(SOURCE, hourly, PACE) == timedelta(hours=48)


def test_a_source_that_never_brought_anything_is_silent_after_a_week() -> None:
    state = after_failure(SOURCE, NEW, NOW, Failed(Failure.GONE, "地址不存在"), PACE)
    assert state.silent_since is None
    late = NOW + timedelta(days=7, seconds=1)
    assert after_failure(SOURCE, state, late, Failed(Failure.GONE, "地址不存在"), PACE).silent_since == late


def test_sources_do_not_march_in_step_and_yet_every_run_is_the_same() -> None:
    daily = paced(timedelta(days=1))
    waits = {wait(after_success(Source(f"s{n}", "http://a.test/"), daily, NOW, Looked(), PACE)) for n in range(100)}
    assert len(waits) > 90
    assert rhythm.jitter("s1", NOW) == rhythm.jitter("s1", NOW)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("ok"), st.integers(0, 50), st.floats(0, 1e9)),
            st.tuples(st.sampled_from(list(Failure)), st.just(0), st.floats(0, 1e9)),
        ),
        max_size=30,
    ),
    st.integers(0, 100_000),
    st.integers(0, 200_000),
)
def test_whatever_happens_the_next_look_is_between_the_floor_and_a_day(
    looks: list[tuple[object, int, float]], floor: int, ceiling: int
) -> None:
    source = replace(SOURCE, floor_seconds=floor, ceiling_seconds=ceiling)
    state, now = NEW, NOW
    for kind, count, asked in looks:
        if isinstance(kind, Failure):
            state = after_failure(source, state, now, Failed(kind, "x", asked), PACE)
        else:
            state = after_success(source, state, now, Looked(count, (), asked), PACE)
        assert max(120, min(floor, 86_400)) - 1 <= wait(state, now) <= max(86_400, floor)
        now = state.next_check_at
