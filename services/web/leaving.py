"""离开本系统: between a page of the office and one that strangers wrote stands a page that says so."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from services.domain.incident import Incident
from services.web.incidents import readable
from services.web.signing import Business

router = APIRouter(include_in_schema=False)
FOLLOWED = ("http://", "https://")


@router.get("/incidents/{incident_id}/leave")
async def leave(request: Request, session: Business, incident_id: str, to: str = "") -> Response:
    """Shows an address that stands on this incident's page, and leads nowhere by itself; any other address is 404."""
    found = await readable(request, session, incident_id)
    if not to.startswith(FOLLOWED) or to not in await _addresses(request, found):
        raise HTTPException(404, "本事件中没有这个网址")
    page: Response = request.app.state.renderer.page(
        "leave.html", session=session, incident=found, address=to, host=_host(to)
    )
    page.headers["referrer-policy"] = "no-referrer"
    return page


async def _addresses(request: Request, incident: Incident) -> set[str]:
    """Of every version of its posts, and of what was published."""
    reader = request.app.state.house.reader
    histories = await reader.histories(await reader.posts(incident.numbers))
    posts = {filed.post.url for versions in histories for filed in versions}
    return posts | {publication.address for publication in incident.publications}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
