"""Around every request: a limit on its size, and the security headers on its answer."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 16 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}
ON_HTTPS = {b"strict-transport-security": b"max-age=31536000"}


class TooLarge(Exception):
    """More came than is taken."""


class Envelope:
    """Refuses bodies that are too large, announced or not, and adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _with_headers(scope, send)
        try:
            if _announced(scope) > MAX_BODY:
                raise TooLarge
            await self._app(scope, _counted(receive), answer)
        except TooLarge:
            # The rest of the body is not read: the connection cannot be used again.
            headers = {"connection": "close"}
            refusal = JSONResponse({"error": f"请求超过 {MAX_BODY // 2**20} MiB"}, 413, headers)
            await refusal(scope, receive, answer)


def _announced(scope: Scope) -> int:
    length = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
    return int(length) if length.isdigit() else 0


def _counted(receive: Receive) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY:
            raise TooLarge
        return message

    return counted


def _with_headers(scope: Scope, send: Send) -> Send:
    wanted = HEADERS | (ON_HTTPS if scope.get("scheme") == "https" else {})
    cached = scope["path"].startswith("/static/")

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {k.lower() for k, _ in message["headers"]} | ({b"cache-control"} if cached else set())
            message["headers"] = [*message["headers"], *((k, v) for k, v in wanted.items() if k not in present)]
        await send(message)

    return with_headers
