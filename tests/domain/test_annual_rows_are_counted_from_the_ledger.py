"""部分二: an incident once, in the year of its first answer; publications by form and year; the city is a sum."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.report import IncidentFact, PublicationFact
from services.domain.report.ledger_rows import bounds, count
from services.domain.vocabulary import PublicationForm as Form

SPRING = datetime(2016, 4, 1, tzinfo=UTC)


def told(incident: str, form: Form, at: datetime = SPRING, unit: str = "A", **more: object) -> PublicationFact:
    return PublicationFact(incident, unit, form, at, **more)  # type: ignore[arg-type]  # only bool and str are passed


def test_an_incident_answered_on_weibo_and_wechat_counts_once() -> None:
    facts = [told("i", Form.WEIBO), told("i", Form.WECHAT), told("i", Form.WECHAT), told("j", Form.WEIBO)]
    assert count(2016, [], facts)["A"]["weibo_wechat_incidents"] == 2


def test_an_incident_counts_in_the_year_of_its_first_answer_only() -> None:
    incident = [IncidentFact("i", "A", SPRING)]
    later = [told("i", Form.WEIBO, SPRING + timedelta(days=400))]
    assert count(2016, incident, later) == {
        "A": dict.fromkeys(count(2016, incident, [])["A"], 0) | {"answered_incidents": 1}
    }
    assert count(2017, incident, later)["A"]["answered_incidents"] == 0
    assert count(2017, incident, later)["A"]["weibo_wechat_incidents"] == 1


def test_the_year_turns_at_midnight_in_shanghai() -> None:
    start, end = bounds(2016)
    assert (start, end) == (datetime(2015, 12, 31, 16, tzinfo=UTC), datetime(2016, 12, 31, 16, tzinfo=UTC))
    edge = [told("i", Form.WEIBO, end - timedelta(seconds=1)), told("j", Form.WEIBO, end)]
    assert count(2016, [], edge)["A"]["weibo_wechat_incidents"] == 1
    assert count(2017, [], edge)["A"]["weibo_wechat_incidents"] == 1


def test_a_press_conference_that_answers_three_incidents_is_one() -> None:
    facts = [told(i, Form.PRESS_CONFERENCE, event="p1", by_principal_leader=i == "k") for i in "ijk"]
    rows = count(2016, [], [*facts, told("i", Form.PRESS_CONFERENCE, SPRING + timedelta(days=1))])["A"]
    assert (rows["press_conferences"], rows["press_conferences_by_leader"]) == (2, 1)


def test_a_press_conference_on_matters_of_two_departments_is_one_in_the_city() -> None:
    facts = [
        told("i", Form.PRESS_CONFERENCE, unit="B", event="p1"),
        told("j", Form.PRESS_CONFERENCE, unit="A", event="p1", by_principal_leader=True),
        told("j", Form.PRESS_CONFERENCE, SPRING + timedelta(days=1), unit="A", event="p2"),
    ]
    found = count(2016, [], facts)
    assert {unit: rows["press_conferences"] for unit, rows in found.items()} == {"A": 1, "B": 1}
    assert sum(rows["press_conferences_by_leader"] for rows in found.values()) == 1
    assert found["B"]["press_conferences_by_leader"] == 1


def test_two_departments_answering_one_incident_leave_it_one_in_the_city() -> None:
    incident = [IncidentFact("i", "A", SPRING)]
    facts = [told("i", Form.WEIBO, unit="A"), told("i", Form.WECHAT, unit="B"), told("i", Form.INTERVIEW, unit="B")]
    found = count(2016, incident, facts)
    assert sum(rows["weibo_wechat_incidents"] for rows in found.values()) == 1
    assert found["A"]["otherwise_answered_incidents"] == 1


FACTS = st.lists(
    st.tuples(
        st.sampled_from("ijklm"),
        st.sampled_from(list(Form)),
        st.sampled_from("AB"),
        st.integers(-400, 800),
        st.booleans(),
    ),
    max_size=40,
)


@settings(deadline=None, derandomize=True)
@given(FACTS, st.integers(2015, 2018))
def test_the_rows_agree_with_a_plain_recount(raw: list[tuple[str, Form, str, int, bool]], year: int) -> None:
    facts = [told(i, f, SPRING + timedelta(days=d), u, by_principal_leader=b) for i, f, u, d, b in raw]
    firsts = {p.incident_id: p for p in sorted(facts, key=lambda p: p.published_at, reverse=True)}
    incidents = [IncidentFact(i, p.unit, p.published_at) for i, p in firsts.items()]
    rows = count(year, incidents, facts).values()
    mine = [p for p in facts if (p.published_at + timedelta(hours=8)).year == year]
    total = {name: sum(r[name] for r in rows) for name in ("answered_incidents", "weibo_wechat_incidents")}
    assert total["answered_incidents"] == sum(
        (i.first_published_at + timedelta(hours=8)).year == year for i in incidents
    )
    media = {p.incident_id for p in mine if p.form in (Form.WEIBO, Form.WECHAT)}
    assert total["weibo_wechat_incidents"] == len(media)
    held = {(p.incident_id, p.published_at) for p in mine if p.form is Form.PRESS_CONFERENCE}
    assert sum(r["press_conferences"] for r in rows) == len(held)
