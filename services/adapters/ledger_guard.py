"""The database itself refuses to change its ledger (GB/T 22239-2019 8.1.4.3 c); an entry is stamped when relayed.

Made after every migration, and not by one of them: a version that copies the table on SQLite drops its triggers.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

KEPT = "incident_id, seq, kind, occurred_us, recorded_us, actor, data, hash"
REFUSAL = "the ledger is only ever added to"
_SQLITE = {
    "ledger_unchanged": f"BEFORE UPDATE OF {KEPT} ON ledger BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "ledger_undeleted": f"BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
}
_POSTGRES = {
    "ledger_unchanged": f"BEFORE UPDATE OF {KEPT} ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_kept()",
    "ledger_undeleted": "BEFORE DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_kept()",
    "ledger_untruncated": "BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_kept()",
}
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION ledger_kept() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
)


def guard(connection: Connection) -> None:
    """Make the triggers that are missing; where none is, nothing is locked."""
    sqlite = connection.dialect.name == "sqlite"
    triggers = _SQLITE if sqlite else _POSTGRES
    there = _there(connection, sqlite)
    missing = [name for name in triggers if name not in there]
    if missing and not sqlite:
        connection.execute(text(_FUNCTION))
    for name in missing:
        connection.execute(text(f"CREATE TRIGGER {name} {triggers[name]}"))


def _there(connection: Connection, sqlite: bool) -> set[str]:
    mine = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
    theirs = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'ledger'::regclass"
    return set(connection.execute(text(mine if sqlite else theirs)).scalars())
