"""What the driver says, in words a person can act on, where there are any."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DatabaseError, OperationalError

from crm.store.driver import driver_errors
from crm.store.errors import DiskFull, StoreBusy, StoreDamaged, StoreNoRights


def told(error: DatabaseError, path: Path) -> Exception:
    """The error in words a person can act on, where there are any."""
    told = str(error.orig).lower()
    if isinstance(error, OperationalError):
        if "database or disk is full" in told or "disk i/o error" in told:
            return DiskFull()
        if "locked" in told or "busy" in told:
            return StoreBusy()
        if "readonly" in told or "unable to open" in told:
            return StoreNoRights(path=str(path))
    unreadable = ("malformed", "not a database", "could not decode")
    return StoreDamaged(path=str(path)) if any(word in told for word in unreadable) else error


@contextlib.contextmanager
def told_by_driver(path: Path) -> Iterator[None]:
    """The same for what the driver itself raises, where no SQLAlchemy stands between."""
    try:
        yield
    except driver_errors() as error:
        raise told(OperationalError(None, None, error), path) from error
