"""`channels.toml`: impossible values are refused with file, key and reason."""

from datetime import timedelta
from pathlib import Path

import pytest

from config.channels import load_retry
from config.reading import BadConfig

GOOD = "[retry]\nfirst_seconds = 10\nfactor = 2.0\nceiling_seconds = 900\nattempts = 10\n"


def test_the_file_that_ships_is_good() -> None:
    assert load_retry().first == timedelta(seconds=10)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("attempts = 10", "attempts = 0"), "retry.attempts"),
        (("factor = 2.0", "factor = 0.5"), "retry.factor"),
        (("ceiling_seconds = 900", "ceiling_seconds = 5"), "retry.ceiling_seconds"),
        (("attempts", "attemps"), "retry.attemps"),
        (("factor = 2.0", 'factor = "two"'), "retry.factor"),
    ],
)
def test_an_impossible_value_is_refused(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    path = tmp_path / "channels.toml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(BadConfig) as refusal:
        load_retry(path)
    assert (refusal.value.path, refusal.value.key) == (path, key)
