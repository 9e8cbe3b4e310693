"""A second place for copies: a stick or another folder, where the newest one is brought when it is there.

Never in the way: what is not plugged in is reminded of after some days, and nothing waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from crm.files import sha256_of
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
from crm.store.doorstep import look
from crm.store.errors import StoreError
from crm.store.key import Secret
from crm.store.rekeying import drop

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


def follow_key(store: Path, uid: str, place: Path, secret: Secret | None, report: Report = silent) -> int:
    """Renew what lies there under another key than the store's, after a passphrase was changed; gives how many.

    What lies beside `store` too is brought anew, anything else goes, but not before a copy under today's key is there.
    Raises as `mirror`.
    """
    there = list_copies(folder_in(place, store, uid))
    stale = [copy for copy in there if not _follows(copy, secret)]
    if len(stale) == len(there):
        return 0
    own = {copy.path.name: copy for copy in list_copies(folder_of(store))}
    with told_apart(place):
        for old in stale:
            fresh = own.get(old.path.name)
            drop(old.path)
            if fresh is not None and fresh.verdict == "sound" and _follows(fresh, secret):
                copy_out(fresh, old.path, report)
                seal(replace(fresh, path=old.path))
            else:
                remove_copy(old)
    return len(stale)


def _follows(copy: Copy, secret: Secret | None) -> bool:
    """The store's own key opens it; one that anybody can read does not follow an encrypted store."""
    try:
        key, _ = look(copy.path, secret)
    except StoreError:
        return False
    return (key is None) == (secret is None)


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
