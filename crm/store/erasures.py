"""Who was erased, remembered without a name: keyed hashes of uids and contacts, and their use on an older copy.

The key is random, made once and kept in the store: whoever has the hashes alone cannot try names or phones on them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection

from crm.store import derived
from crm.store.schema import journal_triggers

SECRET_NOTE: Final = "erasure_secret"  # noqa: S105 - the name of the note, not the secret


_HASH: Final = re.compile("[0-9a-f]{64}")
"""HMAC-SHA-256, and the secret itself, in hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a store remembers of those it forgot: its uid, its secret, the rows of ledger and suppression list."""

    store_uid: str
    secret: str
    ledger: tuple[tuple[str, str, str], ...]
    suppressed: tuple[tuple[str, str], ...]


def erasure_secret(connection: Connection) -> bytes:
    """The store's own secret, made on first use; the transaction must be one that writes."""
    written = _note(connection, SECRET_NOTE)
    if not written:
        written = secrets.token_hex(32)
        connection.exec_driver_sql("INSERT INTO store_note (key, value) VALUES (?, ?)", (SECRET_NOTE, written))
    return bytes.fromhex(written)


def keyed_hash(secret: bytes, message: str) -> str:
    """HMAC-SHA-256 of a person's uid, or of the key of a contact, in hexadecimal digits."""
    return hmac.new(secret, message.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def remembered(connection: Connection) -> Memory:
    """All that a store remembers of those it forgot."""
    ledger = connection.exec_driver_sql("SELECT person_hash, at, reason FROM erasure_ledger ORDER BY id").all()
    suppressed = connection.exec_driver_sql("SELECT contact_hash, at FROM suppression ORDER BY id").all()
    return Memory(
        _note(connection, "uid"),
        _note(connection, SECRET_NOTE),
        tuple((str(row[0]), str(row[1]), str(row[2])) for row in ledger),
        tuple((str(row[0]), str(row[1])) for row in suppressed),
    )


def what_reads(memory: Memory) -> Memory | None:
    """Of the memory of a damaged store, what is no garbage; None where without its secret nothing can be done."""
    if not _HASH.fullmatch(memory.secret):
        return None
    ledger = tuple(row for row in memory.ledger if _HASH.fullmatch(row[0]) and _is_moment(row[1]))
    suppressed = tuple(row for row in memory.suppressed if _HASH.fullmatch(row[0]) and _is_moment(row[1]))
    return replace(memory, ledger=ledger, suppressed=suppressed)


def _is_moment(told: str) -> bool:
    try:
        return bool(datetime.fromisoformat(told))
    except ValueError:
        return False


def replay(connection: Connection, memory: Memory, today: date) -> int:
    """Bring `memory` into an older picture of the same store and forget again whom it names; gives how many went.

    Runs in an open transaction that writes. The memory of another store is not for this one and does nothing.
    """
    if not memory.secret or memory.store_uid != _note(connection, "uid"):
        return 0
    connection.exec_driver_sql(
        "INSERT INTO store_note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (SECRET_NOTE, memory.secret),
    )
    for row in memory.ledger:
        connection.exec_driver_sql(
            "INSERT INTO erasure_ledger (person_hash, at, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", row
        )
    for pair in memory.suppressed:
        connection.exec_driver_sql(
            "INSERT INTO suppression (contact_hash, at) VALUES (?, ?) ON CONFLICT DO NOTHING", pair
        )
    secret, named = bytes.fromhex(memory.secret), {row[0] for row in memory.ledger}
    people = connection.exec_driver_sql("SELECT id, uid FROM person").all()
    gone = [int(row[0]) for row in people if keyed_hash(secret, row[1]) in named]
    if gone:
        forget_people(connection, gone, today)
    return len(gone)


def forget_people(connection: Connection, gone: list[int], today: date) -> None:
    """Take people away with all that is theirs, and their values out of the journal; no deed, nothing to undo."""
    for name, _ in journal_triggers():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for person in gone:
        connection.exec_driver_sql("DELETE FROM person WHERE id = ?", (person,))
        connection.exec_driver_sql("DELETE FROM import_row WHERE person_id = ?", (person,))
        connection.exec_driver_sql(
            "UPDATE change SET before = '{}' WHERE person_id = ? AND before IS NOT NULL", (person,)
        )
    for _, statement in journal_triggers():
        connection.exec_driver_sql(statement)
    # Anew, not step by step: words of a name and pieces of the index would stay behind.
    derived.rebuild(connection, today)


def _note(connection: Connection, key: str) -> str:
    value = connection.exec_driver_sql("SELECT value FROM store_note WHERE key = ?", (key,)).scalar()
    return "" if value is None else str(value)
