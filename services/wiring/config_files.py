"""Every configuration file and who reads it. A bad one stops the start, and not the night."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zipfile import BadZipFile

from config.reading import CONFIG_DIR, BadConfig

if TYPE_CHECKING:
    from config.roster import OfficeRoster
    from config.sources import SourcesFile

T = TypeVar("T")
LOADERS = {
    "channels.toml": "config.channels:load_retry",
    "departments.toml": "config.departments:load_departments",
    "grades.toml": "config.grades:load_grades",
    "grouping.toml": "config.grouping:load_grouping",
    "policy.toml": "config.policy:load_policy",
    "roster.toml": "services.wiring.config_files:load_roster",
    "scorecard.toml": "config.scorecard:load_scorecard",
    "signals.toml": "config.signals:load_signals",
    "sources.toml": "services.wiring.config_files:load_sources",
    "watches.toml": "config.watches:load_watches",
}
"""What people edit. A loader's module is imported when its file is read."""
JUDGING = frozenset({"grades.toml", "grouping.toml", "signals.toml"})
"""What only the roles that judge posts use, or forget them. Its many patterns take a while: the others spare it."""
JUDGES = frozenset({"assess", "track", "supervise"})
GRAVITY = "model/gravity.npz"
LEARNED = {
    GRAVITY: "services.adapters.gravity:load_gravity",
    "grouping.npz": "config.grouping:load_commonness",
    "model/learned.toml": "config.learned:load_learned",
    "model/topics.npz": "services.adapters.classifier.model:load_model",
}
"""What was learned."""


def load_roster(path: Path) -> OfficeRoster:
    """The roster, and every department it names is one. Raises BadConfig."""
    from config import departments, roster

    return roster.load_roster(path, departments.load_departments(path.with_name("departments.toml")).by_code)


def load_sources(path: Path) -> SourcesFile:
    """The sources, and what only the readers can judge: selectors, the columns of an export. Raises BadConfig."""
    from config import sources
    from services.domain.source import SourceKind

    found = sources.load_sources(path)
    for number, source in enumerate(found.sources):
        if source.board is not None:
            from services.adapters.boards import misspelt  # the parser is not loaded where no page is read

            if wrong := misspelt(source.board):
                raise BadConfig(path, f"sources[{number}].board.{wrong}", "is no CSS selector")
        if source.kind is SourceKind.HOTLINE:
            from services.adapters.hotline import Columns  # as above
            from services.usecases.collecting.contract import NotAFeed

            try:
                Columns.configured(source.options)
            except NotAFeed as error:
                raise BadConfig(path, f"sources[{number}].options.columns", str(error)) from error
    return found


def read_at_start(folder: Path, roles: Collection[str] = JUDGES) -> None:
    """Read every file that people edit or that was learned, but for those of the roles that judge where none of them is
    among `roles`. Raises BadConfig."""
    judging = not JUDGES.isdisjoint(roles)
    for path, load in (edited(folder) | (learned(folder) if judging else {})).items():
        if judging or path.name not in JUDGING:
            read(path, load)


def edited(folder: Path) -> dict[Path, Callable[[Path], Any]]:
    """The files that people edit, with their loaders."""
    from config import gazetteer, layouts

    names = layouts.layout_names(folder / "reports")
    reads: dict[Path, Callable[[Path], Any]] = {
        folder / "reports" / f"{n}.toml": lambda p: layouts.load_layout(p.stem, p.parent) for n in names
    }
    reads |= {folder / "gazetteer.toml": lambda _: gazetteer.load_gazetteer(folder)}
    return reads | {folder / name: _loader(place) for name, place in LOADERS.items()}


def learned(folder: Path) -> dict[Path, Callable[[Path], Any]]:
    """The files that were learned, with their loaders."""
    return {learned_file(folder, name): _loader(place) for name, place in LEARNED.items()}


def learned_file(folder: Path, name: str) -> Path:
    """Where the file is: in a folder of before an upgrade that does not know it yet, the one that ships."""
    return CONFIG_DIR / name if name == GRAVITY and not (folder / name).exists() else folder / name


def _loader(place: str) -> Callable[[Path], Any]:
    module, _, name = place.partition(":")
    return lambda path: getattr(import_module(module), name)(path)


def read(path: Path, load: Callable[[Path], T]) -> T:
    """What `load` makes of the file.

    Raises:
        BadConfig: naming the file, also where the loader does not.
    """
    try:
        return load(path)
    except BadConfig:
        raise
    except (ValueError, OSError, KeyError, EOFError, BadZipFile) as error:  # what was learned is no text with keys
        raise BadConfig(path, "-", " ".join(str(error).split())) from error
