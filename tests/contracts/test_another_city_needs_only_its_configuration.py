"""A second city is run by its configuration alone: no name of ours stands in the code."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.gazetteer import home_of, load_gazetteer
from config.reading import CONFIG_DIR
from services.domain.post import Post
from services.domain.regions import Kind
from services.wiring.machine import make_assessor

ROOT = Path(__file__).parents[2]
# The demo plays in our city.
NAMING = ("services/demo", "services/cli/demoing.py")
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOME = """[home]
code = "220100"
name = "长春市"
province = "22"
sure = ["长春市", "长春"]
context = ["我市", "省城"]
doors = ["12345"]

[districts]
"220104" = ["朝阳"]
"220103" = ["宽城"]
"""
DISTRICTS = '[[district]]\ncode = "220104"\nname = "朝阳区政府"\n'


def said(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts the program works with: no docstring."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node


def test_no_code_names_our_city_or_a_district_of_it() -> None:
    names, rules = load_gazetteer()
    ours = {name.text for name in names if name.kind is Kind.CITY and name.sure} | rules.plain
    named = re.compile("|".join(map(re.escape, ours)))
    found = [
        f"{path.relative_to(ROOT)}:{text.lineno}"
        for folder in ("services", "consumers", "producers", "config")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not str(path.relative_to(ROOT)).startswith(NAMING)
        for text in said(ast.parse(path.read_text(encoding="utf-8")))
        if named.search(str(text.value))
    ]
    assert found == []


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ships, with another home: without our places, with one of its districts."""
    folder = tmp_path_factory.mktemp("office") / "config"
    shutil.copytree(CONFIG_DIR, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    gazetteer = (folder / "gazetteer.toml").read_text(encoding="utf-8")
    tables = dict(re.findall(r"(?ms)^\[([a-z_.]+)\]$(.*?)(?=^\[|\Z)", gazetteer))
    of_ours = r"(?m)^(plain|things) = .*$"
    rules, words = re.sub(of_ours, r"\1 = []", tables["rules"]), tables["words"]
    own = f"{HOME}\n[rules]{rules}\n[words]{words}\n[places]\n\n[streets]\ncontext = []\n"
    (folder / "gazetteer.toml").write_text(own, encoding="utf-8")
    departments = (folder / "departments.toml").read_text(encoding="utf-8")
    kept = departments[: departments.index("[[district]]")]
    (folder / "departments.toml").write_text(kept + DISTRICTS, encoding="utf-8")
    return folder


def test_its_home_is_the_one_of_the_file(office: Path) -> None:
    assert home_of(office) == ("220100", "长春市")
    assert home_of() == ("230100", "哈尔滨市")


def test_what_is_ours_and_what_is_not_changes_places(office: Path) -> None:
    heating, other = (
        Post(str(n), "新闻网", "", f"{where}暖气不热，多次投诉无人管，请供热部门尽快解决。", NOW, origin="feed")
        for n, where in enumerate(("长春市朝阳区", "哈尔滨市道里区"))
    )
    ours, theirs = make_assessor(office).assess([heating, other])
    assert [(one.code, one.name) for one in ours.regions] == [("220104", "朝阳区")]
    assert "220104" in [one.code for one in ours.departments]
    assert (ours.relevant, theirs.relevant) == (True, False)
    assert [one.relevant for one in make_assessor(CONFIG_DIR).assess([heating, other])] == [False, True]
