"""Bytes to text: BOM, then labels, then strict UTF-8, then GB18030, then detection – and evidence beats every label.

A label is a claim of a web server's default configuration. Mainland pages labelled `utf-8`, `iso-8859-1` or not at all
are often GBK, and windows-1252 can read anything, so a wrong reading never announces itself. Every reading is
therefore judged by how ordinary its characters are; a label only decides between readings that look alike. When no
reading looks ordinary the text is flagged, so that mojibake is never stored silently.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import charset_normalizer

UNCERTAIN, DAMAGED, MISLABELLED = "encoding_uncertain", "encoding_damaged", "encoding_label_wrong"
SAMPLE = 65_536
ORDINARY = 0.55
LABEL_WORTH = 0.12
CLEAR_LEAD = 0.1
REPLACED = "\ufffd"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# WHATWG Encoding Standard: what labels mean in practice, not what they say.
_ALIASES = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "ms936": "gb18030", "euc-cn": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "us-ascii": "utf-8", "ascii": "utf-8", "utf8": "utf-8", "utf-16": "utf-16-le", "unicode": "utf-16-le",
    "ucs-2": "utf-16-le", "shift-jis": "cp932", "shift_jis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
}  # fmt: skip
_HTTP_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{2,40})""", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"(?:utf-(?:8|16|32)|gb|hz$|big5|cp\d|iso8859|iso2022|koi8|euc|shift_jis|johab|mac|tis)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,400}\?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text. `encoding` is the codec that read it; `flags` say what was doubtful."""

    text: str
    encoding: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    encoding: str
    text: str
    labelled: bool
    merit: float


def decode(body: bytes, content_type: str = "", *, mainland: bool = True) -> Decoded:
    """The body as text. `content_type` is the HTTP header, "" if there was none. Never raises.

    `mainland` puts GB18030 before Big5 and statistical detection where the readings look alike.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _finish(body[len(bom) :], encoding)
    if body.isascii() and b"\x00" not in body:
        return _hz(body, content_type) or Decoded(body.decode("ascii"), "utf-8")
    labels = list(dict.fromkeys(_labels(body, content_type)))
    readings = [_read(body, encoding, encoding in labels) for encoding in _candidates(body, labels, mainland)]
    best = max(readings, key=lambda reading: reading.merit)
    if _ordinary(best.text) < ORDINARY:
        best = _detected(body, best)
    return _finish(body, best.encoding, _doubts(best, readings, labels))


def as_utf8_xml(text: str) -> bytes:
    """The text as UTF-8 with a declaration that says so: a parser then has nothing left to guess."""
    bare = _DECLARATION.sub("", text, count=1).lstrip("\ufeff \t\r\n\x00")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + bare.encode("utf-8", "replace")


def _labels(body: bytes, content_type: str) -> Iterator[str]:
    head = body[:4096]
    for claim in (_HTTP_CHARSET.search(content_type), _XML_ENCODING.search(head), _META_CHARSET.search(head)):
        if claim is not None:
            name = claim[1] if isinstance(claim[1], str) else claim[1].decode("ascii")
            codec = _codec(name)
            if codec:
                yield codec


@lru_cache(maxsize=256)
def _codec(label: str) -> str:
    """The codec for a label, "" for one that is unknown or is no charset (Python also has base64, idna, utf-7 …)."""
    name = _ALIASES.get(label.lower(), label.lower())
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return (name if name in _ALIASES.values() else known) if _CHARSET.match(known) else ""


def _candidates(body: bytes, labels: list[str], mainland: bool) -> list[str]:
    wide = _wide(body)
    if wide:
        return [wide]
    usual = ["utf-8", "gb18030", "big5hkscs"] if mainland else ["utf-8", "big5hkscs", "gb18030"]
    narrow = [label for label in labels if not label.startswith(("utf-16", "utf-32"))]
    return list(dict.fromkeys([*narrow, *usual]))


def _wide(body: bytes) -> str:
    """UTF-16 or UTF-32 without a BOM: markup and line breaks leave NULs on one side only."""
    head = body[:4096]
    if head.count(0) <= len(head) // 20:
        return ""
    zeros = [head[place::4].count(0) for place in range(4)]
    if min(zeros[1:]) > len(head) // 6:
        return "utf-32-le"
    if min(zeros[:3]) > len(head) // 6:
        return "utf-32-be"
    return "utf-16-le" if zeros[1] + zeros[3] > zeros[0] + zeros[2] else "utf-16-be"


def _read(body: bytes, encoding: str, labelled: bool) -> _Reading:
    text = _lenient(_sample(body), encoding)
    merit = _ordinary(text) + (LABEL_WORTH if labelled else 0.0)
    # Text in another encoding is hardly ever valid UTF-8 with characters of three bytes and more.
    if encoding == "utf-8" and REPLACED not in text and any(c > "\u07ff" for c in text):
        merit += 1.0
    return _Reading(encoding, text, labelled, merit)


def _sample(body: bytes) -> bytes:
    """A stretch around the first bytes that are not ASCII: the only ones that say anything."""
    first = next(iter(re.finditer(rb"[\x80-\xff]", body)), None)
    start = 0 if first is None else first.start() // 4 * 4
    return body[start : start + SAMPLE]


def _lenient(body: bytes, encoding: str) -> str:
    text = body.decode(encoding, "replace")
    # A sample may end inside a character, which is not the body's fault.
    return text[:-1] if text.endswith(REPLACED) else text


@lru_cache(maxsize=1)
def _worth() -> dict[str, float]:
    """How ordinary a character is in running text, from 1 (everyday) to -3 (never seen)."""
    worth: dict[str, float] = {}
    for first in range(0xA4, 0xC7):
        worth |= _row(first, range(0x40, 0xFF), "big5", 0.75)
    for first in range(0xB0, 0xD8):
        worth |= _row(first, range(0xA1, 0xFF), "gb2312", 0.85)
    for first in (0xA1, 0xA3):
        worth |= _row(first, range(0xA1, 0xFF), "gb2312", 0.6)
    worth |= dict.fromkeys("“”‘’…—·《》〈〉「」『』、。！？：；，（）【】％～￥", 0.8)
    worth |= dict.fromkeys(_EVERYDAY, 1.0)
    return worth


def _row(first: int, seconds: range, encoding: str, value: float) -> dict[str, float]:
    pairs = bytes(byte for second in seconds for byte in (first, second))
    return dict.fromkeys(pairs.decode(encoding, "ignore"), value)


_EVERYDAY = (
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看"
    "起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两"
    "次使身者被高已亲其进此话常与活正感市区县政府街道社区居民业主小区物业供热暖气水电路车公交学校医院老师学生工资农民工拆迁补偿"
    "這個們來時說國為會學對過還樣發當開總無現長經從頭動兒愛給間兩進話與業區縣電車醫師資農補償熱氣請問題處理反映"
)


def _ordinary(text: str) -> float:
    """-3 … 1: the mean worth of the characters beyond ASCII; 1 where there are none."""
    counts = Counter(text)
    total = weight = 0.0
    table = _worth()
    for character, count in counts.items():
        if character >= "\x80":
            total += count
            weight += count * (table.get(character) if character in table else _rare(character))  # type: ignore[operator]  # membership was asked first
    return weight / total if total else 1.0


def _rare(character: str) -> float:
    if character == REPLACED or "\x80" <= character <= "\x9f" or "\ue000" <= character <= "\uf8ff":
        return -3.0
    if "\u4e00" <= character <= "\u9fff":
        return 0.1
    if "\u3040" <= character <= "\u30ff" or "\uac00" <= character <= "\ud7a3":
        return 0.5
    return 0.3 if character.isalpha() and character < "\u0530" else -0.3


def _hz(body: bytes, content_type: str) -> Decoded | None:
    """HZ is GB2312 in seven bits; ASCII bodies are read as HZ only when they say so."""
    return _finish(body, "hz") if b"~{" in body and "hz" in _labels(body, content_type) else None


def _detected(body: bytes, best: _Reading) -> _Reading:
    """The last resort: statistics, believed only where they read better than everything before."""
    match = charset_normalizer.from_bytes(_sample(body)[:16_384]).best()
    if match is None or not _codec(match.encoding):
        return best
    found = _read(body, match.encoding, labelled=False)
    return found if found.merit > best.merit else best


def _doubts(best: _Reading, readings: list[_Reading], labels: list[str]) -> tuple[str, ...]:
    lead = min((best.merit - other.merit for other in readings if other.encoding != best.encoding), default=1.0)
    same = all(other.text == best.text for other in readings if best.merit - other.merit < CLEAR_LEAD)
    doubtful = _ordinary(best.text) < ORDINARY or (lead < CLEAR_LEAD and not same)
    wrong = bool(labels) and best.encoding != labels[0]
    return ((UNCERTAIN,) if doubtful else ()) + ((MISLABELLED,) if wrong else ())


def _finish(body: bytes, encoding: str, flags: tuple[str, ...] = ()) -> Decoded:
    try:
        return Decoded(body.decode(encoding), encoding, flags)
    except UnicodeDecodeError:
        return Decoded(body.decode(encoding, "replace"), encoding, (*flags, DAMAGED))
