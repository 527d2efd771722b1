"""`huiying healthcheck ROLE`: what a container engine asks again and again, from inside the container."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import typer

from config.settings import Settings, load_settings
from services.cli import output
from services.cli.roles import NAMES

SECONDS = 4.0
STUCK_SECONDS = 30.0
_LOOP = re.compile(r'^huiying_role\{what="loop_seconds"\} (\S+)$', re.MULTILINE)
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Who listens everywhere is asked here."""


def register(app: typer.Typer) -> None:
    app.command()(healthcheck)


def healthcheck(role: Annotated[str, typer.Argument(help=f"one of: {', '.join(NAMES)}")]) -> None:
    """Ask the process of this role on this machine how it is: exit 0 when it works, 1 when it does not."""
    if role not in NAMES:
        output.fail(f"“{role}” is no role; one of: {', '.join(NAMES)}")
    settings = load_settings()
    if role != "web" and not settings.metrics_port:
        output.fail("HUIYING_METRICS_PORT is 0: the role has no address to ask")
    trouble = _web(settings) if role == "web" else _role(settings)
    if trouble:
        output.fail(f"{role}: {trouble}", code=1)


def _web(settings: Settings) -> str:
    return _asked(settings.host, settings.port, "readyz")[1]


def _role(settings: Settings) -> str:
    """What is wrong with a role that tells its figures; "" when nothing is."""
    page, trouble = _asked(settings.host, settings.metrics_port, "metrics")
    if trouble:
        return trouble
    told = _LOOP.search(page)
    since = float(told[1]) if told else STUCK_SECONDS
    return f"its loop had no turn for {since:.0f} s" if since >= STUCK_SECONDS else ""


def _asked(host: str, port: int, path: str) -> tuple[str, str]:
    """The page, or why there is none. The environment's proxies are not asked."""
    host = ANYWHERE.get(host, host)
    name = f"[{host}]" if ":" in host else host
    try:
        with build_opener(ProxyHandler({})).open(f"http://{name}:{port}/{path}", timeout=SECONDS) as answer:
            return answer.read().decode(), ""
    except HTTPError as refused:
        return "", refused.read().decode(errors="replace")
    except OSError as error:
        return "", f"no answer: {error}"
