"""The responsibility table: `departments.toml` → `services.domain.routing.Directory`."""

from __future__ import annotations

from pathlib import Path

from msgspec import field
from msgspec.structs import asdict

from config.reading import CONFIG_DIR, BadConfig, Section, check_texts, read_toml
from services.domain.competence import Department, Offices, Weighing
from services.domain.routing import Directory
from services.domain.territory import Home

FILE = CONFIG_DIR / "departments.toml"
LIMITS = {
    "clear": (0, 3),
    "scene": (0, 10),
    "weighing.title": (1, 10),
    "weighing.named": (0, 10),
    "weighing.fading": (0, 1),
    "weighing.several_share": (0, 1),
    "weighing.several_least": (0, 100),
    "weighing.told": (0, 3),
    "weighing.sure_topic": (0, 1),
    "territory.blamed": (0, 10),
    "territory.head": (0, 1000),
}
"""From what to what each number may be."""


class _Department(Section, frozen=True, kw_only=True):
    code: str
    name: str
    duties: str
    topics: dict[str, float] = field(default_factory=dict)
    words: dict[str, float] = field(default_factory=dict)
    scenes: dict[str, float] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    vertical: bool = False
    superior: str = ""


class _District(Section, frozen=True, kw_only=True):
    code: str
    name: str
    bodies: tuple[str, ...] = ()


class _Coordination(Section, frozen=True, kw_only=True):
    office: str
    propaganda: str
    basis: str


class _Weighing(Section, frozen=True, kw_only=True):
    title: float
    named: float
    fading: float
    several_share: float
    several_least: float
    told: float
    sure_topic: float


class _Territory(Section, frozen=True, kw_only=True):
    offices: tuple[str, ...]
    unnamed: tuple[str, ...]
    faults: tuple[str, ...]
    accusing: tuple[str, ...]
    others: tuple[str, ...]
    beside: tuple[str, ...]
    blamed: float
    head: int


class _File(Section, frozen=True, kw_only=True):
    fallback: str
    rescue: str = ""
    scene: float = 1.0
    clear: float = 0.0
    coordination: _Coordination
    weighing: _Weighing
    territory: _Territory
    department: list[_Department]
    district: tuple[_District, ...] = ()


def load_departments(path: Path = FILE) -> Directory:
    """The directory, or `BadConfig` naming what must not be: a code twice, a vertical body without a superior."""
    read = read_toml(path, _File, as_shipped=("coordination", "weighing", "territory"))
    _check(path, read)
    found = [
        Department(one.code, one.name, one.topics, one.words, one.scenes, one.bodies, one.vertical, one.superior)
        for one in read.department
    ]
    found += [Department(one.code, one.name, bodies=one.bodies, division=one.code) for one in read.district]
    coordination = read.coordination
    offices = Offices(coordination.office, coordination.propaganda, read.fallback, read.rescue, coordination.basis)
    weighing = Weighing(clear=read.clear, scene=read.scene, **asdict(read.weighing))
    return Directory(found, offices, weighing, Home(**asdict(read.territory)))


def _check(path: Path, read: _File) -> None:
    codes = [one.code for one in read.department] + [one.code for one in read.district]
    for code in codes:
        if codes.count(code) > 1:
            raise BadConfig(path, code, "the code is used twice")
    offices = {"fallback": read.fallback, "rescue": read.rescue or read.fallback}
    offices |= {
        "coordination.office": read.coordination.office,
        "coordination.propaganda": read.coordination.propaganda,
    }
    for key, code in offices.items():
        if code not in codes:
            raise BadConfig(path, key, f"no department has the code {code}")
    numbers = {"clear": read.clear, "scene": read.scene}
    numbers |= {f"weighing.{name}": number for name, number in asdict(read.weighing).items()}
    numbers |= {"territory.blamed": read.territory.blamed, "territory.head": read.territory.head}
    for key, number in numbers.items():
        least, most = LIMITS[key]
        if not least <= number <= most:
            raise BadConfig(path, key, f"must be from {least:g} to {most:g}")
    called = [(one.code, one.name, one.bodies) for one in read.department]
    called += [(one.code, one.name, one.bodies) for one in read.district]
    for code, name, bodies in called:
        check_texts(path, f"{code}.name", [name])
        check_texts(path, f"{code}.bodies", bodies)
    for key, words in asdict(read.territory).items():
        if isinstance(words, tuple):
            check_texts(path, f"territory.{key}", words)
    for one in read.department:
        if one.vertical and not one.superior:
            raise BadConfig(path, f"{one.code}.superior", "a vertically managed body needs its superior")
        for least, named in ((-3, one.words), (0, one.scenes), (0, one.topics)):
            check_texts(path, one.code, named)
            for word, weight in named.items():
                if not least <= weight <= 3 or not weight:
                    raise BadConfig(path, f"{one.code}.{word}", f"a weight lies between {least} and 3, not {weight}")
    for district in read.district:
        if not (district.code.isdigit() and len(district.code) == 6):
            raise BadConfig(path, f"district.{district.code}", "a district's code has six digits")
