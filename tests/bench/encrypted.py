"""B14: the same work on an encrypted store as on a plain one: search, the desk, an import of ten thousand cards."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from crm.i18n import phrase
from crm.services import importing
from crm.store.driver import APPLICATION_ID, connect
from crm.store.key import Key, Secret, new_salt
from crm.store.schema import SCHEMA_VERSION
from crm.store.workspace import Workspace
from tests.bench import door, large, searching, stage
from tests.bench.row import Row, median
from tests.torture.mixture import cards

RATIO, DOOR_RATIO = 1.3, 1.5
CARDS = 10_000
_KEY = b"bench".ljust(32, b".")


def secret(salt: bytes) -> Key:
    """A key at once; Argon2id is paid once at opening and is none of these rows' business."""
    return Key(_KEY, salt)


def measure(store: Path) -> list[Row]:
    """Each row on the plain store first, then on the same store encrypted, in one run."""
    rows, imported = [], min(CARDS, large.PEOPLE)
    with large.copied(store) as plain:
        locked = _encrypted(plain)
        try:
            before, after = searching.measure(plain), _with_key(locked, searching.measure)
            rows += [_beside(one, other, RATIO) for one, other in zip(before, after, strict=True)]
            before, after = door.measure_here(plain), _with_key(locked, door.measure_here)
            rows += [_beside(one, other, DOOR_RATIO) for one, other in zip(before, after, strict=True)]
        finally:
            for left in locked.parent.glob(f"{locked.name}*"):
                left.unlink()
    plain_seconds, locked_seconds = _import(imported, None), _import(imported, secret)
    ratio = locked_seconds / plain_seconds
    work = f"encrypted: import of {imported:,} cards"
    return [*rows, Row("B14", work, locked_seconds, "s", f"≤ {RATIO}×", ratio <= RATIO, plain_seconds)]


def _beside(plain: Row, locked: Row, bar: float) -> Row:
    ratio = locked.ours / plain.ours
    return Row("B14", f"encrypted: {plain.work}", locked.ours, plain.unit, f"≤ {bar}×", ratio <= bar, plain.ours)


def _with_key(store: Path, measured: Callable[[Path], list[Row]]) -> list[Row]:
    stage.SECRET = secret
    try:
        return measured(store)
    finally:
        stage.SECRET = None


def _encrypted(plain: Path) -> Path:
    """The same store under a key, beside it."""
    target = plain.with_name("run-encrypted.krug")
    target.unlink(missing_ok=True)
    target.touch(0o600)
    key = Key(_KEY, new_salt())
    with contextlib.closing(connect(plain)) as connection:
        connection.execute(f'ATTACH ? AS locked KEY "{key.pragma}"', (str(target),))
        connection.execute("SELECT sqlcipher_export('locked')")
        connection.execute(f"PRAGMA locked.application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA locked.user_version = {SCHEMA_VERSION}")
        connection.execute("DETACH locked")
    return target


def _import(count: int, with_secret: Secret | None) -> float:
    """Seconds an import takes into a new store, the median of three."""
    taken = []
    for turn in range(3):
        with _new_store(with_secret) as workspace:
            source = cards(count, 1, turn)
            began = time.perf_counter()
            workspace.write(phrase("Import"), lambda s, file=source: importing.import_people(s, [file], large.CLOCK))
            taken.append(time.perf_counter() - began)
    return median(taken)


@contextlib.contextmanager
def _new_store(with_secret: Secret | None) -> Iterator[Workspace]:
    with (
        tempfile.TemporaryDirectory(prefix="krug-bench-") as home,
        Workspace.create(Path(home) / "c.krug", large.CLOCK, secret=with_secret) as workspace,
    ):
        yield workspace
