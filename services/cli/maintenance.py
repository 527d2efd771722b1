"""`huiying db`, `deadletters`: keeping the house in order."""

from __future__ import annotations

from typing import Annotated

import typer

from services.adapters.store.deadletters import DeadLetter
from services.cli import output
from services.usecases.ports import Message

db = typer.Typer(help="Bring the tables of the database up to date.", no_args_is_help=True)
deadletters = typer.Typer(help="List and replay messages that nobody could read.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(db, name="db")
    app.add_typer(deadletters, name="deadletters")


@db.command("upgrade")
def upgrade() -> None:
    """Bring the tables up to date. Every start does so too, under a lock."""
    output.run(_upgrade())
    output.text("数据库已是最新")


async def _upgrade() -> None:
    async with output.house():
        return


@deadletters.command("list")
def list_letters(as_json: output.AsJson = False) -> None:
    """What waits, with the reason; exit 1 when anything does."""
    letters = output.run(_letters())
    for letter in letters:
        if as_json:
            output.line(_described(letter))
        else:
            output.text(f"{letter.place}  {output.local(letter.buried_at)}  {letter.reason}")
    if letters:
        raise typer.Exit(1)


def _described(letter: DeadLetter) -> dict[str, object]:
    return {
        "place": letter.place,
        "consumer": letter.consumer,
        "topic": letter.topic,
        "id": letter.message_id,
        "reason": letter.reason,
        "buried_at": letter.buried_at,
        "body": letter.body.decode("utf-8", "backslashreplace"),
    }


async def _letters() -> list[DeadLetter]:
    async with output.records() as house:
        return await house.dead_letters.waiting(1000)


@deadletters.command("replay")
def replay(place: Annotated[str, typer.Argument(help="the place of one letter; nothing means all")] = "") -> None:
    """Put dead letters back on their topic. The program must be able to read them now."""
    count = output.run(_replay(place))
    if place and not count:
        output.fail(f"no dead letter at “{place}” waits; see huiying deadletters list")
    output.text(f"已重新投递 {count} 条")


async def _replay(place: str) -> int:
    async with output.house() as house:
        letters = [x for x in await house.dead_letters.waiting(100_000) if place in ("", x.place)]
        for letter in letters:
            await house.log.publish(letter.topic, [Message(letter.message_id, letter.key, letter.body)])
            await house.dead_letters.replayed([letter.place], house.clock.now())
        return len(letters)
