"""The web application: routers, headers, errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from services.adapters.accounts import Accounts
from services.domain.incident import Refused
from services.usecases.ports import NotNow
from services.web import api, operations, pages, signing
from services.web.live import Live
from services.web.rendering import Renderer
from services.wiring import House

HERE = Path(__file__).parent
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
    b"cache-control": b"no-store",
}

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def create_app(house: House, live: Live) -> FastAPI:
    """The application on one house."""
    app = FastAPI(title="huiying 回应", version="1", docs_url=None, redoc_url=None)
    app.state.house, app.state.live, app.state.accounts = house, live, Accounts(house.database)
    app.state.renderer = Renderer(house)
    for router in (operations.router, signing.router, api.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_exception_handler(NotNow, _not_now)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(signing.SignInFirst, signing.to_sign_in)
    app.add_middleware(Envelope)
    return app


async def _not_now(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": f"暂时无法处理：{error}"}, status_code=503, headers={"Retry-After": "5"})


async def _refused(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=409)


class Envelope:
    """Adds the security headers to every answer and refuses bodies that are too large."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if length.isdigit() and int(length) > MAX_BODY:
            refusal = JSONResponse({"error": f"请求超过 {MAX_BODY // 2**20} MiB"}, status_code=413)
            await refusal(scope, receive, send)
            return

        async def with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {k.lower() for k, _ in message["headers"]}
                cached = scope["path"].startswith("/static/")
                extra = [(k, v) for k, v in HEADERS.items() if k not in present and not (cached and k[:5] == b"cache")]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self._app(scope, receive, with_headers)
