"""`huiying user …`: accounts and tokens."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from services.adapters.accounts import MAX_NAME, Account, Accounts, BadAccount, known_form
from services.cli import output
from services.domain.vocabulary import Role

user = typer.Typer(help="Accounts for people and tokens for programs.", no_args_is_help=True)
ROLES = ", ".join(role.value for role in Role)


def register(app: typer.Typer) -> None:
    app.add_typer(user, name="user")


@user.command()
def add(
    name: Annotated[str, typer.Argument(help="what the person signs in with")],
    role: Annotated[str, typer.Option(help=f"one of: {ROLES}")],
    department: Annotated[str, typer.Option(help="code of config/departments.toml; for role department only")] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="read the password from stdin")] = False,
) -> None:
    """Make an account. Without --password-stdin the password is asked for."""
    chosen = next((r for r in Role if r.value == role), None)
    if chosen is None:
        output.fail(f"--role: “{role}” is unknown; one of: {ROLES}")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else _ask()
    output.run(_add(name, chosen, department, password))


def _ask() -> str:
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


async def _add(name: str, role: Role, department: str, password: str) -> None:
    async with output.records() as house:
        if department and department not in house.departments.by_code:
            output.fail(f"--department: “{department}” is not in departments.toml")
        try:
            await Accounts(house.database).add(name, role, department, password, house.clock.now())
        except BadAccount as reason:
            output.fail(str(reason))
    output.text(f"帐号 {name}（{role.label}）已建立")


@user.command("list")
def list_accounts(as_json: output.AsJson = False) -> None:
    """Every account with its role and last sign-in."""
    for account in output.run(_accounts()):
        if as_json:
            output.line(account)
        else:
            state = "（已停用）" if account.disabled else ""
            last = output.local(account.last_login_at) if account.last_login_at else "-"
            output.text(f"{account.name}\t{account.role.label}\t{account.department}\t{last}{state}")


async def _accounts() -> list[Account]:
    async with output.records() as house:
        return await Accounts(house.database).all()


@user.command()
def disable(name: Annotated[str, typer.Argument(help="the account; `huiying user list` shows them")]) -> None:
    """Close an account and end its sessions at once."""
    if not output.run(_disable(name)):
        output.fail(f"no account “{name}”")
    output.text(f"帐号 {name} 已停用")


async def _disable(name: str) -> bool:
    async with output.records() as house:
        return await Accounts(house.database).disable(name)


@user.command()
def token(
    name: Annotated[str, typer.Argument(help="the program, which is also the source of what it pushes")],
    revoke: Annotated[bool, typer.Option(help="revoke all tokens of this program instead")] = False,
) -> None:
    """Make a bearer token for the program NAME. It is shown once."""
    if not revoke and not known_form(name):  # the name is the source of its posts
        output.fail(f"程序名只能用字母、数字、下划线和连字符，至少一个、最多{MAX_NAME}个字符")
    output.run(_token(name, revoke))


async def _token(name: str, revoke: bool) -> None:
    async with output.records() as house:
        accounts = Accounts(house.database)
        if revoke:
            output.text(f"已吊销 {await accounts.revoke_tokens(name, house.clock.now())} 个令牌")
        else:
            output.text(await accounts.new_token(name, house.clock.now()))
