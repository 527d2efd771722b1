"""`python -m tests.flow.drill_process FILE …`: run these scenarios and print every line of each."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from config.reading import CONFIG_DIR
from services.cli import output
from services.cli.drill.runner import run
from services.cli.drill.scenario import load_scenario


async def main(files: list[str]) -> None:
    for file in files:
        output.text(f"== {Path(file).stem}")
        async for line in run(load_scenario(Path(file)), CONFIG_DIR):
            output.line(line)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
