"""JSON as programs really send it: one broken character must not cost a batch its other posts."""

from __future__ import annotations

import codecs
import json
from typing import Any, NoReturn

import msgspec

# A body of which more than this share is no UTF-8 is written in another encoding: guessing would garble every word.
DAMAGED = 0.1
# Python refuses to convert longer integers; as text they are refused, or left out with a flag, where they stand.
EXACT_DIGITS = 400


class NotJson(ValueError):
    """The body as a whole cannot be read; the message says why."""


def read_json(body: bytes) -> Any:
    """The body's value. Strings may hold control characters and lone surrogates: the door takes them out, with a flag.

    1. as RFC 8259 wants it, fast; 2. else leniently: a byte order mark, control characters that are not escaped, half
    of a surrogate pair, a character cut in two.

    Raises:
        NotJson: broken otherwise, or not UTF-8.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        strict = error
    text = _text(body.removeprefix(codecs.BOM_UTF8))
    try:
        return read_json_text(text)
    except NotJson:
        raise NotJson(str(strict)) from strict


def read_json_text(text: str) -> Any:
    """The text's value, read leniently. Raises NotJson."""
    try:
        return _LENIENT.decode(text)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error


def read_json_at(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends; what follows is not looked at. Raises NotJson."""
    try:
        return _LENIENT.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "surrogateescape")
    if sum("\udc80" <= character <= "\udcff" for character in text) > DAMAGED * len(text):
        raise NotJson("正文不是 UTF-8 编码")
    return text


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= EXACT_DIGITS else digits


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


_LENIENT = json.JSONDecoder(strict=False, parse_int=_whole, parse_constant=_no_number)
