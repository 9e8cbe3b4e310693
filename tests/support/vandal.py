"""Breaks rules of a closed store from outside, as a stranger's program or a mistake of ours would."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from crm.store.driver import connect
from crm.store.key import Key
from crm.store.schema import programs


def vandalise(path: Path, *statements: str, key: Key | None = None) -> None:
    """Run `statements` on the closed store with its own triggers out of the way, and put those back."""
    with contextlib.closing(connect(path, key, foreign_keys=False)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA trusted_schema = ON")
        for name, _ in programs():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, statement in programs():
            connection.execute(statement)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def tamper(path: Path, *statements: str) -> None:
    """Run `statements` on the closed store as they are; `PRAGMA writable_schema` may be among them."""
    with contextlib.closing(connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def digest(path: Path) -> str:
    """SHA-256 of the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names_in(folder: Path) -> list[str]:
    """What lies in the folder."""
    return sorted(path.name for path in folder.iterdir())
