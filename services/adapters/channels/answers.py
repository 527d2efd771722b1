"""What an HTTP answer means. Chinese providers refuse with HTTP 200 and a code in the body."""

from __future__ import annotations

import json
from typing import Any

import httpx2

from services.domain.delivery import Outcome, Result

MOST_BYTES = 64 * 1024
_CODES = ("errcode", "code", "StatusCode")
_TEXTS = ("errmsg", "msg", "message", "StatusMessage")


async def post(
    client: httpx2.AsyncClient, url: str, body: bytes, headers: dict[str, str], must_answer: bool = False
) -> Outcome:
    """POST a body and read the answer; `must_answer` where the provider always names a code."""
    try:
        async with client.stream("POST", url, content=body, headers=headers) as response:
            answer = bytearray()
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > MOST_BYTES:
                    break
            return understand(response, bytes(answer[:MOST_BYTES]), must_answer)
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol) as error:
        return Outcome(Result.UNREACHABLE, type(error).__name__, str(error)[:500])
    except (httpx2.TransportError, httpx2.InvalidURL) as error:
        # the request was on its way: the other side may have taken it
        return Outcome(Result.UNKNOWN, type(error).__name__, str(error)[:500])


def understand(response: httpx2.Response, answer: bytes, must_answer: bool) -> Outcome:
    """Delivered only with a 2xx and, where the body names a code, code 0."""
    shown = answer[:500].decode(errors="replace")
    if not response.is_success:
        return Outcome(Result.REFUSED, str(response.status_code), shown, _wait(response))
    if "html" in response.headers.get("content-type", ""):
        return Outcome(Result.REFUSED, str(response.status_code), "对方返回的是网页，不是接口的答复")
    said = _json(answer)
    code = next((said[key] for key in _CODES if key in said), None)
    if code is not None and str(code) != "0":
        return Outcome(Result.REFUSED, str(code), _words(said) or shown)
    if code is None and must_answer:
        return Outcome(Result.REFUSED, str(response.status_code), f"答复中没有结果代码：{shown}")
    return Outcome(Result.DELIVERED, str(response.status_code) if code is None else str(code), _words(said))


def _json(answer: bytes) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _words(said: dict[str, Any]) -> str:
    return next((str(said[key])[:500] for key in _TEXTS if key in said), "")


def _wait(response: httpx2.Response) -> float:
    """Seconds of Retry-After; a date or nonsense counts as not asked."""
    asked = response.headers.get("retry-after", "")
    return float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0.0
