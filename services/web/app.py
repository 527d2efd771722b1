"""The web application: routers, errors, and what every answer carries."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect

from services.adapters.accounts import Accounts
from services.adapters.desk import DamagedRecord
from services.domain.incident import Refused
from services.usecases.ports import Conflict, NotNow
from services.web import (
    api,
    calling,
    contract,
    entering,
    incidents,
    leaving,
    operations,
    pages,
    signing,
    streaming,
    supervision,
)
from services.web.envelope import Envelope
from services.web.limits import Limiter
from services.web.live import Live
from services.web.rendering import Renderer
from services.wiring import House

HERE = Path(__file__).parent
PUSHES_A_MINUTE = 600
SIGN_INS_A_MINUTE = 30
_CAN = {"int": "整数", "bool": " true 或 false"}
DAMAGED = "请立即人工处置，并通知系统管理员运行 huiying doctor、从备份恢复"
PROBLEMS: tuple[type[Exception], ...] = (StarletteHTTPException, NotNow, Conflict, Refused, DamagedRecord)


def create_app(house: House, live: Live) -> FastAPI:
    """The application on one house."""
    app = FastAPI(title="huiying 回应", version="1", docs_url=None, redoc_url=None)
    app.state.house, app.state.live, app.state.accounts = house, live, Accounts(house.database)
    app.state.renderer = Renderer(house)
    app.state.programs, app.state.sign_ins = Limiter(PUSHES_A_MINUTE), Limiter(SIGN_INS_A_MINUTE)
    parts = (operations, signing, api, streaming, entering, supervision, calling, pages, incidents, leaving)
    for part in parts:
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for kind in PROBLEMS:
        app.add_exception_handler(kind, _problem)
    app.add_exception_handler(RequestValidationError, _impossible)
    app.add_exception_handler(ClientDisconnect, _nobody_there)
    app.add_exception_handler(signing.SignInFirst, signing.to_sign_in)
    app.add_middleware(Envelope)
    contract.describe(app)
    return app


async def _problem(request: Request, error: Exception) -> Response:
    """What went wrong: on a page for people, as JSON for programs."""
    known = _as_http(error)
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return await http_exception_handler(request, known)
    page: Response = request.app.state.renderer.page(
        "problem.html", status=known.status_code, status_code=known.status_code, problem=known.detail
    )
    page.headers.update(known.headers or {})
    return page


async def _impossible(request: Request, error: Exception) -> Response:
    """A value that no parameter of this address can have: 400, with its name and what it can be."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name, told = str(first["loc"][-1]), first.get("ctx", {})
    limits = [f"{word} {told[key]}" for key, word in (("ge", "不小于"), ("le", "不大于")) if key in told]
    can = "、".join(limits) or _CAN.get(first["type"].partition("_")[0], first["msg"])
    return await _problem(request, HTTPException(400, f"{name} 的值不对，应为{can}"))


async def _nobody_there(_request: Request, _error: Exception) -> Response:
    """Whoever asked hung up before the question was read to its end: nothing was done, and nobody reads this."""
    return Response(status_code=400)


def _as_http(error: Exception) -> StarletteHTTPException:
    if isinstance(error, StarletteHTTPException):
        return error
    if isinstance(error, NotNow):
        return HTTPException(503, f"暂时无法处理：{error}", {"Retry-After": "5"})
    if isinstance(error, Conflict):
        return HTTPException(409, "他人刚刚更新了本事件，请重试", {"Retry-After": "1"})
    if isinstance(error, DamagedRecord):
        return HTTPException(500, f"事件 {error} 的记录已损坏，系统无法显示也无法计时：{DAMAGED}")
    return HTTPException(409, str(error))
