"""The alarm on the page follows the ladder: whoever is called hears it, until somebody answers or it is in hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.domain.vocabulary import Role
from services.web.calling import SHOWN
from tests.console_kit import FIRE, HEATING, HouseThread, Visitor, until

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HouseThread]:
    house = HouseThread(tmp_path_factory.mktemp("calls")).start()
    for name, role in [
        ("duty1", Role.DUTY_OFFICER),
        ("leader1", Role.DUTY_LEADER),
        ("press1", Role.PRESS_OFFICE),
        ("vice1", Role.LEADER_IN_CHARGE),
        ("mayor1", Role.PRINCIPAL_LEADER),
    ]:
        house.add(name, role)
    house.add("grb", Role.DEPARTMENT, "GRB")
    house.add("wang", Role.DEPARTMENT, "GRB")
    house.add("zjj", Role.DEPARTMENT, "ZJJ")
    yield house
    house.close()


def calls(visitor: Visitor, incident: str) -> list[str]:
    """Why this person is being called about the incident now."""
    told = visitor.get("/pulse").json()["calls"]
    return [call["why"] for call in told if call["incident"] == incident]


def waiting(visitor: Visitor) -> set[str]:
    """The incidents about which a call waits for this person, whether shown or not."""
    return {entry.partition(":")[0] for entry in visitor.get("/pulse").json()["waiting"]}


def quiet(visitor: Visitor, incident: str) -> bool:
    return not calls(visitor, incident)


def test_when_nobody_in_the_duty_room_answers_the_press_office_hears_it_and_ends_it(office: HouseThread) -> None:
    press, mayor = office.visitor("press1"), office.visitor("mayor1")
    number = office.report("up-1", HEATING.format(place="安静"))
    assert quiet(press, number)
    for rung in (2, 3):  # 带班领导, then 新闻办
        office.clock.ahead += timedelta(minutes=31)
        until(lambda: office.kinds(number).count("level_alerted") >= rung, f"call {rung}")  # noqa: B023 - waited for here
    until(lambda: calls(press, number), "the press office called on its page")
    assert quiet(mayor, number)
    assert number in press.get("/notices").text
    assert press.act(number, "acknowledge").status_code == 303
    until(lambda: quiet(press, number), "the press office's page quiet")
    assert number in press.get("/notices").text


def test_an_extraordinary_event_stands_on_the_principal_leaders_page(office: HouseThread) -> None:
    mayor = office.visitor("mayor1")
    number = office.report("mayor-1", FIRE.format(place="长江路").replace("12人死亡", "32人死亡"))
    until(lambda: calls(mayor, number), "the principal leader called on his page")
    assert "确认" in mayor.get(f"/incidents/{number}").text
    mayor.act(number, "acknowledge")
    until(lambda: quiet(mayor, number), "his page quiet")


def test_a_day_later_the_notice_is_in_the_list_and_no_longer_in_the_bar(office: HouseThread) -> None:
    vice = office.visitor("vice1")
    number = office.report("vice-1", HEATING.format(place="闲置"))
    duty = office.visitor("duty1")
    assert duty.act(number, "escalate", level="leader_in_charge", reason="请知悉").status_code == 303
    until(lambda: calls(vice, number), "the leader in charge called")
    office.clock.ahead += timedelta(hours=24, minutes=1)
    until(lambda: "请知悉" not in str(calls(vice, number)) and quiet(vice, number), "his bar empty")
    assert number in vice.get("/notices").text


def test_a_matter_in_hand_that_comes_up_again_calls_the_duty_room_again(office: HouseThread) -> None:
    duty, department = office.visitor("duty1"), office.visitor("grb")
    number = office.report("again-1", HEATING.format(place="重来"))
    until(lambda: calls(duty, number), "the duty room called")
    assert duty.act(number, "assign", lead="GRB").status_code == 303
    until(lambda: quiet(duty, number), "the duty room's page quiet once assigned")
    department.act(number, "return", reason="不属本部门")
    until(lambda: calls(duty, number), "the duty room called after the return")
    assert "正在呼叫" in duty.get(f"/incidents/{number}").text
    assert duty.get("/?show=unacknowledged").text.count(f"/incidents/{number}") > 0
    duty.act(number, "acknowledge")
    until(lambda: quiet(duty, number), "the duty room's page quiet")


def test_a_supporting_department_hears_its_task_until_it_accepts_itself(office: HouseThread) -> None:
    duty, lead, supporting = office.visitor("duty1"), office.visitor("grb"), office.visitor("zjj")
    number = office.report("support-1", HEATING.format(place="两家"))
    assert duty.act(number, "assign", lead="GRB", supporting="ZJJ").status_code == 303
    until(lambda: calls(lead, number) and calls(supporting, number), "both departments called")
    assert lead.act(number, "accept").status_code == 303
    until(lambda: quiet(lead, number), "the lead's page quiet")
    assert calls(supporting, number)
    assert supporting.act(number, "accept").status_code == 303
    until(lambda: quiet(supporting, number), "the supporting department's page quiet")


def test_the_steps_under_a_clock_are_heard_on_the_page_until_somebody_heeds_them(office: HouseThread) -> None:
    duty, leader, department = (office.visitor(name) for name in ("duty1", "leader1", "grb"))
    number = office.report("steps-1", "哈尔滨市香坊区半程小区的电梯坏了三个月，老人上不了楼，物业一直不修。")
    assert duty.act(number, "assign", lead="GRB").is_redirect
    assert department.act(number, "accept").is_redirect
    until(lambda: quiet(department, number) and quiet(duty, number), "everybody at work")
    office.clock.ahead += timedelta(hours=24, minutes=1)
    until(lambda: calls(department, number), "the department reminded at half its time")
    assert quiet(leader, number)
    assert office.visitor("wang").act(number, "consult", participants="GRB", conclusion="今晚发布").is_redirect
    until(lambda: quiet(department, number), "the department's page quiet: a colleague has acted")
    office.clock.ahead += timedelta(hours=12)
    until(lambda: calls(leader, number), "the leader of the duty room told at three quarters")
    assert quiet(duty, number), "it is no call"
    assert duty.act(number, "remind").is_redirect
    until(lambda: quiet(leader, number) and calls(department, number), "the department reminded by hand")
    assert duty.act(number, "transfer_lead", lead="ZJJ", reason="由住建牵头").is_redirect
    until(lambda: quiet(department, number), "no department hears of what it no longer has")


def test_a_graver_report_after_closing_calls_although_the_matter_is_over(office: HouseThread) -> None:
    duty = office.visitor("duty1")
    number = office.report("closed-1", FIRE.format(place="红旗大街").replace("12人死亡、20人受伤", "1人受伤"))
    assert duty.act(number, "publish", form="statement", channel="门户", url="https://a.cn").is_redirect
    assert duty.act(number, "resolve", disposition="difficulty", outcome="已告知").is_redirect
    until(lambda: quiet(duty, number), "nobody called about what is closed")
    again = FIRE.format(place="红旗大街")
    office.report("closed-1", again, url="https://news.example.cn/1")
    until(lambda: calls(duty, number), "the duty room called about a closed matter")
    assert number in duty.get("/?show=unacknowledged").text
    assert duty.act(number, "acknowledge").is_redirect
    until(lambda: quiet(duty, number), "the duty room's page quiet")


STREETS = (
    "学府 和兴 红旗 新阳 友谊 大直 长江 黄河 泰山 淮河 衡山 珠江 "
    "哈平 先锋 南直 宏图 公滨 油坊 安红 民生 香安 文政 健康 文林 通乡"
)


def test_in_a_storm_every_call_of_a_leader_is_counted_and_heeding_one_brings_no_new_one(office: HouseThread) -> None:
    duty, press = office.visitor("duty1"), office.visitor("press1")
    said = "哈尔滨市香坊区{}路的路灯不亮，晚上很黑，请尽快维修。"
    numbers = {office.report(f"storm-{road}", said.format(road), f"{road}路路灯不亮") for road in STREETS.split()}
    assert len(numbers) > SHOWN
    for number in numbers:
        assert duty.act(number, "escalate", level="press_office", reason="请知悉").is_redirect
    until(lambda: numbers <= waiting(press), "all of them waiting")
    before = press.get("/pulse").json()
    assert len(before["calls"]) == SHOWN
    heeded = before["calls"][0]
    assert press.act(heeded["incident"], "acknowledge").is_redirect
    until(lambda: heeded["entry"] not in press.get("/pulse").json()["waiting"], "one heeded")
    assert set(press.get("/pulse").json()["waiting"]) < set(before["waiting"])


@pytest.mark.parametrize("path", ["/", "/sources", "/enter", "/notices"])
def test_whichever_page_is_open_it_listens(office: HouseThread, path: str) -> None:
    assert " data-live" in office.visitor("duty1").get(path).text
