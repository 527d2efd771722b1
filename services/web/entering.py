"""人工录入: what an officer heard by telephone or saw himself goes the way of every other post."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.adapters.accounts import Session
from services.domain.intake import Channel, Refusal, take_in
from services.topics import POSTS_COLLECTED
from services.web.api import message_of
from services.web.signing import MAY_ENTER, Business, GuardedBusiness
from services.web.words import clean

router = APIRouter(include_in_schema=False)
FIELDS = ("source", "title", "text", "url")
NAMES = {"source": "来源", "title": "标题", "text": "正文", "url": "网址"}
MAX_SOURCE = 200


def _may_enter(session: Session) -> Session:
    if session.account.role not in MAY_ENTER:
        raise HTTPException(403, "只有值班员、带班领导和新闻办可以录入信息")
    return session


async def enterer(session: Business) -> Session:
    """Somebody who may enter posts."""
    return _may_enter(session)


async def entering(session: GuardedBusiness) -> Session:
    """The same, by a form of his own."""
    return _may_enter(session)


@router.get("/enter")
async def ask(request: Request, session: Annotated[Session, Depends(enterer)], done: bool = False) -> Response:
    """The form."""
    given = dict.fromkeys(FIELDS, "")
    page: Response = request.app.state.renderer.page("enter.html", session=session, given=given, problem="", done=done)
    return page


@router.post("/enter")
async def enter(request: Request, session: Annotated[Session, Depends(entering)]) -> Response:
    """Take the post in by the same door as a push. The same content twice is the same post."""
    form = await request.form()
    given = {name: clean(str(form.get(name, ""))) for name in FIELDS}
    source = given["source"][:MAX_SOURCE] or "人工录入"
    digest = hashlib.blake2b("\x1f".join(given.values()).encode(), digest_size=10).hexdigest()
    house = request.app.state.house
    channel = Channel(source, "manual", house.clock.now(), session.account.name)
    post = take_in({"id": digest, **{k: v for k, v in given.items() if k != "source" and v}}, channel)
    problem = f"{NAMES.get(post.field, post.field)}：{post.reason}" if isinstance(post, Refusal) else ""
    if isinstance(post, Refusal) or (given["url"] and not post.url):
        page: Response = request.app.state.renderer.page(
            "enter.html", status=409, session=session, given=given, done=False,
            problem=problem or "网址：须以 http:// 或 https:// 开头",
        )  # fmt: skip
        return page
    await house.log.publish(POSTS_COLLECTED, [message_of(post)])
    return RedirectResponse("/enter?done=true", status_code=303)
