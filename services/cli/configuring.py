"""`huiying config`: the configuration that ships, as files of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from config.reading import CONFIG_DIR
from services.cli import output

NO_CONFIG = {".py", ".pyc"}

configuring = typer.Typer(help="Copy the configuration that ships, to edit it.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(configuring, name="config")


@configuring.command()
def copy(folder: Annotated[Path, typer.Argument(help="a new folder, or one with files of one's own")]) -> None:
    """Copy the files that ship into FOLDER, for HUIYING_CONFIG_DIR. A file that is there already stays as it is."""
    try:
        copied = copy_missing(CONFIG_DIR, folder)
    except OSError as error:
        output.fail(f"{error.filename or folder}: {error.strerror}")
    for path in copied:
        output.text(str(path))
    output.text(f"已复制 {len(copied)} 个文件到 {folder}；原有的文件没有改动")


def copy_missing(shipped: Path, folder: Path) -> list[Path]:
    """Copy every file of `shipped` that `folder` has not; returns the new ones. What somebody edited stays."""
    wanted = sorted(path for path in shipped.rglob("*") if path.is_file() and path.suffix not in NO_CONFIG)
    copied = []
    for path in wanted:
        target = folder / path.relative_to(shipped)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            copied.append(target)
    return copied
