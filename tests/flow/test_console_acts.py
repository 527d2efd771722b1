"""From report to evaluation by the forms of the page, and what the page says when the rules forbid it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from services.adapters.store.corrections import CorrectionStore
from services.domain.correction import Correction, CorrectionKind
from services.domain.vocabulary import Role
from tests.console_kit import FIRE, HEATING, HouseThread, Visitor, done, until

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def heating(office: HouseThread) -> Visitor:
    return office.visitor(office.add("grb", Role.DEPARTMENT, "GRB"))


@pytest.fixture(scope="module")
def safety(office: HouseThread) -> Visitor:
    return office.visitor(office.add("yjgl", Role.DEPARTMENT, "YJGL"))


def refusal(visitor: Visitor, incident: str, act: str, **form: str) -> str:
    """The page as it is shown after a refusal."""
    answer = visitor.act(incident, act, **form)
    assert answer.status_code == 409
    return answer.text


def test_a_complaint_goes_from_report_to_evaluation(office: HouseThread, officer: Visitor, heating: Visitor) -> None:
    number = office.report("p1", HEATING.format(place="群力第五大道"), "群力暖气不热")
    page = officer.get(f"/incidents/{number}").text
    assert "建议 供热办" in page
    assert "等级待确认" in page
    done(officer, number, "acknowledge")
    done(officer, number, "confirm_grade", event_grade="none", opinion_grade="IV", reason="")
    done(officer, number, "assign", lead="GRB")
    done(heating, number, "accept")
    done(officer, number, "consult", participants="供热办、房产", conclusion="三日内排查")
    done(
        heating,
        number,
        "publish",
        form="website_reply",
        channel="市政府网站",
        url="https://example.org/1",
        reviewed_by="李",
    )
    done(officer, number, "resolve", disposition="difficulty", outcome="已恢复供热")
    done(officer, number, "evaluate", acceptance="满意", opinion_before="抱怨", opinion_after="平稳", note="")
    assert "已归档" in officer.get(f"/incidents/{number}").text
    kinds = office.kinds(number)
    order = [
        "incident_reported", "level_acknowledged", "grade_confirmed", "department_assigned", "assignment_accepted",
        "consultation_recorded", "review_recorded", "response_published", "incident_resolved", "evaluation_recorded",
    ]  # fmt: skip
    assert [kind for kind in kinds if kind in order] == order
    assert "duty_met" in kinds


def proposed(page: str) -> list[str]:
    """The supporting bodies that the form to assign marks as the machine's proposal."""
    return re.findall(r'name="supporting" value="[^"]*"(?: checked)?>([^<]*)（机器建议）', page)


def test_the_form_proposes_who_supports_and_who_coordinates_by_the_rule_alone(
    office: HouseThread, officer: Visitor
) -> None:
    text = "道里区安发街占道经营的摊贩堵住人行道，旁边工地的渣土倒进绿化带，扬尘和黑烟污染严重。"
    number = office.report("who1", f"哈尔滨市{text}", "哈尔滨道里区摊贩占道、工厂排污")
    page = unescape(officer.get(f"/incidents/{number}").text)
    lead = re.findall(r"<option [^>]*selected>([^<]*)（机器建议）", page)
    assert len(lead) == 1
    supporting = proposed(page)
    assert supporting[-1] == "道里区政府"
    assert lead[0] not in supporting
    assert "协调（不必交办）：市政府办公厅、宣传部（机器建议）" in page
    assert "部门得分（按主题和职责词" in page
    assert re.search(r"<small>\d+%，其次 \w+ \d+%</small>", page), "the second topic stands beside the first"


def test_a_complaint_of_a_district_is_proposed_to_the_district(office: HouseThread, officer: Visitor) -> None:
    number = office.report(
        "s2", "依兰县政府拖欠我们公司工程款三年，多次讨要没有结果，要求还钱。", "依兰县政府拖欠工程款"
    )
    page = unescape(officer.get(f"/incidents/{number}").text)
    assert "依兰县政府（机器建议）" in page
    assert proposed(page) == ["住房和城乡建设局"]
    assert "主责 · 依兰县政府（属地管理、分级负责） · 哈办发〔2017〕13号 四（二）：反映的是依兰县政府本身" in page


def test_every_other_act_is_carried_out_by_its_form(office: HouseThread, officer: Visitor, safety: Visitor) -> None:
    number = office.report("f1", FIRE.format(place="一化工厂"), "南岗区一化工厂发生爆炸")
    done(officer, number, "acknowledge")
    done(officer, number, "assign", lead="YJGL", supporting="WJW")
    done(officer, number, "remind", reason="")
    done(officer, number, "escalate", level="press_office", reason="需要统一口径")
    done(officer, number, "extend_start", started_at="2026-01-01T08:00", reason="首发更早")
    done(safety, number, "accept")
    done(officer, number, "exempt", duty="press_conference", reason="侦查中", signed_by="王")
    done(officer, number, "transfer_lead", lead="GAJ", reason="涉嫌犯罪")
    kinds = set(office.kinds(number))
    assert {"start_moved", "duty_exempted", "lead_transferred", "duty_reminded", "level_alerted"} <= kinds
    assert safety.get(f"/incidents/{number}").status_code == 404, "改派后原部门不再看到"


@pytest.mark.parametrize(
    ("act", "form", "why"),
    [
        ("assign", {"lead": "", "supporting": "WJW"}, "交办须指定牵头部门"),
        ("publish", {"form": "weibo", "channel": "政务微博<b>", "url": "", "reviewed_by": "李"}, "网址或扫描件"),
        (
            "publish",
            {"form": "weibo", "channel": "微博", "url": "x", "published_at": "2999-01-01T00:00"},
            "不能晚于当前",
        ),
        ("publish", {"form": "weibo", "channel": "微博", "url": "x", "published_at": "昨天"}, "不是有效时间"),
        ("publish", {"form": "weibo", "channel": "微博", "url": "x", "published_at": "0001-01-01T00:00"}, "发布时间不"),
        ("extend_start", {"started_at": "0020-11-22T08:00", "reason": "报警记录"}, "起点时间不"),
        ("confirm_grade", {"event_grad": "II"}, "没有“event_grad”这一项"),
        ("resolve", {"disposition": "difficulty", "outcome": "先写好的情况"}, "尚无回应发布记录"),
        ("confirm_grade", {"event_grade": "V", "reason": "理由甲"}, "不能是"),
        ("extend_start", {"started_at": "2999-01-01T00:00", "reason": "依据乙"}, "只能提前"),
        ("merge", {"into": "20000101-ffffffffff"}, "没有编号"),
        ("split", {"posts": ""}, "请选出"),
        ("dance", {"reason": "丙"}, "没有“dance”"),
    ],
)
def test_what_is_forbidden_is_said_and_what_was_typed_stays(
    office: HouseThread, officer: Visitor, act: str, form: dict[str, str], why: str
) -> None:
    number = office.report("refused", "哈尔滨市松北区学院路公交站牌损坏，请交通部门尽快修复。", "松北区公交站牌损坏")
    before = office.kinds(number)
    page = refusal(officer, number, act, **form)
    assert "未执行：" in page
    assert why in page
    assert office.kinds(number) == before
    if act != "dance":
        opened = re.search(rf'<details class="act act-{act}" open>(.*?)</details>', page, re.DOTALL)
        assert opened, "the form that was refused is open again"
        for value in (v for k, v in form.items() if v and k not in ("event_grade",)):
            shown = value.replace("<", "&lt;").replace(">", "&gt;")
            assert shown in opened[1] or f'value="{value}" checked' in opened[1]


def test_a_refusal_names_departments_not_codes(office: HouseThread, officer: Visitor) -> None:
    number = office.report("named", "哈尔滨市平房区友协大街井盖丢失，存在安全隐患，请处理。", "平房区井盖丢失")
    done(officer, number, "assign", lead="CGJ")
    page = refusal(officer, number, "assign", lead="ZJJ")
    assert "已由城市管理局牵头" in page


def test_control_characters_in_a_form_reach_no_ledger(office: HouseThread, officer: Visitor) -> None:
    number = office.report("control", "哈尔滨市阿城区延川大街积水严重，请有关部门处理。", "阿城区积水")
    done(officer, number, "dismiss", reason="误\x00报\x07\u202e")
    told = [e.data["reason"] for e in office.call(office.house.reader.ledger([number])) if "reason" in e.data]
    assert "误报" in told


def test_where_people_differ_from_the_machine_is_kept_with_the_text(office: HouseThread, officer: Visitor) -> None:
    text = "哈尔滨市呼兰区利民大道小区电梯多次故障，老人上下楼困难，请有关部门解决。"
    number = office.report("teach", text, "呼兰区电梯故障")
    done(officer, number, "assign", lead="JYJ")
    kept: list[Correction] = list(
        office.call(CorrectionStore(office.house.database).since(datetime(2020, 1, 1, tzinfo=UTC)))
    )
    mine = [c for c in kept if c.text == text]
    assert [(c.kind, c.decided, c.by) for c in mine] == [(CorrectionKind.DEPARTMENT, "JYJ", "duty1")]
    assert mine[0].proposed not in ("", "JYJ")
    assert mine[0].rule.startswith("主责")


def test_what_is_entered_by_hand_becomes_an_incident(office: HouseThread, officer: Visitor) -> None:
    text = "哈尔滨市双城区承旭公园附近有人反映路面塌陷，形成大坑，车辆绕行。"
    form = {"csrf": officer.csrf(), "source": "市民来电", "title": "双城区路面塌陷", "text": text, "url": ""}
    assert officer.post("/enter", form).headers["location"] == "/enter?done=true"
    until(lambda: "双城区路面塌陷" in officer.get("/").text, "the entered post on the desk")
    refused = officer.post("/enter", form | {"url": "javascript:alert(1)"})
    assert refused.status_code == 409
    assert text in refused.text, "what was typed stays"
    assert officer.post("/enter", form | {"text": " "}).status_code == 409


def test_an_unknown_page_is_told_in_chinese(officer: Visitor) -> None:
    for path in ("/incidents/20000101-ffffffffff", "/nowhere", "/incidents/%00"):
        answer = officer.get(path)
        assert answer.status_code == 404
        assert "回值班台" in answer.text


def test_what_was_missed_under_a_grade_that_was_never_right_can_be_exempted_by_the_form(
    office: HouseThread, officer: Visitor
) -> None:
    number = office.report("f9", FIRE.format(place="哈达冷库"), "南岗区哈达冷库发生爆炸")
    done(officer, number, "extend_start", started_at="2026-01-01T08:00", reason="首发更早")
    done(officer, number, "confirm_grade", event_grade="III", opinion_grade="III", reason="核实死亡3人")
    form = officer.get(f"/incidents/{number}").text
    assert '<option value="first_statement">权威信息首发（逾期未完成）</option>' in form
    done(officer, number, "exempt", duty="first_statement", reason="从未达到重大", signed_by="王")
    assert "权威信息首发（逾期未完成）" not in officer.get(f"/incidents/{number}").text
