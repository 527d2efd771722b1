"""/api/v1 for programs: push posts in, read incidents out. Bearer tokens from `huiying user token NAME`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from services.adapters import wire
from services.adapters.desk import Filter
from services.adapters.loose_json import NotJson, read_json
from services.domain.characters import legible
from services.domain.intake import Channel, Refusal, take_in
from services.domain.ledger import Entry
from services.domain.post import Post
from services.domain.vocabulary import EventGrade, IncidentState
from services.topics import POSTS_BACKFILLED, POSTS_COLLECTED
from services.usecases.ports import Filed, Message
from services.web import contract
from services.web.words import clean

router = APIRouter(prefix="/api/v1", tags=["api"])
MAX_POSTS = 1000
_CODE = re.compile(r"[0-9]{2,12}")
MAX_OFFSET = 1_000_000_000
_encode = msgspec.json.Encoder().encode


def answer(value: Any, status: int = 200) -> Response:
    """JSON, times in UTC."""
    return Response(_encode(value), status, media_type="application/json")


async def program(request: Request) -> str:
    """The program that calls. 401 without a good token, 429 with Retry-After when it calls too often, 400 when it asks
    for something that no parameter is called: a misspelt filter would answer with everything.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    name = await request.app.state.accounts.token_name(token) if scheme.lower() == "bearer" and token else None
    if name is None:
        raise HTTPException(401, "需要有效的令牌：Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})
    wait = request.app.state.programs.wait(name, request.app.state.house.wall.now())
    if wait > 0:
        raise HTTPException(429, "请求过于频繁", {"Retry-After": str(wait)})
    known = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    for given in request.query_params:
        if given not in known:
            raise HTTPException(400, f"没有参数“{clean(given)[:40]}”，可用：{'、'.join(known) or '无'}")
    return str(name)


Program = Annotated[str, Depends(program)]


@router.post("/posts", status_code=202, openapi_extra=contract.PUSH)
async def push(request: Request, caller: Program, backfill: bool = False) -> Response:
    """Push one post or up to 1,000 in: an object, a list, or {"posts": [...]}.

    Every item gets a receipt, in order. The same `id` from the same `source` again is harmless. An item that cannot be
    taken is refused with its field and reason; the others are unharmed. 202 means that they are durably in the log.
    """
    items = _items(await request.body())
    now = request.app.state.house.clock.now()
    taken = [_take(item, caller, now, backfill) for item in items]
    topic = POSTS_BACKFILLED if backfill else POSTS_COLLECTED
    sent = [message_of(post, number) for number, post in enumerate(taken) if isinstance(post, Post)]
    await request.app.state.house.log.publish(topic, sent)
    receipts = [_receipt(one) for one in taken]
    refused = sum(r["status"] == "refused" for r in receipts)
    status = 202 if refused < len(receipts) or not receipts else 422
    return answer({"accepted": len(receipts) - refused, "refused": refused, "receipts": receipts}, status)


def _items(body: bytes) -> list[Any]:
    try:
        raw = read_json(body)
    except NotJson as error:
        raise HTTPException(400, f"不是有效的 JSON：{error}") from error
    if isinstance(raw, dict) and isinstance(raw.get("posts"), list):
        raw = raw["posts"]
    items = raw if isinstance(raw, list) else [raw]
    if len(items) > MAX_POSTS:
        raise HTTPException(413, f"一次最多 {MAX_POSTS} 条，收到 {len(items)} 条")
    return items


def _take(item: Any, caller: str, now: datetime, backfill: bool) -> Post | Refusal:
    source: Any = caller
    if isinstance(item, dict) and "source" in item:
        source = item["source"]
        item = {k: v for k, v in item.items() if k != "source"}
    # What is no name at all is refused at the door as an empty one is.
    return take_in(item, Channel(source if isinstance(source, str) else "", "push", now, caller, backfill))


def message_of(post: Post, number: int = 0) -> Message:
    """A post as a message of its own, the `number`th of those received together.

    Not named by its words: a text changed back to what it was is news. What only repeats is told apart where the last
    version is on file.
    """
    received = int(post.collected_at.timestamp() * 1_000_000)
    return Message(f"{post.key}:{received}:{number}", post.key, wire.encode_post(post))


def _receipt(one: Post | Refusal) -> dict[str, Any]:
    if isinstance(one, Refusal):
        return {"id": one.id, "status": "refused", "field": one.field, "reason": one.reason}
    return {"id": one.id, "status": "accepted", "key": one.key, "flags": one.flags}


@router.get("/incidents", openapi_extra=contract.LIST)
async def incidents(
    request: Request,
    _caller: Program,
    state: str = "",
    open_only: bool = False,
    department: str = "",
    event_grade: str = "",
    region: str = "",
    q: str = "",
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Response:
    """Incidents, the most pressing first. What cannot be is 400, with the values that can."""
    _check("state", state, [one.value for one in IncidentState])
    _check("event_grade", event_grade, [one.value for one in EventGrade])
    _check("department", department, list(request.app.state.house.departments.by_code))
    if region and not _CODE.fullmatch(region):
        raise HTTPException(400, "region 应为行政区划代码，例如 230103")
    if legible(q)[1]:
        raise HTTPException(400, "q 含有控制字符")
    wanted = Filter(state, open_only, department, event_grade, region, clean(q), offset=offset, limit=limit)
    return answer({"incidents": await request.app.state.house.reader.incidents(wanted)})


def _check(name: str, value: str, allowed: Sequence[str]) -> None:
    if value and value not in allowed:
        raise HTTPException(400, f"{name} 不能是“{clean(value)[:40]}”，可选：{'、'.join(allowed)}")


@router.get("/incidents/{incident_id}", openapi_extra=contract.ONE)
async def incident(request: Request, _caller: Program, incident_id: str) -> Response:
    """One incident: state, grades, every duty, assignments, publications. A merged number says where it went."""
    found = await request.app.state.house.reader.incident(clean(incident_id))
    if found is None:
        raise _unknown(incident_id)
    record = msgspec.to_builtins(found)
    for internal in ("changes", "rules", "seq", "version", "watch", "proposed_rank", "recorded_at"):
        record.pop(internal, None)
    return answer(record | {"state": found.state.value, "lead": found.lead})


@router.get("/incidents/{incident_id}/posts", openapi_extra=contract.POSTS)
async def posts(
    request: Request,
    _caller: Program,
    incident_id: str,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The posts of one incident and of what was merged into it, oldest first; each as first collected and as edited.

    A merged number has none of its own: they are counted where it went.
    """
    reader = request.app.state.house.reader
    found = await reader.incident(clean(incident_id))
    if found is None:
        raise _unknown(incident_id)
    numbers = () if found.merged_into else found.numbers
    histories = await reader.histories(await reader.posts(numbers, limit, offset)) if numbers else []
    return answer({"posts": [_history(versions) for versions in histories]})


def _history(versions: Sequence[Filed]) -> dict[str, Any]:
    first = versions[0]
    return {
        "key": first.post.key,
        "id": first.post.id,
        "source": first.post.source,
        "incident": first.incident_id,
        "edited": len(versions) - 1,
        "versions": [{"version": n, "post": f.post, "assessment": f.assessment} for n, f in enumerate(versions, 1)],
    }


@router.get("/incidents/{incident_id}/ledger", openapi_extra=contract.LEDGER)
async def ledger(request: Request, _caller: Program, incident_id: str) -> Response:
    """The ledger of one incident, in order."""
    reader = request.app.state.house.reader
    if await reader.incident(clean(incident_id)) is None:
        raise _unknown(incident_id)
    return answer({"entries": [described(entry) for entry in await reader.ledger([clean(incident_id)])]})


def _unknown(incident_id: str) -> HTTPException:
    return HTTPException(404, f"没有编号为{clean(incident_id)[:40]}的事件")


def described(entry: Entry) -> dict[str, Any]:
    """An entry as programs and drills see it."""
    return {
        "seq": entry.seq,
        "incident": entry.incident_id,
        "kind": entry.kind.value,
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "actor": entry.actor,
        "data": entry.data,
    }
