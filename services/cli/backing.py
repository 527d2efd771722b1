"""`huiying backup` and `huiying restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from config.settings import load_settings
from services.adapters.backup import BadBackup, Manifest
from services.cli import output
from services.wiring import SystemClock
from services.wiring import backup as office

WORTH_TELLING = ("incident", "ledger", "post", "account")


def register(app: typer.Typer) -> None:
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="the file to write, for example /backup/huiying-20260301.tar.gz")],
    as_json: Annotated[bool, typer.Option("--json", help="print what the file holds as one JSON line")] = False,
) -> None:
    """Write database, configuration and secret key into one tar.gz, while the service runs (embedded form).

    The file holds secrets: keep it where only the operator reads it, and on another disk. On PostgreSQL nothing is
    written, and the pg_dump command to run is printed.
    """
    try:
        manifest = office.back_up(load_settings(), file.absolute(), SystemClock().now())
    except office.Refused as reason:
        output.fail(str(reason))
    except OSError as error:
        output.fail(f"{file}: {error.strerror or error}")
    _tell(manifest, f"已备份到 {file}", as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="a file that `huiying backup` wrote")],
    data_dir: Annotated[
        Path | None, typer.Option(help="an empty or new folder; the configured data folder unless set")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="move what lies in the folder into replaced-… and restore")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print what was restored as one JSON line")] = False,
) -> None:
    """Check every file and the ledger's hash chain of a backup, then put it into a data folder.

    Exit 1 when the ledger in it was tampered with, 2 when the file is damaged or the folder cannot be used. Nothing is
    changed in either case.
    """
    target = (data_dir or load_settings().data_dir).absolute()
    try:
        manifest = office.restore(file, target, SystemClock().now(), force=force)
    except office.BrokenLedger as reason:
        output.fail(f"{file}: 备份中的台账不完整：{reason}", code=1)
    except (office.Refused, BadBackup) as reason:
        output.fail(str(reason))
    except OSError as error:
        output.fail(f"{target}: {error.strerror or error}")
    _tell(manifest, f"已恢复到 {target}；使用其中的配置请设置 HUIYING_CONFIG_DIR={target / office.CONFIG}", as_json)


def _tell(manifest: Manifest, done: str, as_json: bool) -> None:
    if as_json:
        output.line(manifest)
        return
    rows = "，".join(f"{table} {manifest.rows[table]}" for table in WORTH_TELLING if table in manifest.rows)
    size = sum(packed.bytes for packed in manifest.files.values()) / (1 << 20)
    output.text(f"{done}\n{len(manifest.files)} 个文件，{size:.1f} MiB；{rows}")
