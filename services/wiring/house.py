"""One installation, assembled: database, log, stores, clock, rules.

Its parts are imported and made when they are first asked for: no role and no command needs them all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from config.departments import load_departments
from config.policy import Policy, load_policy
from config.roster import OfficeRoster, load_roster
from config.scorecard import load_scorecard
from config.settings import Settings
from config.watches import load_watches
from services.adapters.database import Database
from services.adapters.reach import InUse, accounts_in_use
from services.domain.incident import MACHINE, Actor, Moment
from services.domain.opinion import ScoreCard
from services.domain.policy import Rules
from services.domain.roster import ReachableRoster, Roster
from services.domain.routing import Directory
from services.domain.watches import Watch
from services.usecases.ports import Assessor, Clock, Log
from services.wiring.clock import SystemClock
from services.wiring.database import opened_database
from services.wiring.people import People

if TYPE_CHECKING:
    from services.adapters.desk import Desk, DeskReader
    from services.adapters.store.deadletters import DeadLetters
    from services.adapters.store.deliveries import DeliveryStore
    from services.adapters.store.incidents import IncidentStore
    from services.adapters.store.left_out import LeftOut
    from services.usecases.tracking import Grouper


@dataclass
class House:
    """Everything a role, a page or a command needs.

    `clock` is the office's time (a demo or a drill moves it); sessions and limits on requests go by the `wall` clock.
    In a drill nobody has an account, and `everybody` on the roster is taken to be reachable.
    """

    settings: Settings
    clock: Clock
    database: Database
    opened_log: Log | None = None
    wall: Clock = field(default_factory=SystemClock)
    everybody: bool = False

    @property
    def log(self) -> Log:
        """The topics."""
        assert self.opened_log is not None, "this house was opened without its log"
        return self.opened_log

    @cached_property
    def store(self) -> IncidentStore:
        from services.adapters.store.incidents import IncidentStore

        return IncidentStore(self.database)

    @cached_property
    def desk(self) -> Desk:
        from services.adapters.desk import Desk

        return Desk(self.database)

    @cached_property
    def reader(self) -> DeskReader:
        from services.adapters.desk import DeskReader

        return DeskReader(self.database)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        from services.adapters.store.deadletters import DeadLetters

        return DeadLetters(self.database)

    @cached_property
    def left_out(self) -> LeftOut:
        from services.adapters.store.left_out import LeftOut

        return LeftOut(self.database)

    @cached_property
    def policy(self) -> Policy:
        return load_policy(self.settings.config_dir / "policy.toml")

    @property
    def rules(self) -> Rules:
        """Those that an incident starts under."""
        return self.policy.rules

    @cached_property
    def roster(self) -> OfficeRoster:
        return load_roster(self.settings.config_dir / "roster.toml")

    @cached_property
    def departments(self) -> Directory:
        return load_departments(self.settings.config_dir / "departments.toml")

    @cached_property
    def scorecard(self) -> ScoreCard:
        return load_scorecard(self.settings.config_dir / "scorecard.toml")

    @cached_property
    def watches(self) -> tuple[Watch, ...]:
        return load_watches(self.settings.config_dir / "watches.toml")

    @cached_property
    def assessor(self) -> Assessor:
        from services.wiring.machine import make_assessor  # only two roles need the models

        return make_assessor(self.settings.config_dir)

    @cached_property
    def deliveries(self) -> DeliveryStore:
        from services.adapters.store.deliveries import DeliveryStore

        return DeliveryStore(self.database)

    @cached_property
    def people(self) -> People:
        return People(self.roster, self.departments, self.clock, mail=bool(self.settings.smtp_host))

    @cached_property
    def grouper(self) -> Grouper:
        from services.wiring.machine import make_grouper  # as above

        return make_grouper(self.settings.config_dir)

    async def moment(self, actor: Actor = MACHINE) -> Moment:
        """Now, with who is on duty and can be reached, for this actor."""
        roster = self.roster if self.everybody else self._reachable(await accounts_in_use(self.database))
        return Moment(self.clock.now(), roster, actor, frozenset(self.departments.by_code), self.scorecard)

    def _reachable(self, at_desk: InUse) -> Roster:
        """Where nobody on the roster can be reached, its names are called as they stand."""
        names = at_desk.names | self.roster.addressed(mail=bool(self.settings.smtp_host))
        on_roster = {shift.person for shift in self.roster.standing.shifts}
        return ReachableRoster(self.roster, names, at_desk.departments) if names & on_roster else self.roster

    async def directory(self) -> People:
        """Who is who, with the accounts that are in use now."""
        if self.everybody:
            return self.people
        return self.people.knowing((await accounts_in_use(self.database)).names)

    def check(self) -> None:
        """Read every configuration file now, so that a bad one stops the start and not the night.

        Raises:
            BadConfig: naming file, key and reason.
        """
        for part in ("policy", "roster", "departments", "scorecard"):
            getattr(self, part)


@asynccontextmanager
async def open_house(
    settings: Settings, clock: Clock | None = None, *, migrate: bool = True, log: bool = True
) -> AsyncIterator[House]:
    """Open database and log, bring the tables up to date, and close everything at the end.

    `log=False` is for commands that only ask the database: they work where the broker is away, or a file is bad that
    they do not read.

    Raises:
        BadConfig: a configuration file must not be used.
        NotNow: the database or the broker cannot be reached.
    """
    async with opened_database(settings, migrate=migrate) as database:
        house = House(settings, clock or SystemClock(), database)
        if log:
            house.check()
            house.opened_log = await open_log(settings, database)
        try:
            yield house
        finally:
            if house.opened_log is not None:
                await house.opened_log.close()


async def open_log(settings: Settings, database: Database) -> Log:
    """The embedded log on the one database, or Kafka with its topics checked."""
    if settings.log == "local":
        from services.adapters.locallog import LocalLog

        return LocalLog(database)
    from services.adapters.kafka import KafkaLog, Layout
    from services.wiring.kafka_security import kafka_security

    log = KafkaLog(settings.kafka_bootstrap, prefix=settings.kafka_prefix, security=kafka_security(settings))
    layout = Layout(
        settings.kafka_partitions, settings.kafka_replication, settings.kafka_min_isr, settings.allow_unsafe_kafka
    )
    await log.ensure_topics(layout=layout)
    return log
