"""The article comes off its page whole, without menu, sidebar, comments or footer."""

import pytest

from services.adapters.articles import extract_article
from services.adapters.parsing.pool import ParsingPool
from services.domain.source import Source

PARAGRAPHS = (
    "十一月十五日以来，城南小区多名居民反映室温不达标，最低只有十四度。",
    "供热公司表示，故障原因是二级管网堵塞，抢修人员已经到场，预计两天内恢复。",
    "市住建部门要求企业按日通报进展，对受影响的住户减免相应热费。",
)
MENU = "<ul class='menu'>" + "".join(f"<li><a href=/{n}>栏目导航{n}，政务公开</a></li>" for n in range(30)) + "</ul>"
SIDE = (
    "<div class='sidebar'>"
    + "".join(f"<p><a href=/r{n}>相关阅读：其他新闻标题之{n}</a></p>" for n in range(9))
    + "</div>"
)
FOOT = "<footer><p>主办：某市人民政府办公室，承办：信息中心，网站标识码：0000000000。</p></footer>"


def as_paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS)


@pytest.mark.parametrize(
    "middle",
    [
        f"<article><h1>标题</h1>{as_paragraphs()}</article>",
        f"<div class='TRS_Editor'>{as_paragraphs()}</div>",
        f"<div id='zoom'>{as_paragraphs('div')}</div>",
        f"<table><tr><td class='content'>{'<br>'.join(PARAGRAPHS)}</td></tr></table>",
        f"<div class='a'><div class='b'>{as_paragraphs()}</div></div>",
        f"<div>{''.join(f'<p><span>{text}</span></p>' for text in PARAGRAPHS)}</div>",
        f"<div class='detail'>{'<br/>'.join(PARAGRAPHS)}</div>",
    ],
)
def test_the_article_is_found_in_every_usual_layout(middle: str) -> None:
    text = extract_article(f"<html><body>{MENU}<div class='wrap'>{middle}{SIDE}</div>{FOOT}</body></html>")
    for paragraph in PARAGRAPHS:
        assert paragraph in text
    for foreign in ("栏目导航", "相关阅读", "网站标识码"):
        assert foreign not in text
    assert text.count("\n") >= len(PARAGRAPHS) - 1


@pytest.mark.parametrize("page", ["", "<html></html>", f"<body>{MENU}</body>", "<p>短</p>", "not html at all"])
def test_a_page_without_an_article_gives_nothing(page: str) -> None:
    assert extract_article(page) == ""


BULLETIN = "道里区燃气爆炸，3人死亡，正在救援。"


@pytest.mark.parametrize(
    "around", ["", FOOT, "<div class='bottom'>版权所有，未经许可不得转载，技术支持：信息中心，地址邮编。</div>"]
)
def test_a_bulletin_of_one_sentence_is_an_article(around: str) -> None:
    page = f"<html><body>{MENU}<div class=content><p>{BULLETIN}</p></div>{around}</body></html>"
    assert extract_article(page) == BULLETIN


async def test_what_an_unreadable_page_had_to_be_repaired_of_is_told_with_its_article() -> None:
    page = f"<meta charset=gbk><article>{as_paragraphs()}</article>".encode("gbk").replace(
        "。".encode("gbk"), b"\xff\xff"
    )
    pool = ParsingPool(size=1)
    try:
        found = await pool.article(Source("s", "http://a.example.cn/"), page, {"content-type": "text/html"})
    finally:
        await pool.close()
    assert any(flag.startswith("encoding_") for flag in found.flags), found


def test_nothing_executable_is_left_in_an_article() -> None:
    text = extract_article(
        f"<article>{as_paragraphs()}<p>请点击<img src=x onerror=alert(1)><script>alert(2)</script></p>"
    )
    assert "alert" not in text
    assert "<" not in text
