"""`python -m tests.bench [NAME …]`: run every `bench_*.py` (or those named) and print one table.

Each module has `async def run() -> list[Row]`. Exit 1 when a goal is missed.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path

from tests.bench.table import Row, show
from tests.real.servers import Missing


def main(wanted: list[str]) -> int:
    rows: list[Row] = []
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if not wanted or path.stem.removeprefix("bench_") in wanted:
            rows += measure(path.stem)
    print(show(rows))
    missed = sum(not row.ok for row in rows)
    print(f"==> bench: {len(rows)} figures, {missed} missed their goal")
    return int(missed > 0)


def measure(module: str) -> list[Row]:
    print(f"==> {module}", flush=True)
    try:
        return list(asyncio.run(importlib.import_module(f"tests.bench.{module}").run()))
    except Missing as missing:
        print(f"!!! missing: {missing}")
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
