"""Folding keeps the way back to the text as written; the quick segmentation is jieba's."""

from __future__ import annotations

import random
import unicodedata
import warnings
from pathlib import Path

from hypothesis import given, seed, settings
from hypothesis import strategies as st

import config
from services.adapters.folding import Folder
from services.adapters.segmenter import Segmenter, read_lexicon

PHRASES = """
供热办答复说热企正在抢修 道里区群力第七大道 拖欠农民工工资 物业弃管三年 公交车半小时等不到一趟 孩子入学无门
医保报销比例太低 我们多次向有关部门反映 网约车拒载 业委会换届 室温只有十三度
"""
FOLDER = Folder()
LEXICON = Path(config.__file__).parent / "lexicon.txt"


def fold(text: str) -> str:
    return FOLDER.fold([text])[0].text


def test_traditional_and_full_width_are_matched_as_simplified_and_half_width() -> None:
    assert fold("哈爾濱１２３ＡＢＣ,供熱") == "哈尔滨123ABC,供热"


def test_a_span_leads_back_to_the_characters_it_came_from() -> None:
    text = "建筑㎡½供熱"
    (folded,) = FOLDER.fold([text])
    start = folded.text.index("供热")
    begin, end = folded.span(start, start + 2)
    assert text[begin:end] == "供熱"
    inside = folded.text.index("2")
    assert text[slice(*folded.span(inside, inside + 1))] == "㎡"
    assert folded.span(-1, -1) == (-1, -1)


def test_texts_of_a_batch_do_not_disturb_each_other() -> None:
    texts = ["", "㎡供熱", "停水", "", "ﬁ", "\ud83d停電"]
    assert [one.text for one in FOLDER.fold(texts)] == [fold(text) for text in texts]


@seed(20170101)
@settings(max_examples=300, deadline=None, database=None)
@given(st.text(alphabet=st.characters(), max_size=60))
def test_every_span_lies_inside_the_text(text: str) -> None:
    (folded,) = FOLDER.fold([text])
    for start in range(len(folded.text)):
        begin, end = folded.span(start, start + 1)
        assert 0 <= begin < end <= len(text)
        sign = text[begin:end]
        if (
            unicodedata.normalize("NFKC", sign) == sign
            and not "㐀" <= sign <= "鿿"
            and not "\ud800" <= sign <= "\udfff"
        ):
            assert folded.text[start] == sign


def test_the_quick_segmentation_gives_jieba_s_words_with_our_dictionary() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba imports pkg_resources, which warns of its own age
        import jieba
    reference = jieba.Tokenizer()
    for word, frequency, tag in read_lexicon(LEXICON):
        reference.add_word(word, frequency, tag)
    quick, chance, same, total = Segmenter(LEXICON), random.Random(5), 0, 0
    phrases = PHRASES.split()
    for _ in range(200):
        text = ",".join(chance.choices(phrases, k=5))
        ours, theirs = _spans(quick.words(text)), _spans(list(reference.cut(text)))
        same += len(ours & theirs)
        total += max(len(ours), len(theirs))
    assert same / total >= 0.999


def _spans(words: object) -> set[tuple[int, int]]:
    found, start = set(), 0
    assert isinstance(words, list)
    for word in words:
        found.add((start, start + len(word)))
        start += len(word)
    return found
