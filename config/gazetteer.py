"""`gazetteer.toml` and `gazetteer.txt` → the names and rules that `services.domain.regions` reads with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from config.reading import CONFIG_DIR, BadConfig, Section, check_texts, check_words, read_toml
from services.domain.regions import Kind, Name, Rules
from services.domain.regions.places import BESIDE, SUFFIXES


class _Home(Section, frozen=True):
    code: str
    name: str
    province: str
    sure: list[str]
    context: list[str]
    doors: tuple[str, ...] = ()


class _Rules(Section, frozen=True, kw_only=True):
    bodies: list[str]
    plain: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    lands: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    begins: str = ""
    hidden: dict[str, str] = msgspec.field(default_factory=dict)
    not_behind: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    roads: list[str]
    streets: tuple[str, ...] = ()
    not_streets: tuple[str, ...] = ()
    not_roads: list[str]
    not_division: list[str]
    joints: list[str]


class _Words(Section, frozen=True):
    cities: list[str]
    decoys: list[str]
    counties: tuple[str, ...] = ()


class _Trusted(Section, frozen=True):
    sure: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


class _Streets(Section, frozen=True):
    context: list[str]


class _File(Section, frozen=True):
    home: _Home
    districts: dict[str, list[str]]
    rules: _Rules
    words: _Words
    places: dict[str, _Trusted]
    streets: _Streets


_ENDS = "特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|朝鲜族自治州|自治州|地区|省|市|盟"
_PEOPLES = (
    "土家族苗族|藏族羌族|布依族苗族|苗族侗族|哈尼族彝族|壮族苗族|傣族景颇族|蒙古族藏族|柯尔克孜|哈萨克|"
    "藏族|彝族|傣族|白族|傈僳族|回族|蒙古"
)
_SHORT = re.compile(f"(?P<stem>.{{2,}}?)(?:{_PEOPLES})*(?:{_ENDS})$")


_PLAIN = 3
_TOWN = re.compile("(.{2,4}?)(?:满族|朝鲜族)*[镇乡]$")


def load_gazetteer(directory: Path = CONFIG_DIR) -> tuple[list[Name], Rules]:
    """Names in order of precedence (the first of two equal strings counts) and the rules of reading.

    Raises:
        BadConfig: a file is missing or a line or key cannot be used.
    """
    path = directory / "gazetteer.toml"
    file = read_toml(path, _File)
    rows = list(_rows(directory / "gazetteer.txt"))
    divisions = {code: name for code, name, _ in rows if code.startswith(file.home.code[:4]) and len(code) == 6}
    divisions[file.home.code] = file.home.name
    _check(path, file, divisions)
    names = [*_decoys(file), *_home(file, divisions), *_divisions(file, rows), *_elsewhere(file, rows), *_ends()]
    rules = Rules(
        bodies=tuple(file.rules.bodies),
        plain=frozenset(file.rules.plain),
        things=frozenset(file.rules.things),
        sites=file.rules.sites,
        lands=file.rules.lands,
        here=file.rules.here,
        into=file.rules.into,
        begins=frozenset(file.rules.begins),
        hidden=file.rules.hidden,
        not_behind=file.rules.not_behind,
        streets=file.rules.streets,
        not_streets=(*file.rules.not_roads, *file.rules.not_streets),
        doors=file.home.doors,
        roads=tuple(file.rules.roads),
        not_roads=tuple(file.rules.not_roads),
        not_division=tuple(file.rules.not_division),
        joints=frozenset(file.rules.joints),
        divisions=divisions,
    )
    return names, rules


def home_of(directory: Path = CONFIG_DIR) -> tuple[str, str]:
    """Code and name of our city. Raises BadConfig."""
    home = read_toml(directory / "gazetteer.toml", _File).home
    return home.code, home.name


def districts_of(directory: Path = CONFIG_DIR) -> list[str]:
    """Names of up to three letters (道里, 道里区) of our districts and counties and the city. Raises BadConfig."""
    names, _ = load_gazetteer(directory)
    ours = (name for name in names if name.kind is Kind.DIVISION and len(name.code) == 6)
    return sorted(
        {name.text for name in ours if not name.code.endswith("00") and len(name.text) <= _PLAIN} | _city(names)
    )


def _city(names: list[Name]) -> set[str]:
    return {name.text for name in names if name.kind is Kind.CITY and name.sure and len(name.text) <= _PLAIN + 1}


def _rows(path: Path) -> Iterator[tuple[str, str, int]]:
    """(code, name, how many of that name in China) of every line that is no comment."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise BadConfig(path, "-", "file not found") from None
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or not line.strip():
            continue
        code, _, rest = line.partition(" ")
        name, _, count = rest.partition(" ")
        if not code.isdigit() or not name or (count and not count.isdigit()):
            raise BadConfig(path, f"line {number}", "expected: code name [count]")
        yield code, name, int(count or 1)


def _check(path: Path, file: _File, divisions: dict[str, str]) -> None:
    home = file.home
    if not re.fullmatch("[0-9]{4}00", home.code):
        raise BadConfig(path, "home.code", "a city's code has six digits, the last two 0")
    if home.province != home.code[:2]:
        raise BadConfig(path, "home.province", f"must be {home.code[:2]}, as the code of the city begins")
    check_texts(path, "home.name", [home.name])
    check_words(path, "home.sure", home.sure)
    for table in ("districts", "places"):
        for code in getattr(file, table):
            if code not in divisions:
                raise BadConfig(path, f"{table}.{code}", "no division of the city has this code")
    _check_blank(path, "", msgspec.to_builtins(file))
    short = {name for names in file.districts.values() for name in names}
    for key in ("plain", "things", "not_behind"):
        for name in getattr(file.rules, key):
            if name not in short:
                raise BadConfig(path, f"rules.{key}", f"“{name}” is no short name of a district above")


def _check_blank(path: Path, key: str, part: object) -> None:
    """A city and a place of it may stand side by side: only of `joints` one may be empty."""
    if isinstance(part, dict):
        for name, value in part.items():
            _check_blank(path, f"{key}.{name}".lstrip("."), value)
    elif isinstance(part, list | tuple) and key != "rules.joints":
        check_texts(path, key, part)


def _decoys(file: _File) -> Iterator[Name]:
    for text in file.words.decoys:
        yield Name(text, Kind.DECOY)


def _home(file: _File, divisions: dict[str, str]) -> Iterator[Name]:
    home = file.home
    for text in home.sure:
        yield Name(text, Kind.CITY, home.code, home.name)
    for text in home.context:
        yield Name(text, Kind.CITY, home.code, home.name, sure=False)
    for code, texts in file.districts.items():
        for text in texts:
            yield Name(text, Kind.DIVISION, code, divisions[code], sure=len(text) > 2 and text.endswith(("區", "区")))
    for code, trusted in file.places.items():
        for text in trusted.sure:
            yield Name(text, Kind.PLACE, code, text)
        for text in trusted.context:
            yield Name(text, Kind.PLACE, code, text, sure=False)


def _divisions(file: _File, rows: list[tuple[str, str, int]]) -> Iterator[Name]:
    """Districts, counties, streets and towns of the city. A street's name counts alone if China has only one such."""
    own = [row for row in rows if row[0].startswith(file.home.code[:4]) and len(row[0]) >= 6]
    here = Counter(name for _, name, _ in own)
    doubtful = set(file.streets.context)
    counties = {code: name for code, name, _ in own if len(code) == 6 and not name.endswith("区")}
    for code, name, count in own:
        if here[name] > 1:
            # Two of our own districts have one: the city is all that can be said.
            yield Name(name, Kind.DIVISION, file.home.code, file.home.name, sure=False)
        else:
            yield Name(name, Kind.DIVISION, code, name, sure=count == 1 and name not in doubtful)
            if name not in doubtful and code[:6] in counties:
                yield from _in_its_county(file, code, name, counties[code[:6]])


def _in_its_county(file: _File, code: str, name: str, county: str) -> Iterator[Name]:
    """延寿六团: a county's short name and a town's vouch for each other. What also names a place alone is left out.

    Without 镇 or 乡 it may go on as the name of a street or an estate (五常兴隆小区): the county is what is sure.
    """
    town = _TOWN.match(name)
    if len(code) == 9 and town is not None and not any(town[1] in known.context for known in file.places.values()):
        for short in file.districts.get(code[:6], []):
            if short != town[1]:
                yield Name(short + name, Kind.DIVISION, code, name)
                yield Name(short + town[1], Kind.DIVISION, code[:6], county)


def _elsewhere(file: _File, rows: list[tuple[str, str, int]]) -> Iterator[Name]:
    words = set(file.words.cities)
    for code, name, _ in rows:
        if code.startswith(file.home.code[:4]) or code == file.home.province or len(code) > 6:
            continue
        if len(code) == 6 and (len(name) <= 2 or name in file.words.counties):
            continue  # 和县, 道县, 城区 read as plain words far more often than as places
        yield Name(name, Kind.ELSEWHERE, code, name)
        short = _short(name) if len(code) <= 4 or name.endswith("市") else ""
        # Of county-level cities only the longer names (满洲里): the short ones (东方, 高平) are too often words.
        if len(short) >= (2 if len(code) <= 4 else 3) and short not in words:
            yield Name(short, Kind.ELSEWHERE, code, name)


def _short(name: str) -> str:
    """石家庄市 → 石家庄, 新疆维吾尔自治区 → 新疆, 延边朝鲜族自治州 → 延边."""
    match = _SHORT.match(name)
    return match["stem"] if match else ""


def _ends() -> Iterator[Name]:
    for text in SUFFIXES:
        yield Name(text, Kind.SUFFIX)
    for text in BESIDE:
        yield Name(text, Kind.BESIDE)
