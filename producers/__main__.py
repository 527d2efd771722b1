"""`python -m producers collect|supervise|relay`: one role, until SIGTERM."""

from producers import schedule
from services.wiring import run_from_arguments

if __name__ == "__main__":
    run_from_arguments(schedule, schedule.CLOCKS, schedule.run)
