"""docs/operations.md: settings, roles, acts, headers, figures and the drill in it are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.place import PREFIX
from config.reading import CONFIG_DIR
from config.settings import Settings
from services.adapters.channels import webhook
from services.cli.drill.runner import run
from services.cli.drill.scenario import load_scenario
from services.domain.incident import ACTS, MAY
from services.domain.vocabulary import EntryKind, Role
from services.usecases.handling import TAKES
from services.web import operations
from tests.docs.tables import ROOT, table_under

PAGE = "docs/operations.md"
WORDS = {"": "empty", "None": "none", "()": "none", "False": "false", "True": "true"}
AS_TOLD = {
    "data_dir": "~/.local/share/huiying",
    "config_dir": "the installed config/",
    "trusted_proxies": '["127.0.0.1"]',
}


def default_of(name: str) -> str:
    value = str(Settings.model_fields[name].default)
    return AS_TOLD.get(name) or WORDS.get(value, value)


def test_every_setting_is_told_with_its_default() -> None:
    told = [row[:2] for row in table_under(PAGE, "## Settings")]
    assert told == [[PREFIX + name.upper(), default_of(name)] for name in Settings.model_fields]


def roles_told() -> dict[str, str]:
    rows = table_under(PAGE, "## Accounts and roles")
    return {role: row[1] for row in rows for role in row[0].split(", ")}


def test_every_role_is_told() -> None:
    assert set(roles_told()) == {role.value for role in Role}


@pytest.mark.parametrize("role", ["duty_officer", "leader_in_charge", "department", "open_government"])
def test_what_a_role_may_do_is_told(role: str) -> None:
    told = set(roles_told()[role].split(" – ")[0].split(", "))
    assert told == {act for act, may in MAY.items() if Role(role) in may}


def test_roles_told_to_be_the_same_are_the_same() -> None:
    def acts(role: Role) -> set[str]:
        return {act for act, may in MAY.items() if role in may}

    assert acts(Role.DUTY_OFFICER) == acts(Role.DUTY_LEADER) == acts(Role.PRESS_OFFICE)
    assert acts(Role.LEADER_IN_CHARGE) == acts(Role.PRINCIPAL_LEADER)
    assert not any(acts(role) for role in (Role.VIEWER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR))


def test_every_act_is_told_with_the_keys_that_its_code_reads() -> None:
    """Keys stand at the front of a row, separated by commas; another name of a key stands behind it: (or address)."""
    rows = dict(table_under(PAGE, "## Drills"))
    assert set(rows) == set(ACTS)
    for act, keys in rows.items():
        keys = re.sub(r"\{.*?\}", "", keys.partition("; one of")[0])
        others = re.findall(r"\bor ([a-z_]+(?:, (?!or\b)[a-z_]+)*)", " ".join(re.findall(r"\((.*?)\)", keys)))
        told = set(re.findall(r"(?:^|, )([a-z_]+)", re.sub(r"\(.*?\)", "", keys)))
        told |= {name for some in others for name in some.split(", ")}
        assert told == set(TAKES[act]), act


def test_every_configuration_file_is_told() -> None:
    told = {name for row in table_under(PAGE, "## Configuration files") for name in row[0].split(", ")}
    there = {path.name for path in CONFIG_DIR.iterdir() if path.suffix in (".toml", ".txt")} | {"reports/"}
    assert told == there


def test_the_headers_of_a_webhook_are_told() -> None:
    source = Path(webhook.__file__).read_text(encoding="utf-8")
    told = {row[0] for row in table_under(PAGE, "## Notices")}
    assert told == set(re.findall(r'"(X-Huiying-[A-Za-z]+)"', source))


def test_every_figure_is_told() -> None:
    source = Path(operations.__file__).read_text(encoding="utf-8")
    told = {row[0].partition("{")[0] for row in table_under(PAGE, "## Health and figures")}
    assert told == set(re.findall(r'"(huiying_[a-z_]+)"', source))


async def test_the_drill_in_the_page_runs_to_its_end(tmp_path: Path) -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    (scenario,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "drill.yaml").write_text(scenario, encoding="utf-8")
    lines = [line async for line in run(load_scenario(tmp_path / "drill.yaml"), CONFIG_DIR)]
    assert not [line for line in lines if "refused" in line]
    kinds = {line["kind"] for line in lines}
    assert {EntryKind.DUTY_MET, EntryKind.DUTY_MISSED, EntryKind.EVALUATION_RECORDED} <= kinds


def test_links_between_the_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
