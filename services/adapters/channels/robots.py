"""Group robots of DingTalk, WeCom and Feishu, public or an office's own: the address is configured.

All three answer HTTP 200 to what they refuse and name the reason as `errcode` or `code`. An answer without a code is
no success. Each has its own limit in bytes; a longer text goes in several messages, cut between characters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import httpx2

from services.adapters.channels.answers import post
from services.domain.delivery import Address, Outcome, Result
from services.domain.notice import Notice, split_bytes

Call = tuple[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A provider: its limit for one text, and how a call (address, body) is made from address, text, secret, time."""

    name: str
    most_bytes: int
    call: Callable[[str, str, str, datetime], Call]


class RobotChannel:
    """Sends to a group robot. `secrets` by person; empty where the robot is protected by keyword or network only."""

    own_receivers = True

    def __init__(self, kind: Kind, client: httpx2.AsyncClient, secrets: Mapping[str, str]) -> None:
        self.name = kind.name
        self._kind = kind
        self._client = client
        self._secrets = secrets

    async def send(self, to: Address, notice: Notice) -> Outcome:
        """All parts or a failure; after a first part has gone, a failure is `unknown`, so that the repeat says so."""
        outcome = Outcome(Result.REFUSED, "empty", "没有内容")
        for number, part in enumerate(split_bytes(notice.text, self._kind.most_bytes)):
            url, body = self._kind.call(to.value, part, self._secrets.get(to.person, ""), notice.sent_at)
            headers = {"Content-Type": "application/json; charset=utf-8"}
            content = json.dumps(body, ensure_ascii=False).encode()
            outcome = await post(self._client, url, content, headers, must_answer=True)
            if outcome.result is not Result.DELIVERED:
                result = Result.UNKNOWN if number else outcome.result
                return Outcome(result, outcome.code, outcome.text, outcome.wait_seconds)
        return outcome


def _dingtalk(url: str, text: str, secret: str, at: datetime) -> Call:
    """加签: the signature goes into the address, over milliseconds and the secret."""
    if secret:
        stamp = str(int(at.timestamp() * 1000))
        sign = _signed(secret.encode(), f"{stamp}\n{secret}".encode())
        url += ("&" if "?" in url else "?") + urlencode({"timestamp": stamp, "sign": sign})
    return url, {"msgtype": "text", "text": {"content": text}}


def _wecom(url: str, text: str, _secret: str, _at: datetime) -> Call:
    return url, {"msgtype": "text", "text": {"content": text}}


def _feishu(url: str, text: str, secret: str, at: datetime) -> Call:
    """签名校验: the signature goes into the body; time and secret are the key, and nothing is the message."""
    body: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(at.timestamp()))
        body |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}".encode(), b"")}
    return url, body


def _signed(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


DINGTALK = Kind("dingtalk", 20_000, _dingtalk)
WECOM = Kind("wecom", 2_048, _wecom)
FEISHU = Kind("feishu", 30_000, _feishu)
KINDS = (DINGTALK, WECOM, FEISHU)
