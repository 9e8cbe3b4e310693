"""Before a store is opened: which key fits it and which schema it has. Nothing here writes a byte."""

from __future__ import annotations

import contextlib
from pathlib import Path

from crm.store.beside import holds_log
from crm.store.driver import APPLICATION_ID, connect, driver_errors, fits
from crm.store.errors import (
    PassphraseWrong,
    StoreDamaged,
    StoreEmpty,
    StoreForeign,
    StoreLocked,
    StoreMissing,
    StoreNoRights,
)
from crm.store.key import PLAIN, Key, Secret, is_noise, salt_of


def look(path: Path, secret: Secret | None = None) -> tuple[Key | None, int]:
    """The key that opens the store at `path` (None: it is plain) and its schema version. Not one byte is touched.

    Raises StoreMissing, StoreNoRights, StoreForeign, StoreDamaged, StoreLocked, PassphraseWrong.
    """
    try:
        if path.is_dir():
            raise StoreForeign(path=str(path))
        salt = salt_of(path)
        if salt is None:
            with path.open("rb") as file:
                header = file.read(100)
    except FileNotFoundError as error:
        raise StoreMissing(path=str(path)) from error
    except PermissionError as error:
        raise StoreNoRights(path=str(path)) from error
    except OSError as error:
        raise StoreDamaged(path=str(path)) from error
    if salt is not None:
        return _look_inside(path, salt, secret)
    if not header:
        raise StoreEmpty(path=str(path))
    if len(header) < 100 or not header.startswith(PLAIN):
        raise StoreDamaged(path=str(path)) if _was_a_store(path, header) else StoreForeign(path=str(path))
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise StoreForeign(path=str(path))
    return None, int.from_bytes(header[60:64], "big")


def _was_a_store(path: Path, header: bytes) -> bool:
    """A file of our name that a disk filled with zeros, that was cut short, or of whose noise a part is missing."""
    cut = len(header) < 100 and (header[: len(PLAIN)] == PLAIN[: len(header)])
    return path.suffix == ".krug" and (cut or not any(header) or is_noise(path))


def _look_inside(path: Path, salt: bytes, secret: Secret | None) -> tuple[Key, int]:
    if secret is None:
        raise StoreLocked(path=str(path))
    key = secret(salt)
    # A kill while the log was being written into the file leaves a schema of two moments: the log mends it.
    log = holds_log(path)
    try:
        with contextlib.closing(connect(path, key, untouched=True, damaged=log)) as connection:
            mark = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if not log:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except driver_errors() as error:
        # Where the first page opens, the key is right and it is the rest that does not read.
        raise (StoreDamaged if fits(path, key) else PassphraseWrong)(path=str(path)) from error
    if mark != APPLICATION_ID:
        raise StoreForeign(path=str(path))
    return key, int(version)
