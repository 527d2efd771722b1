"""`huiying train` and `huiying evaluate`: how good the machine is, and making it better from what people decided."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from config.gazetteer import districts_of
from config.learned import LEARNED, load_learned, save_learned
from config.reading import CONFIG_DIR, BadConfig
from config.settings import load_settings
from services.adapters.gravity import gravity_figures
from services.adapters.group_lines import evaluate_lines
from services.adapters.store.corrections import CorrectionStore
from services.adapters.training import SCIKIT_LEARN, are_of, load_figures, measure, rebuild, show
from services.adapters.training.gravity import rebuild_gravity
from services.cli import output
from services.domain.casualties.scoring import evaluate_casualties
from services.domain.correction import Agreement, Correction, CorrectionKind
from services.domain.lessons import Lessons
from services.domain.zone import SHANGHAI
from services.usecases.evaluating import agreement_since, for_the_owners, grave_lessons, lessons, overruled_since, uses
from services.usecases.ports import Unreadable
from services.wiring.config_files import GRAVITY, learned_file
from services.wiring.machine import make_file_grouper
from services.wiring.teaching import learned_from

EXAMPLES = "examples.txt"
EVER = datetime(2000, 1, 1, tzinfo=UTC)
GRADES = "not learned: {}; below, for whoever keeps the rules, what was overruled"
TABLE = "the same text is proposed as decided; words that such texts share, too"
BECOMES = {
    CorrectionKind.EVENT_GRADE: GRADES.format(
        "the law's numbers stand; its wording teaches the suspicion, with --data"
    ),
    CorrectionKind.OPINION_GRADE: GRADES.format("the office's score card stands"),
    CorrectionKind.DEPARTMENT: TABLE,
    CorrectionKind.DISPOSITION: f"{TABLE}; an emergency with dead or above IV stays major_problem",
    CorrectionKind.TOPIC: "teaches the topic model, with --data",
    CorrectionKind.GROUP: "in force for the posts moved since the act; the likeness numbers are not learned",
}


def register(app: typer.Typer) -> None:
    app.command()(train)
    app.command()(evaluate)


def train(
    data: Annotated[Path | None, typer.Option(help="folder with raw.csv, …: rebuild the topic model")] = None,
    with_corrections: Annotated[bool, typer.Option(help="learn from what people corrected")] = False,
    out: Annotated[Path | None, typer.Option(help="topic model to write or use; the installed one unless set")] = None,
) -> None:
    """Learn from decisions, rebuild the topic model, or both: the same data and decisions give the same bytes.

    What was learned from decisions stands in learned.toml beside the model. Without --with-corrections it is removed.
    """
    config = load_settings().config_dir
    model = out or config / "model" / "topics.npz"
    table = model.with_name(LEARNED)
    decisions = output.run(_decisions()) if with_corrections else []
    if data is not None:
        _rebuild(data, config, model, decisions)
    try:
        if with_corrections:
            _learn(decisions, config, model, bool(data))
        elif table.exists():
            table.unlink()
            output.text(f"forgotten what was learned from decisions: {table} removed")
        elif data is None:
            output.text("nothing to do: nothing was learned from decisions; --data DIR or --with-corrections says what")
    except (BadConfig, OSError) as reason:
        output.fail(str(reason))


def _rebuild(data: Path, config: Path, model: Path, decisions: Sequence[Correction]) -> None:
    taught, graded = lessons(decisions), grave_lessons(decisions)
    gravity = model.with_name("gravity.npz")
    try:
        learned = rebuild(data, config / "lexicon.txt", model, taught)
        output.text(f"learned from {learned} messages and {len(taught)} decided topics; written to {model}")
        own = config / EXAMPLES
        examples = own if own.exists() else CONFIG_DIR / EXAMPLES
        found = rebuild_gravity(data, examples, gravity, graded, districts_of(config))
    except (ValueError, OSError) as reason:
        output.fail(f"--data: {reason}")
    except ModuleNotFoundError as missing:
        output.fail(_needs(missing))
    output.text(
        f"learned the wording of grave emergencies from {found.grave + found.others} examples; written to {gravity}"
    )
    output.text(f"  {found}")


def _needs(missing: ModuleNotFoundError) -> str:
    return f"--data needs {missing.name}: pip install {SCIKIT_LEARN}; --with-corrections alone does without"


async def _decisions() -> Sequence[Correction]:
    async with output.records() as house:
        return await CorrectionStore(house.database).since(EVER)


def _learn(decisions: Sequence[Correction], config: Path, model: Path, topics: bool) -> None:
    """Write the table and say of each kind of decision what became of it."""
    table = model.with_name(LEARNED)
    learned = learned_from(decisions, load_learned(table).ignored, config, model)
    save_learned(table, learned)
    output.text(f"learned {len(learned.texts)} texts and {len(learned.shared)} groups of words; written to {table}")
    for one in uses(decisions, learned, lessons(decisions) if topics else ()):
        told = f"{one.decided} decided, {one.overruled} not as proposed, {one.taught} taught"
        output.text(f"{one.kind.value}: {told} ({BECOMES[one.kind]})")
    for rule, proposed, decided, posts in for_the_owners(decisions):
        output.text(f"  {rule or '(no rule)'}: {proposed} -> {decided}: {posts}")
    _show_held_out(learned)


def _show_held_out(learned: Lessons) -> None:
    for one in learned.held_out:
        told = f"agreement on {one.texts} decided texts, each left out when its words were learned"
        worse = "" if one.after >= one.before else "; its groups of words are not used"
        output.text(f"{one.kind.value}: {told}: {one.before} before, {one.after} now, {one.worse} made wrong{worse}")


def evaluate(
    data: Annotated[Path | None, typer.Option(help="petitions: cross-validate the topic model; takes minutes")] = None,
    casualties: Annotated[Path | None, typer.Option(help="CSV with id, text, deaths, injured")] = None,
    posts: Annotated[Path | None, typer.Option(help="JSON Lines posts, with --groups: measure grouping")] = None,
    groups: Annotated[Path | None, typer.Option(help="CSV with two columns: post id, group")] = None,
    since: Annotated[datetime | None, typer.Option(help="agreement of people with the machine since this day")] = None,
    texts: Annotated[bool, typer.Option(help="with --since: also what was overruled, with rule and text")] = False,
) -> None:
    """Print how good the machine is. Without options: the figures that belong to the models installed."""
    config = load_settings().config_dir
    try:
        if not any((data, casualties, posts, since)):
            _show_installed(config / "model")
        if data is not None:
            output.text(show(measure(data, config / "lexicon.txt")))
        if casualties is not None:
            output.line({"casualties": evaluate_casualties(_rows(casualties))})
        if posts is not None:
            output.line({"grouping": _grouping(posts, groups)})
    except (OSError, ValueError, KeyError, Unreadable) as reason:
        output.fail(str(reason))
    except ModuleNotFoundError as missing:
        output.fail(_needs(missing))
    if since is not None:
        for one in output.run(_agreement(since if since.tzinfo else since.replace(tzinfo=SHANGHAI), texts)):
            output.line(one)


def _show_installed(folder: Path) -> None:
    """The figures of the topic model, where they are its own, and of what was learned beside it."""
    model, figures = folder / "topics.npz", folder / "figures.json"
    if are_of(figures, model):
        output.text(f"topic model as shipped ({model}), cross-validated; decisions are not part of it:\n")
        output.text(show(load_figures(figures)))
    else:
        output.text(f"{model} was trained here: the shipped figures are not its own; evaluate --data DIR measures it")
    gravity = learned_file(folder.parent, GRAVITY)
    output.text(f"\nsuspicion by wording ({gravity}): {gravity_figures(gravity)}")
    learned = load_learned(folder / LEARNED)
    if not learned:
        output.text("\nnothing learned from decisions is in use")
        return
    told = f"{len(learned.texts)} texts and {len(learned.shared)} groups of words"
    output.text(f"\nlearned from decisions ({folder / LEARNED}): {told}")
    _show_held_out(learned)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _grouping(posts: Path, groups: Path | None) -> dict[str, float]:
    """B³ against agreed groups."""
    if groups is None:
        raise ValueError("--posts needs --groups: which post belongs to which group")
    with groups.open(encoding="utf-8", newline="") as file:
        truth = {row[0]: row[1] for row in csv.reader(file) if len(row) >= 2}
    machine = make_file_grouper(load_settings().config_dir)
    with posts.open("rb") as lines:
        return evaluate_lines(lines, truth, machine)


async def _agreement(since: datetime, texts: bool) -> list[Agreement | Correction]:
    async with output.records() as house:
        kept = CorrectionStore(house.database)
        overruled = await overruled_since(kept, since) if texts else []
        return [*await agreement_since(kept, since), *overruled]
