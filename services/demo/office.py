"""The office of the demo: a scratch folder with its own configuration, and an account for every role."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.reading import CONFIG_DIR
from config.settings import Settings
from services.adapters.accounts import Accounts
from services.demo.day import Day
from services.domain.vocabulary import Role
from services.wiring import House

PASSWORD = "Huiying-2026-demo"
"""The same for every account: there is nothing to protect in a scratch folder that only this machine reaches."""
SPEED = 60.0
"""One hour a minute."""
LOOKS = (120, 240)
"""Office seconds between two looks at a source: at this speed two to four real ones."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account; names are those that `roster.toml` calls."""

    name: str
    role: Role
    department: str = ""


ACCOUNTS = (
    DemoAccount("duty1", Role.DUTY_OFFICER),
    DemoAccount("duty2", Role.DUTY_OFFICER),
    DemoAccount("leader1", Role.DUTY_LEADER),
    DemoAccount("xfjy", Role.DEPARTMENT, "XFJY"),
    DemoAccount("yjgl", Role.DEPARTMENT, "YJGL"),
    DemoAccount("grb", Role.DEPARTMENT, "GRB"),
    DemoAccount("swj", Role.DEPARTMENT, "SWJ"),
    DemoAccount("cgj", Role.DEPARTMENT, "CGJ"),
    DemoAccount("press1", Role.PRESS_OFFICE),
    DemoAccount("vice1", Role.LEADER_IN_CHARGE),
    DemoAccount("mayor1", Role.PRINCIPAL_LEADER),
    DemoAccount("open1", Role.OPEN_GOVERNMENT),
    DemoAccount("viewer1", Role.VIEWER),
    DemoAccount("admin1", Role.SYSTEM_ADMIN),
    DemoAccount("security1", Role.SECURITY_ADMIN),
    DemoAccount("auditor1", Role.AUDITOR),
)


def settings(scratch: Path, port: int) -> Settings:
    """A configuration folder of its own, and settings that keep everything in `scratch` and on this machine.

    What is given here overrides the environment: a demo must never write into a real database or send a real mail.
    """
    config_dir = scratch / "config"
    shutil.copytree(CONFIG_DIR, config_dir, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return Settings(
        data_dir=scratch / "data",
        config_dir=config_dir,
        log="local",
        database_url="",
        host="127.0.0.1",
        port=port,
        public_url="",
        smtp_host="",
        allowed_networks=("127.0.0.0/8",),
        sweep_seconds=0.25,
        collect_seconds=0.5,
        log_level="error",
    )


def write_sources(config_dir: Path, day: Day, addresses: Mapping[str, str]) -> None:
    """`sources.toml` of the demo: the sources of the day instead of the installation's."""
    floor, ceiling = LOOKS
    blocks = ["[collecting]\nfirst_look_days = 7\narticles_per_look = 0\n"]
    for name in sorted({source.source_class for source in day.sources}):
        blocks.append(f"[classes.{name}]\nfloor_seconds = {floor}\nceiling_seconds = {ceiling}\nexpected_hours = 0\n")
    for source in day.sources:
        told = f'id = "{source.id}"\nclass = "{source.source_class}"\n'
        blocks.append(f'[[sources]]\n{told}url = "{addresses[source.id]}/feed"\n')
    (config_dir / "sources.toml").write_text("\n".join(blocks), encoding="utf-8")


async def add_accounts(house: House) -> None:
    """Every account of the demo, with the demo's password."""
    accounts = Accounts(house.database)
    for one in ACCOUNTS:
        await accounts.add(one.name, one.role, one.department, PASSWORD, house.wall.now())
