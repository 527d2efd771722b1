"""A server that packs its pages without saying so is refused: what it packed is never stored as characters."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import cramjam
import pytest

from services.adapters.parsing.pool import ParsingPool
from services.domain.source import BoardSelectors, SourceKind
from services.usecases.collecting.contract import NotAFeed
from tests.contracts.hostile import GOOD, NOW, SOURCE

ITEM = "<li><a href='/{n}.html'>暖气不热第{n}天</a><p>" + "室温只有十四度，无人处理。" * 20 + "</p></li>"
PAGE = f"<html><body><ul>{''.join(ITEM.format(n=n) for n in range(30))}</ul></body></html>".encode()
BOARD = replace(SOURCE, kind=SourceKind.BOARD, board=BoardSelectors("li"))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(cramjam.brotli.compress(body)),
    "zstd": lambda body: bytes(cramjam.zstd.compress(body)),
    "gzip": gzip.compress,
}


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[ParsingPool]:
    made = ParsingPool(size=1)
    yield made
    await made.close()


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("content_type", ["", "text/html; charset=utf-8", "application/xml; charset=gbk"])
async def test_a_packed_body_that_calls_itself_plain_brings_nothing(
    pool: ParsingPool, packer: str, content_type: str
) -> None:
    packed, headers = PACKERS[packer], {"content-type": content_type}
    for source, body in ((SOURCE, GOOD), (SOURCE, PAGE), (BOARD, PAGE)):
        with pytest.raises(NotAFeed):
            await pool.parse(source, packed(body), headers, NOW)
    assert (await pool.article(SOURCE, packed(PAGE), headers)).text == ""
