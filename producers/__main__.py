"""`python -m producers collect|supervise|relay`: one role, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio

from producers import schedule
from services.wiring import run_alone


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m producers", description=schedule.__doc__)
    parser.add_argument("role", choices=sorted(schedule.CLOCKS))
    role = parser.parse_args().role
    asyncio.run(run_alone(role, schedule.run))


if __name__ == "__main__":
    main()
