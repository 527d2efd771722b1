"""All that people wrote in a letter is read, whatever their mail program made of it."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.mime.image import MIMEImage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from services.adapters.mail import read_mail
from services.usecases.collecting.contract import NotAFeed

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def mixed(*parts: Message, kind: str = "mixed") -> bytes:
    message = MIMEMultipart(kind)
    message["Subject"] = "投诉"
    for part in parts:
        message.attach(part)
    return message.as_bytes()


def plain(text: str, kind: str = "plain") -> MIMEText:
    return MIMEText(text, kind, "utf-8")


def forwarded(text: str) -> MIMEMessage:
    inner = EmailMessage()
    inner["Subject"] = "燃气爆炸"
    inner.set_content(text)
    return MIMEMessage(inner)


def named(text: str, how: str) -> MIMEText:
    part = plain(text)
    part.add_header("Content-Disposition", how, filename="信.txt")
    return part


WORDS = "道里区燃气爆炸，3人死亡"
PHOTO = MIMEImage(b"x", "jpeg", name="现场.jpg")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (mixed(plain("您好："), PHOTO, plain(WORDS), PHOTO), f"您好：\n{WORDS}\n附件：现场.jpg、现场.jpg"),
        (mixed(plain("见附件"), forwarded(WORDS)), f"见附件\n转发的邮件：燃气爆炸\n{WORDS}"),
        (mixed(forwarded(WORDS)), f"转发的邮件：燃气爆炸\n{WORDS}"),
        (
            mixed(
                plain("您的邮件程序不支持 HTML 格式，请用新版打开"),
                plain(f"<p>{WORDS}</p>", "html"),
                kind="alternative",
            ),
            WORDS,
        ),
        (mixed(plain("若a<b则停水，c>d，&amp;一\n第二行")), "若a＜b则停水，c>d，&amp;一\n第二行"),
        (mixed(plain("请用新版"), plain(f"<p>{WORDS}</p>", "html"), kind="alternative"), f"请用新版\n{WORDS}"),
        (mixed(plain(WORDS), plain(f"<b>{WORDS}</b>", "html"), kind="alternative"), WORDS),
        (mixed(named(WORDS, "inline")), WORDS),
        (mixed(plain(WORDS), named("日志", "attachment")), f"{WORDS}\n附件：信.txt"),
    ],
)
def test_all_that_was_written_in_a_letter_is_read(body: bytes, text: str) -> None:
    (entry,) = read_mail(body, NOW).entries
    assert entry.text == text


LONG = "我们小区从上周三起停水，物业说水泵坏了，至今没有人来修，老人孩子无水可用。"


@pytest.mark.parametrize(
    ("versions", "text"),
    [
        ((LONG, f"<p>{LONG}</p><p>发自我的手机</p>"), f"{LONG}\n发自我的手机"),
        ((LONG[:12], f"<p>{LONG}</p>"), LONG),
        (("急！锅炉房爆炸，3人死亡", f"<p>{LONG}</p>"), f"急！锅炉房爆炸，3人死亡\n{LONG}"),
        (
            ("请登录邮箱的网页版查看本邮件的全部内容", "<p>停水三天</p>"),
            "请登录邮箱的网页版查看本邮件的全部内容\n停水三天",
        ),
        ((LONG, "<p>见附件</p>"), f"{LONG}\n见附件"),
        ((LONG, "<img src=a.png>"), LONG),
        (("", f"<p>{LONG}</p>"), LONG),
    ],
)
def test_of_two_versions_of_a_letter_nothing_is_lost(versions: tuple[str, str], text: str) -> None:
    body = mixed(plain(versions[0]), plain(versions[1], "html"), kind="alternative")
    (entry,) = read_mail(body, NOW).entries
    assert entry.text == text


def test_html_that_stands_beside_the_same_plain_text_is_not_read_twice() -> None:
    (entry,) = read_mail(mixed(plain(LONG), plain(f"<p>{LONG}</p>", "html"), plain("此致")), NOW).entries
    assert entry.text == f"{LONG}\n此致"


def test_a_body_that_bears_a_name_is_no_attachment() -> None:
    part = plain(WORDS)
    part.set_param("name", "body.txt")
    (entry,) = read_mail(mixed(part), NOW).entries
    assert entry.text == WORDS


def test_a_forwarded_letter_that_was_packed_is_read_too() -> None:
    packed = base64.encodebytes(forwarded(WORDS).get_payload(0).as_bytes()).decode()  # type: ignore[union-attr]  # a letter
    head = "Subject: x\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    (entry,) = read_mail((head + packed).encode(), NOW).entries
    assert entry.text == f"转发的邮件：燃气爆炸\n{WORDS}"


def test_a_subject_keeps_its_marks() -> None:
    (entry,) = read_mail("Subject: 若a<b则停水，c>d\r\n\r\n停水".encode(), NOW).entries
    assert entry.title == "若a＜b则停水，c>d"


def test_of_a_letter_of_too_many_parts_the_rest_is_named() -> None:
    (entry,) = read_mail(mixed(*(plain(f"第{n}段") for n in range(300))), NOW).entries
    assert entry.text.startswith("第0段\n第1段\n")
    assert entry.text.endswith("\n附件：其余部分过多，未读取")


def test_an_html_letter_is_cleaned_and_attachments_are_only_mentioned() -> None:
    message = EmailMessage()
    message["Subject"] = "投诉"
    message.set_content("<p>停水<script>alert(1)</script></p><img src=http://x.cn/p.gif>", subtype="html")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="照片.png")
    entry = read_mail(message.as_bytes(), NOW).entries[0]
    assert entry.text == "停水\n附件：照片.png"


def test_a_raw_gbk_subject_and_a_wrong_charset_label_are_read() -> None:
    body = "Subject: 供热投诉\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n室温只有十四度，无人处理".encode("gbk")
    entry = read_mail(body, NOW).entries[0]
    assert (entry.title, entry.text) == ("供热投诉", "室温只有十四度，无人处理")


def test_an_empty_letter_is_refused() -> None:
    with pytest.raises(NotAFeed):
        read_mail(b"\r\n\r\n", NOW)
