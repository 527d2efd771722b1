"""`huiying train` and `huiying evaluate`: how good the machine is, and making it better from what people decided."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.departments import load_departments
from config.grouping import load_grouping
from config.settings import load_settings
from services.adapters.group_lines import evaluate_lines
from services.adapters.store.corrections import CorrectionStore
from services.adapters.training import load_figures, measure, rebuild, show
from services.cli import output
from services.domain.casualties.scoring import evaluate_casualties
from services.domain.correction import Agreement, Correction, CorrectionKind
from services.domain.zone import SHANGHAI
from services.usecases.evaluating import Use, agreement_since, lessons, overruled_since, uses
from services.usecases.ports import Unreadable
from services.wiring.machine import make_fingerprints

EVER = datetime(2000, 1, 1, tzinfo=UTC)
Lessons = list[tuple[str, str]]
RULES = "counted only: these rules are written by people; see `huiying evaluate --since DAY --texts`"
BECOMES = {
    CorrectionKind.EVENT_GRADE: RULES,
    CorrectionKind.OPINION_GRADE: RULES,
    CorrectionKind.DISPOSITION: RULES,
    CorrectionKind.DEPARTMENT: "a department that stands for one topic teaches it; the others are counted only",
    CorrectionKind.TOPIC: "teaches the topic model",
    CorrectionKind.GROUP: "in force for the posts moved since the act; the likeness numbers are not learned",
}


def register(app: typer.Typer) -> None:
    app.command()(train)
    app.command()(evaluate)


def train(
    data: Annotated[Path, typer.Option(help="folder with raw.csv, segmented.csv, …: text and label a row")],
    with_corrections: Annotated[bool, typer.Option(help="learn from what people corrected, too")] = False,
    out: Annotated[Path | None, typer.Option(help="where to write; the installed model unless set")] = None,
) -> None:
    """Rebuild the topic model: the same data and corrections give the same bytes."""
    config = load_settings().config_dir
    target = out or config / "model" / "topics.npz"
    taught, used = output.run(_lessons()) if with_corrections else ([], [])
    try:
        learned = rebuild(data, config / "lexicon.txt", target, taught)
    except (ValueError, OSError) as reason:
        output.fail(f"--data: {reason}")
    except ModuleNotFoundError as missing:
        output.fail(f"training needs {missing.name}: pip install scikit-learn")
    output.text(f"learned from {learned} messages and {len(taught)} corrections; written to {target}")
    for one in used:
        told = f"{one.decided} decided, {one.overruled} not as proposed, {one.taught} taught"
        output.text(f"{one.kind.value}: {told} ({BECOMES[one.kind]})")


async def _lessons() -> tuple[Lessons, list[Use]]:
    async with output.records() as house:
        topics = load_departments(house.settings.config_dir / "departments.toml").main_topics()
        decisions = await CorrectionStore(house.database).since(EVER)
        return lessons(decisions, topics), uses(decisions, topics)


def evaluate(
    data: Annotated[Path | None, typer.Option(help="petitions: cross-validate the topic model; takes minutes")] = None,
    casualties: Annotated[Path | None, typer.Option(help="CSV with id, text, deaths, injured")] = None,
    posts: Annotated[Path | None, typer.Option(help="JSON Lines posts, with --groups: measure grouping")] = None,
    groups: Annotated[Path | None, typer.Option(help="CSV with two columns: post id, group")] = None,
    since: Annotated[datetime | None, typer.Option(help="agreement of people with the machine since this day")] = None,
    texts: Annotated[bool, typer.Option(help="with --since: also what was overruled, with rule and text")] = False,
) -> None:
    """Print how good the machine is. Without options: the figures the shipped topic model was measured with."""
    config = load_settings().config_dir
    try:
        if not any((data, casualties, posts, since)):
            output.text(show(load_figures(config / "model" / "figures.json")))
        if data is not None:
            output.text(show(measure(data, config / "lexicon.txt")))
        if casualties is not None:
            output.line({"casualties": evaluate_casualties(_rows(casualties))})
        if posts is not None:
            output.line({"grouping": _grouping(posts, groups)})
    except (OSError, ValueError, KeyError, Unreadable) as reason:
        output.fail(str(reason))
    if since is not None:
        for one in output.run(_agreement(since if since.tzinfo else since.replace(tzinfo=SHANGHAI), texts)):
            output.line(one)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _grouping(posts: Path, groups: Path | None) -> dict[str, float]:
    """B³ against agreed groups."""
    if groups is None:
        raise ValueError("--posts needs --groups: which post belongs to which group")
    with groups.open(encoding="utf-8", newline="") as file:
        truth = {row[0]: row[1] for row in csv.reader(file) if len(row) >= 2}
    config = load_settings().config_dir
    policy = load_grouping(config / "grouping.toml")
    with posts.open("rb") as lines:
        return evaluate_lines(lines, truth, make_fingerprints(config), policy)


async def _agreement(since: datetime, texts: bool) -> list[Agreement | Correction]:
    async with output.records() as house:
        kept = CorrectionStore(house.database)
        overruled = await overruled_since(kept, since) if texts else []
        return [*await agreement_since(kept, since), *overruled]
