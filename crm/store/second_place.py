"""A second place for copies: a stick or another folder, where the newest one is brought when it is there.

Never in the way: what is not plugged in is reminded of after some days, and nothing waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from crm.store.copies import (
    Copy,
    Report,
    copy_out,
    folder_of,
    list_copies,
    newest_sound,
    remove_copy,
    silent,
    told_apart,
)
from crm.store.copy_notes import COPIES, seal
from crm.store.files import sha256_of

KEPT: Final = 3
"""Copies that stay there: a stick is no archive, and what was erased must not outlive it long."""


def folder_in(place: Path, store: Path, uid: str) -> Path:
    """Where in that place the copies of the store with this `uid` lie: every community is called alike by default."""
    return place / f"{store.name}-{uid[:8]}{COPIES}"


def is_there(place: Path) -> bool:
    """The stick is plugged in, the folder is within reach."""
    try:
        return place.is_dir()
    except OSError:
        return False


def mirror(store: Path, uid: str, now: datetime, place: Path, report: Report = silent) -> Copy | None:
    """Bring the newest sound copy of `store` to `place`, unless it is there already; gives what is there now.

    Raises CopyDiskFull, CopyNoRights, CopyUnsound. None where there is no copy.
    """
    newest = newest_sound(folder_of(store), now)
    if newest is None:
        return None
    there = folder_in(place, store, uid)
    target = there / newest.path.name
    with told_apart(place):
        return _brought(newest, there, target, report)


def _brought(newest: Copy, there: Path, target: Path, report: Report) -> Copy:
    known = next((copy for copy in list_copies(there) if copy.path == target), None)
    if known is not None and known.sha256 == newest.sha256 and sha256_of(target) == newest.sha256:
        return known
    there.mkdir(mode=0o700, exist_ok=True)
    copy_out(newest, target, report)
    brought = replace(newest, path=target)
    seal(brought)
    for old in list_copies(there)[KEPT:]:
        remove_copy(old)
    return brought
