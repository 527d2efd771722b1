"""Where the configuration lies."""

from __future__ import annotations

import os
from pathlib import Path

from config.reading import CONFIG_DIR

PREFIX = "HUIYING_"
PLACE = "HUIYING_CONFIG_DIR"


def config_dir() -> Path:
    """The folder with the TOML files, for commands that need no other setting.

    Raises:
        BadConfig: an unknown HUIYING_ variable or an impossible value.
    """
    if any(name.upper().startswith(PREFIX) for name in os.environ.keys() - {PLACE}):
        from config.settings import load_settings  # only where there is something to check: loading it takes a while

        return load_settings().config_dir
    return Path(os.environ.get(PLACE, CONFIG_DIR))
