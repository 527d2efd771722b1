"""A printed time becomes the right moment, or none at all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.timestamps import read_time
from services.domain.zone import SHANGHAI

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in Beijing


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]  # year, month, day … as ints


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Sun, 22 Nov 2026 08:05:00 +0800", beijing(2026, 11, 22, 8, 5)),
        ("Sun, 22 Nov 2026 00:05:00 GMT", beijing(2026, 11, 22, 8, 5)),
        ("22 Nov 2026 08:05:00", beijing(2026, 11, 22, 8, 5)),
        ("Sun, 22 Nov 2026 08:05:00 CST", beijing(2026, 11, 22, 8, 5)),
        ("Sat, 21 Nov 2026 19:05:00 -0500", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22T08:05:00+08:00", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22T00:05:00Z", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22T00:05:00.123456Z", datetime(2026, 11, 22, 0, 5, 0, 123456, tzinfo=UTC)),
        ("2026-11-22 08:05", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 08:05:30", beijing(2026, 11, 22, 8, 5, 30)),
        ("2026-11-22", beijing(2026, 11, 22)),
        ("2026/11/22 8:05", beijing(2026, 11, 22, 8, 5)),
        ("2026.11.22", beijing(2026, 11, 22)),
        ("2026-1-2 8:05", beijing(2026, 1, 2, 8, 5)),
        ("20261122", beijing(2026, 11, 22)),
        ("20261122080530", beijing(2026, 11, 22, 8, 5, 30)),
        ("2026年11月22日", beijing(2026, 11, 22)),
        ("2026年11月22日 08:05", beijing(2026, 11, 22, 8, 5)),
        ("2026年11月22日08时05分", beijing(2026, 11, 22, 8, 5)),
        ("2026年11月22日上午8点半", beijing(2026, 11, 22, 8, 30)),
        ("2026年11月21日下午3:20", beijing(2026, 11, 21, 15, 20)),
        ("2026年11月21日 晚上 9时", beijing(2026, 11, 21, 21)),
        ("2026年11月21日 中午12:10", beijing(2026, 11, 21, 12, 10)),
        ("2026年11月22日 星期日 08:05", beijing(2026, 11, 22, 8, 5)),
        ("2026年11月22日(周日)08:05:09", beijing(2026, 11, 22, 8, 5, 9)),
        ("发布时间:2026-11-22 08:05 来源:市政府", beijing(2026, 11, 22, 8, 5)),
        ("２０２６年１１月２２日 ０８：０５", beijing(2026, 11, 22, 8, 5)),
        ("二〇二六年十一月二十二日", beijing(2026, 11, 22)),
        ("11-22 08:05", beijing(2026, 11, 22, 8, 5)),
        ("11月22日 08:05", beijing(2026, 11, 22, 8, 5)),
        ("11/21", beijing(2026, 11, 21)),
        ("12-31 23:50", beijing(2025, 12, 31, 23, 50)),
        ("2月29日", beijing(2024, 2, 29)),
        ("今天 08:05", beijing(2026, 11, 22, 8, 5)),
        ("昨天", beijing(2026, 11, 21)),
        ("昨天 23:59", beijing(2026, 11, 21, 23, 59)),
        ("前天 7点", beijing(2026, 11, 20, 7)),
        ("08:05", beijing(2026, 11, 22, 8, 5)),
        ("23:05", beijing(2026, 11, 21, 23, 5)),
        ("刚刚", beijing(2026, 11, 22, 12)),
        ("30秒前", beijing(2026, 11, 22, 11, 59, 30)),
        ("5分钟前", beijing(2026, 11, 22, 11, 55)),
        ("3小时前", beijing(2026, 11, 22, 9)),
        ("三小时前", beijing(2026, 11, 22, 9)),
        ("半小时前", beijing(2026, 11, 22, 11, 30)),
        ("半个小时前", beijing(2026, 11, 22, 11, 30)),
        ("2天前", beijing(2026, 11, 20, 12)),
        ("1周前", beijing(2026, 11, 15, 12)),
        ("2026-11-21 24:00", beijing(2026, 11, 22)),
        ("11-21 24:00", beijing(2026, 11, 22)),
        ("11月21日24时", beijing(2026, 11, 22)),
        ("昨天 24:00", beijing(2026, 11, 22)),
        ("2026-11-22 00:05:00 UTC", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 00:05:00 GMT", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 00:05:00UTC", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 00:05:00 Z", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 00:05:00 +0000", beijing(2026, 11, 22, 8, 5)),
        ("2026/11/22 00:05 +00:00", beijing(2026, 11, 22, 8, 5)),
        ("2026/11/22 00:05:00 (UTC)", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 08:05:00 UTC+8", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 08:05:00 GMT+0800", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 08:05 (GMT+08:00)", beijing(2026, 11, 22, 8, 5)),
        ("2026年11月21日20时5分 UTC-4", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 08:05:00 CST", beijing(2026, 11, 22, 8, 5)),
        ("11-21 20:05 GMT", beijing(2026, 11, 22, 4, 5)),
        ("11-22 08:00-09:30", beijing(2026, 11, 22, 8)),
        ("11月22日8:00-10:00", beijing(2026, 11, 22, 8)),
        ("2026-11-22 08:00-10:00", beijing(2026, 11, 22, 8)),
        ("2026-11-22 08:00-1000", beijing(2026, 11, 22, 8)),
        ("2026-11-22 08:00:00-10:30:00", beijing(2026, 11, 22, 8)),
        ("2026-11-21 20:05:00-04:00", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-21T20:05-04:00", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-21 20:05 -0400", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-22 08:05+08:00", beijing(2026, 11, 22, 8, 5)),
        ("大前天 10:00", beijing(2026, 11, 19, 10)),
        ("去年11月22日", beijing(2025, 11, 22)),
        ("去年十一月二十二日 8时", beijing(2025, 11, 22, 8)),
        ("周五 10:00", beijing(2026, 11, 20, 10)),
        ("星期日 08:05", beijing(2026, 11, 22, 8, 5)),
        ("周日 23:00", beijing(2026, 11, 15, 23)),
        ("上周五 10:00", beijing(2026, 11, 13, 10)),
        ("周二十点", beijing(2026, 11, 17, 10)),
        ("22/11/2026 08:05", beijing(2026, 11, 22, 8, 5)),
        ("11/22/2026 08:05", beijing(2026, 11, 22, 8, 5)),
        ("2026-11-21 03:20 PM", beijing(2026, 11, 21, 15, 20)),
        ("2026-11-22 12:10 AM", beijing(2026, 11, 22, 0, 10)),
        ("11-21 9:05 p.m", beijing(2026, 11, 21, 21, 5)),
        ("昨晚12点", beijing(2026, 11, 22)),
        ("1个半小时前", beijing(2026, 11, 22, 10, 30)),
        ("一小时半前", beijing(2026, 11, 22, 10, 30)),
        ("2小时30分钟前", beijing(2026, 11, 22, 9, 30)),
        ("1天1小时前", beijing(2026, 11, 21, 11)),
        ("三刻钟前", beijing(2026, 11, 22, 11, 15)),
        ("两天前 10:30", beijing(2026, 11, 20, 10, 30)),
        ("2个月前", beijing(2026, 9, 23, 12)),
        (str(int(beijing(2026, 11, 22, 8, 5).timestamp())), beijing(2026, 11, 22, 8, 5)),
        (str(int(beijing(2026, 11, 22, 8, 5).timestamp()) * 1000), beijing(2026, 11, 22, 8, 5)),
    ],
)
def test_every_form_a_chinese_source_prints_is_understood(raw: str, expected: datetime) -> None:
    assert read_time(raw, NOW).at == expected


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        ("", "time_missing"),
        ("   ", "time_missing"),
        ("近日", "time_unreadable"),
        ("2026-13-45", "time_unreadable"),
        ("2026年2月30日", "time_unreadable"),
        ("99:99", "time_unreadable"),
        ("Mon, 99 Foo 2026 08:05:00 GMT", "time_unreadable"),
        ("2099-01-01 00:00", "time_in_future"),
        ("9999年12月31日", "time_in_future"),
        ("2026-11-22 13:00 +08:00", "time_in_future"),
        ("明天 08:00", "time_in_future"),
        ("明早8点", "time_in_future"),
        ("明日", "time_in_future"),
        ("后天 10:30", "time_in_future"),
        ("大后天", "time_in_future"),
        ("明年1月5日", "time_in_future"),
        ("今天 23:59", "time_in_future"),
        ("11-22 24:00", "time_in_future"),
        ("11-22 23:50", "time_in_future"),
        ("今天 24:00", "time_in_future"),
        ("12-05-03 08:00", "time_unreadable"),
        ("2026-11-22 00:05 UTC+99", "time_unreadable"),
        ("0001-01-01T00:00:00Z", "time_too_old"),
        ("1970-01-01 08:00:00", "time_too_old"),
    ],
)
def test_a_missing_or_absurd_time_is_none_and_says_why(raw: str, flag: str) -> None:
    moment = read_time(raw, NOW)
    assert (moment.at, moment.flags) == (None, (flag,))


def test_beijing_time_labelled_gmt_is_put_right_and_flagged() -> None:
    moment = read_time("Sun, 22 Nov 2026 11:30:00 GMT", NOW)
    assert moment.at == beijing(2026, 11, 22, 11, 30)
    assert moment.flags == ("time_zone_corrected",)


@pytest.mark.parametrize("raw", ["2026-11-22 11:30:00 GMT", "2026-11-22 11:30 UTC"])
def test_beijing_time_labelled_so_in_another_form_is_put_right_too(raw: str) -> None:
    moment = read_time(raw, NOW)
    assert (moment.at, moment.flags) == (beijing(2026, 11, 22, 11, 30), ("time_zone_corrected",))


def test_a_bare_date_says_that_it_is_one() -> None:
    assert read_time("2026-11-21", NOW).flags == ("time_date_only",)
    assert read_time("2026-11-21 00:00", NOW).flags == ()


@given(st.text(max_size=60))
def test_no_text_whatsoever_breaks_the_reading(raw: str) -> None:
    moment = read_time(raw, NOW)
    assert moment.at is None or moment.at <= NOW + timedelta(minutes=10)


@given(st.integers(min_value=0, max_value=30 * 365 * 86_400))
def test_what_is_printed_in_beijing_time_comes_back_the_same(seconds: int) -> None:
    local = beijing(1996, 1, 1) + timedelta(seconds=seconds)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S"):
        assert read_time(local.strftime(form), NOW).at == local


@pytest.mark.parametrize("raw", ["03/04/2019 10:00", "下周五 10:00", "5.6.2026"])
def test_what_could_mean_two_days_or_one_to_come_is_not_read(raw: str) -> None:
    assert read_time(raw, NOW).flags == ("time_unreadable",)


def test_a_page_whose_clock_is_ahead_is_read_in_the_new_year() -> None:
    eve = beijing(2026, 12, 31, 23, 58)
    assert read_time("01-01 00:05", eve).at == beijing(2027, 1, 1, 0, 5)
    assert read_time("01-01 00:20", eve).at == beijing(2026, 1, 1, 0, 20)


def test_a_deadline_is_no_distance() -> None:
    assert read_time("11月20日前", NOW).at == beijing(2026, 11, 20)
