"""`huiying up` and `huiying run ROLE`: the service itself."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import structlog
import typer

from config.roster import check_secrets, load_roster, unsent
from config.settings import Settings, load_settings
from services.adapters.accounts import Accounts
from services.adapters.slot import slot
from services.cli import known_in, output, roles, told
from services.usecases.ports import NotNow
from services.wiring import leave_at_last, open_house, set_up_logs, stop_on_signals, until_stopped
from services.wiring.config_files import read_at_start
from services.wiring.metrics import beating, served

log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    app.command()(up)
    app.command("run")(run_role)


def up(
    data_dir: Annotated[
        Path | None, typer.Option(help="where everything is kept; ~/.local/share/huiying unless set")
    ] = None,
    host: Annotated[str | None, typer.Option(help="address to listen on; 127.0.0.1 unless set")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on; 8600 unless set")] = None,
) -> None:
    """Start everything in one process, on an embedded database and log. Ctrl-C stops it."""
    given = {"data_dir": data_dir, "host": host, "port": port}
    asyncio.run(_up({name: value for name, value in given.items() if value is not None}))


async def _up(given: dict[str, object]) -> None:
    settings = load_settings(**given)
    set_up_logs(settings)
    stop = stop_on_signals()
    _say(f"回应 huiying · data in {settings.data_dir} · opening …")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    read_at_start(settings.config_dir)
    check_roster(settings)
    with slot(settings.data_dir, "up") as number:
        if number > 1:
            raise NotNow(f"huiying up runs on {settings.data_dir} already; stop it, or choose another --data-dir")
        await until_stopped(_serve(settings, stop), stop)
    _say("stopped: everything that was under way is stored")


async def _serve(settings: Settings, stop: asyncio.Event) -> None:
    async with open_house(settings) as house:
        known = bool(await Accounts(house.database).all())
        await roles.run_all(house, stop, lambda address: _say(welcome(address, known)), _give_up)


def check_roster(settings: Settings) -> None:
    """Who sends must have the keys; what cannot be sent is told before anybody relies on it."""
    path = settings.config_dir / "roster.toml"
    check_secrets(path)
    if names := unsent(load_roster(path), bool(settings.smtp_host)):
        _say(f"未设置 HUIYING_SMTP_HOST，不会发送邮件，但 roster.toml 中有以下人员的邮箱：{'、'.join(names)}")


def _give_up(trouble: Exception) -> None:
    """The error ends the process in good order; where something hangs, without it, but never without the reason."""
    leave_at_last(*told(known_in(trouble) or trouble))


def welcome(address: str, known: bool) -> str:
    """Whoever has accounts needs no advice how to make the first one."""
    first = "" if known else "first account: huiying user add NAME --role duty_officer; "
    return f"{typer.style('ready', fg='green', bold=True)}: {address}  ({first}Ctrl-C stops)"


def _say(line: str) -> None:
    """For who started it; colours only where there is a screen."""
    typer.echo(line, err=True)


def run_role(
    role: Annotated[str, typer.Argument(help=f"one of: {', '.join(roles.NAMES)}")],
    allow_unsafe_kafka: Annotated[bool, typer.Option(help="accept fewer than 3 replicas: for a trial only")] = False,
) -> None:
    """Run one role in this process, against the configured database and log (production)."""
    if role not in roles.NAMES:
        output.fail(f"“{role}” is no role; one of: {', '.join(roles.NAMES)}")
    asyncio.run(_run_role(role, {"allow_unsafe_kafka": True} if allow_unsafe_kafka else {}))


async def _run_role(role: str, given: dict[str, object]) -> None:
    settings = load_settings(**given)
    set_up_logs(settings)
    stop = stop_on_signals()
    read_at_start(settings.config_dir, {role})
    if role == "notify":
        check_roster(settings)
    await until_stopped(_work(role, settings, stop), stop)
    log.info("stopped", role=role)


async def _work(role: str, settings: Settings, stop: asyncio.Event) -> None:
    async with open_house(settings) as house:
        log.info("started", role=role, log=settings.log)
        with served(settings):
            async with beating():
                await roles.ROLES[role](house, stop)
