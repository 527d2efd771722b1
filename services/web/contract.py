"""What /openapi.json says about bodies and answers that are read and written by hand."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

_POST: dict[str, Any] = {
    "type": "object",
    "required": ["id", "text"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "maxLength": 200, "description": "unique within source"},
        "source": {"type": "string", "maxLength": 200, "description": "the program's name where missing"},
        "title": {"type": "string", "maxLength": 1000},
        "text": {"type": "string", "description": "at most 1 MiB of UTF-8"},
        "url": {"type": "string"},
        "author": {"type": "string"},
        "published_at": {"type": "string", "format": "date-time"},
    },
}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _answers(schema: dict[str, Any], status: str = "200") -> dict[str, Any]:
    problems = {
        "400": "an unknown parameter or an impossible value",
        "401": "no good token",
        "429": "too many calls, see Retry-After",
        "503": "not now, see Retry-After",
    }
    return {"security": [{"bearer": []}], "responses": {
        status: {"description": "done", **_json(schema)},
        **{code: {"description": why} for code, why in problems.items()},
    }}  # fmt: skip


_RECEIPT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "status": {"enum": ["accepted", "refused"]},
        "key": {"type": "string"},
        "field": {"type": "string"},
        "reason": {"type": "string"},
        "flags": {"type": "array", "items": {"type": "string"}},
    },
}
_RECEIPTS = {"type": "object", "properties": {"receipts": {"type": "array", "items": _RECEIPT}}}
_OBJECT = {"type": "object"}

PUSH = _answers(_RECEIPTS, "202") | {
    "requestBody": {
        "required": True,
        **_json({"oneOf": [_POST, {"type": "array", "items": _POST, "maxItems": 1000},
                           {"type": "object", "properties": {"posts": {"type": "array", "items": _POST}}}]}),
    }
}  # fmt: skip
PUSH["responses"] |= {
    "400": {"description": "not JSON, or an unknown parameter"},
    "413": {"description": "more than 1,000 posts or 16 MiB"},
    "422": {"description": "every item was refused; the receipts say why"},
}
LIST = _answers({"type": "object", "properties": {"incidents": {"type": "array", "items": _OBJECT}}})
ONE = _answers(_OBJECT)
ONE["responses"] |= {"404": {"description": "no such incident"}}
_VERSION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "version": {"type": "integer", "minimum": 1, "description": "1 is the post as it was first collected"},
        "post": {"type": "object", "description": "title, text, author, address and times as they were then"},
        "assessment": {"type": "object", "description": "what the machine said of this version, with its reasons"},
    },
}
_HISTORY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "key": {"type": "string"},
        "id": {"type": "string"},
        "source": {"type": "string"},
        "incident": {"type": "string"},
        "edited": {"type": "integer", "minimum": 0, "description": "how often its source edited it"},
        "versions": {"type": "array", "items": _VERSION, "description": "in order; the last is how it reads now"},
    },
}
POSTS = _answers({"type": "object", "properties": {"posts": {"type": "array", "items": _HISTORY}}})
POSTS["responses"] |= {"404": {"description": "no such incident"}}
LEDGER = _answers({"type": "object", "properties": {"entries": {"type": "array", "items": _OBJECT}}})
LEDGER["responses"] |= {"404": {"description": "no such incident"}}


def describe(app: FastAPI) -> None:
    """Complete what the framework writes: how a program shows its token."""
    plain = app.openapi

    def complete() -> dict[str, Any]:
        described = plain()
        bearer = {"type": "http", "scheme": "bearer", "description": "huiying user token NAME"}
        described.setdefault("components", {})["securitySchemes"] = {"bearer": bearer}
        return described

    app.openapi = complete  # type: ignore[method-assign]  # FastAPI's documented way to extend the description
