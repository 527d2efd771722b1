"""POST /api/v1/posts as a program meets it: what is taken, what is refused and why, and never a server error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.topics import POSTS_BACKFILLED, POSTS_COLLECTED
from services.usecases.ports import Received
from services.web import app as web_app
from tests.console_kit import HouseThread

pytestmark = pytest.mark.timeout(180)
TEXT = "哈尔滨市道里区居民反映暖气不热，请有关部门解决。"


def logged(office: HouseThread, topic: str = POSTS_COLLECTED) -> list[dict[str, Any]]:
    """Every post on the topic, as the consumers get it."""

    async def read() -> list[Received]:
        found: list[Received] = []
        async with office.house.log.subscribe(topic, f"reader{datetime.now(UTC).timestamp()}") as subscription:
            while some := await subscription.batch(5000, 0.05):
                found.extend(some)
        return found

    return [json.loads(received.body) for received in office.call(read())]


def post(number: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "title": "暖气不热", "text": TEXT, **more}


def ids(office: HouseThread) -> set[str]:
    return {str(found.get("post", found)["id"]) for found in logged(office)}


@pytest.mark.parametrize(
    ("body", "count"),
    [
        (post("one"), 1),
        ([post("many1"), post("many2")], 2),
        ({"posts": [post("listed1"), post("listed2")]}, 2),
        ([], 0),
    ],
    ids=["one", "list", "posts", "none"],
)
def test_posts_come_as_one_as_a_list_or_under_posts(program: httpx2.Client, body: Any, count: int) -> None:
    answer = program.post("/api/v1/posts", json=body)
    assert (answer.status_code, answer.json()["accepted"], answer.json()["refused"]) == (202, count, 0)


def test_what_is_accepted_is_in_the_log(office: HouseThread, program: httpx2.Client) -> None:
    program.post("/api/v1/posts", json=[post("logged1"), post("logged2", source="论坛")])
    assert {"logged1", "logged2"} <= ids(office)


def test_the_same_id_of_the_same_source_is_the_same_post(program: httpx2.Client) -> None:
    first, again, elsewhere = (
        program.post("/api/v1/posts", json=post("same", source=source)).json()["receipts"][0]["key"]
        for source in ("论坛", "论坛", "热线")
    )
    assert first == again != elsewhere


def test_without_a_source_it_is_the_program_s_own(office: HouseThread, program: httpx2.Client) -> None:
    named = program.post("/api/v1/posts", json=post("own", source="tests")).json()["receipts"][0]["key"]
    assert program.post("/api/v1/posts", json=post("own")).json()["receipts"][0]["key"] == named


def test_old_posts_go_another_way(office: HouseThread, program: httpx2.Client) -> None:
    assert program.post("/api/v1/posts?backfill=true", json=post("old")).status_code == 202
    assert any("old" in json.dumps(found) for found in logged(office, POSTS_BACKFILLED))
    assert "old" not in ids(office)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"text": TEXT}, "id"),
        ({"id": "x"}, "text"),
        ({"id": "", "text": TEXT}, "id"),
        ({"id": "x", "text": "   "}, "text"),
        ({"id": "x\u0000y", "text": TEXT}, "id"),
        ({"id": "x", "text": 5}, "text"),
        ({"id": "x", "text": TEXT, "txet": "?"}, "txet"),
        ({"id": "x", "text": TEXT, "source": ""}, "source"),
        ({"id": "x", "text": TEXT, "source": ["a"]}, "source"),
        ({"id": "x", "text": "长" * 400_000}, "text"),
        ({"id": "x" * 300, "text": TEXT}, "id"),
        ("just words", ""),
        (None, ""),
        (["nested"], ""),
    ],
)
def test_a_bad_item_is_named_and_harms_no_other(program: httpx2.Client, bad: Any, field: str) -> None:
    answer = program.post("/api/v1/posts", json=[post("before"), bad, post("after")])
    before, refused, after = answer.json()["receipts"]
    assert answer.status_code == 202
    assert (before["status"], refused["status"], after["status"]) == ("accepted", "refused", "accepted")
    assert refused["field"] == field
    assert refused["reason"]


def test_nothing_but_bad_items_is_422(program: httpx2.Client) -> None:
    answer = program.post("/api/v1/posts", json=[{"id": "x"}])
    assert (answer.status_code, answer.json()["refused"]) == (422, 1)


@pytest.mark.parametrize("mark", ["\u0000", "\u0007", "\u001b", "\ufffe", "\u202e"])
def test_characters_that_nothing_can_hold_are_taken_out(program: httpx2.Client, mark: str) -> None:
    receipt = program.post("/api/v1/posts", json=post(f"mark{ord(mark)}", title=f"暖{mark}气")).json()["receipts"][0]
    assert receipt["status"] == "accepted"


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"id":"a","text":"x","published_at":NaN}', b"\x00",
     json.dumps(post("gbk"), ensure_ascii=False).encode("gbk"), json.dumps(post("wide")).encode("utf-16"),
     b'[{"id":"a","text":"x"},]'],
)  # fmt: skip
def test_what_is_not_json_is_400(program: httpx2.Client, raw: bytes) -> None:
    answer = program.post("/api/v1/posts", content=raw)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["detail"]


BROKEN = {
    "half a pair, escaped": b'"\\ud800 %s"',
    "half a pair, raw": b'"\xed\xa0\x80%s"',
    "a control character": b'"\x07%s"',
    "a line break": b'"\n%s\x1b"',
    "a character cut in two": b'"%s\xe6\x9a"',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_one_broken_character_costs_nobody_his_post(program: httpx2.Client, text: bytes) -> None:
    items = [b'{"id":"b%d","source":"s","text":%s}' % (n, one) for n, one in enumerate((b'"%s"', text, b'"%s"'))]
    answer = program.post("/api/v1/posts", content=b"[%s]" % b",".join(one % TEXT.encode() for one in items))
    assert answer.status_code == 202, answer.text
    assert [one["status"] for one in answer.json()["receipts"]] == ["accepted"] * 3


def test_a_byte_order_mark_harms_nobody(program: httpx2.Client) -> None:
    answer = program.post("/api/v1/posts", content=json.dumps([post("bom")]).encode("utf-8-sig"))
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1)


def test_what_had_to_go_is_said(office: HouseThread, program: httpx2.Client) -> None:
    body = b'[{"id":"half","source":"s\\u0000\\ud800t","text":"\\ud800%s"},{"id":"\\ud800","text":"x"}]' % TEXT.encode()
    taken, refused = program.post("/api/v1/posts", content=body).json()["receipts"]
    assert "control_characters_removed" in taken["flags"]
    assert (refused["status"], refused["field"]) == ("refused", "id")
    [kept] = [one["post"] for one in logged(office) if one["post"]["id"] == "half"]
    assert (kept["source"], kept["text"]) == ("st", TEXT)


def test_a_number_nobody_can_read_costs_only_its_own_post(program: httpx2.Client) -> None:
    body = b'[{"id":%s,"text":"x"},{"id":"short","text":"x","published_at":1e999}]' % (b"9" * 5000)
    first, second = program.post("/api/v1/posts", content=body).json()["receipts"]
    assert (first["status"], first["field"], second["status"]) == ("refused", "id", "accepted")


@pytest.mark.parametrize("when", ["2999-01-01T00:00:00Z", "0001-01-01T00:00:00", "yesterday", 10**15, -1, 1e300])
def test_a_time_that_cannot_be_is_left_out_and_said_so(program: httpx2.Client, when: Any) -> None:
    receipt = program.post("/api/v1/posts", json=post(f"time{when}", published_at=when)).json()["receipts"][0]
    assert receipt["status"] == "accepted"
    assert receipt["flags"]


def test_a_thousand_posts_are_taken_and_one_more_is_not(program: httpx2.Client) -> None:
    thousand = [{"id": f"n{n}", "text": TEXT} for n in range(1000)]
    assert program.post("/api/v1/posts", json=thousand).json()["accepted"] == 1000
    assert program.post("/api/v1/posts", json=[*thousand, post("toomany")]).status_code == 413


@pytest.mark.parametrize("announced", [True, False])
def test_more_than_sixteen_mebibytes_are_413(program: httpx2.Client, announced: bool) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(17):
            yield b" " * 2**20

    try:
        answer = program.post("/api/v1/posts", content=b" " * (17 * 2**20) if announced else pieces())
    except httpx2.TransportError:
        return  # the server closed the door before everything was sent: nothing was taken either
    assert answer.status_code == 413


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer hy_wrong", "Basic dGVzdA==", "Bearer hy wrong", "é"])
def test_without_a_good_token_nothing_is_said(office: HouseThread, header: str) -> None:
    client = office.visitor().client
    for path in ("/api/v1/incidents", "/api/v1/incidents/x", "/api/v1/incidents/x/ledger"):
        answer = client.get(office.base + path, headers=[(b"authorization", header.encode("latin-1"))])
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_token_is_worth_nothing(office: HouseThread) -> None:
    client = office.program("leaving")
    assert client.get("/api/v1/incidents").status_code == 200
    office.call(office.accounts.revoke_tokens("leaving", office.wall.now()))
    assert client.get("/api/v1/incidents").status_code == 401


def test_a_program_that_calls_too_often_is_told_when_to_come_back(office: HouseThread) -> None:
    client = office.program("busy")
    for _ in range(10 * web_app.PUSHES_A_MINUTE):
        answer = client.get("/api/v1/incidents/x")
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    office.wall.ahead += timedelta(seconds=int(answer.headers["retry-after"]))
    assert client.get("/api/v1/incidents/x").status_code == 404


words = st.text(max_size=60)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("id", "source", "title", "text", "url", "author", "published_at", "posts")
bodies = st.one_of(
    anything,
    st.dictionaries(st.sampled_from(FIELDS), anything, max_size=8),
    st.lists(st.dictionaries(st.sampled_from(FIELDS), words | anything, max_size=8), max_size=4),
)


@settings(max_examples=400, derandomize=True, deadline=None, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(body=bodies)
def test_no_body_breaks_the_push(office: HouseThread, program: httpx2.Client, body: Any) -> None:
    office.wall.ahead += timedelta(seconds=1)
    answer = program.post("/api/v1/posts", content=json.dumps(body).encode())
    assert answer.status_code in (202, 413, 422), answer.text
