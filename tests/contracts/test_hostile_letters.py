"""Whoever writes to the mayor's mailbox can send any bytes: a letter is read or refused, and none breaks the reader."""

import base64
import random
from datetime import UTC, datetime

import pytest

from services.adapters.mail import read_mail
from services.usecases.collecting.contract import NotAFeed
from tests.contracts.test_hostile_feeds import mutated

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
WORDS = "室温只有十四度，无人处理"


def packed(words: bytes) -> bytes:
    return base64.encodebytes(words)


INNER = "Subject: 转来\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n停水三天\r\n".encode()
HEAD = (
    b"From: =?gb2312?B?xOO6ww==?= <a@example.cn>\r\nSubject: =?utf-8?B?5pqW5rCU?=\r\nMessage-ID: <1@example.cn>\r\n"
    b"Date: Sun, 22 Nov 2026 10:00:00 +0800\r\nMIME-Version: 1.0\r\n"
)
MIXED = (
    HEAD + b"Content-Type: multipart/mixed; boundary=B\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"--B\r\nContent-Type: multipart/alternative; boundary=C\r\n\r\n"
    b"--C\r\nContent-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + packed(WORDS.encode("gb18030"))
    + b"--C\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<p>=E5=81=9C=E6=B0=B4</p>\r\n--C--\r\n"
    b"--B\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + packed(INNER)
    + b"--B\r\nContent-Type: message/rfc822\r\n\r\n"
    + INNER
    + b"--B\r\nContent-Type: application/pdf; name*=utf-8''%E4%B8%AD.pdf\r\n"
    b"Content-Disposition: attachment\r\n\r\nxx\r\n"
    b"--B\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename*0*=gbk'zh'%D5; filename*1*=%D5\r\n"
    b"\r\nxx\r\n--B--\r\n"
)
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + WORDS.encode()
OLD = (
    "From: 张 <a@example.cn>\r\nSubject: 供热投诉\r\n\r\n室温只有十四度\r\nbegin 644 a\r\n#0V%T\r\n \r\nend\r\n".encode(
        "gbk"
    )
)
SEEDS = (MIXED, PLAIN, OLD)
HEADERS = sorted(
    {line.partition(b":")[0] for line in MIXED.splitlines() if b": " in line} - {b"Subject", b"Content-Type"}
)


@pytest.mark.parametrize("name", HEADERS, ids=bytes.decode)
@pytest.mark.parametrize("strange", ["\xa1\xa1".encode("latin-1"), "；附".encode(), b"\x00"])
def test_a_header_with_strange_bytes_costs_no_letter(name: bytes, strange: bytes) -> None:
    def strangely(line: bytes) -> bytes:
        return line + strange if line.startswith(name + b":") else line

    (entry,) = read_mail(b"\r\n".join(map(strangely, MIXED.split(b"\r\n"))), NOW).entries
    assert (entry.title, "转发的邮件：转来\n停水三天" in entry.text) == ("暖气", True)


def test_a_name_of_an_attachment_that_no_encoding_has_costs_no_letter() -> None:
    body = MIXED.replace(b"gbk'zh'", b"g\x00k'zh'").replace(b"utf-8''", b"no-such-code''")
    (entry,) = read_mail(body, NOW).entries
    assert (WORDS in entry.text, entry.text.endswith("（文件名无法读取）")) == (True, True)


def test_a_letter_whose_boundary_is_nowhere_keeps_its_words() -> None:
    head = HEAD + b"Content-Type: multipart/mixed; boundary=B\xa1\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\n"
    (entry,) = read_mail(head + WORDS.encode(), NOW).entries
    assert WORDS in entry.text


def test_mutated_letters_crash_nothing() -> None:
    chance, read = random.Random(20261122), 0
    for n in range(2_000):
        body = mutated(SEEDS[n % len(SEEDS)], chance)
        try:
            read += len(read_mail(body, NOW).entries)
        except NotAFeed:
            continue
    assert read > 1_700
