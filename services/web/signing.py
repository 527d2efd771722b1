"""Signing in: sessions in a cookie, forms guarded against requests from elsewhere."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from services.adapters.accounts import MAX_NAME, Accounts, Session
from services.domain.vocabulary import Role

router = APIRouter(include_in_schema=False)
COOKIE = "huiying_session"
REFUSED = "帐号或密码不对，或帐号暂时锁定。连续五次输错将锁定十五分钟。"
NO_BUSINESS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
MAY_ENTER = frozenset({Role.DUTY_OFFICER, Role.DUTY_LEADER, Role.PRESS_OFFICE})
SEES_SOURCES = frozenset(Role) - {Role.DEPARTMENT, Role.SECURITY_ADMIN, Role.AUDITOR}
SEES_SYSTEM = frozenset({Role.SYSTEM_ADMIN})


class SignInFirst(Exception):
    """Nobody is signed in: the page is shown after signing in."""


def accounts(request: Request) -> Accounts:
    found: Accounts = request.app.state.accounts
    return found


def over_https(request: Request) -> bool:
    """How the browser asked, as far as the request tells; a proxy that does not forward it leaves it to the office."""
    told: bool = request.app.state.house.settings.secure_cookies
    return told or request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """Over HTTPS a browser takes a `__Host-` cookie from this very host only."""
    return f"__Host-{COOKIE}" if over_https(request) else COOKIE


async def present(request: Request, *, by_hand: bool) -> Session:
    """Whoever this browser belongs to now. Raises SignInFirst."""
    cookie = request.cookies.get(cookie_name(request), "")
    now = request.app.state.house.wall.now()
    session = await accounts(request).session(cookie, now, by_hand=by_hand) if cookie else None
    if session is None:
        raise SignInFirst
    return session


async def signed_in(request: Request) -> Session:
    """Whoever is signed in and may be shown a page; a page that renews itself is no use of it. Raises SignInFirst."""
    session = await present(request, by_hand="x-by-itself" not in request.headers)
    if session.idle:
        raise SignInFirst
    return session


async def waiting(request: Request) -> Session:
    """Whoever left this page open: it hears changes, but what it fetches by itself does not count as use."""
    return only_with_business(await present(request, by_hand=False))


async def watching(session: Annotated[Session, Depends(waiting)]) -> Session:
    """The same, while the page may still be shown. Raises SignInFirst."""
    if session.idle:
        raise SignInFirst
    return session


def only_with_business(session: Session) -> Session:
    """Somebody who may see incidents: the three administrators may not (三权分立)."""
    if session.account.role in NO_BUSINESS:
        raise HTTPException(403, "系统管理员、安全管理员和审计员不接触业务数据")
    return session


async def with_business(session: Annotated[Session, Depends(signed_in)]) -> Session:
    """Somebody who uses the page and may see incidents."""
    return only_with_business(session)


SignedIn = Annotated[Session, Depends(signed_in)]
Business = Annotated[Session, Depends(with_business)]
Waiting = Annotated[Session, Depends(waiting)]
Watching = Annotated[Session, Depends(watching)]


def same_site(request: Request) -> bool:
    """False where the browser says that another site asked."""
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


async def guarded(request: Request, session: SignedIn) -> Session:
    """A change asked for by a form of this session, from this site. Raises 403 otherwise."""
    token = (await request.form()).get("csrf")
    known = isinstance(token, str) and secrets.compare_digest(token.encode(), session.csrf.encode())
    if not (same_site(request) and known):
        raise HTTPException(403, "表单已失效，请返回上一页刷新后重试")
    return session


async def guarded_business(session: Annotated[Session, Depends(guarded)]) -> Session:
    """The same, by somebody who may see incidents."""
    return only_with_business(session)


Guarded = Annotated[Session, Depends(guarded)]
GuardedBusiness = Annotated[Session, Depends(guarded_business)]


async def to_sign_in(request: Request, _error: Exception) -> Response:
    """People are led to the sign-in and from there to where they were; programs and scripts get 401."""
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": "请重新登录"}, status_code=401)
    path, query = request.url.path, request.url.query
    if request.method == "GET":
        shown = f"{path}?{query}" if query else path
    else:
        shown = path.rpartition("/")[0] if path.startswith("/incidents/") else "/"
    return RedirectResponse(f"/sign-in?next={quote(shown)}", status_code=303)


@router.get("/sign-in")
async def ask(request: Request) -> Response:
    """The sign-in page."""
    found: Response = request.app.state.renderer.page(
        "sign-in.html", next=_local(request.query_params.get("next", "/")), name="", problem=""
    )
    return found


@router.post("/sign-in")
async def sign_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next_page: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Open a session; a new one each time."""
    if not same_site(request):
        raise HTTPException(403, "请从登录页登录")
    now = request.app.state.house.wall.now()
    wait = request.app.state.sign_ins.wait(request.client.host if request.client else "", now)
    if wait:
        return _again(request, next_page, name, 429, f"尝试过于频繁，请 {wait} 秒后再试。")
    session_id = await accounts(request).sign_in(name.strip(), password, now)
    if session_id is None:
        return _again(request, next_page, name, 401, REFUSED)
    await accounts(request).sign_out(request.cookies.get(cookie_name(request), ""))
    answer = RedirectResponse(_local(next_page), status_code=303)
    secure = over_https(request)
    answer.set_cookie(cookie_name(request), session_id, httponly=True, secure=secure, samesite="lax", path="/")
    return answer


def _again(request: Request, next_page: str, name: str, status: int, problem: str) -> Response:
    given = {"next": _local(next_page), "name": name[:MAX_NAME], "problem": problem}
    page: Response = request.app.state.renderer.page("sign-in.html", status=status, **given)
    return page


@router.post("/sign-out")
async def sign_out(request: Request, _session: Guarded) -> Response:
    """End this session at once."""
    await accounts(request).sign_out(request.cookies.get(cookie_name(request), ""))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(cookie_name(request), path="/", secure=over_https(request), httponly=True)
    return answer


@router.get("/still-here")
async def still_here(_session: SignedIn) -> Response:
    """Somebody moved a mouse or pressed a key: the session goes on (WCAG 2.2.1)."""
    return Response(status_code=204)


def _local(address: str) -> str:
    """Only pages of this site: `//host` and `https:` lead elsewhere."""
    plain = address.isprintable() and not address.startswith(("//", "/\\"))
    return address if address.startswith("/") and plain else "/"
