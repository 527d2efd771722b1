"""Tables of Markdown files, read as rows of cells without their backquotes."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]


def table_under(path: str, heading: str) -> list[list[str]]:
    """The rows of the first table after the line `heading` of a file, without its head."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    after = lines[lines.index(heading) + 1 :]
    start = next(number for number, line in enumerate(after) if line.startswith("|"))
    rows = []
    for line in after[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().replace("`", "") for cell in line.strip("|").split("|")])
    return rows[2:]
