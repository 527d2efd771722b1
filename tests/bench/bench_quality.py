"""How right the machine is: topic, casualties, event grade, regions and grouping, each figure beside its goal.

What needs real messages is measured where their folder is: `HUIYING_BENCH_DATA`, else `../shared/data` beside the
repository; a loud line says what was not measured. The figures of `huiying evaluate` come from the same functions.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import config
from services.adapters.group_lines import evaluate_lines
from services.adapters.training import measure
from services.domain.casualties.scoring import evaluate_casualties
from services.wiring.machine import make_file_grouper
from tests.bench.table import Row, share
from tests.domain.casualty_sentences import SENTENCES
from tests.domain.severity_cases import TEXTS
from tests.domain.test_casualties_from_sentences import expected_of
from tests.domain.test_grouping_reprints import grouped_with_reprints
from tests.domain.test_regions_sentences import read_cases, tally
from tests.domain.test_severity_grades import NUMBERED, grade_of, shown

REPOSITORY = Path(__file__).parents[2]
CONFIG = Path(config.__file__).parent
SHORTEST, FEWEST = 60, 3
"""Letters and sentences an article must have, so that a cut leaves something of it."""
WRONGLY = 0.005


async def run() -> list[Row]:
    rows = [_grades(), _regions(), *_casualties("own sentences", _stated())]
    folder = Path(os.environ.get("HUIYING_BENCH_DATA") or REPOSITORY.parent / "shared" / "data")
    missing = []
    for name, part in PARTS.items():
        print(f"    {name}", flush=True)
        try:
            rows += part(folder)
        except FileNotFoundError:
            missing.append(name)
    if missing:
        print(f"!!! NOT measured: {', '.join(missing)}: not in {folder} (HUIYING_BENCH_DATA=FOLDER)", file=sys.stderr)
    return rows


def _grades() -> Row:
    cases = [(text, grade) for _, text, grade in NUMBERED] + list(TEXTS)
    right = sum(shown(grade_of(text)) == grade for text, grade in cases)
    return share("event grade, cases right", right / len(cases), f"{len(cases)} cases", 1.0)


def _regions() -> Row:
    readings = read_cases()
    found, right, _, _ = tally(readings)
    return share("regions, precision", right / found, f"{len(readings)} sentences", 0.97)


def _stated() -> list[dict[str, str]]:
    """The sentences kept in the tests, as rows with labels."""
    columns = (("deaths", "deaths"), ("injured", "injuries"))
    rows = []
    for sentence, notation in SENTENCES:
        counts = cast(Mapping[str, tuple[int, str]], expected_of(notation))
        labels = {column: str(counts[field][0]) for column, field in columns if field in counts}
        rows.append({"text": sentence, **labels})
    return rows


def _casualties(where: str, labelled: Sequence[Mapping[str, str]]) -> list[Row]:
    figures = cast(Mapping[str, Mapping[str, float]], evaluate_casualties(labelled))
    return [
        share(f"{field} in {where}, {kind}", figures[field][kind], f"{len(labelled)} texts", goal)
        for field, goal in (("deaths", 0.97), ("injuries", 0.95))
        for kind in ("precision", "recall")
    ]


def _reports(folder: Path) -> list[Row]:
    return _casualties("reports", _table(folder / "emergencies" / "casualties.csv"))


def _topic(folder: Path) -> list[Row]:
    figures = measure(folder / "petitions", CONFIG / "lexicon.txt")
    covered = sorted(zip(map(sum, figures.confusion), figures.f1, figures.labels, strict=True), reverse=True)
    messages = f"{figures.messages} messages"
    return [
        share("topic, macro-F1", figures.macro_f1, messages, 0.93),
        *(share(f"topic, F1 of {label}", f1, f"{count} messages", 0.95) for count, f1, label in covered[:2]),
        share("topic, among the first two", figures.top2, messages, 0.975),
    ]


def _hot_issues(folder: Path) -> list[Row]:
    """All the messages of the board, judged by the two issues that people agreed on."""
    petitions = folder / "petitions"
    truth = {row["留言编号"]: row["consensus_issue"] for row in _table(petitions / "hot_issues_some.csv")}
    messages = _table(petitions / "hot_messages.csv")
    names = {"id": "留言编号", "title": "留言主题", "published_at": "留言时间", "text": "留言详情"}
    lines = (json.dumps({key: row[name] for key, name in names.items()}).encode() for row in messages)
    figures = evaluate_lines(lines, truth, make_file_grouper(CONFIG))
    measured_on = f"{int(figures['judged'])} of {int(figures['posts'])} messages"
    return [share("grouping, B³ F1 of two hot issues", figures["f1"], measured_on, 0.90)]


def _reprints(folder: Path) -> list[Row]:
    """Reprints made of real articles: with their original, with others than it, or alone.

    Which of the articles tell one piece of news nobody has agreed on: what they join among themselves is not judged.
    """
    articles = list(_articles(folder))
    groups = grouped_with_reprints(articles, random.Random(20))
    count, sizes = len(articles), Counter(groups)
    stray = [made for original, made in zip(groups[:count], groups[count:], strict=True) if made != original]
    wrong = sum(sizes[group] > 1 for group in stray) / count
    beside = f"{count} articles"
    wrongly = Row("reprints wrongly joined", wrong, beside, None, None, f"≤ {WRONGLY}", wrong <= WRONGLY, digits=4)
    return [share("reprints joined", 1 - len(stray) / count, beside, 0.99), wrongly]


def _articles(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Title and sentences of the news and reports that differ in title and in text."""
    known: set[str] = set()
    for path in (folder / "feeds" / "history.jsonl", folder / "emergencies" / "reports.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            title, text = item["title"], item.get("content_text") or item.get("text") or ""
            sentences = [f"{sentence}。" for sentence in text.split("。") if sentence.strip()]
            if len(text) >= SHORTEST and len(sentences) >= FEWEST and not known & {title, text}:
                known |= {title, text}
                yield title, sentences


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


PARTS: dict[str, Callable[[Path], list[Row]]] = {
    "casualties in reports": _reports,
    "grouping of the hot issues": _hot_issues,
    "reprints": _reprints,
    "topic by cross-validation (takes minutes)": _topic,
}
