"""`huiying doctor`: plain lights, and what to do."""

from __future__ import annotations

from typing import Annotated

import typer

from config.settings import load_settings
from services.cli import output
from services.domain.checkup import Check, Light
from services.wiring import SystemClock, set_up_logs
from services.wiring.checkup import examine

LAMPS = {Light.GREEN: "●", Light.YELLOW: "▲", Light.RED: "✖"}


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="one line for each light")] = False) -> None:
    """Look over configuration, roster, database, log, clocks, sources, deliveries and disk, and say what to do.

    Nothing is changed. Exit 1 when any light is red.
    """
    settings = load_settings()
    set_up_logs(settings)
    checks = output.run(examine(settings, SystemClock()))
    if as_json:
        for check in checks:
            output.line(check)
    else:
        _show(checks)
    if any(check.light is Light.RED for check in checks):
        raise typer.Exit(1)


def _show(checks: list[Check]) -> None:
    for check in checks:
        output.text(f"{LAMPS[check.light]} {check.light.label}  {check.name}：{check.found}")
        if check.advice:
            output.text(f"         → {check.advice}")
    counted = {light: sum(check.light is light for check in checks) for light in Light}
    output.text("，".join(f"{light.label} {number}" for light, number in counted.items()))
