"""What a user can put right is one line on stderr and exit code 2, never a traceback."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.reading import BadConfig
from services import cli
from services.cli.drill.scenario import BadScenario, load_scenario
from services.domain.incident import Refused
from services.domain.vocabulary import Role
from services.usecases.handling import performing
from services.usecases.ports import NotNow
from tests.domain.incident.cast import PRESS, RULES, START, Moment, Names, office, post, says

HEAD = "start: 2017-10-01T22:00:00+08:00\n"
ACTING = "steps:\n - {{at: 0m, post: {{id: p1, text: x}}}}\n - {{at: 1m, act: acknowledge, by: {by}, on: p1}}\n"
ACT = "steps:\n - {at: 0m, post: {id: p1, text: x}}\n - {at: 1m, act: acknowledge, by: a, on: p1}\n"


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception) -> list[str]:
    def failing() -> None:
        raise error

    monkeypatch.setattr(cli, "app", failing)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    "error", [BadConfig(Path("a.toml"), "b", "unknown"), NotNow("port taken"), PermissionError(13, "no", "/data")]
)
def test_also_what_a_role_among_others_stumbles_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    group = ExceptionGroup("roles", [ExceptionGroup("one of them", [error])])
    assert told(monkeypatch, capsys, group) == told(monkeypatch, capsys, error) == [f"huiying: {error}"]


def test_what_is_our_own_fault_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExceptionGroup):
        told(monkeypatch, None, ExceptionGroup("roles", [ZeroDivisionError()]))  # type: ignore[arg-type]  # not reached


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}until: 9999999d\nsteps: []\n",
        f"{HEAD}steps:\n - {{at: 999999999d, post: {{id: p1, text: x}}}}\n",
        f"{HEAD}users: {{a: {{role: bogus}}}}\n{ACT}",
        f"{HEAD}users: [a]\n{ACT}",
        "start: 0001-01-01T00:00:00\nsteps: []\n",
        "start: 9999-12-31T23:59:59-08:00\nsteps: []\n",
        "start: 2026-13-45T00:00:00\nsteps: []\n",
        f"{HEAD}steps:\n - {{at: 9999-12-31T00:00:00Z, post: {{id: p1, text: x}}}}\n",
        f"{HEAD}steps: {'[' * 5000}\n",
        f"{HEAD}users: {{a: duty_officer}}\n{ACT}",
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadScenario):
        load_scenario(file)


def test_a_transfer_that_is_no_record_is_refused() -> None:
    matter = office.report(post(), says(), RULES, Moment(START, Names()))
    with pytest.raises(Refused, match="移交"):
        performing._resolve(matter, {"disposition": "虚假和不实信息", "transfer": 5}, Moment(START, Names(), PRESS))


@pytest.mark.parametrize(
    ("by", "role", "department"),
    [
        ("duty_officer", Role.DUTY_OFFICER, ""),
        ("GRB", Role.DEPARTMENT, "GRB"),
        ("grb", Role.DEPARTMENT, "GRB"),
        ("duty1", Role.DUTY_OFFICER, ""),
        ("leader1", Role.DUTY_LEADER, ""),
    ],
)
def test_a_drill_knows_roles_departments_and_the_people_of_the_roster(
    tmp_path: Path, by: str, role: Role, department: str
) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(HEAD + ACTING.format(by=by), encoding="utf-8")
    actor = load_scenario(file).steps[1].actor
    assert (actor.name, actor.role, actor.department) == (by, role, department)


@pytest.mark.parametrize("by", ["duty_oficer", "GBR", "somebody"])
def test_whom_a_drill_does_not_know_is_refused_and_is_no_department(tmp_path: Path, by: str) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(HEAD + ACTING.format(by=by), encoding="utf-8")
    with pytest.raises(BadScenario, match=f"step 2: by: “{by}” is no role") as refused:
        load_scenario(file)
    assert ("duty_officer" in str(refused.value)) is (by == "duty_oficer")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("report annual --year 1999 --layout 2014 --unit 230100", "--year"),
        ("report annual", "--year"),
        ("nonsense", "nonsense"),
        ("up --port x", "--port"),
        ("up --bogus", "--bogus"),
        ("user token ''", "程序名"),
        ("user token 'a b'", "程序名"),
    ],
)
def test_a_bad_option_is_one_line_too(line: str, word: str) -> None:
    done = CliRunner().invoke(cli.app, shlex.split(line))
    assert (done.exit_code, done.stderr.count("\n"), done.stdout) == (2, 1, "")
    assert done.stderr.startswith("huiying: ")
    assert word in done.stderr


def test_who_gives_nothing_is_shown_the_help() -> None:
    assert "Commands" in CliRunner().invoke(cli.app, []).output
