"""The files a civil servant edits: what ships is usable, and what cannot be is refused with file, key and reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.departments import load_departments
from config.reading import BadConfig
from config.scorecard import load_scorecard
from config.signals import load_signals
from config.watches import load_watches
from services.domain.vocabulary import Focus, OpinionGrade

CONFIG = Path(__file__).parents[2] / "config"
CITY = (
    "BGT XCB XWB WXB YJGL GAJ WJW ZJJ CGJ ZRZY HBJ SWJ JTJ JYJ RSJ MZJ YBJ SCJG SHJ WLJ NYJ FGW GXJ CZJ GZW XFJ TYJ "
    "TJJ GJJ GRB SWZJ QXJ TLJ DLGS YZJ XFJY SFJ JRJ JGFJ"
)


def test_every_department_of_the_city_has_its_duties() -> None:
    directory = load_departments()
    assert set(CITY.split()) <= set(directory.by_code)
    assert sum(bool(one.division) for one in directory.departments) == 18
    for one in directory.departments:
        assert one.division or one.words, one.code
        assert one.vertical == bool(one.superior)


def test_every_topic_of_the_model_has_a_department() -> None:
    topics = {topic for one in load_departments().departments for topic in one.topics}
    assert topics >= {"城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生"}


def test_the_score_card_grades_all_focuses_and_only_lists_that_exist() -> None:
    card = load_scorecard()
    assert set(card.focus) == set(Focus)
    assert card.grades[OpinionGrade.I] > card.grades[OpinionGrade.II] > card.grades[OpinionGrade.III]
    assert set(card.sensitivity) <= {cue.list for cue in load_signals()}


@pytest.mark.parametrize(
    ("load", "name", "old", "new", "key"),
    [
        (load_departments, "departments.toml", 'code = "XCB"', 'code = "BGT"', "BGT"),
        (load_departments, "departments.toml", 'fallback = "BGT"', 'fallback = "NONE"', "fallback"),
        (load_departments, "departments.toml", 'superior = "黑龙江省气象局"', 'superior = ""', "QXJ.superior"),
        (load_departments, "departments.toml", '"供暖" = 3,', '"供暖" = 30,', "GRB.供暖"),
        (load_departments, "departments.toml", 'code = "XCB"', 'cod = "XCB"', "department"),
        (load_scorecard, "scorecard.toml", "II = 55", "II = 95", "grades"),
        (load_scorecard, "scorecard.toml", "F6 = 4", "F7 = 4", "focus"),
        (load_signals, "signals.toml", "[lists.thanks]", "[lists.thank]", "lists.thank"),
        (load_watches, "watches.toml", 'first = "02-20"', 'first = "02-30"', "两会"),
        (load_watches, "watches.toml", 'first = "02-20"', 'first = "2026-02-20"', "两会"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    load: Callable[[Path], object], name: str, old: str, new: str, key: str, tmp_path: Path
) -> None:
    good = (CONFIG / name).read_text(encoding="utf-8")
    assert old in good
    (tmp_path / name).write_text(good.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadConfig) as refused:
        load(tmp_path / name)
    assert name in str(refused.value)
    assert key in str(refused.value)
