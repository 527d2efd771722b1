"""Every route of the application against every role: who may see what, and nobody more."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from services.domain.incident import ACTS, MAY
from services.domain.vocabulary import Role
from services.web.app import create_app
from services.web.live import Live
from tests.console_kit import HEATING, HouseThread, Visitor

pytestmark = pytest.mark.timeout(180)
ADMINISTRATORS = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
BUSINESS = set(Role) - ADMINISTRATORS
NOBODY = "nobody"
PROGRAMS = "programs"

# Who gets an answer. A department gets its own incidents only; that is tested beside the table.
READERS: dict[str, set[Role] | str] = {
    "/": set(Role),
    "/incidents/{incident_id}": BUSINESS,
    "/incidents/{incident_id}/leave": BUSINESS,
    "/rows/{incident_id}": BUSINESS,
    "/pulse": BUSINESS,
    "/live": BUSINESS,
    "/still-here": set(Role),
    "/enter": {Role.DUTY_OFFICER, Role.DUTY_LEADER, Role.PRESS_OFFICE},
    "/sources": BUSINESS - {Role.DEPARTMENT} | {Role.SYSTEM_ADMIN},
    "/notices": set(Role),
    "/system": {Role.SYSTEM_ADMIN},
    "/sign-in": NOBODY,
    "/healthz": NOBODY,
    "/readyz": NOBODY,
    "/metrics": NOBODY,
    "/api/v1/incidents": PROGRAMS,
    "/api/v1/incidents/{incident_id}": PROGRAMS,
    "/api/v1/incidents/{incident_id}/ledger": PROGRAMS,
    "/api/v1/incidents/{incident_id}/posts": PROGRAMS,
}
ORIGINAL = "https://example.org/original?a=1&b=2"
ASKED_WITH = {"/incidents/{incident_id}/leave": f"?to={quote(ORIGINAL, safe='')}"}
WRITERS: dict[str, set[Role] | str] = {
    "/incidents/{incident_id}/{act}": BUSINESS,
    "/enter": {Role.DUTY_OFFICER, Role.DUTY_LEADER, Role.PRESS_OFFICE},
    "/sign-out": set(Role),
    "/sign-in": NOBODY,
    "/api/v1/posts": PROGRAMS,
}


@pytest.fixture(scope="module")
def cast(office: HouseThread) -> dict[Role, Visitor]:
    """One signed-in person for each role; the department is the heating office."""
    people = {}
    for role in Role:
        office.add(role.value, role, "GRB" if role is Role.DEPARTMENT else "")
        people[role] = office.visitor(role.value)
    return people


@pytest.fixture(scope="module")
def own(office: HouseThread, cast: dict[Role, Visitor]) -> str:
    """An incident of the department."""
    number = office.report("own", HEATING.format(place="群力第五大道"), "群力暖气不热", url=ORIGINAL)
    assert cast[Role.DUTY_OFFICER].act(number, "assign", lead="GRB", supporting="WJW").status_code == 303
    return number


@pytest.fixture(scope="module")
def other(office: HouseThread, cast: dict[Role, Visitor]) -> str:
    """An incident of another department."""
    number = office.report(
        "other", "哈尔滨市道外区南直路路灯坏了一个月，晚上很黑，请有关部门尽快维修。", "道外区路灯不亮",
        url="https://example.org/other",
    )  # fmt: skip
    assert cast[Role.DUTY_OFFICER].act(number, "assign", lead="CGJ").status_code == 303
    return number


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """(method, path) of everything the application answers, but the files and the description of the API."""
    leaves = [leaf for r in app.routes for leaf in getattr(getattr(r, "original_router", None), "routes", [r])]
    found = {(method, r.path) for r in leaves if isinstance(r, Route) for method in r.methods or ()}
    return {pair for pair in found if pair[0] not in ("HEAD", "OPTIONS") and pair[1] != "/openapi.json"}


def test_the_table_names_every_route_there_is(office: HouseThread) -> None:
    app = create_app(office.house, Live(office.house.reader))
    told = {("GET", path) for path in READERS} | {("POST", path) for path in WRITERS}
    assert routes(app) == told


@pytest.mark.parametrize("path", [p for p, who in READERS.items() if isinstance(who, set) and p != "/live"])
def test_a_page_answers_the_roles_of_the_table_and_no_other(
    cast: dict[Role, Visitor], own: str, other: str, path: str
) -> None:
    allowed = READERS[path]
    for role, visitor in cast.items():
        answer = visitor.get(path.format(incident_id=own) + ASKED_WITH.get(path, ""))
        assert (answer.status_code in (200, 204)) == (role in allowed), f"{role}: {answer.status_code}"
        assert answer.status_code in (200, 204, 403)


@pytest.mark.parametrize("role", list(Role))
def test_the_live_stream_opens_for_the_roles_of_the_table(
    office: HouseThread, cast: dict[Role, Visitor], role: Role
) -> None:
    with cast[role].client.stream("GET", f"{office.base}/live") as answer:
        assert answer.status_code == (200 if role in READERS["/live"] else 403)


@pytest.mark.parametrize("path", [p for p, who in READERS.items() if who != NOBODY])
def test_without_signing_in_nothing_is_shown(office: HouseThread, own: str, path: str) -> None:
    answer = office.visitor().get(path.format(incident_id=own))
    assert answer.status_code == (401 if READERS[path] == PROGRAMS else 303)
    assert "群力" not in answer.text


@pytest.mark.parametrize("path", [p for p, who in WRITERS.items() if who != NOBODY])
def test_without_signing_in_nothing_is_done(office: HouseThread, own: str, path: str) -> None:
    before = office.kinds(own)
    answer = office.visitor().post(path.format(incident_id=own, act="dismiss"), {"csrf": "", "reason": "x"})
    assert answer.status_code == (401 if WRITERS[path] == PROGRAMS else 303)
    assert answer.headers.get("location", "/sign-in").startswith("/sign-in")
    assert office.kinds(own) == before


@pytest.mark.parametrize("role", list(Role))
def test_an_act_is_refused_to_whoever_has_no_mandate(
    office: HouseThread, cast: dict[Role, Visitor], own: str, role: Role
) -> None:
    csrf, before = cast[role].csrf(), office.kinds(own)
    for act in (act for act in ACTS if role not in MAY[act]):
        answer = cast[role].post(f"/incidents/{own}/{act}", {"csrf": csrf, "reason": "试试", "lead": "CGJ"})
        assert answer.status_code == (403 if role in ADMINISTRATORS else 409), act
        assert "未执行：" in answer.text or role in ADMINISTRATORS
    assert office.kinds(own) == before


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_see_no_business(cast: dict[Role, Visitor], own: str, other: str, role: Role) -> None:
    for path in READERS:
        text = cast[role].get(path.format(incident_id=own)).text if path != "/live" else ""
        for word in ("群力", "暖气", "路灯", own, other):
            assert word not in text, path


def test_a_department_sees_its_own_incidents_only(cast: dict[Role, Visitor], own: str, other: str) -> None:
    department = cast[Role.DEPARTMENT]
    for query in ("/", "/?show=all", "/?show=all&department=CGJ", "/?show=assigned&q=路灯", "/?show=soon"):
        assert other not in department.get(query).text
    assert own in department.get("/?show=all").text
    assert department.get(f"/incidents/{other}").status_code == 404
    assert department.get(f"/rows/{other}").status_code == 204
    counts = department.get("/pulse").json()["counts"]
    assert (counts["open"], cast[Role.DUTY_OFFICER].get("/pulse").json()["counts"]["open"]) == (1, 2)


def test_a_department_is_called_for_its_own_incidents_only(cast: dict[Role, Visitor], own: str, other: str) -> None:
    calls = cast[Role.DEPARTMENT].get("/pulse").json()["calls"]
    assert [call["incident"] for call in calls] == [own]
    assert (calls[0]["who"], calls[0]["why"]) == ("责任部门 grb", "新交办，请签收")


@pytest.mark.parametrize("act", ACTS)
def test_a_department_cannot_act_on_the_incident_of_another(
    office: HouseThread, cast: dict[Role, Visitor], other: str, act: str
) -> None:
    before = office.kinds(other)
    assert cast[Role.DEPARTMENT].act(other, act, reason="试试", channel="x", url="x").status_code == 404
    assert office.kinds(other) == before


def test_a_department_cannot_draw_another_incident_into_its_own(
    office: HouseThread, cast: dict[Role, Visitor], own: str, other: str
) -> None:
    before = office.kinds(own), office.kinds(other)
    for form in ({"into": other}, {"other": other}, {"incident": other}, {"undo": other}):
        for act in ("merge", "split", "decline"):
            assert cast[Role.DEPARTMENT].act(own, act, **form).status_code == 409
    assert (office.kinds(own), office.kinds(other)) == before


@pytest.mark.parametrize(
    "to", ["", "https://example.com/", "//example.org/original", "javascript:alert(1)", f"{ORIGINAL}#x", "/"]
)
def test_only_an_address_on_file_is_led_to(cast: dict[Role, Visitor], own: str, to: str) -> None:
    answer = cast[Role.DUTY_OFFICER].get(f"/incidents/{own}/leave?to={quote(to, safe='')}")
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_the_page_before_a_stranger_s_page_shows_the_address_and_tells_it_nothing(
    cast: dict[Role, Visitor], own: str
) -> None:
    officer, way = cast[Role.DUTY_OFFICER], f"/incidents/{own}/leave" + ASKED_WITH["/incidents/{incident_id}/leave"]
    answer = officer.get(way)
    shown = ORIGINAL.replace("&", "&amp;")
    link = f'href="{shown}" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer"'
    assert answer.text.count(link) == answer.text.count('href="http') == 1
    assert f"<code>{shown}</code>" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert 'href="http' not in officer.get(f"/incidents/{own}").text


def test_a_department_is_not_led_from_the_incident_of_another(cast: dict[Role, Visitor], other: str) -> None:
    way = f"/incidents/{other}/leave?to={quote('https://example.org/other', safe='')}"
    assert cast[Role.DUTY_OFFICER].get(way).status_code == 200
    assert cast[Role.DEPARTMENT].get(way).status_code == 404
