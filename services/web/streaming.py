"""/live: changes as server-sent events, for whoever left a page open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Message, Send

from services.adapters.accounts import Session
from services.domain.vocabulary import Role
from services.web import signing
from services.web.signing import Waiting

router = APIRouter(include_in_schema=False)
log = structlog.get_logger(__name__)
SEND_SECONDS = 20.0
CHECK_SECONDS = 1.0
MAX_POSITION = 2**63 - 1


@router.get("/live")
async def changes(
    request: Request, session: Waiting, after: Annotated[int | None, Query(ge=0, le=MAX_POSITION)] = None
) -> Response:
    """Changes from `Last-Event-ID` on; a heartbeat carries the server's time. Ends with the session.

    A page that has been idle too long is told that something changed, and nothing of it: the alarm goes on.
    """
    last = request.headers.get("last-event-id", "")
    start = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else after
    events = _events(request, session, start)
    return EventStream(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _events(request: Request, session: Session, after: int | None) -> AsyncIterator[bytes]:
    clock = request.app.state.house.clock
    department = session.account.department if session.account.role is Role.DEPARTMENT else None
    checked = time.monotonic()
    yield _time(clock.now().timestamp())
    async for change in request.app.state.live.stream(after):
        if time.monotonic() - checked > CHECK_SECONDS:
            session = await signing.present(request, by_hand=False)
            checked = time.monotonic()
        if change is None:
            yield _time(clock.now().timestamp())
        elif department is None or department in change.departments:
            yield b"id: %d\nevent: stir\ndata: -\n\n" % change.position if session.idle else change.event


def _time(seconds: float) -> bytes:
    return b"event: time\ndata: %.3f\n\n" % seconds


class EventStream(StreamingResponse):
    """A stream whose reader must keep reading: one that takes nothing for a while is let go."""

    async def stream_response(self, send: Send) -> None:
        async def promptly(message: Message) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        try:
            await super().stream_response(promptly)
        except TimeoutError:
            log.warning("a page that did not read its changes was cut off")
        except signing.SignInFirst:
            await promptly({"type": "http.response.body", "body": b"", "more_body": False})
