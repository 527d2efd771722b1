"""F9: text comes out as it was written, whatever the label says; where that is impossible the text is flagged."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from opencc import OpenCC

from services.adapters.encodings import DAMAGED, MISLABELLED, UNCERTAIN, as_utf8_xml, decode

SAMPLES = (
    "停水三天无人管，请问什么时候恢复供水？",
    "城南小区三号楼暖气不热，室温只有十四度。",
    "中山路早高峰堵车严重，建议增设公交专用道。",
    "工地夜间施工噪音扰民，多次投诉没有结果！",
    "孩子入学划片不公平，希望教育局给个说法。",
    "拖欠农民工工资半年，劳动监察不受理。",
    "小区物业乱收费，电梯经常坏，业主意见很大。",
    "请问医保异地报销需要哪些材料？",
    "化工厂深夜偷排废水，河水发黑发臭。",
    "市政府召开新闻发布会通报爆炸事故救援情况",
    "垃圾清运不及时，夏天苍蝇满天飞",
    "退休金三个月没有调整到位，社保局电话打不通",
    "路灯坏了",
    "供热",
    "老旧小区改造何时轮到我们？“尽快”是多久……",
    "关于加快推进保障性住房建设的建议（第12号）",
    "食堂饭菜吃出异物，多名学生腹痛送医，无人员死亡。",
    "ABC大厦3号门口违停，报警110两次仍无处理",
    "公交12路改线后，老人看病要换乘两次，很不方便。",
    "网传某超市售卖过期牛奶，市场监管局已介入调查。",
)
ENCODINGS = ("utf-8", "gb2312", "gbk", "gb18030", "big5", "utf-16")
WRONG = {
    "utf-8": "gbk",
    "gb2312": "utf-8",
    "gbk": "iso-8859-1",
    "gb18030": "utf-8",
    "big5": "gb2312",
    "utf-16": "utf-8",
}
FEED = (
    '{declaration}<rss version="2.0"><channel><title>{text}</title><item><title>{text}</title></item></channel></rss>'
)


@dataclass(frozen=True)
class Case:
    text: str
    body: bytes
    content_type: str


def cases() -> list[Case]:
    """20 samples × 6 encodings × right, missing and wrong label, the label in the declaration or in the header."""
    traditional = OpenCC("s2tw")
    found = []
    for number, sample in enumerate(SAMPLES):
        for encoding in ENCODINGS:
            text = traditional.convert(sample) if encoding == "big5" else sample
            text = text + "𠮷㐂" if encoding == "gb18030" and number % 4 == 0 else text
            for label in (encoding, "", WRONG[encoding]):
                in_header = number % 2 == 0
                declaration = f'<?xml version="1.0" encoding="{label}"?>' if label and not in_header else ""
                header = f"text/xml; charset={label}" if label and in_header else "text/xml"
                body = FEED.format(declaration=declaration, text=text).encode(encoding)
                found.append(Case(FEED.format(declaration=declaration, text=text), body, header))
    return found


def test_the_grid_comes_out_exact_and_what_does_not_is_flagged(figure: Callable[[str], None]) -> None:
    grid = cases()
    wrong = [case for case in grid if decode(case.body, case.content_type).text != case.text]
    silent = [case for case in wrong if UNCERTAIN not in decode(case.body, case.content_type).flags]
    figure(f"F9 encodings: {len(grid) - len(wrong)} of {len(grid)} exact, {len(silent)} silently wrong")
    assert len(grid) == 360
    assert len(wrong) <= len(grid) * 0.02
    assert silent == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_known_without_a_mark(encoding: str) -> None:
    text = FEED.format(declaration="", text=SAMPLES[0])
    assert decode(text.encode(encoding)).text == text


def test_a_few_bytes_are_not_taken_for_a_wide_encoding() -> None:
    assert decode("停水三天\n".encode("gb18030"), "charset=gb18030").text == "停水三天\n"


def test_a_wrong_label_is_said_to_be_wrong() -> None:
    found = decode("停水三天无人管".encode("gbk"), "text/html; charset=utf-8")
    assert found.text == "停水三天无人管"
    assert MISLABELLED in found.flags


def test_a_text_cut_inside_a_character_keeps_the_rest_and_says_so() -> None:
    found = decode("停水三天无人管，请问什么时候恢复供水？".encode()[:-1] + b"<x>")
    assert found.text.startswith("停水三天无人管，请问什么时候恢复供水")
    assert DAMAGED in found.flags


def test_a_label_nobody_knows_or_that_is_no_text_is_ignored() -> None:
    for label in ("x-unknown", "base64", "zlib", "rot13", "idna", "undefined"):
        assert decode("停水三天无人管".encode(), f"text/xml; charset={label}").text == "停水三天无人管"


def test_western_and_japanese_labels_are_believed_where_nothing_speaks_against_them() -> None:
    assert (
        decode("Le café est fermé à Besançon".encode("cp1252"), "text/html; charset=iso-8859-1").text[:7] == "Le café"
    )
    japanese = "ハルビン市の暖房が止まりました。"
    assert decode(japanese.encode("shift_jis"), "text/html; charset=shift_jis").text == japanese


def test_noise_is_flagged() -> None:
    assert UNCERTAIN in decode(bytes(range(128, 256)) * 20).flags


def test_what_the_parser_gets_declares_what_it_is() -> None:
    assert as_utf8_xml('<?xml version="1.0" encoding="gb2312"?><a>停</a>').startswith(
        b'<?xml version="1.0" encoding="utf-8"?>\n<a>'
    )
