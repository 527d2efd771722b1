"""四(二): who answers, who supports, who coordinates."""

from __future__ import annotations

from config.departments import load_departments
from services.domain.assessment import Region
from services.domain.routing import Department, Directory, Matter, Offices
from services.domain.signals import Hit, Signals
from services.domain.vocabulary import EventGrade, OpinionGrade

DIRECTORY = Directory(
    [
        Department("BGT", "市政府办公厅"),
        Department("XCB", "宣传部"),
        Department("HBJ", "生态环境局", {"环境保护": 2.0}, {"污染": 3.0}),
        Department("CGJ", "城市管理局", {"城乡建设": 1.0}, {"占道": 3.0}),
        Department("TLJ", "铁路局", {}, {"列车": 3.0}, bodies=("铁路局",), vertical=True, superior="国铁集团"),
        Department("230102", "道里区政府", division="230102"),
        Department("230103", "南岗区政府", division="230103"),
    ],
    Offices("BGT", "XCB", "BGT"),
    load_departments().weighing,
)
DAOLI, NANGANG = Region("230102", "道里区"), Region("230103", "南岗区")
SMOKE = {"duty:HBJ": [Hit("污染", 0, 2, 3.0)]}
STALLS = {"duty:CGJ": [Hit("占道", 5, 7, 3.0)]}


def rules(matter: Matter) -> str:
    return " ".join(reason.rule for reason in DIRECTORY.route(matter).reasons)


def test_one_department_answers_for_its_own_field() -> None:
    found = DIRECTORY.route(Matter({"环境保护": 0.9}, Signals(SMOKE)))
    assert (found.lead, found.coordinators) == ("HBJ", ())
    assert (found.reasons[0].start, found.reasons[0].end) == (0, 2)


def test_several_departments_each_answer_and_the_general_office_coordinates() -> None:
    found = DIRECTORY.route(Matter({}, Signals(SMOKE | STALLS)))
    assert {one.code for one in found.scores} == {"HBJ", "CGJ"}
    assert found.coordinators == ("BGT", "XCB")


def test_several_places_leave_the_superior_department_in_the_lead_and_give_each_its_task() -> None:
    matter = Matter({}, Signals(SMOKE), (DAOLI, NANGANG))
    found = DIRECTORY.route(matter)
    assert found.lead == "HBJ"
    assert {"230102", "230103"} <= {one.code for one in found.scores}
    assert "涉及多个地方" in rules(matter)


def test_one_place_supports_where_it_happens() -> None:
    matter = Matter({}, Signals(SMOKE), (DAOLI, Region("230102001", "兆麟街道")))
    assert [one.code for one in DIRECTORY.route(matter).scores] == ["HBJ", "230102"]
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
