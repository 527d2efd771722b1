"""DingTalk, WeCom, Feishu: HTTP 200 is no success, a missing code neither, and long texts arrive whole."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest

from services.adapters.channels.robots import DINGTALK, FEISHU, KINDS, WECOM, Kind, RobotChannel
from services.adapters.channels.webhook import new_client
from services.domain.delivery import Address, Result
from services.domain.notice import Draft, notice
from tests.flow.notices.cast import NOW, Receiver

SECRET = "SEC0123456789"


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with new_client(timeout_seconds=5) as opened:
        yield opened


def address(receiver: Receiver) -> Address:
    return Address("officer", "robot", f"http://127.0.0.1:{receiver.port}/robot/send?access_token=abc")


def told(lines: int = 1) -> Any:
    return notice(
        "d", Draft("i", "【政务舆情提醒】供暖不热", tuple(f"第{n}行说明文字" for n in range(lines))), False, NOW
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
@pytest.mark.parametrize(
    "answer",
    [
        b'{"errcode":45009,"errmsg":"api freq out of limit"}',
        b'{"code":19021,"msg":"sign match fail"}',
        b"{}",
        b"",
        b"ok",
    ],
)
async def test_a_robot_that_does_not_say_zero_has_not_taken_it(
    receiver: Receiver, client: httpx2.AsyncClient, kind: Kind, answer: bytes
) -> None:
    receiver.answers = [(200, {}, answer)]
    outcome = await RobotChannel(kind, client, {}).send(address(receiver), told())
    assert outcome.result is Result.REFUSED


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
async def test_a_long_text_arrives_whole_in_parts_within_the_limit(
    receiver: Receiver, client: httpx2.AsyncClient, kind: Kind
) -> None:
    long = told(lines=3000)
    outcome = await RobotChannel(kind, client, {}).send(address(receiver), long)
    assert outcome.result is Result.DELIVERED
    bodies = [json.loads(body) for _, body in receiver.taken]
    texts = [body["text"]["content"] if "text" in body else body["content"]["text"] for body in bodies]
    assert "".join(texts) == long.text
    assert max(len(text.encode()) for text in texts) <= kind.most_bytes


async def test_a_failure_after_the_first_part_is_unknown(receiver: Receiver, client: httpx2.AsyncClient) -> None:
    receiver.answers = [(200, {}, b'{"errcode":0}'), (200, {}, b'{"errcode":45009}')]
    outcome = await RobotChannel(WECOM, client, {}).send(address(receiver), told(lines=500))
    assert (outcome.result, outcome.code) == (Result.UNKNOWN, "45009")


async def test_dingtalk_is_signed_in_the_address(receiver: Receiver, client: httpx2.AsyncClient) -> None:
    await RobotChannel(DINGTALK, client, {"officer": SECRET}).send(address(receiver), told())
    [(headers, _)] = receiver.taken
    query = parse_qs(urlsplit(headers[":path"]).query)
    stamp = str(int(NOW.timestamp() * 1000))
    digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    sign = base64.b64encode(digest).decode()
    assert query == {"access_token": ["abc"], "timestamp": [stamp], "sign": [sign]}
    assert quote(sign, safe="") in headers[":path"]


async def test_feishu_is_signed_in_the_body(receiver: Receiver, client: httpx2.AsyncClient) -> None:
    await RobotChannel(FEISHU, client, {"officer": SECRET}).send(address(receiver), told())
    body = json.loads(receiver.taken[0][1])
    digest = hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(digest).decode()
    assert body["timestamp"] == str(int(NOW.timestamp()))
