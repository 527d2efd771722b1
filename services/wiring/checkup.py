"""`huiying doctor`, assembled. Looks and changes nothing: no table is made, no topic, no key."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from config import departments, roster
from config.reading import BadConfig
from config.settings import Settings
from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.adapters.migrating import is_current
from services.adapters.reach import accounts_in_use
from services.adapters.source_office import list_sources
from services.adapters.store.deadletters import DeadLetters
from services.adapters.store.deliveries import DeliveryStore
from services.adapters.store.sources import Sources
from services.adapters.store.vitals import Vitals
from services.domain import checkup
from services.domain.checkup import Check, Light
from services.domain.vocabulary import Level
from services.usecases.ports import Clock, Log, NotNow
from services.wiring import config_files
from services.wiring.database import database_url
from services.wiring.kafka_security import kafka_security

DAY = timedelta(days=1)
KAFKA_SECONDS = 10.0


async def examine(settings: Settings, clock: Clock) -> list[Check]:
    """Every light, in the order in which an operator would look."""
    checks = list(_config(settings.config_dir))
    checks += _roster(settings, clock.now())
    checks += await _database(settings, clock)
    return checks + _machine(settings)


def _config(folder: Path) -> Iterator[Check]:
    """Every file that the program reads at some time is read now."""
    reads = config_files.edited(folder) | config_files.learned(folder)
    bad = [check for path, load in reads.items() if (check := _read(path, load))]
    yield from bad or [Check("配置文件", Light.GREEN, f"{len(reads)} 个文件都能读取")]


def _read(path: Path, load: Callable[[Path], Any]) -> Check | None:
    try:
        config_files.read(path, load)
    except BadConfig as error:
        return Check("配置文件", Light.RED, f"{error}", f"改正或恢复 {path}")
    return None


def _roster(settings: Settings, now: datetime) -> list[Check]:
    path = settings.config_dir / "roster.toml"
    try:
        office = roster.load_roster(path)
    except BadConfig:
        return []  # told already, with the file
    covered = [checkup.roster_covered(office, now), checkup.mail_goes(roster.unsent(office, bool(settings.smtp_host)))]
    try:
        roster.check_secrets(path)
    except BadConfig as error:
        advice = "放好文件，或改正 config/roster.toml；在哪里发送通知（notify），哪里就要有这个文件"
        return [*covered, Check("签名密钥", Light.YELLOW, f"{error}", advice)]
    return covered


async def _database(settings: Settings, clock: Clock) -> list[Check]:
    """What can be asked depends on how far one gets: reachable, migrated, the rest."""
    file = settings.data_dir / "huiying.sqlite"
    if not settings.database_url and not file.exists():
        return [Check("数据库", Light.YELLOW, f"{file} 尚不存在", "第一次 huiying up 或 huiying db upgrade 时建立")]
    database = Database(database_url(settings))
    try:
        if not await is_current(database):
            return [Check("数据库", Light.RED, "表结构不是本版本的", "huiying db upgrade")]
        reached = Check("数据库", Light.GREEN, "可用，表结构最新")
        return [reached, await _log(settings, database), *await _work(settings, database, clock)]
    except (NotNow, DBAPIError, OSError) as error:
        advice = "检查数据库是否运行、HUIYING_DATABASE_URL 和口令文件是否正确"
        return [Check("数据库", Light.RED, f"{error}".splitlines()[0], advice)]
    finally:
        await database.close()


async def _log(settings: Settings, database: Database) -> Check:
    log: Log = LocalLog(database)
    if settings.log == "kafka":
        from services.adapters.kafka import KafkaLog  # the client is not loaded where it is not used

        try:
            security = kafka_security(settings)
        except BadConfig as error:
            return Check("消息日志", Light.RED, f"{error}", "改正 HUIYING_KAFKA_ 开头的设置及其文件")
        where = settings.kafka_bootstrap
        log = KafkaLog(where, prefix=settings.kafka_prefix, patience=KAFKA_SECONDS, security=security)
    try:
        await log.ready()
    except NotNow as error:
        return Check("消息日志", Light.RED, f"{error}", "检查 Kafka 是否运行、HUIYING_KAFKA_BOOTSTRAP 是否正确")
    finally:
        await log.close()
    return Check("消息日志", Light.GREEN, "Kafka 可用" if settings.log == "kafka" else "内嵌日志可用")


async def _work(settings: Settings, database: Database, clock: Clock) -> list[Check]:
    """How the work goes, by the tables."""
    vitals, now = Vitals(database), clock.now()
    theirs = await vitals.clock()
    lines = await list_sources(Sources(database, "doctor"), now)
    return [
        checkup.clocks_agree(timedelta() if theirs is None else theirs - clock.now()),
        checkup.relay_keeps_up(await vitals.oldest_unpublished(), now),
        checkup.sweep_keeps_up(await vitals.oldest_due(), now),
        checkup.nothing_stuck(await vitals.troubles()),
        checkup.no_dead_letters(await DeadLetters(database).count()),
        await _notices(database, now),
        checkup.sources_speak(Counter(line.condition for line in lines)),
        *await _people(settings, database, now),
    ]


async def _notices(database: Database, now: datetime) -> Check:
    lost = [d for d in await DeliveryStore(database).given_up(1000) if d.created_at > now - DAY]
    return checkup.notices_arrive(len(lost), sum(d.draft.urgent for d in lost))


async def _people(settings: Settings, database: Database, now: datetime) -> list[Check]:
    try:
        office = roster.load_roster(settings.config_dir / "roster.toml")
        offices = departments.load_departments(settings.config_dir / "departments.toml").by_code
    except BadConfig:
        return []  # told already, with the file
    at_desk = await accounts_in_use(database)
    reached = at_desk.names | office.addressed(mail=bool(settings.smtp_host))
    contacts = {code for code in offices if reached & set(office.people(Level.DEPARTMENT, now, code))}
    on_duty = [shift.person for shift in office.standing.shifts if shift.level is not Level.DEPARTMENT]
    names = {code: department.name for code, department in offices.items()}
    return [
        checkup.people_known(on_duty, reached),
        checkup.departments_known(names, contacts | at_desk.departments.keys()),
    ]


def _machine(settings: Settings) -> list[Check]:
    there = next(folder for folder in (settings.data_dir, *settings.data_dir.parents) if folder.is_dir())
    disk = shutil.disk_usage(there)
    python = tuple(int(part) for part in platform.python_version_tuple()[:2])
    return [
        checkup.room_left(disk.free, disk.total),
        checkup.secrets_are_private({str(path): path.stat().st_mode for path in _secret_files(settings)}),
        checkup.versions_fit(python, sqlite3.sqlite_version_info),
    ]


MOUNTED = Path("/run/secrets")
"""Where an engine shows secrets to one container: nobody else is there to read them, whatever their mode."""


def _secret_files(settings: Settings) -> list[Path]:
    """Files with a password or a key that the settings and the roster name and that lie on this machine."""
    named = [
        settings.database_password_file,
        settings.smtp_password_file,
        settings.kafka_password_file,
        settings.kafka_key_file,
    ]
    try:
        persons = roster.load_roster(settings.config_dir / "roster.toml").persons
    except BadConfig:
        persons = ()  # told already, with the file
    named += [Path(person.secret_file) for person in persons if person.secret_file]
    return [path for path in named if path is not None and MOUNTED not in path.parents and path.is_file()]
