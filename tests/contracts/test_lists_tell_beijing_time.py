"""`huiying user list` and `deadletters list` tell when in Beijing time."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.settings import Settings
from services import topics
from services.adapters import migrating
from services.adapters.accounts import Accounts
from services.adapters.database import Database
from services.adapters.store.deadletters import DeadLetters
from services.cli import app
from services.domain.vocabulary import Role
from services.usecases.ports import Received
from services.wiring.database import database_url

EVENING = datetime(2026, 3, 1, 20, 30, 5, 123456, UTC)


async def fill(settings: Settings) -> None:
    database = Database(database_url(settings))
    await migrating.upgrade(database)
    accounts = Accounts(database)
    await accounts.add("duty1", Role.DUTY_OFFICER, "", "Long-enough-1", EVENING)
    await accounts.sign_in("duty1", "Long-enough-1", EVENING)
    letter = Received(topics.POSTS_COLLECTED, 0, 1, "m", "k", b"{")
    await DeadLetters(database).bury("assess", [(letter, "not JSON")], EVENING)
    await database.close()


def test_both_say_when_it_was_in_the_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HUIYING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUIYING_DATA_DIR", str(tmp_path))
    asyncio.run(fill(Settings(data_dir=tmp_path)))
    for command in ("user", "deadletters"):
        told = CliRunner().invoke(app, [command, "list"]).stdout
        assert "2026-03-02 04:30" in told, told
        assert "+00:00" not in told
