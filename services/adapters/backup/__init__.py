"""备份: one file that holds an embedded installation, and the way back."""

from services.adapters.backup.archive import BadBackup, Manifest, pack, unpack
from services.adapters.backup.copying import InUse, copy_database, counts, require_idle, usable

__all__ = [
    "BadBackup",
    "InUse",
    "Manifest",
    "copy_database",
    "counts",
    "pack",
    "require_idle",
    "unpack",
    "usable",
]
