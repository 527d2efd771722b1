"""日报、周报、专报: whoever reads only this knows what happened, what is late and what comes next."""

from __future__ import annotations

from datetime import timedelta

from services.domain import briefing
from services.domain import incident as office
from services.domain.briefing import LISTED, Brief, as_text, spoken
from services.domain.ledger import Entry
from services.domain.performance import Period
from services.domain.vocabulary import Disposition, EventGrade, PublicationForm
from tests.domain.incident.cast import OFFICER, START, Matter, handled, hours, minutes, reported, says

DAY = Period(START, START + hours(24))
NAMES = {"YJGL": "应急管理局", "WJW": "卫生健康委"}


def name(code: str) -> str:
    return NAMES.get(code, code)


def section(brief: Brief, heading: str) -> str:
    return "\n".join(next(s.lines for s in brief.sections if s.heading.endswith(heading)))


def daily(*matters: Matter, period: Period = DAY) -> Brief:
    return briefing.daily([m.incident for m in matters], period, hours(24), name)


def test_a_quiet_day_says_so() -> None:
    brief = daily()
    assert brief.title == "政务舆情日报（2017年10月1日）"
    assert "新增政务舆情 0 件" in section(brief, "总体情况")
    assert "法定时限按时率 —（无到期时限）" in section(brief, "总体情况")
    assert section(brief, "新增舆情") == "无。"


def test_new_matters_are_counted_by_grade_and_the_gravest_comes_first() -> None:
    small, grave = reported(name="small"), reported(says(EventGrade.II, deaths=12), name="grave")
    overall = section(daily(small, grave), "总体情况")
    assert "新增政务舆情 2 件" in overall
    assert "特别重大 0 件，重大 1 件，较大 0 件，一般 0 件，未达或未定等级 1 件" in overall
    lines = section(daily(small, grave), "新增舆情").splitlines()
    assert lines[0].startswith("〔重大，等级待确认〕道外区一处仓库有情况（grave）")


def test_what_is_late_is_named_with_how_late_and_whose_it_is() -> None:
    matter = handled(says(EventGrade.II, deaths=12))
    matter.wait_until(hours(20))
    late = section(daily(matter, period=Period(START, START + hours(20))), "（通报候选）")
    assert "权威信息首发应于 2017-10-02 03:00 前完成，已逾期 15 小时，尚未完成，牵头：应急管理局" in late


def test_what_was_met_too_late_stays_a_candidate_for_a_circular_in_that_period_only() -> None:
    matter = handled(says(EventGrade.II, deaths=12))
    matter.wait_until(hours(7))
    matter.publish()
    assert "逾期 2 小时完成" in section(daily(matter), "（通报候选）")
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    next_day = Period(DAY.end, DAY.end + hours(24))
    assert section(daily(matter, period=next_day), "（通报候选）") == "无。"


def test_what_was_dismissed_overdue_is_a_candidate_for_a_circular_on_the_day_of_the_dismissal() -> None:
    matter = handled()
    matter.wait_until(hours(60)).do(office.dismiss, OFFICER, "误报")
    days = [Period(START + hours(h), START + hours(h + 24)) for h in (24, 48, 72)]
    before, then, after = (section(daily(matter, period=day), "（通报候选）") for day in days)
    assert (before, after) == ("无。", "无。")
    assert "回应应于 2017-10-03 22:00 前完成，逾期 12 小时仍未办，此后不再要求，牵头：应急管理局" in then
    assert "回应：2017-10-01 22:00 起，2017-10-03 22:00 截止，逾期未完成，已不再要求。" in section(
        on_incident(matter), "时限"
    )


def test_an_answer_is_told_with_its_form_and_how_long_it_took() -> None:
    matter = handled()
    matter.wait_until(hours(4))
    matter.publish()
    brief = daily(matter)
    assert "以权威信息（政府网站）回应，距起点 4 小时，牵头：应急管理局" in section(brief, "首次回应")
    assert "按时率 100.0%（按时 1 项，完成 1 项，逾期未完成 0 项）" in section(brief, "总体情况")
    assert "应急管理局：法定时限按时率 100.0%" in section(brief, "部门办理情况")


def test_what_falls_due_within_a_day_is_announced() -> None:
    matter = handled()
    matter.wait_until(hours(24))
    assert "2017-10-03 22:00 回应：" in section(daily(matter, period=Period(START, START + hours(47))), "到期的时限")
    assert section(daily(matter, period=Period(START, START + hours(23))), "到期的时限") == "无。"


def test_a_brief_of_a_past_day_tells_how_it_stood_then() -> None:
    matter = handled()
    matter.wait_until(hours(30))
    matter.publish()
    matter.do(office.resolve, OFFICER, Disposition.DIFFICULTY, {"outcome": "已恢复"})
    assert "首次回应 0 件，办结 0 件，不予处置 0 件；期末在办 1 件" in section(daily(matter), "总体情况")
    second = Period(DAY.end, DAY.end + hours(24))
    assert "首次回应 1 件，办结 1 件，不予处置 0 件；期末在办 0 件" in section(daily(matter, period=second), "总体情况")


def test_an_exemption_shows_and_is_not_counted() -> None:
    matter = handled()
    duty = next(d for d in matter.incident.duties if d.kind.statutory)
    duty.closed_at, duty.closed_as = START + hours(2), "exempted"
    assert "按时率 —（无到期时限）。本期豁免 1 项，不计入。" in section(daily(matter), "总体情况")


def test_a_long_list_ends_with_how_many_are_left_out() -> None:
    lines = section(daily(*(reported(name=f"p{n}") for n in range(LISTED + 7))), "新增舆情").splitlines()
    assert (len(lines), lines[-1]) == (LISTED + 1, "其余 7 项从略。")


def test_a_week_is_named_from_monday_to_sunday() -> None:
    monday = START - timedelta(days=6, hours=22)
    brief = briefing.weekly([], Period(monday, monday + timedelta(days=7)), hours(24), name)
    assert brief.title == "政务舆情周报（2017年9月25日至2017年10月1日）"


def test_a_title_of_several_lines_stays_one_line() -> None:
    matter = reported()
    matter.incident.title = "第一行\n第二行\t完"
    assert "第一行 第二行 完（" in section(daily(matter), "新增舆情")


def on_incident(matter: Matter) -> Brief:
    def tell(entry: Entry) -> str:
        return str(entry.data.get("reason", ""))

    return briefing.on_incident(matter.incident, matter.entries(), matter.now, tell, name)


def test_a_brief_on_one_incident_tells_its_course_its_duties_and_what_comes_next() -> None:
    matter = handled(says(EventGrade.II, deaths=12), ("YJGL", "WJW"))
    matter.wait_until(hours(4))
    matter.publish()
    matter.hear(says(EventGrade.II, deaths=12), "p9")
    brief = on_incident(matter)
    assert "重大（Ⅱ级），机器建议，待人工确认" in section(brief, "基本情况")
    assert "牵头：应急管理局；协办：卫生健康委" in section(brief, "基本情况")
    course = section(brief, "处置经过")
    for step in ("立案", "确认", "交办", "签收", "回应发布", "时限完成"):
        assert step in course, step
    assert "并入信息" not in course
    assert "2017-10-02 02:00 按时完成" in section(brief, "三、时限")
    assert "权威信息，政府网站，press1：https://example.gov.cn/1" in section(brief, "回应发布")
    coming = section(brief, "下一步时限")
    assert "2017-10-02 22:00 前：新闻发布会（还剩 20 小时）" in coming
    assert "2017-10-03 02:00 前：持续发布（还剩 1 天）" in coming


def test_the_text_has_title_subtitle_and_every_section() -> None:
    brief = on_incident(handled())
    text = as_text(brief)
    assert text.startswith(f"政务舆情专报：{handled().incident.title}\n事件编号 ")
    assert all(s.heading in text for s in brief.sections)
    assert text.endswith("\n")


def test_durations_are_said_as_people_say_them() -> None:
    assert spoken(timedelta(seconds=59)) == "不到 1 分钟"
    assert spoken(minutes(61)) == "1 小时 1 分"
    assert spoken(hours(24)) == "1 天"
    assert spoken(timedelta(days=2, hours=3, minutes=4)) == "2 天 3 小时"
