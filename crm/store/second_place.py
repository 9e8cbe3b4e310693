"""A second place for copies: a stick or another folder, where the newest one is brought when it is there.

Never in the way: what is not plugged in is reminded of after some days, and nothing waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from crm.store.copies import Copy, Report, copy_out, list_copies, newest_sound, remove_copy, silent, told_apart
from crm.store.copy_notes import seal
from crm.store.files import sha256_of

KEPT: Final = 3
"""Copies that stay there: a stick is no archive, and what was erased must not outlive it long."""


def folder_in(place: Path, store: Path) -> Path:
    """Where in that place the copies of `store` lie."""
    return place / f"{store.name}.copies"


def is_there(place: Path) -> bool:
    """The stick is plugged in, the folder is within reach."""
    try:
        return place.is_dir()
    except OSError:
        return False


def mirror(store: Path, folder: Path, place: Path, report: Report = silent) -> Copy | None:
    """Bring the newest sound copy of `folder` to `place`, unless it is there already; gives what is there now.

    Raises CopyDiskFull, CopyNoRights, CopyUnsound. None where there is no copy.
    """
    newest = newest_sound(folder)
    if newest is None:
        return None
    there = folder_in(place, store)
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
