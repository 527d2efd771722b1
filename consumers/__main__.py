"""`python -m consumers assess|track|notify|project`: one role, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio

from consumers import topology
from services.wiring import run_alone


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m consumers", description=topology.__doc__)
    parser.add_argument("role", choices=sorted(topology.PIPES))
    role = parser.parse_args().role
    asyncio.run(run_alone(role, topology.run))


if __name__ == "__main__":
    main()
