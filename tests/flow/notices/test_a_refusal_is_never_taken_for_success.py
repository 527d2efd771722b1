"""Webhooks: signed, and read for what the provider really says."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from services.adapters.database import Database
from services.usecases.notifying import Channel
from tests.flow.notices.cast import (
    INCIDENT,
    NOW,
    SECOND,
    SECRET,
    Receiver,
    alert,
    deliver,
    hook_to,
    states,
    take,
)


async def test_a_webhook_is_signed_over_time_and_body(
    sqlite_database: Database, receiver: Receiver, webhook: Channel
) -> None:
    await take(sqlite_database, hook_to("officer", receiver.port), alert(1))
    await deliver(sqlite_database, webhook)
    [(headers, body)] = receiver.taken
    stamp = headers["x-huiying-timestamp"]
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["x-huiying-signature"] == f"sha256={expected}"
    assert int(stamp) == NOW.timestamp()
    told = json.loads(body)
    assert (told["id"], told["incident"], told["again"]) == (headers["x-huiying-delivery"], INCIDENT.id, False)


REFUSALS: list[tuple[tuple[int, dict[str, str], bytes] | str | None, str, bool]] = [
    ((200, {}, b'{"errcode": 130101, "errmsg": "too fast"}'), "130101", False),
    ((200, {}, b'{"code": 19021, "msg": "sign match fail"}'), "19021", False),
    ((200, {}, b'{"code": "9499", "msg": "Bad Request"}'), "9499", False),
    ((200, {"content-type": "text/html"}, b"<html>log in</html>"), "200", False),
    ((500, {}, b"oops"), "500", False),
    ((404, {}, b""), "404", False),
    ((302, {"location": "/elsewhere"}, b""), "302", False),
    (None, "RemoteProtocolError", True),
    ("silence", "ReadTimeout", True),
]


@pytest.mark.parametrize(("answer", "code", "again"), REFUSALS, ids=[str(r[1]) for r in REFUSALS])
async def test_a_refusal_is_never_taken_for_success_and_is_tried_again(
    sqlite_database: Database, receiver: Receiver, webhook: Channel, answer: Any, code: str, again: bool
) -> None:
    receiver.answers = [answer]
    await take(sqlite_database, hook_to("officer", receiver.port), alert(1))
    await deliver(sqlite_database, webhook)
    assert await states(sqlite_database, "webhook") == [("waiting", 1, code)]
    await deliver(sqlite_database, webhook, 10 * SECOND)
    assert await states(sqlite_database, "webhook") == [("delivered", 2, "0")]
    # where the first attempt may have arrived, the second says so
    assert json.loads(receiver.taken[-1][1])["again"] is again


async def test_a_receiver_that_asks_to_wait_is_given_the_time(
    sqlite_database: Database, receiver: Receiver, webhook: Channel
) -> None:
    receiver.answers = [(429, {"retry-after": "45"}, b"")]
    await take(sqlite_database, hook_to("officer", receiver.port), alert(1))
    await deliver(sqlite_database, webhook)
    assert await deliver(sqlite_database, webhook, 44 * SECOND) == 0
    assert await deliver(sqlite_database, webhook, 45 * SECOND) == 1
