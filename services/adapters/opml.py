"""OPML, the format in which feed readers hand each other their lists of sources."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.parsers import expat

from services.adapters.encodings import as_utf8_xml, decode
from services.domain.source import HIDDEN, Source, SourceKind, without_password

MAX_BYTES = 5 * 1024 * 1024
MAX_SOURCES = 20_000
MAX_NAME = 200


class BadOpml(ValueError):
    """Not an OPML file. The argument is the reason in plain Chinese."""


@dataclass(frozen=True, slots=True)
class RefusedOutline:
    """An outline that was left out: its line in the file, its name, and the reason in plain Chinese."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Opml:
    """The sources of a file in its order, each address once, and what was left out."""

    sources: tuple[Source, ...]
    refused: tuple[RefusedOutline, ...]


def read_opml(
    data: bytes, pattern: Source, known: Mapping[str, str] | None = None, classes: Mapping[str, Source] | None = None
) -> Opml:
    """The sources in `data`, with the rhythm of the class that `category` names, else of `pattern`.

    `known` maps addresses that exist already to their ids, `classes` names to their patterns.

    Raises:
        BadOpml: not XML, not OPML, too large, or with entity declarations.
    """
    if len(data) > MAX_BYTES:
        raise BadOpml(f"文件超过 {MAX_BYTES // 1024 // 1024} MiB")
    reader = _Reader(pattern, known or {}, classes or {})
    reader.read(data)
    if not reader.is_opml:
        raise BadOpml("不是 OPML 文件")
    return Opml(tuple(reader.sources.values()), tuple(reader.refused))


def write_opml(sources: Sequence[Source], title: str) -> bytes:
    """The feeds among `sources`, grouped by class, without passwords. Boards and boxes have no place in OPML."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    body, groups = ElementTree.SubElement(root, "body"), {}
    for source in sources:
        if source.kind is not SourceKind.FEED:
            continue
        name = source.source_class
        if name not in groups:
            groups[name] = ElementTree.SubElement(body, "outline", text=name, title=name)
        label = source.name or source.id
        told = {"type": "rss", "text": label, "title": label, "xmlUrl": without_password(source.url), "category": name}
        ElementTree.SubElement(groups[name], "outline", told)
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def imported_id(url: str) -> str:
    """The id of a source that came by its address alone: the same at every import."""
    digest = hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return f"{urlsplit(url).hostname or 'source'}-{digest}"


class _Reader:
    """Expat with entity declarations refused: no bomb and no outside file (HARDENING F3)."""

    def __init__(self, pattern: Source, known: Mapping[str, str], classes: Mapping[str, Source]) -> None:
        self._pattern, self._known, self._classes = pattern, known, classes
        self._shift = 0
        self.sources: dict[str, Source] = {}
        self.refused: list[RefusedOutline] = []
        self.is_opml = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EntityDeclHandler = self._entity

    def read(self, data: bytes) -> None:
        text = decode(data).text
        plain = as_utf8_xml(text)  # expat knows no encoding of ours
        self._shift = plain.count(b"\n") - text.count("\n")
        try:
            self._parser.Parse(plain, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            if isinstance(error, BadOpml):
                raise
            raise BadOpml(f"第 {self._line()} 行不是合法的 XML") from error

    def _line(self) -> int:
        return self._parser.CurrentLineNumber - self._shift

    def _entity(self, *_: object) -> None:
        raise BadOpml("文件含有实体声明，拒绝读取")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.is_opml = self.is_opml or tag.lower() == "opml"
        given = {name.lower(): value.strip() for name, value in attributes.items()}
        if tag.lower() != "outline" or not given.get("xmlurl"):
            return
        url, name = given["xmlurl"], (given.get("title") or given.get("text") or given["xmlurl"])[:MAX_NAME]
        reason = self._why_not(url)
        if reason:
            self.refused.append(RefusedOutline(self._line(), name, reason))
        else:
            pattern = self._classes.get(given.get("category", ""), self._pattern)
            made = replace(pattern, id=self._known.get(url, imported_id(url)), url=url, name=name)
            self.sources[url] = made

    def _why_not(self, url: str) -> str:
        try:
            parts = urlsplit(url)
        except ValueError:
            return "地址不合规"
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return "只允许 http 和 https 地址"
        if url in self.sources:
            return "文件中重复"
        if parts.password == HIDDEN and url not in self._known:
            return "地址里的密码已隐去，请补上再导入"
        if len(self.sources) >= MAX_SOURCES:
            return f"超过 {MAX_SOURCES} 个信息源"
        return ""
