"""docs/flow.md says what the code does."""

from __future__ import annotations

from pathlib import Path

from config.settings import Settings
from consumers.topology import PIPES
from services.cli import roles
from services.wiring import open_house
from tests.docs.tables import table_under


async def test_the_table_of_consumers_is_the_topology(tmp_path: Path) -> None:
    async with open_house(Settings(data_dir=tmp_path, log="local", database_url="")) as house:
        pipes = [(role, make(house)) for role, makes in PIPES.items() for make in makes]
    assert table_under("docs/flow.md", "## Consumers") == [[r, p.name, p.topic, p.writes] for r, p in pipes]


def test_producers_work_as_often_as_their_settings_say() -> None:
    told = {role: every for role, every, _ in table_under("docs/flow.md", "## Producers")}
    settings = {"collect": "collect_seconds", "supervise": "sweep_seconds", "relay": "relay_seconds"}
    assert told == {
        role: f"HUIYING_{name.upper()} ({Settings.model_fields[name].default:g} s)" for role, name in settings.items()
    }


def test_every_role_is_told_of() -> None:
    told = {row[0] for heading in ("## Consumers", "## Producers") for row in table_under("docs/flow.md", heading)}
    assert told == set(roles.NAMES) - {"web"}
