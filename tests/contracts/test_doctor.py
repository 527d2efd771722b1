"""`huiying doctor` on real installations: fresh, working, standing still, broken."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import config
from config.reading import CONFIG_DIR
from config.settings import Settings
from services.adapters import migrating
from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.adapters.store.vitals import Vitals
from services.cli import app
from services.domain.checkup import Light
from services.wiring import SteppedClock, checkup, config_files
from services.wiring.checkup import examine
from services.wiring.database import database_url
from tests.domain.incident.cast import START, reported


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shutil.copytree(CONFIG_DIR, tmp_path / "config", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return Settings(data_dir=tmp_path / "data", config_dir=tmp_path / "config")


async def with_tables(settings: Settings) -> Database:
    settings.data_dir.mkdir(exist_ok=True)
    database = Database(database_url(settings))
    await migrating.upgrade(database)
    return database


async def lights(settings: Settings, at: datetime = START) -> dict[str, Light]:
    return {check.name: check.light for check in await examine(settings, SteppedClock(at))}


async def test_an_installation_before_its_first_start_has_no_red_light_and_stays_untouched(settings: Settings) -> None:
    found = await lights(settings)
    assert (found["数据库"], Light.RED in found.values()) == (Light.YELLOW, False)
    assert not settings.data_dir.exists()


async def test_a_working_installation_is_green_where_it_matters(settings: Settings) -> None:
    await (await with_tables(settings)).close()
    found = await lights(settings)
    for name in ("配置文件", "值班表", "数据库", "消息日志", "时钟", "台账转发", "时限检查", "死信", "运行环境"):
        assert found[name] is Light.GREEN, name


async def test_when_nothing_runs_the_relay_and_the_sweep_stand_still(settings: Settings) -> None:
    database = await with_tables(settings)
    async with IncidentStore(database).unit() as unit:
        await unit.save([reported().incident])
    await database.close()
    found = await lights(settings, START + timedelta(hours=1))
    assert (found["台账转发"], found["时限检查"]) == (Light.RED, Light.RED)


async def test_a_table_of_another_version_is_red(settings: Settings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "huiying.sqlite").touch()
    assert (await lights(settings))["数据库"] is Light.RED


async def test_a_damaged_database_file_is_red_and_no_traceback(settings: Settings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "huiying.sqlite").write_bytes(b"this is no database " * 300)
    assert (await lights(settings))["数据库"] is Light.RED


async def test_every_broken_file_is_named(settings: Settings) -> None:
    for name in ("policy.toml", "grouping.npz", "reports/2019.toml", "model/topics.npz"):
        (settings.config_dir / name).write_bytes(b"broken =")
    found = [check.found for check in await examine(settings, SteppedClock(START)) if check.light is Light.RED]
    assert len(found) == 4
    for name in ("policy.toml", "grouping.npz", "2019.toml", "topics.npz"):
        assert any(name in one for one in found), name


async def test_a_password_others_can_read_is_red_but_not_where_a_container_has_it_to_itself(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "smtp"
    file.touch()
    given = settings.model_copy(update={"smtp_password_file": file})
    for mode, light in ((0o600, Light.GREEN), (0o644, Light.RED)):
        file.chmod(mode)
        assert (await lights(given))["密钥文件"] is light
    monkeypatch.setattr("services.wiring.checkup.MOUNTED", tmp_path)
    assert (await lights(given))["密钥文件"] is Light.GREEN


@pytest.mark.real
async def test_on_postgresql_its_clock_is_compared_and_a_missing_database_is_red(
    settings: Settings, postgres_url: str
) -> None:
    there = settings.model_copy(update={"database_url": postgres_url})
    database = await with_tables(there)
    clock = await Vitals(database).clock()
    await database.close()
    assert clock is not None
    assert (await lights(there, datetime.now(UTC)))["时钟"] is Light.GREEN
    assert (await lights(there, START))["时钟"] is Light.RED
    gone = settings.model_copy(update={"database_url": postgres_url + "_gone"})
    assert (await lights(gone))["数据库"] is Light.RED


async def test_a_kafka_that_does_not_answer_is_red(
    settings: Settings, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "KAFKA_SECONDS", 0.5)
    await (await with_tables(settings)).close()
    lost = settings.model_copy(update={"log": "kafka", "kafka_bootstrap": f"127.0.0.1:{free_port}"})
    assert (await lights(lost))["消息日志"] is Light.RED


def test_every_loader_of_the_configuration_is_asked() -> None:
    places = (config_files.LOADERS | config_files.LEARNED).values()
    asked = {place.partition(":")[2] for place in places} | {"load_gazetteer", "load_layout", "load_settings"}
    loaders = {
        name
        for module in pkgutil.iter_modules(config.__path__)
        for name, one in inspect.getmembers(importlib.import_module(f"config.{module.name}"), inspect.isfunction)
        if name.startswith("load_")
    }
    assert loaders <= asked, "services/wiring/config_files.py must learn of it"


def test_exit_code_and_json_lines_are_for_scripts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HUIYING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUIYING_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HUIYING_CONFIG_DIR", str(settings.config_dir))
    fine = CliRunner().invoke(app, ["doctor", "--json"])
    assert fine.exit_code == 0
    assert {"name", "light", "found", "advice"} == json.loads(fine.stdout.splitlines()[0]).keys()
    (settings.config_dir / "policy.toml").write_text("broken =")
    red = CliRunner().invoke(app, ["doctor"])
    assert red.exit_code == 1
    assert "✖ 故障  配置文件" in red.stdout
