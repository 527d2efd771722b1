"""四(二): who answers, who supports, who coordinates."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from config.departments import load_departments
from services.domain.assessment import Region
from services.domain.competence import Department, Offices
from services.domain.routing import Directory, Matter
from services.domain.signals import Hit, Signals
from services.domain.vocabulary import EventGrade, OpinionGrade

SHIPPED = load_departments()
DIRECTORY = Directory(
    [
        Department("BGT", "市政府办公厅"),
        Department("XCB", "宣传部"),
        Department("HBJ", "生态环境局", {"环境保护": 2.0}, {"污染": 3.0}),
        Department("CGJ", "城市管理局", {"城乡建设": 1.0}, {"占道": 3.0}),
        Department("TLJ", "铁路局", {}, {"列车": 3.0}, bodies=("铁路局",), vertical=True, superior="国铁集团"),
        Department("230102", "道里区政府", bodies=("道里区委",), division="230102"),
        Department("230103", "南岗区政府", bodies=("南岗区委",), division="230103"),
    ],
    Offices("BGT", "XCB", "BGT", basis="某办发〔2017〕1号 四(二)"),
    SHIPPED.weighing,
    SHIPPED.home,
)
DAOLI, NANGANG = Region("230102", "道里区"), Region("230103", "南岗区")
SMOKE = {"duty:HBJ": [Hit("污染", 0, 2, 3.0)]}
STALLS = {"duty:CGJ": [Hit("占道", 5, 7, 3.0)]}


def of(text: str, topics: Mapping[str, float] | None = None, *places: Region) -> Matter:
    """A matter as the words of the table are found in this text."""
    hits: dict[str, list[Hit]] = {}
    for cue in DIRECTORY.cues():
        if (start := text.find(cue.word)) >= 0:
            hits.setdefault(cue.list, []).append(Hit(cue.word, start, start + len(cue.word), cue.weight))
    return Matter(topics or {}, Signals(hits), places, text=text)


def rules(matter: Matter) -> str:
    return " ".join(reason.rule for reason in DIRECTORY.route(matter).reasons)


def test_one_department_answers_for_its_own_field() -> None:
    found = DIRECTORY.route(Matter({"环境保护": 0.9}, Signals(SMOKE)))
    assert (found.lead, found.coordinators) == ("HBJ", ())
    assert (found.reasons[0].start, found.reasons[0].end) == (0, 2)


def test_several_departments_each_answer_and_the_general_office_coordinates() -> None:
    found = DIRECTORY.route(Matter({}, Signals(SMOKE | STALLS)))
    assert {found.lead, *found.supporting} == {"HBJ", "CGJ"}
    assert found.coordinators == ("BGT", "XCB")
    (why,) = [reason for reason in found.reasons if "涉及多个部门" in reason.rule]
    second = STALLS["duty:CGJ"][0] if found.lead == "HBJ" else SMOKE["duty:HBJ"][0]
    assert (why.start, why.end) == (second.start, second.end)


def test_a_body_that_is_only_touched_on_supports_nobody_and_stays_among_the_scores() -> None:
    found = DIRECTORY.route(Matter({"城乡建设": 0.6}, Signals(SMOKE)))
    assert [one.code for one in found.scores] == ["HBJ", "CGJ"]
    assert (found.supporting, found.coordinators) == ((), ())


def test_the_lead_neither_supports_nor_coordinates_itself() -> None:
    grave = Matter({}, Signals(), (DAOLI,), opinion_grade=OpinionGrade.I)
    found = DIRECTORY.route(grave)
    assert (found.lead, found.supporting, found.coordinators) == ("BGT", ("230102",), ("XCB",))


def test_every_rule_of_the_document_is_cited_as_the_table_names_it() -> None:
    both = Matter({}, Signals(SMOKE | STALLS), (DAOLI,), opinion_grade=OpinionGrade.I)
    reasons = DIRECTORY.route(both).reasons
    assert [one.rule.partition(":")[0] for one in reasons] == ["主责", "协办", "协办", "领导责任"]
    assert all(one.rule.endswith(" · 某办发〔2017〕1号 四(二)") for one in reasons)
    assert SHIPPED.offices.basis == "哈办发〔2017〕13号 四(二)"


def test_several_places_leave_the_superior_department_in_the_lead_and_give_each_its_task() -> None:
    matter = Matter({}, Signals(SMOKE), (DAOLI, NANGANG))
    found = DIRECTORY.route(matter)
    assert found.lead == "HBJ"
    assert found.supporting == ("230102", "230103")
    assert "涉及多个地方" in rules(matter)


def test_one_place_supports_where_it_happens() -> None:
    matter = Matter({}, Signals(SMOKE), (DAOLI, Region("230102001", "兆麟街道")))
    assert DIRECTORY.route(matter).supporting == ("230102",)
    assert "属地管理" in rules(matter)


def test_a_vertical_body_is_coordinated_by_its_superior() -> None:
    found = DIRECTORY.route(Matter({}, Signals({"duty:TLJ": [Hit("列车", 0, 2, 3.0)]})))
    assert (found.lead, found.coordinators) == ("TLJ", ("国铁集团", "XCB"))


def test_the_gravest_matters_go_to_the_principal_leader() -> None:
    assert "特别重大" in rules(Matter({}, Signals(SMOKE), event_grade=EventGrade.I))
    assert "特别重大" in rules(Matter({}, Signals(SMOKE), opinion_grade=OpinionGrade.I))
    assert "特别重大" not in rules(Matter({}, Signals(SMOKE), event_grade=EventGrade.II))


def test_what_concerns_nobody_goes_to_the_general_office() -> None:
    assert DIRECTORY.route(Matter({}, Signals())).lead == "BGT"


def test_the_title_counts_more_than_the_body_of_the_text() -> None:
    body = {"duty:CGJ": [Hit("占道", 40, 42, 3.0)], "duty:HBJ": [Hit("污染", 0, 2, 3.0)]}
    assert DIRECTORY.route(Matter({}, Signals(body, title_end=10))).lead == "HBJ"


def test_repeating_a_word_does_not_make_it_truer() -> None:
    repeated = {"duty:CGJ": [Hit("占道", n, n + 2, 1.0) for n in range(0, 20, 2)]}
    assert DIRECTORY.route(Matter({}, Signals(SMOKE | repeated))).lead == "HBJ"


@pytest.mark.parametrize(
    "text",
    [
        "道里区政府不作为,要求给个说法",
        "投诉道里区政府",
        "道里区委领导接访态度恶劣",
        "道里区政府一直拖欠污染治理的工程款",
        "举报哈尔滨市道里区教育局乱收费",
        "道里区新阳路街道办对我们不理不睬",
        "道里区政务服务大厅中午没有人",
        "请问道里区政府什么时候搬走",
    ],
)
def test_a_district_answers_for_itself(text: str) -> None:
    found = DIRECTORY.route(of(text, {"城乡建设": 0.2}, DAOLI))
    assert found.lead == "230102"
    assert found.reasons[0].rule.startswith("主责:道里区政府(属地管理、分级负责)")
    assert found.reasons[0].start >= 0


@pytest.mark.parametrize(
    "text",
    [
        "请道里区政府管管占道的摊贩",
        "道里区政府门口有人占道",
        "占道的摊贩没人清,道里区政府也不管",
        "道里区政府查处企业不作为,又有人占道",
        "记者从道里区政府获悉,占道的摊贩清走了",
    ],
)
def test_a_district_that_is_only_asked_or_named_supports_the_competent_department(text: str) -> None:
    found = DIRECTORY.route(of(text, {"城乡建设": 0.9}, DAOLI))
    assert (found.lead, found.supporting) == ("CGJ", ("230102",))


def test_the_competent_department_supports_a_district_that_the_complaint_is_of() -> None:
    found = DIRECTORY.route(of("道里区政府不作为,占道的摊贩没人清", {}, DAOLI))
    assert (found.lead, found.supporting, found.coordinators) == ("230102", ("CGJ",), ("BGT", "XCB"))


def test_of_two_districts_that_are_complained_of_neither_leads() -> None:
    found = DIRECTORY.route(of("道里区政府不作为,南岗区政府也不作为", {}, DAOLI, NANGANG))
    assert (found.lead, found.supporting) == ("BGT", ("230102", "230103"))


def test_a_body_that_any_district_may_mean_tells_nothing_where_several_are_concerned() -> None:
    assert DIRECTORY.route(of("街道办不作为", {}, DAOLI, NANGANG)).lead == "BGT"
    assert DIRECTORY.route(of("小区政府采购不作为", {}, DAOLI)).lead == "BGT"


def test_in_an_emergency_no_district_is_complained_of() -> None:
    matter = of("道里区政府不作为,污染致人死亡", {}, DAOLI)._replace(event_grade=EventGrade.IV)
    assert DIRECTORY.route(matter).lead == "HBJ"


def test_a_doubtful_topic_alone_leads_nobody_and_the_general_office_says_why() -> None:
    unsure = DIRECTORY.route(Matter({"环境保护": 0.39, "城乡建设": 0.3}, Signals()))
    assert unsure.lead == "BGT"
    assert unsure.reasons[0].rule == "主责:市政府办公厅(未指明主管部门) · 内部规定"
    sure = DIRECTORY.route(Matter({"环境保护": 0.41, "城乡建设": 0.3}, Signals()))
    assert (sure.lead, sure.reasons[0].evidence) == ("HBJ", "按主题“环境保护”41%")


def test_a_word_that_is_said_everywhere_does_not_make_a_doubtful_topic_sure() -> None:
    aside = {"duty:HBJ": [Hit("异味", 0, 2, 0.5)]}
    assert DIRECTORY.route(Matter({"环境保护": 0.3}, Signals(aside))).lead == "BGT"
    assert DIRECTORY.route(Matter({"环境保护": 0.3}, Signals(SMOKE))).lead == "HBJ"
