"""Certificates of a test's own making: each is its own authority and good for this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.real.servers import Missing


def certify(folder: Path, name: str, left_out: str) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, as `name`.crt and `name`.key in `folder`.

    Raises:
        Missing: there is no openssl, and `left_out` says what is not run for it.
    """
    if not shutil.which("openssl"):
        raise Missing(f"openssl (Debian package openssl): {left_out} was NOT run")
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return certificate, key
