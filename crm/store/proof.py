"""Does this copy of the program encrypt? Asked by the tour, which every bundle is proved with."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

from crm.store.driver import connect, driver_errors, make_private_file, mark_file
from crm.store.errors import EncryptionMissing
from crm.store.key import KEY_BYTES, Key, new_salt

_CANARY: Final = "canary of the proof"


def prove_encryption(folder: Path) -> None:
    """Make a small encrypted file in `folder`, look at its bytes, take it away.

    Raises EncryptionMissing where something in it could be read, or where another key opened it too.
    """
    with tempfile.TemporaryDirectory(prefix=".proof-", dir=folder) as inside:
        path = Path(inside) / "proof.krug"
        key, other = (Key(os.urandom(KEY_BYTES), salt) for salt in [new_salt()] * 2)
        make_private_file(path)
        mark_file(path, key)
        with contextlib.closing(connect(path, key, shared=True)) as connection:
            connection.execute("CREATE TABLE proof (word TEXT)")
            connection.execute("INSERT INTO proof VALUES (?)", (_CANARY,))
        if _CANARY.encode() in path.read_bytes():
            raise EncryptionMissing(path=str(path))
        with contextlib.suppress(driver_errors()), contextlib.closing(connect(path, other, untouched=True)) as wrong:
            wrong.execute("SELECT word FROM proof").fetchone()
            raise EncryptionMissing(path=str(path))
