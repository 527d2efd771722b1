"""From an act in the console to the kept correction, to the next model and the next grouping: another answer."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import config
from tests.console_kit import HouseThread, Visitor, done

LAMP = "哈尔滨市道外区南直路路灯坏了一个月，晚上很黑，请尽快维修。"
WATER = "哈尔滨市香坊区公滨路自来水停水三天，居民用水困难，请尽快解决。"
RUBBISH = "哈尔滨市道里区安隆街菜市场垃圾成堆，气味难闻，影响周边居民生活，请尽快清理。"
SPRAY = "哈尔滨市松北区学院路人行道旁夜里有人往绿化带里倒不明液体，草木枯死，请尽快查处。"
HEAT = "哈尔滨市南岗区暖气不热，家里只有十四度，供热公司的电话没有人接，盼尽快解决。"
COLD = "哈尔滨市南岗区和兴小区三号楼暖气不热，室内只有14度。"
COLD_AGAIN = "南岗区和兴小区五号楼暖气又不热了，只有11度，老人孩子都冻感冒了，请供热办处理。"
KNOWN = {
    "环境保护": ("工厂排放黑烟", "河水发臭", "夜里噪音很大", "粉尘落满阳台", "污水流进农田"),
    "交通运输": ("公交车等不到", "出租车拒载", "路口红灯太久", "客运站没有班车", "地铁太挤"),
    "教育文体": ("学校补课收费", "幼儿园不够", "老师体罚学生", "校车超员", "招生不公"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("learning")


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[HouseThread]:
    house = HouseThread(folder / "house").start()
    yield house
    house.close()


@pytest.fixture
def petitions(folder: Path) -> Path:
    rows = [(f"{a}，{b}，请处理", topic) for topic, said in KNOWN.items() for a in said for b in said if a != b]
    data = folder / "petitions"
    data.mkdir(exist_ok=True)
    lines = ["row,text,label", *(f"{n},{text},{topic}" for n, (text, topic) in enumerate(rows))]
    (data / "raw.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return data


@pytest.fixture
def own_config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose model may be trained anew, for commands beside the running house."""
    own = folder / "config"
    shutil.copytree(Path(config.__file__).parent, own, dirs_exist_ok=True)
    monkeypatch.setenv("HUIYING_DATA_DIR", str(folder / "house"))
    monkeypatch.setenv("HUIYING_CONFIG_DIR", str(own))
    return own


def command(*arguments: str, given: str | None = None) -> str:
    """A process of its own each time, as a person would call it: a process keeps the model it has read."""
    call = [sys.executable, "-c", "from services.cli import main; main()", *arguments]
    done = subprocess.run(call, input=given, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def agreement(kind: str, *more: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in command("evaluate", "--since", "2020-01-01", *more).splitlines()]
    return [line for line in lines if line["kind"] == kind]


def assessed(*texts: str) -> list[dict[str, Any]]:
    given = [json.dumps({"id": str(n), "source": "市民", "text": text}) + "\n" for n, text in enumerate(texts)]
    return [json.loads(line) for line in command("assess", given="".join(given)).splitlines()]


def test_what_was_decided_in_the_console_is_proposed_next_time_until_it_is_forgotten(
    office: HouseThread, officer: Visitor, own_config: Path
) -> None:
    table = own_config / "model" / "learned.toml"
    (before,) = assessed(SPRAY)
    number = office.report("spray", SPRAY)
    department = "HBJ" if before["lead_department"] != "HBJ" else "SWJ"
    done(officer, number, "confirm_grade", event_grade="none", opinion_grade="II", reason="关注多")
    done(officer, number, "assign", lead=department)
    told = command("train", "--with-corrections")
    assert re.search(r"^department: 1 decided, 1 not as proposed, 1 taught", told, re.MULTILINE)
    assert re.search(r"^opinion_grade: 1 decided, 1 not as proposed, 0 taught \(not learned", told, re.MULTILINE)
    assert re.search(r"^  舆情等级.*: IV -> II: 1$", told, re.MULTILINE), "for whoever keeps the rule"
    assert SPRAY[:20] not in table.read_text(encoding="utf-8"), "words, not the text"
    after, again, lamp = assessed(SPRAY, SPRAY.replace("请尽快查处", "盼查处"), LAMP)
    assert after["lead_department"] == department == again["lead_department"] != lamp["lead_department"]
    assert any("学自更正 1 条" in reason["evidence"] for reason in after["reasons"])
    unchanged = ("topic", "topic_scores", "opinion_grade", "event_grade", "disposition")
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    told = command("evaluate")
    assert "topic model as shipped" in told
    assert re.search(r"learned from decisions .*: 1 texts and 0 groups of words", told)
    assert "department: agreement on 1 decided texts, each left out when its words were learned: 0 before, 0" in told
    first = table.read_bytes()
    command("train", "--with-corrections")
    assert table.read_bytes() == first, "bit for bit"
    assert "removed" in command("train")
    assert not table.exists()
    (kept,) = [c for c in agreement("opinion_grade", "--texts") if "text" in c]
    assert (kept["text"], kept["decided"], kept["by"]) == (SPRAY, "II", "duty1")
    assert kept["rule"].startswith("舆情等级")


def test_a_model_trained_here_does_not_bear_the_shipped_figures(petitions: Path, own_config: Path) -> None:
    command("train", "--data", str(petitions))
    told = command("evaluate")
    assert "was trained here" in told
    assert "macro-F1" not in told


def test_a_grade_raised_by_spread_and_confirmed_unchanged_is_agreed_with(
    office: HouseThread, officer: Visitor, own_config: Path
) -> None:
    numbers = [office.report(f"heat{n}", HEAT * (1 + n % 3), source=f"本地论坛{n % 8}") for n in range(30)]
    (number,) = set(numbers)
    shown = re.search(
        r'name="opinion_grade".*?value="(I+V?)" selected', officer.get(f"/incidents/{number}").text, re.DOTALL
    )
    assert shown is not None
    assert shown[1] in ("II", "III"), "what each post says alone is IV"
    done(officer, number, "confirm_grade", event_grade="none", opinion_grade=shown[1], reason="")
    (told,) = [one for one in agreement("opinion_grade") if one.get("rule") == "舆情等级:传播"]
    assert (told["label"], told["agreed"], told["total"]) == (shown[1], 1, 1)


def test_a_merge_is_kept_as_a_correction_and_the_next_post_follows_it(
    office: HouseThread, officer: Visitor, own_config: Path
) -> None:
    first, second = office.report("m1", LAMP), office.report("m2", WATER)
    assert first != second
    done(officer, first, "merge", other=second)
    assert {"kind": "group", "label": "归并", "rule": "归并：另立事件", "agreed": 0, "total": 1} in agreement("group")
    (kept,) = [c for c in agreement("group", "--texts") if c.get("text") == WATER]
    assert (kept["proposed"], kept["decided"], kept["by"]) == (second, first, "duty1")
    assert office.report("m3", WATER, source="另一个论坛") == first
    done(officer, first, "split", incident=second)
    assert not [c for c in agreement("group", "--texts") if c.get("text") == WATER], "undone: as the machine had it"
    assert {"kind": "group", "label": "归并", "rule": "归并：另立事件", "agreed": 1, "total": 1} in agreement("group")


def test_a_split_is_kept_with_the_rule_that_was_overruled_until_it_is_merged_back(
    office: HouseThread, officer: Visitor, own_config: Path
) -> None:
    number = office.report("s1", RUBBISH)
    assert office.report("s2", RUBBISH, source="另一个论坛") == number
    page = officer.get(f"/incidents/{number}").text
    (key,) = re.findall(r'type="checkbox" name="posts" value="([0-9a-f]{32})"', page)
    done(officer, number, "split", posts=key)
    (kept,) = [c for c in agreement("group", "--texts") if c.get("text") == RUBBISH]
    assert (kept["post"], kept["proposed"], kept["rule"]) == (key, number, "归并：内容相同")
    assert kept["decided"] not in ("", number)
    assert re.search(r"^group: \d decided, 1 not as proposed, 0 taught \(in force", _trained(), re.MULTILINE)
    done(officer, number, "merge", other=kept["decided"])
    assert not [c for c in agreement("group", "--texts") if c.get("text") == RUBBISH], "back where the machine had it"


def test_a_declined_candidate_is_kept_against_what_was_asked_until_it_is_taken_back(
    office: HouseThread, officer: Visitor, own_config: Path
) -> None:
    old = office.report("d1", COLD, "南岗区和兴小区暖气不热")
    done(officer, old, "dismiss", reason="误报")
    new = office.report("d2", COLD_AGAIN, "和兴小区暖气又不热了")
    assert new != old
    done(officer, new, "decline", other=old)
    asked = {"kind": "group", "label": "归并", "rule": "归并：疑似同一事件", "agreed": 0, "total": 1}
    assert asked in agreement("group")
    (kept,) = [c for c in agreement("group", "--texts") if c.get("text") == COLD_AGAIN]
    assert (kept["proposed"], kept["decided"], kept["by"]) == (old, new, "duty1")
    assert re.search(r"^group: \d decided, 1 not as proposed, 0 taught \(in force", _trained(), re.MULTILINE)
    done(officer, new, "decline", undo=old)
    assert not [c for c in agreement("group", "--texts") if c.get("text") == COLD_AGAIN], "as the machine had it"
    assert asked["rule"] not in {one.get("rule") for one in agreement("group")}


def _trained() -> str:
    return command("train", "--with-corrections")
