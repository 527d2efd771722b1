"""The gravity model: the same bytes every time, wordings that no list knows, ordinary complaints left alone."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import run

import pytest

from services.adapters.assessor import MachineAssessor
from services.adapters.gravity import GravityModel, grams, load_gravity
from services.adapters.training.gravity import read_examples, rebuild_gravity
from services.domain.post import Post
from services.domain.vocabulary import EventGrade

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
SCENES = ("车间", "矿上", "网吧", "粮库", "江边", "工地", "酒店", "大棚")
GRAVE = [f"I||{scene}出大事了,{n}个人全没上来,家属都在门口哭" for scene in SCENES for n in ("三十", "四十", "五十")]
CALM = [f"x||{scene}旁边的路灯坏了{n}天,麻烦有关部门给修一下" for scene in SCENES for n in ("三", "五", "十")]
COMPLAINT = "row,text,label\n1,小区门口的路灯坏了很久,城乡建设\n2,楼下饭店油烟扰民,环境保护\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "raw.csv").write_text(COMPLAINT, encoding="utf-8")
    (tmp_path / "examples.txt").write_text("# 事例\n" + "\n".join(GRAVE + CALM) + "\n", encoding="utf-8")
    return tmp_path


def trained(data: Path, name: str = "gravity.npz", taught: tuple[tuple[str, bool], ...] = ()) -> GravityModel:
    rebuild_gravity(data / "data", data / "examples.txt", data / name, taught)
    return load_gravity(data / name)


def suspected(model: GravityModel, text: str) -> tuple[int, int] | None:
    (score,) = model.scores([text])
    return model.suspects(text, score)


def test_the_same_examples_give_the_same_bytes(data: Path) -> None:
    trained(data, "one.npz")
    trained(data, "two.npz")
    assert (data / "one.npz").read_bytes() == (data / "two.npz").read_bytes()


def test_the_bytes_do_not_depend_on_the_number_of_threads(data: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from services.adapters.training.gravity import rebuild_gravity; "
        "at = Path(sys.argv[1]); rebuild_gravity(at / 'data', at / 'examples.txt', at / sys.argv[2])"
    )
    for threads in ("1", "2"):
        command = [sys.executable, "-c", program, str(data), f"{threads}.npz"]
        run(command, check=True, env=os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads})
    assert (data / "1.npz").read_bytes() == (data / "2.npz").read_bytes()


def test_commas_of_either_width_teach_the_same(data: Path) -> None:
    trained(data, "half.npz")
    wide = (data / "examples.txt").read_text(encoding="utf-8").replace(",", "，")
    (data / "examples.txt").write_text(wide, encoding="utf-8")
    trained(data, "wide.npz")
    assert (data / "half.npz").read_bytes() == (data / "wide.npz").read_bytes()


def test_another_wording_of_the_same_is_suspected_and_its_clause_is_shown(data: Path) -> None:
    text = "听我二姨说的,歌厅出大事了,四十来个人全没上来"
    span = suspected(trained(data), text)
    assert span is not None
    assert "没上来" in text[slice(*span)] or "出大事" in text[slice(*span)]


@pytest.mark.parametrize("text", ["门口的路灯坏了七天,麻烦给修一下", "", "1", "😀" * 300, "3人死亡" * 9_000])
def test_an_ordinary_complaint_and_what_is_no_sentence_break_nothing(data: Path, text: str) -> None:
    model = trained(data)
    suspected(model, text)
    assert suspected(model, "门口的路灯坏了七天,麻烦给修一下") is None


def test_a_text_scores_the_same_whatever_stands_beside_it(data: Path) -> None:
    model = trained(data)
    texts = ["", "1", "😀" * 300, "歌厅出大事了,四十来个人全没上来", "\n", "路灯坏了七天", "3人死亡" * 9_000]
    assert model.scores(texts) == pytest.approx([model.scores([text])[0] for text in texts], abs=1e-12)
    assert model.scores([]) == []


def test_what_a_person_decided_teaches(data: Path) -> None:
    text = "烤肉店那边白事棚子一溜排开,都是一个班组的"
    (before,) = trained(data).scores([text])
    (after,) = trained(data, "taught.npz", ((text, True),)).scores([text])
    assert after > before + 0.5


def test_numbers_count_by_their_magnitude() -> None:
    assert set(grams("死了四十个")) == set(grams("死了55个")) != set(grams("死了2个"))


@pytest.mark.parametrize("line", ["V||字", "I|字", "II||  "])
def test_a_line_that_is_no_example_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "examples.txt").write_text(f"# 事例\nx||好的\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        read_examples(tmp_path / "examples.txt")


def test_no_word_of_a_list_is_needed_to_suspect_a_grave_emergency(assessor: MachineAssessor) -> None:
    text = "渡口不让靠近,捞着的没一个有气,前后捞了十来个"
    found = assessor.assess([Post("p", "市民推送", "", text, NOON)])[0]
    assert (found.event_grade, found.provisional) == (EventGrade.II, True)


def test_the_shipped_model_is_small_and_its_examples_can_be_read() -> None:
    import config

    root = Path(config.__file__).parent
    assert (root / "model" / "gravity.npz").stat().st_size < 1024 * 1024
    assert len(read_examples(root / "examples.txt")) > 1_000
    assert suspected(load_gravity(root / "model" / "gravity.npz"), "门口的路灯坏了七天,麻烦给修一下") is None
