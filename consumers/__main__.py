"""`python -m consumers assess|track|notify|project`: one role, until SIGTERM."""

from consumers import topology
from services.wiring import run_from_arguments

if __name__ == "__main__":
    run_from_arguments(topology, topology.PIPES, topology.run)
