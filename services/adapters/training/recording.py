"""The figures of the shipped model: kept beside it as JSON, and shown as a table."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from services.adapters.training.measuring import Figures


def save_figures(path: Path, figures: Figures, model: Path) -> None:
    """Aggregates only; no text of any message. The model they were measured with is named by its hash."""
    told = {"model": _hash(model)} | asdict(figures)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def are_of(path: Path, model: Path) -> bool:
    """Whether the figures at `path` were measured with this model. Raises OSError and ValueError."""
    return bool(json.loads(path.read_text(encoding="utf-8")).get("model") == _hash(model))


def _hash(model: Path) -> str:
    return sha256(model.read_bytes()).hexdigest()


def load_figures(path: Path) -> Figures:
    """The figures at `path`. Raises ValueError where the file is not one of these."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        confusion = tuple(tuple(row) for row in read.pop("confusion"))
        labels, f1 = tuple(read.pop("labels")), tuple(read.pop("f1"))
        read.pop("model", None)
        return Figures(labels=labels, f1=f1, confusion=confusion, **read)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: not a file of figures: {error}") from error


def show(figures: Figures) -> str:
    """The figures as a Markdown table: what the model card carries and `huiying evaluate` prints."""
    lines = [
        f"macro-F1 {figures.macro_f1:.4f} · 准确率 {figures.accuracy:.4f} · 前二准确率 {figures.top2:.4f} · "
        f"{figures.messages} 条",
        "",
        "| 实际 \\ 判为 | " + " | ".join(figures.labels) + " | F1 |",
        "|---|" + "---:|" * (len(figures.labels) + 1),
    ]
    for label, row, f1 in zip(figures.labels, figures.confusion, figures.f1, strict=True):
        lines.append(f"| {label} | " + " | ".join(str(count) for count in row) + f" | {f1:.3f} |")
    return "\n".join(lines)
