"""GET /api/v1 as a program meets it: filters that can be meant, and those that cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.console_kit import HouseThread

pytestmark = pytest.mark.timeout(180)
words = st.text(max_size=60)


def test_an_unknown_incident_is_404(program: httpx2.Client) -> None:
    for number in ("20260101-0000000000", "x", "%00", "..%2f..", "长" * 100):
        assert program.get(f"/api/v1/incidents/{number}").status_code == 404
        assert program.get(f"/api/v1/incidents/{number}/ledger").status_code == 404


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "offset=-1", "offset=9" + "9" * 30, "open_only=?"]
)
def test_an_impossible_filter_is_400(program: httpx2.Client, query: str) -> None:
    answer = program.get(f"/api/v1/incidents?{query}")
    assert (answer.status_code, query.partition("=")[0] in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("state=zzz", "reported、assigned"),
        ("event_grade=Z", "I、II、III、IV"),
        ("department=ZZZ", "GRB"),
        ("department=%00", "GRB"),
        ("state=%00", "reported"),
        ("region=%00", "230103"),
        ("region=%2523", "230103"),
        ("q=%00", "控制字符"),
        ("since=garbage", "offset"),
        ("statee=closed", "state"),
        ("limit=501", "limit 的值不对，应为不大于 500"),
        ("limit=x", "limit 的值不对，应为整数"),
        ("open_only=maybe", "true 或 false"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_400_with_what_can(program: httpx2.Client, query: str, words: str) -> None:
    answer = program.get(f"/api/v1/incidents?{query}")
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_a_parameter_nobody_knows_is_refused_everywhere(program: httpx2.Client) -> None:
    assert program.post("/api/v1/posts?backfil=true", json={"id": "misspelt", "text": "暖气不热"}).status_code == 400
    assert program.get("/api/v1/incidents/x?full=1").status_code == 400


@pytest.mark.parametrize(
    "query", ["", "state=&event_grade=", "state=closed&region=230103&department=GRB&event_grade=II"]
)
def test_a_filter_that_can_be_meant_is_answered(program: httpx2.Client, query: str) -> None:
    assert program.get(f"/api/v1/incidents?{query}").status_code == 200


def test_the_description_names_what_there_is(program: httpx2.Client) -> None:
    described = program.get("/openapi.json").json()
    assert described["openapi"].startswith("3.")
    paths = described["paths"]
    documented = {(path, method) for path, methods in paths.items() for method in methods if path.startswith("/api/")}
    assert documented == {
        ("/api/v1/posts", "post"),
        ("/api/v1/incidents", "get"),
        ("/api/v1/incidents/{incident_id}", "get"),
        ("/api/v1/incidents/{incident_id}/ledger", "get"),
        ("/api/v1/incidents/{incident_id}/posts", "get"),
    }
    push = paths["/api/v1/posts"]["post"]
    assert {"202", "400", "401", "413", "422", "429", "503"} <= set(push["responses"])
    assert "application/json" in push["requestBody"]["content"]
    named = {name for path, method in documented for one in paths[path][method]["security"] for name in one}
    assert named <= set(described["components"]["securitySchemes"])
    assert all(_resolves(described, reference) for reference in _references(described))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _references(inner)


def _resolves(described: Any, reference: str) -> bool:
    for part in reference.removeprefix("#/").split("/"):
        described = described.get(part, {})
    return bool(described)


NAMES = ("state", "open_only", "department", "event_grade", "region", "q", "offset", "limit", "backfill", "x")


@settings(max_examples=300, derandomize=True, deadline=None, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(number=st.text(min_size=1, max_size=40), query=st.dictionaries(st.sampled_from(NAMES), words, max_size=4))
def test_no_address_breaks_the_reading(
    office: HouseThread, program: httpx2.Client, number: str, query: dict[str, str]
) -> None:
    office.wall.ahead += timedelta(seconds=1)
    url = httpx2.URL(office.base + "/api/v1/incidents", params=_sendable(query))
    assert program.get(url).status_code in (200, 400)
    one = "".join(f"%{byte:02x}" for byte in number.encode("utf-8", "replace"))
    assert program.get(f"{office.base}/api/v1/incidents/{one}").status_code == 404


def _sendable(query: dict[str, str]) -> dict[str, str]:
    return {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
