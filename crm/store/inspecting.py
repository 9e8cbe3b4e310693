"""A whole check of a closed store: its lock is taken, every byte of it stays as it is."""

from __future__ import annotations

from pathlib import Path

from crm.i18n import phrase
from crm.store import health
from crm.store.doorstep import look
from crm.store.errors import StoreDamaged, StoreForeign, StoreMissing, StoreNewer, StoreTampered
from crm.store.health import Health, Problem, Report
from crm.store.key import Secret
from crm.store.lock import StoreLock
from crm.store.schema import SCHEMA_VERSION, is_newer, schema_rank


def inspect(path: Path, secret: Secret | None = None, report: Report | None = None) -> Health:
    """What a check of the store at `path` finds; not one byte of it is touched, and nothing is left beside it.

    Raises StoreMissing, StoreForeign, StoreNewer, StoreDamaged, StoreHeld, StoreNoRights, StoreLocked, PassphraseWrong,
    and what `report` raises.
    """
    if not path.exists():
        raise StoreMissing(path=str(path))
    lock = StoreLock(path)
    lock.take()
    unsound = True
    try:
        key, version = look(path, secret)
        if is_newer(version):
            raise StoreNewer(path=str(path), found=schema_rank(version)[0], known=schema_rank(SCHEMA_VERSION)[0])
        try:
            found = health.check_file(path, key, report)
        except StoreDamaged:
            found = Health(
                version, None, (Problem("page_damage", phrase("The file does not read"), 1),), readable=False
            )
        unsound = not found.readable
        return found
    except (StoreForeign, StoreNewer, StoreDamaged, StoreTampered):
        raise
    except BaseException:
        unsound = False
        raise
    finally:
        lock.release(forget=unsound)
