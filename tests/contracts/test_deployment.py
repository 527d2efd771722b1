"""The production form names only what exists: roles, commands, settings, files; and it is safe by its own rules."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from typer.testing import CliRunner

from config.place import PREFIX
from config.settings import Settings
from services.cli import app, roles
from services.usecases.ports import NotNow
from services.wiring.config_files import edited, learned, read

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("huiying")}
BROKERS = {name: service for name, service in SERVICES.items() if service["image"].startswith("apache/kafka")}


def test_every_role_runs_and_no_other() -> None:
    running = [service["command"][1] for service in OURS.values() if service["command"][0] == "run"]
    assert sorted(running) == sorted(roles.NAMES)


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_the_program_knows(name: str) -> None:
    command = [part for part in OURS[name]["command"] if part not in roles.NAMES]
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0, result.output


def waited_for(name: str) -> set[str]:
    """The servers that are healthy before `name` starts; what completed before it waited for its own."""
    healthy: set[str] = set()
    for other, one in SERVICES[name].get("depends_on", {}).items():
        if one["condition"] == "service_healthy":
            healthy.add(other)
        elif one["condition"] == "service_completed_successfully":
            healthy |= waited_for(other)
    return healthy


@pytest.mark.parametrize("name", OURS)
def test_whatever_a_command_opens_is_healthy_before_it_starts(name: str) -> None:
    """Every command opens the database and the log; one that ends with an error holds up all that wait for it."""
    settings = OURS[name]["environment"]
    brokers = {address.partition(":")[0] for address in settings["HUIYING_KAFKA_BOOTSTRAP"].split(",")}
    database = urlsplit(settings["HUIYING_DATABASE_URL"]).hostname
    assert settings["HUIYING_LOG"] == "kafka"
    assert brokers == set(BROKERS)
    assert waited_for(name) == brokers | {database}


def test_every_role_starts_after_the_tables_are_upgraded() -> None:
    for name in set(OURS) - {"upgrade"}:
        assert OURS[name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


def test_the_upgrade_opens_the_log_too(tmp_path: Path, free_port: int) -> None:
    """So it has to wait for the brokers: without one it fails."""
    environment = {"HUIYING_DATA_DIR": str(tmp_path), "HUIYING_LOG": "kafka", "HUIYING_DATABASE_URL": ""}
    environment["HUIYING_KAFKA_BOOTSTRAP"] = f"127.0.0.1:{free_port}"
    result = CliRunner().invoke(app, ["db", "upgrade"], env=environment)
    assert isinstance(result.exception, NotNow), result.output
    assert str(result.exception).startswith("kafka: ")


def test_the_database_is_healthy_only_when_it_answers_over_the_network() -> None:
    """While the image makes the database, a server for itself answers on the socket, and is stopped again."""
    test = SERVICES["postgres"]["healthcheck"]["test"]
    assert test[test.index("-h") + 1] == "127.0.0.1"


def test_compose_itself_takes_the_file() -> None:
    if subprocess.run(["sh", "-c", "docker compose version"], capture_output=True, check=False).returncode:
        pytest.skip("missing: a docker client with the compose plugin; docker compose config was NOT run")
    command = ["docker", "compose", "-f", str(ROOT / "docker-compose.yml"), "config", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


def test_every_setting_is_one_that_the_program_knows() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    dockerfile = set(re.findall(r"\b(HUIYING_\w+)=", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
    given = {name for service in OURS.values() for name in service["environment"]}
    assert given | dockerfile <= known


def test_secrets_come_from_files_that_are_declared() -> None:
    for service in [*OURS.values(), SERVICES["postgres"]]:
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "SECRET" in name:
                assert name.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert {name for service in SERVICES.values() for name in service.get("secrets", [])} == set(COMPOSE["secrets"])


def test_three_brokers_keep_every_message_twice_at_least() -> None:
    assert len(BROKERS) == 3
    for service in BROKERS.values():
        settings = service["environment"]
        assert settings["KAFKA_DEFAULT_REPLICATION_FACTOR"] == settings["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"] == "3"
        assert settings["KAFKA_MIN_INSYNC_REPLICAS"] == "2"
        assert settings["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
        assert "-Xmx512m" in settings["KAFKA_HEAP_OPTS"]


def test_brokers_have_numbers_and_addresses_of_their_own() -> None:
    voters = {
        name: f"{service['environment']['KAFKA_NODE_ID']}@{name}:9093" for name, service in sorted(BROKERS.items())
    }
    for name, service in BROKERS.items():
        assert service["environment"]["KAFKA_CONTROLLER_QUORUM_VOTERS"] == ",".join(voters.values())
        assert service["environment"]["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://{name}:9092"


def test_every_role_reads_its_configuration_from_a_folder_of_the_office() -> None:
    for service in OURS.values():
        [mounted] = [volume for volume in service["volumes"] if isinstance(volume, dict)]
        assert mounted["target"] == service["environment"]["HUIYING_CONFIG_DIR"]
        assert (mounted["source"], mounted["read_only"]) == ("./office", True)
        assert mounted["bind"] == {"create_host_path": False}


def test_the_folder_is_filled_by_a_command_that_the_program_knows(tmp_path: Path) -> None:
    told = (ROOT / "docker-compose.yml").read_text(encoding="utf-8") + OPERATIONS
    commands = re.findall(r"huiying:0\.1\.0 (config copy) /office", told)
    assert len(commands) == 2
    assert CliRunner().invoke(app, ["config", "copy", str(tmp_path)]).exit_code == 0
    for path, load in (edited(tmp_path) | learned(tmp_path)).items():
        read(path, load)


def test_what_keeps_data_keeps_it_on_a_declared_volume() -> None:
    named = [v for service in SERVICES.values() for v in service.get("volumes", []) if isinstance(v, str)]
    used = {volume.split(":")[0] for volume in named}
    assert used == set(COMPOSE["volumes"])
    assert all(service.get("volumes") for service in SERVICES.values())


def test_servers_say_when_they_are_ready() -> None:
    for name in [*BROKERS, "postgres"]:
        assert SERVICES[name]["healthcheck"]["test"]
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_is_built_from_what_is_there_and_does_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        part for line in lines if line.startswith("COPY ") and "--from" not in line for part in line.split()[1:-1]
    ]
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in allowed
    assert "USER huiying" in lines


def test_the_lock_has_a_hash_for_every_package_and_no_address() -> None:
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        for pinned in re.split(r"\n(?=\S)", text.strip()):
            assert re.match(r"[\w.-]+==", pinned), pinned
            assert "--hash=sha256:" in pinned
