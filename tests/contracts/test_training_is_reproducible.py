"""Training gives the same bytes from the same data, learns from corrections, and keeps near-duplicates together."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

import config
from services.adapters.classifier import load_model
from services.adapters.folding import Folder
from services.adapters.segmenter import Segmenter
from services.adapters.training import load_figures, measure, read_corpus, rebuild, show

LEXICON = Path(config.__file__).parent / "lexicon.txt"
PHRASES = {
    "环境保护": ["工厂排放黑烟", "河水发臭", "夜里噪音很大", "粉尘落满阳台", "污水流进农田"],
    "交通运输": ["公交车等不到", "出租车拒载", "路口红灯太久", "客运站没有班车", "地铁太挤"],
    "教育文体": ["学校补课收费", "幼儿园不够", "老师体罚学生", "校车超员", "招生不公"],
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty little messages, every tenth a near copy of another."""
    chance = random.Random(3)
    lines = ["row,text,label"]
    for number in range(60):
        label = sorted(PHRASES)[number % 3]
        own = "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(30))
        text = "、".join([*chance.choices(PHRASES[label], k=2), own])
        lines.append(f"{number},{text}第{number}号反映,{label}")
        if number % 10 == 0:
            lines.append(f"{100 + number},{text}第{number}号再次反映,{label}")
    folder = tmp_path_factory.mktemp("data")
    (folder / "raw.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_same_data_give_the_same_bytes(data: Path, tmp_path: Path) -> None:
    for name in ("first.npz", "second.npz"):
        assert rebuild(data, LEXICON, tmp_path / name) == 66
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def answered(model: Path, text: str) -> str:
    topics, segmenter = load_model(model), Segmenter(LEXICON)
    (folded,) = Folder().fold([text])
    prediction = topics.predict([folded.codes], [topics.numbers(segmenter.words(folded.text))])
    return topics.labels[int(prediction.probabilities[0].argmax())]


def test_what_people_correct_changes_the_next_model(data: Path, tmp_path: Path) -> None:
    text = "供热管道漏水暖气冰凉"
    rebuild(data, LEXICON, tmp_path / "before.npz")
    rebuild(data, LEXICON, tmp_path / "after.npz", [(f"{text}第{n}家", "城乡建设") for n in range(6)])
    assert answered(tmp_path / "after.npz", text) == "城乡建设"
    assert answered(tmp_path / "before.npz", text) != "城乡建设"


def test_near_duplicates_share_a_group_and_others_do_not(data: Path) -> None:
    corpus = read_corpus(data, Segmenter(LEXICON))
    plain = ["".join(map(chr, one.codes)) for one in corpus.examples]
    for index, text in enumerate(plain):
        if "再次" in text:
            original = plain.index(text.replace("再次", ""))
            assert corpus.groups[index] == corpus.groups[original]
    assert len(np.unique(corpus.groups)) > 3


def test_cross_validation_scores_every_message_once(data: Path) -> None:
    figures = measure(data, LEXICON)
    assert figures.messages == 66 == sum(map(sum, figures.confusion))
    assert figures.macro_f1 > 0.8
    assert "macro-F1" in show(figures)


def test_data_that_cannot_be_used_are_refused_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "raw.csv").write_text("row,text,label\n1,有字,环境保护\n2,,环境保护\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"raw\.csv: record 3"):
        rebuild(tmp_path, LEXICON, tmp_path / "model.npz")


def test_the_shipped_model_is_small_plain_and_matches_its_card() -> None:
    root = Path(config.__file__).parent
    assert (root / "model" / "topics.npz").stat().st_size <= 8 * 1024 * 1024
    with np.load(root / "model" / "topics.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
    card = (root.parent / "docs" / "model-card.md").read_text(encoding="utf-8")
    assert show(load_figures(root / "model" / "figures.json")) in card
