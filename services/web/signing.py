"""Signing in: sessions in a cookie, forms guarded against requests from elsewhere."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.adapters.accounts import Accounts, Session
from services.domain.vocabulary import Role

router = APIRouter(include_in_schema=False)
COOKIE = "huiying_session"
NO_BUSINESS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class SignInFirst(Exception):
    """Nobody is signed in: the page is shown after signing in."""


def accounts(request: Request) -> Accounts:
    found: Accounts = request.app.state.accounts
    return found


async def signed_in(request: Request) -> Session:
    """Whoever is signed in. Raises SignInFirst."""
    house = request.app.state.house
    cookie = request.cookies.get(COOKIE, "")
    session = await accounts(request).session(cookie, house.wall.now()) if cookie else None
    if session is None:
        raise SignInFirst
    return session


async def with_business(session: Annotated[Session, Depends(signed_in)]) -> Session:
    """Somebody who may see incidents: the three administrators may not (三权分立)."""
    if session.account.role in NO_BUSINESS:
        raise HTTPException(403, "系统管理员、安全管理员和审计员不接触业务数据")
    return session


SignedIn = Annotated[Session, Depends(signed_in)]
Business = Annotated[Session, Depends(with_business)]


async def guarded(request: Request, session: SignedIn) -> Session:
    """A change asked for by a form of this session, from this site. Raises 403 otherwise."""
    form = await request.form()
    same_site = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    if not same_site or form.get("csrf") != session.csrf:
        raise HTTPException(403, "表单已失效，请刷新页面后重试")
    return session


Guarded = Annotated[Session, Depends(guarded)]


async def to_sign_in(request: Request, _error: Exception) -> Response:
    """Pages lead to the sign-in; everything else gets 401."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", status_code=303)
    return Response(status_code=401)


@router.get("/sign-in")
async def ask(request: Request) -> Response:
    """The sign-in page."""
    found: Response = request.app.state.renderer.page(
        "sign-in.html", next=_local(request.query_params.get("next", "/"))
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
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(403, "请从登录页登录")
    session_id = await accounts(request).sign_in(name.strip(), password, request.app.state.house.wall.now())
    if session_id is None:
        page: Response = request.app.state.renderer.page(
            "sign-in.html", status=401, next=_local(next_page), failed=True, name=name
        )
        return page
    answer = RedirectResponse(_local(next_page), status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, session_id, httponly=True, secure=secure, samesite="lax", path="/")
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, _session: Guarded) -> Response:
    """End this session at once."""
    await accounts(request).sign_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


def _local(address: str) -> str:
    """Only pages of this site: `//host` and `https:` lead elsewhere."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"
