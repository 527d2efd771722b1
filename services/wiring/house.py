"""One installation, assembled: database, log, stores, clock, rules. Parts that are costly are made when first asked."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from config.departments import load_departments
from config.policy import load_rules
from config.reading import BadConfig
from config.roster import OfficeRoster, load_roster
from config.scorecard import load_scorecard
from config.settings import Settings
from services.adapters.database import Database
from services.adapters.desk import Desk, DeskReader
from services.adapters.locallog import LocalLog
from services.adapters.migrating import upgrade
from services.adapters.reach import InUse, accounts_in_use
from services.adapters.store.deadletters import DeadLetters
from services.adapters.store.deliveries import DeliveryStore
from services.adapters.store.incidents import IncidentStore
from services.domain.incident import MACHINE, Actor, Moment
from services.domain.opinion import ScoreCard
from services.domain.policy import Rules
from services.domain.roster import ReachableRoster, Roster
from services.domain.routing import Directory
from services.usecases.ports import Assessor, Clock, Log
from services.usecases.tracking import Grouper
from services.wiring.clock import SystemClock
from services.wiring.kafka_security import kafka_security
from services.wiring.people import People


@dataclass
class House:
    """Everything a role, a page or a command needs.

    `clock` is the office's time (a demo or a drill moves it); sessions and limits on requests go by the `wall` clock.
    In a drill nobody has an account, and `everybody` on the roster is taken to be reachable.
    """

    settings: Settings
    clock: Clock
    database: Database
    log: Log
    wall: Clock = field(default_factory=SystemClock)
    everybody: bool = False

    @cached_property
    def store(self) -> IncidentStore:
        return IncidentStore(self.database)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.database)

    @cached_property
    def reader(self) -> DeskReader:
        return DeskReader(self.database)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        return DeadLetters(self.database)

    @cached_property
    def rules(self) -> Rules:
        return load_rules(self.settings.config_dir / "policy.toml")

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
    def assessor(self) -> Assessor:
        from services.wiring.machine import make_assessor  # only two roles need the models

        return make_assessor(self.settings.config_dir)

    @cached_property
    def deliveries(self) -> DeliveryStore:
        return DeliveryStore(self.database)

    @cached_property
    def people(self) -> People:
        return People(self.roster, self.departments, self.clock)

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
        for part in ("rules", "roster", "departments", "scorecard"):
            getattr(self, part)


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock | None = None, *, migrate: bool = True) -> AsyncIterator[House]:
    """Open database and log, bring the tables up to date, and close everything at the end.

    Raises:
        BadConfig: a configuration file must not be used.
        NotNow: the database or the broker cannot be reached.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    try:
        if migrate:
            await _migrated(database)
        log = await open_log(settings, database)
        house = House(settings, clock or SystemClock(), database, log)
        house.check()
        try:
            yield house
        finally:
            await log.close()
    finally:
        await database.close()


def open_database(settings: Settings) -> Database:
    """Raises BadConfig for an address that is none, or of a database this program does not speak to."""
    where = Path("environment")
    try:
        url = database_url(settings)
        driver = make_url(url).drivername
    except (ArgumentError, OSError) as error:
        raise BadConfig(where, "HUIYING_DATABASE_URL", str(error)) from error
    if driver not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise BadConfig(where, "HUIYING_DATABASE_URL", f"“{driver}” is not postgresql+asyncpg or sqlite+aiosqlite")
    return Database(url)


async def _migrated(database: Database) -> None:
    try:
        await upgrade(database)
    except CommandError as error:
        raise BadConfig(Path("database"), "alembic_version", f"made by another version of huiying: {error}") from error


def database_url(settings: Settings) -> str:
    """The SQLAlchemy URL, with the password from its file where one is named."""
    if not settings.database_url:
        return f"sqlite+aiosqlite:///{settings.data_dir / 'huiying.sqlite'}"
    url = make_url(settings.database_url)
    if settings.database_password_file is not None:
        url = url.set(password=settings.database_password_file.read_text(encoding="utf-8").strip())
    return url.render_as_string(hide_password=False)


async def open_log(settings: Settings, database: Database) -> Log:
    """The embedded log on the one database, or Kafka with its topics checked."""
    if settings.log == "local":
        return LocalLog(database)
    from services.adapters.kafka import KafkaLog, Layout  # the client is not loaded where it is not used

    log = KafkaLog(settings.kafka_bootstrap, prefix=settings.kafka_prefix, security=kafka_security(settings))
    layout = Layout(
        settings.kafka_partitions, settings.kafka_replication, settings.kafka_min_isr, settings.allow_unsafe_kafka
    )
    await log.ensure_topics(layout=layout)
    return log


def secret_key(settings: Settings) -> bytes:
    """The key that signs sessions and webhooks: from its file, or made once in the data directory."""
    path: Path = settings.secret_key_file or settings.data_dir / "secret.key"
    if not path.exists() and settings.secret_key_file is None:
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_bytes().strip()
