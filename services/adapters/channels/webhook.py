"""A signed webhook: JSON to an address of the office's own.

Headers, all lower-case hexadecimal and ASCII:
- `X-Huiying-Delivery`: the delivery's id, the same over retries. A receiver that has it already drops the repeat.
- `X-Huiying-Timestamp`: seconds since 1970 in UTC, as decimal digits. A receiver refuses what is older than it likes.
- `X-Huiying-Signature`: `sha256=` and HMAC-SHA256 under the shared secret over timestamp, a full stop, and the body;
  left out where no secret was agreed with this person's receiver.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

import httpx2

from services.adapters.channels.answers import post
from services.domain.delivery import Address, Outcome
from services.domain.notice import Notice


class WebhookChannel:
    """POSTs to the address's own URL. Redirects are not followed: they would carry the notice elsewhere."""

    name = "webhook"
    own_receivers = True

    def __init__(self, client: httpx2.AsyncClient, secrets: Mapping[str, str]) -> None:
        """`secrets` by person, as agreed with each receiver."""
        self._client = client
        self._secrets = secrets

    async def send(self, to: Address, notice: Notice) -> Outcome:
        body = json.dumps(_fields(to, notice), ensure_ascii=False).encode()
        timestamp = str(int(notice.sent_at.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Huiying-Delivery": notice.id,
            "X-Huiying-Timestamp": timestamp,
        }
        secret = self._secrets.get(to.person, "")
        if secret:
            headers["X-Huiying-Signature"] = signature(secret.encode(), timestamp, body)
        return await post(self._client, to.value, body, headers)


def new_client(timeout_seconds: float = 10.0) -> httpx2.AsyncClient:
    """A client for all HTTP channels; the caller closes it.

    The connections are not counted here: receivers that hang would use them up, and the others wait for one.
    """
    unlimited = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
    return httpx2.AsyncClient(timeout=timeout_seconds, limits=unlimited, follow_redirects=False, trust_env=False)


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What a receiver computes and compares in constant time."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _fields(to: Address, notice: Notice) -> dict[str, object]:
    return {
        "id": notice.id,
        "incident": notice.incident_id,
        "person": to.person,
        "title": notice.title,
        "body": notice.body,
        "link": notice.link,
        "due_at": notice.due_at.isoformat() if notice.due_at else None,
        "time_left": notice.time_left,
        "again": notice.again,
        "sent_at": notice.sent_at.isoformat(),
    }
