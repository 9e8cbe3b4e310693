"""B14: the same work on an encrypted store as on a plain one: search, the desk, an import of ten thousand cards."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from crm.i18n import phrase
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.partial_date import PartialDate
from crm.services import importing
from crm.store.driver import APPLICATION_ID, connect
from crm.store.key import Key, Secret, new_salt
from crm.store.schema import SCHEMA_VERSION
from crm.store.workspace import Workspace
from tests.bench import door, large, searching, stage
from tests.bench.row import Row, median

RATIO, DOOR_RATIO = 1.3, 1.5
CARDS = 10_000
IMPORTS = 5
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
    return rows + _imports(imported)


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


def _imports(count: int) -> list[Row]:
    """Plain and encrypted in turn, so that whatever else the machine does weighs on both; the medians."""
    plain, locked = [], []
    for _ in range(IMPORTS):
        plain.append(_import(count, None))
        locked.append(_import(count, secret))
    rows = []
    for place, kind in enumerate(("wall clock", "CPU")):
        before, after = median([one[place] for one in plain]), median([one[place] for one in locked])
        work = f"encrypted: import of {count:,} cards, {kind}"
        rows.append(Row("B14", work, after, "s", f"≤ {RATIO}×", after <= RATIO * before, before))
    return rows


def _import(count: int, with_secret: Secret | None) -> tuple[float, float]:
    """Seconds an import into a new store takes until it is committed, and seconds of processor time of them."""
    source = Source("list.vcf", "vcard", "utf-8", "0" * 64, _cards(count))
    with _new_store(with_secret) as workspace:
        began, used = time.perf_counter(), time.process_time()
        workspace.write(phrase("Import"), lambda session: importing.import_people(session, [source], large.CLOCK))
        return time.perf_counter() - began, time.process_time() - used


def _cards(count: int) -> list[ImportedPerson]:
    """As many people: one phone, one e-mail, a tag and a birthday each."""
    return [
        ImportedPerson(
            Place(CARD, number),
            uid=f"bench-{number}",
            family_name=f"Новосёлов{number}",
            given_name="Пётр",
            birthday=PartialDate(1 + number % 12, 1 + number % 28, 1960 + number % 40),
            tags=("клуб",),
            contacts=(
                ImportedContact("phone", f"+79{number:09}"),
                ImportedContact("email", f"person{number}@example.com"),
            ),
        )
        for number in range(count)
    ]


@contextlib.contextmanager
def _new_store(with_secret: Secret | None) -> Iterator[Workspace]:
    with (
        tempfile.TemporaryDirectory(prefix="krug-bench-") as home,
        Workspace.create(Path(home) / "c.krug", large.CLOCK, secret=with_secret) as workspace,
    ):
        yield workspace
