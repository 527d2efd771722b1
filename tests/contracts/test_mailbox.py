"""Letters to the mayor's mailbox come in once, readable, and nothing is changed on the server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from services.adapters.fetch.guard import Guard
from services.adapters.imap import folder_name
from services.adapters.mailbox import MAX_LETTER, Mailbox
from services.adapters.parsing.pool import ParsingPool
from services.domain.source import Failure, Source, SourceKind, SourceState
from services.usecases.collecting import backfill
from services.usecases.collecting.contract import FetchFailed
from services.usecases.collecting.harvest import fresh_entries
from tests.collecting_kit import HandClock, tools
from tests.contracts.imap_server import ImapServer
from tests.hanging import hanging

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def letter(subject: str, text: str, number: int = 1, charset: str = "utf-8") -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "市民甲 <a@example.cn>", "mayor@example.cn"
    message["Date"], message["Message-ID"] = "Sun, 22 Nov 2026 08:05:00 +0800", f"<{number}@example.cn>"
    message.set_content(text, charset=charset)
    return message.as_bytes()


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    pool, guard = ParsingPool(size=1), Guard(["127.0.0.0/8"])
    box = Mailbox(pool, guard)
    yield box
    box.close()
    guard.close()
    await pool.close()


def source(server: ImapServer, tmp_path: Path, folder: str = "INBOX", password: str = "secret") -> Source:
    secret = tmp_path / f"password-{password}"
    secret.write_text(password + "\n", encoding="utf-8")
    options = (("password_file", str(secret)), ("user", server.user))
    return Source("mayor", f"imap://127.0.0.1:{server.port}/{folder}", kind=SourceKind.MAILBOX, options=options)


async def test_letters_come_in_once_and_the_cursor_moves_on(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        server.folders["INBOX"] = [letter("供热问题", "室温只有十四度", 1), letter("停水", "停水三天", 2, "gb18030")]
        box = source(server, tmp_path)
        first = await mailbox.take(box, "", NOW)
        assert [(entry.title, entry.text) for entry in first.entries] == [
            ("供热问题", "室温只有十四度"),
            ("停水", "停水三天"),
        ]
        assert first.entries[0].author == "市民甲"
        assert first.entries[0].published_at == datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
        assert first.cursor == "7:2"
        assert await mailbox.take(box, "", NOW) == first
        assert (await mailbox.take(box, first.cursor, NOW)).entries == ()
        server.folders["INBOX"].append(letter("停电", "整栋楼停电", 3))
        assert [entry.title for entry in (await mailbox.take(box, first.cursor, NOW)).entries] == ["停电"]
        assert not any(word in line for line in server.commands for word in ("STORE", "EXPUNGE", "COPY", "SELECT"))


async def test_when_the_server_numbers_anew_the_letters_keep_their_identity(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        server.folders["INBOX"] = [letter("停水", "停水三天", 1)]
        box = source(server, tmp_path)
        first = await mailbox.take(box, "", NOW)
        server.validity = 8
        again = await mailbox.take(box, first.cursor, NOW)
        assert [entry.id for entry in again.entries] == [entry.id for entry in first.entries]
        assert again.cursor == "8:1"


async def test_a_web_form_that_gives_all_letters_one_name_loses_none(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        one, other = letter("停水", "南岗区停水三天", 1), letter("停电", "道里区停电两天", 1)
        server.folders["INBOX"] = [one, other, one]
        taken = await mailbox.take(source(server, tmp_path), "", NOW)
        fresh = fresh_entries(taken.entries, {}, NOW)
        assert [found.entry.text for found in fresh] == ["南岗区停水三天", "道里区停电两天"]


def with_photographs(subject: str, text: str, size: int) -> bytes:
    message = EmailMessage()
    message["Subject"], message["Message-ID"] = subject, f"<{subject.encode().hex()}@example.cn>"
    message.set_content(text)
    message.add_attachment(bytes(size), maintype="image", subtype="jpeg", filename="现场.jpg")
    return message.as_bytes()


async def test_of_an_oversized_letter_the_words_are_read_and_the_rest_is_named(
    mailbox: Mailbox, tmp_path: Path
) -> None:
    async with ImapServer().serving() as server:
        large = with_photographs("塌陷", "门前道路塌陷，有车掉下去了", MAX_LETTER)
        server.folders["INBOX"] = [large, b"\r\n", letter("停水", "停水三天", 2)]
        taken = await mailbox.take(source(server, tmp_path), "", NOW)
        assert [entry.title for entry in taken.entries] == ["塌陷", "停水"]
        assert taken.entries[0].text.startswith("门前道路塌陷，有车掉下去了")
        assert taken.reasons[0] == "第 1 号邮件过大或过慢，只读取了开头，附件未读"
        assert taken.cursor == "7:3"


async def test_a_full_mailbox_is_read_a_few_megabytes_at_a_time(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        server.folders["INBOX"] = [with_photographs(f"来信{n}", "停水", 3 * 1024 * 1024) for n in range(6)]
        box = source(server, tmp_path)
        first = await mailbox.take(box, "", NOW)
        second = await mailbox.take(box, first.cursor, NOW)
        assert [entry.title for entry in (*first.entries, *second.entries)] == [f"来信{n}" for n in range(6)]
        assert (len(first.entries), first.more, second.more) == (3, True, False)


async def test_a_mailbox_says_how_long_its_history_has_not_been_read_through(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.adapters.mailbox.AT_ONCE", 2)
    async with ImapServer(refuses=(5,)).serving() as server:
        server.folders["INBOX"] = [letter(f"来信{n}", f"停水第{n}天", n) for n in range(1, 6)]
        cursor, more = "", []
        for _ in range(4):
            taken = await mailbox.take(source(server, tmp_path), cursor, NOW)
            cursor, more = taken.cursor, [*more, taken.more]
        assert (cursor, more) == ("7:5", [True, True, False, False])


async def all_of(mailbox: Mailbox, box: Source) -> list[str]:
    """Every letter's title, taken in one sitting."""
    titles, cursor, more = list[str](), "", True
    async with mailbox.sitting(box) as sitting:
        while more:
            taken = await sitting.take(box, cursor, NOW)
            titles += [entry.title for entry in taken.entries]
            cursor, more = taken.cursor, taken.more
    return titles


def signed_in(server: ImapServer) -> int:
    return sum(" LOGIN " in line for line in server.commands)


async def test_a_whole_mailbox_is_read_with_one_sign_in(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        server.folders["INBOX"] = [letter(f"来信{n}", f"停水第{n}天", n) for n in range(1, 251)]
        assert await all_of(mailbox, source(server, tmp_path)) == [f"来信{n}" for n in range(1, 251)]
        assert (signed_in(server), server.commands[-1].split()[1]) == (1, "LOGOUT")


async def test_a_backfill_of_hundreds_of_letters_signs_in_once(mailbox: Mailbox, tmp_path: Path) -> None:
    async with (
        ImapServer().serving() as server,
        tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", HandClock(NOW + timedelta(days=30))) as made,
    ):
        server.folders["INBOX"] = [letter(f"来信{n}", f"停水第{n}天", n) for n in range(1, 151)]
        kit, box = replace(made, boxes={SourceKind.MAILBOX: mailbox}), source(server, tmp_path)
        done = await backfill(kit, box, SourceState(box.id, kit.clock.now()), NOW - timedelta(days=1))
        assert (done.published, signed_in(server)) == (150, 1)


@pytest.mark.parametrize("after", [2, 3])
async def test_a_server_that_hangs_up_in_between_gets_a_new_sign_in_and_no_letter_is_missing(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr("services.adapters.mailbox.AT_ONCE", 2)
    async with ImapServer(hangs_up_after=after).serving() as server:
        server.folders["INBOX"] = [letter(f"来信{n}", f"停水第{n}天", n) for n in range(1, 8)]
        assert await all_of(mailbox, source(server, tmp_path)) == [f"来信{n}" for n in range(1, 8)]
        assert signed_in(server) > 1


async def test_each_take_of_a_sitting_has_its_own_deadline(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.adapters.mailbox.LOOK_SECONDS", 2.0)
    async with ImapServer(slow=(2,)).serving() as server:
        server.folders["INBOX"] = [letter(f"来信{n}", f"停水第{n}天", n) for n in (1, 2, 3)]
        assert await all_of(mailbox, source(server, tmp_path)) == ["来信1", "来信2", "来信3"]
        assert signed_in(server) == 2


@pytest.mark.parametrize("drip", [b"", b"*"], ids=["silent", "dripping"])
@pytest.mark.parametrize("scheme", ["imap", "imaps"])
async def test_a_server_that_never_ends_its_greeting_holds_no_thread_of_the_service(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drip: bytes, scheme: str
) -> None:
    monkeypatch.setattr("services.adapters.mailbox.LOOK_SECONDS", 1.0)
    async with hanging(drip) as (port, called):
        box = replace(source(ImapServer(port=port), tmp_path), url=f"{scheme}://127.0.0.1:{port}/INBOX")
        looks = [asyncio.create_task(mailbox.take(box, "", NOW)) for _ in range(8)]
        await asyncio.wait_for(called.wait(), 20)
        assert await asyncio.wait_for(asyncio.to_thread(int), 5) == 0
        outcomes = await asyncio.wait_for(asyncio.gather(*looks, return_exceptions=True), 20)
    # What drips is no TLS either, which may show before the time is up.
    allowed = {Failure.TIMEOUT} | ({Failure.UNREACHABLE} if (scheme, drip) == ("imaps", b"*") else set())
    assert {getattr(outcome, "kind", outcome) for outcome in outcomes} <= allowed


async def test_a_letter_the_server_refuses_is_named_and_holds_up_none(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer(refuses=(2,)).serving() as server:
        server.folders["INBOX"] = [letter(f"来信{n}", f"停水第{n}天", n) for n in (1, 2, 3)]
        taken = await mailbox.take(source(server, tmp_path), "", NOW)
        assert [entry.title for entry in taken.entries] == ["来信1", "来信3"]
        assert (taken.reasons, taken.cursor) == (("第 2 号邮件：邮箱服务器拒绝提供该邮件，未能读取",), "7:3")


async def test_a_line_dropped_at_the_end_takes_back_no_letter(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer(drops_at_logout=True).serving() as server:
        server.folders["INBOX"] = [letter("停水", "停水三天", 1)]
        taken = await mailbox.take(source(server, tmp_path), "", NOW)
        assert ([entry.title for entry in taken.entries], taken.cursor) == (["停水"], "7:1")


async def test_a_letter_slower_than_a_look_is_read_by_its_beginning_at_the_next(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.adapters.mailbox.LOOK_SECONDS", 2.0)
    async with ImapServer(slow=(2,)).serving() as server:
        server.folders["INBOX"] = [letter(f"来信{n}", f"停水第{n}天", n) for n in (1, 2, 3)]
        box = source(server, tmp_path)
        first = await mailbox.take(box, "", NOW)
        assert ([entry.title for entry in first.entries], first.cursor) == (["来信1"], "7:1:2")
        second = await mailbox.take(box, first.cursor, NOW)
        assert ([entry.title for entry in second.entries], second.cursor) == (["来信2", "来信3"], "7:3")
        assert second.reasons == ("第 2 号邮件过大或过慢，只读取了开头，附件未读",)


async def test_a_mailbox_of_several_addresses_is_reached_by_the_one_that_answers(tmp_path: Path) -> None:
    async def names(_host: str, _port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    async with ImapServer().serving() as server:
        server.folders["INBOX"] = [letter("停水", "停水三天", 1)]
        guard, pool = Guard(["127.0.0.0/8", "::1/128"], names), ParsingPool(size=1)
        box = replace(source(server, tmp_path), url=f"imap://mail.example.cn:{server.port}/INBOX")
        mailbox = Mailbox(pool, guard)
        assert [entry.title for entry in (await mailbox.take(box, "", NOW)).entries] == ["停水"]
        mailbox.close()
        guard.close()
        await pool.close()


async def test_a_mailbox_inside_is_reached_only_where_its_network_is_allowed(tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        guard, pool = Guard(), ParsingPool(size=1)
        with pytest.raises(FetchFailed, match="HUIYING_ALLOWED_NETWORKS"):
            await Mailbox(pool, guard).take(source(server, tmp_path), "", NOW)
        guard.close()
        await pool.close()
        assert server.commands == []


async def test_a_wrong_password_and_a_missing_folder_are_refusals(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        for box, reason in (
            (
                source(server, tmp_path, password="wrong"),
                r"拒绝登录（LOGIN failed done）：请核对 user 和 password_file",
            ),
            (source(server, tmp_path, folder="None"), r"拒绝打开文件夹“None”（no such folder done）：请核对地址末尾"),
            (replace(source(server, tmp_path), options=()), "没有给出密码文件"),
        ):
            with pytest.raises(FetchFailed, match=reason) as failure:
                await mailbox.take(box, "", NOW)
            assert failure.value.kind is Failure.REFUSED


async def test_a_missing_password_file_is_told_as_such(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        box = replace(source(server, tmp_path), options=(("password_file", str(tmp_path / "none")), ("user", "mayor")))
        with pytest.raises(FetchFailed, match=r"密码文件“.*none”不存在或无法读取") as failure:
            await mailbox.take(box, "", NOW)
        assert failure.value.kind is Failure.REFUSED
        assert server.commands == []


async def test_a_server_that_is_not_there_is_unreachable(mailbox: Mailbox, tmp_path: Path) -> None:
    async with ImapServer().serving() as server:
        box = source(server, tmp_path)
    with pytest.raises(FetchFailed) as failure:
        await mailbox.take(box, "", NOW)
    assert failure.value.kind is Failure.UNREACHABLE


def test_a_chinesefolder_name_is_written_as_imap_wants_it() -> None:
    assert folder_name("INBOX") == '"INBOX"'
    assert folder_name("群众来信 & 建议") == '"&f6RPF2dlT+E- &- &XvqLrg-"'
