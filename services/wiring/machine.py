"""The machine's judgement, assembled from `config/`: assessor and grouper share one gazetteer."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from config.departments import load_departments
from config.gazetteer import load_gazetteer
from config.grades import as_shipped, load_grades
from config.learned import LEARNED, load_learned
from config.scorecard import load_scorecard
from config.signals import load_signals
from config.watches import load_watches
from services.adapters.assessor import MachineAssessor, Rules
from services.adapters.automaton import leftmost_longest
from services.adapters.classifier import load_model
from services.adapters.gravity import load_gravity
from services.adapters.segmenter import Segmenter
from services.domain.lessons import Lessons
from services.domain.regions import Gazetteer
from services.domain.severity import Grader
from services.wiring.config_files import GRAVITY, learned_file, read

if TYPE_CHECKING:
    from services.adapters.fingerprints import Fingerprints
    from services.adapters.group_lines import Machine
    from services.adapters.grouper import MatterGrouper
    from services.domain.grouping import GroupingPolicy


@lru_cache(maxsize=2)
def make_assessor(config_dir: Path) -> MachineAssessor:
    """Raises BadConfig for any of the files it reads."""
    return assessor_with(config_dir, config_dir / "model" / "topics.npz", load_learned(config_dir / "model" / LEARNED))


def assessor_with(config_dir: Path, model: Path, lessons: Lessons) -> MachineAssessor:
    """The assessor with the topic model at `model` and what was learned from decisions. Raises BadConfig."""
    grades = config_dir / "grades.toml"
    rules = Rules(
        directory=load_departments(config_dir / "departments.toml"),
        cues=load_signals(config_dir / "signals.toml"),
        scorecard=load_scorecard(config_dir / "scorecard.toml"),
        watches=load_watches(config_dir / "watches.toml"),
        gazetteer=make_gazetteer(config_dir),
        grader=Grader(load_grades(grades, tried=not as_shipped(grades))),
        lessons=lessons,
    )
    topics = read(model, load_model)
    gravity = read(learned_file(config_dir, GRAVITY), load_gravity)
    return MachineAssessor(rules, topics, Segmenter(config_dir / "lexicon.txt"), gravity)


@lru_cache(maxsize=2)
def make_grouper(config_dir: Path) -> MatterGrouper:
    """Raises BadConfig for any of the files it reads."""
    from services.adapters.grouper import MatterGrouper  # brings the database, which `huiying assess` never opens
    from services.adapters.store import grouping

    policy = _grouping_policy(config_dir)
    return MatterGrouper(make_fingerprints(config_dir), policy, grouping)


def make_file_grouper(config_dir: Path) -> Machine:
    """What `huiying group` and `evaluate` group files with: the very judgement of the service."""
    from services.adapters.group_lines import Machine

    policy = _grouping_policy(config_dir)
    return Machine(make_assessor(config_dir), make_fingerprints(config_dir), policy)


def make_fingerprints(config_dir: Path) -> Fingerprints:
    """What grouping needs to know of a post."""
    from config.grouping import load_commonness
    from services.adapters.fingerprints import Fingerprints  # its table of letters takes a moment

    policy = _grouping_policy(config_dir)
    return Fingerprints(make_gazetteer(config_dir), policy, read(config_dir / "grouping.npz", load_commonness))


def _grouping_policy(config_dir: Path) -> GroupingPolicy:
    from config.grouping import load_grouping  # grouping's expressions, which assessing never asks

    return load_grouping(config_dir / "grouping.toml")


@lru_cache(maxsize=2)
def make_gazetteer(config_dir: Path) -> Gazetteer:
    """One automaton over every place name; building it takes a moment, so it is shared."""
    names, rules = load_gazetteer(config_dir)
    return Gazetteer(names, rules, leftmost_longest)
