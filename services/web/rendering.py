"""Pages: Jinja2 with autoescape on and undefined names refused. Times are shown in Beijing time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.adapters.accounts import IDLE
from services.domain import vocabulary
from services.domain.notice import because
from services.web.signing import MAY_ENTER, NO_BUSINESS, SEES_SOURCES, SEES_SYSTEM
from services.web.telling import (
    CAME_BY,
    CHANNELS,
    certainty,
    marked,
    origin_told,
    reason_told,
    sources,
    start_told,
    teller,
    topics_told,
)
from services.web.words import ROMAN, event_grade, local, term
from services.wiring import House

TEMPLATES = Path(__file__).parent / "templates"


class Renderer:
    """Renders one template with what every page needs."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._environment.filters |= {
            "local": local,
            "iso": lambda at: at.isoformat() if at else "",
            "department": house.people.department_name,
            "label": lambda value, kind: term(getattr(vocabulary, kind), value),
            "because": because,
            "event_grade": event_grade,
            "roman": lambda grade: ROMAN.get(grade, ""),
            "told": teller(house.people.department_name),
            "marked": marked,
            "channel": lambda name: CHANNELS.get(name, name),
            "came_by": lambda kind: CAME_BY.get(kind, kind),
            "sources": sources,
            "origin_told": origin_told,
            "reason_told": reason_told,
            "start_told": start_told,
            "topics_told": topics_told,
        }
        self._environment.globals |= {
            "vocabulary": vars(vocabulary),
            "certainty": certainty,
            "NO_BUSINESS": NO_BUSINESS,
            "MAY_ENTER": MAY_ENTER,
            "SEES_SOURCES": SEES_SOURCES,
            "SEES_SYSTEM": SEES_SYSTEM,
            "soon_minutes": round(house.policy.desk.soon.total_seconds() / 60),
            "idle_seconds": IDLE.total_seconds(),
        }

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page as an answer."""
        return HTMLResponse(self.text(template, **values), status)

    def text(self, template: str, **values: Any) -> str:
        """The page as text."""
        return self._environment.get_template(template).render(
            now=self._house.clock.now(), speed=self._house.clock.speed, **values
        )
