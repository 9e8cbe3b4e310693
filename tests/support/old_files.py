"""The old stores of tests/files, taken out where a test may use them up, and what no migration may change."""

from __future__ import annotations

import gzip
import hashlib
from contextlib import closing
from pathlib import Path

from crm.store.driver import connect, make_private_file
from crm.store.key import Key
from crm.store.schema import fact_tables

FILES = Path(__file__).resolve().parents[1] / "files"


def all_files() -> list[Path]:
    """One packed store for each schema there was."""
    return sorted(FILES.glob("schema-*.krug.gz"))


def take_out(packed: Path, folder: Path, key: Key | None = None) -> Path:
    """The store, unpacked into `folder`; encrypted with `key` if one is given."""
    path = folder / packed.name.removesuffix(".gz")
    make_private_file(path)
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    if key is not None:
        _encrypt(path, key)
    return path


def _encrypt(path: Path, key: Key) -> None:
    secret = path.with_name("secret.krug")
    make_private_file(secret)
    with closing(connect(path, shared=True)) as connection:
        marks = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        connection.execute(f"ATTACH '{secret}' AS secret KEY \"{key.pragma}\"")
        connection.execute("SELECT sqlcipher_export('secret')").fetchone()
        for name, value in zip(("application_id", "user_version"), marks, strict=True):
            connection.execute(f"PRAGMA secret.{name} = {value}")
        connection.execute("DETACH secret")
    secret.replace(path)


def version_of(path: Path, key: Key | None = None) -> int:
    """The schema version in the file."""
    with closing(connect(path, key)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def row_hashes(path: Path, key: Key | None = None) -> dict[str, str]:
    """A hash of the rows of every fact table, and of the journal's columns of schema 1."""
    with closing(connect(path, key)) as connection:
        asked = {table.name: f'SELECT * FROM "{table.name}" ORDER BY id' for table in fact_tables()}
        asked["change"] = "SELECT * FROM change ORDER BY id"
        asked["deed"] = "SELECT id, uid, kind, label, arguments, at, in_force, hash FROM deed ORDER BY id"
        return {
            name: hashlib.sha256(repr(connection.execute(statement).fetchall()).encode()).hexdigest()
            for name, statement in asked.items()
        }
