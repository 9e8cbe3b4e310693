"""Copies of the store: made by SQLite's backup call, checked, sealed by a checksum, whole or absent.

They lie in a folder beside the store, `<store>.copies`, each with its checksum and its note (`copy_notes`).
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from crm import paths
from crm.clock import Clock
from crm.files import FULL, PART, OtherBytes, copy_whole, sha256_of, sync, sync_folder, write_whole
from crm.store import copy_thinning
from crm.store.beside import LOCK, beside, has_log, real_file
from crm.store.copy_check import Findings, examine, state_of
from crm.store.copy_errors import CopyDiskFull, CopyFolderMissing, CopyIsStore, CopyNoRights, CopyUnsound
from crm.store.copy_notes import (
    ENDING,
    REASONS,
    Copy,
    checksum_of,
    folder_of,
    list_copies,
    moment_of,
    newest_sound,
    papers_of,
    read_copy,
    seal,
)
from crm.store.driver import connect, driver_errors, fits, make_private_file
from crm.store.errors import StoreDamaged, StoreError
from crm.store.key import Key, Secret, salt_of
from crm.store.lock import StoreLock

ALWAYS: Final = frozenset({"by_hand", "before_migration", "before_restore", "before_rekey"})
"""Reasons that ask for a copy even where nothing changed since the newest sound one."""
KEPT_BYTES: Final = re.compile(r"\.(?:damaged|unopened)-([0-9T-]+Z)")
"""In the name of a file that was kept byte for byte: why, and when."""
PAGES_AT_A_TIME: Final = 512
"""Two megabytes between two looks at Stop."""

Report = Callable[[int, int], None]


def silent(_: int, __: int) -> None:
    """A report that nobody reads."""


class Snapshot(NamedTuple):
    """A connection of the driver that holds one picture of a store, and the key the store is written with."""

    connection: Any
    key: Key | None


class Copied(Protocol):
    """What is copied: an open store."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def clock(self) -> Clock:
        """Its clock."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """One picture of it, for as long as the block runs."""


__all__ = [
    "Copy",
    "Snapshot",
    "check_copy",
    "copy_out",
    "folder_of",
    "list_copies",
    "make_copy",
    "newest_sound",
    "own_secret",
    "read_copy",
    "remove_copy",
    "reseal",
    "thin",
    "write_copy",
]

_one_at_a_time: Final = threading.Lock()


# -- making -------------------------------------------------------------------------------------------------------


def make_copy(workspace: Copied, reason: str, report: Report = silent) -> Copy | None:
    """Copy an open store into its folder, check the copy and give it; None where the newest sound one is as new.

    `report` is told of the progress in hundredths and may raise `Cancelled`. Raises CopyDiskFull, CopyNoRights,
    CopyUnsound, and StoreDamaged where the store itself does not read.
    """
    if reason not in REASONS:
        raise ValueError(f"{reason} is no reason for a copy")
    folder = folder_of(workspace.path)
    with workspace.snapshot() as source:
        if reason not in ALWAYS:
            newest = newest_sound(folder, workspace.clock())
            if (
                newest is not None
                and newest.state == state_of(source.connection)
                and newest.encrypted is (source.key is not None)
            ):
                return None
        return write_copy(source, workspace.path, reason, workspace.clock, report)


def write_copy(source: Snapshot, store: Path, reason: str, clock: Clock, report: Report = silent) -> Copy:
    """Copy what `source` shows into the folder of the copies of `store`; errors as those of `make_copy`."""
    folder = folder_of(store)
    with _one_at_a_time, told_apart(folder):
        paths.private_folder(folder)
        # A stick or another person's folder may have no rights to set and can be written all the same.
        with contextlib.suppress(PermissionError):
            folder.chmod(0o700)
        sweep(folder)
        made_at = clock().astimezone(UTC)
        path = _free_name(folder, made_at)
        part = path.with_name(path.name + PART)
        try:
            make_private_file(part)
            _back_up(source, part, store, report)
            # Nothing more is asked of the picture; where no log keeps them apart, whoever writes would wait for it.
            if source.connection.in_transaction:
                source.connection.execute("ROLLBACK")
            try:
                findings = examine(part, source.key, lambda: report(75, 100))
            except StoreError as error:
                raise CopyUnsound from error
            report(90, 100)
            sync(part)
            copy = _described(part, made_at, reason, findings, source.key is not None, made_at)
            copy = replace(copy, path=path)
            # The note and the checksum come first: a copy that is there has both.
            seal(copy)
            report(100, 100)
            part.replace(path)
        except BaseException:
            for leftover in (part, part.with_name(part.name + "-journal"), *papers_of(path)):
                leftover.unlink(missing_ok=True)
            raise
        sync_folder(folder)
        return copy


def _back_up(source: Snapshot, part: Path, store: Path, report: Report) -> None:
    with contextlib.closing(connect(part, source.key, shared=True)) as target:

        def progress(_: int, remaining: int, total: int) -> None:
            report(70 * (total - remaining) // max(total, 1), 100)

        try:
            source.connection.backup(target, pages=PAGES_AT_A_TIME, progress=progress)
        except driver_errors() as error:
            told = str(error).lower()
            if "malformed" in told or "not a database" in told:
                raise StoreDamaged(path=str(store)) from error
            raise


def _free_name(folder: Path, made_at: datetime) -> Path:
    stem, number = made_at.strftime("%Y-%m-%dT%H-%M-%SZ"), 1
    path = folder / f"{stem}{ENDING}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{ENDING}"
    return path


def _described(
    file: Path, made_at: datetime, reason: str, findings: Findings, encrypted: bool, checked_at: datetime
) -> Copy:
    return Copy(
        file,
        made_at,
        reason,
        file.stat().st_size,
        findings.people,
        findings.schema,
        sha256_of(file),
        encrypted,
        "sound",
        checked_at,
        findings.state,
        findings.events,
    )


def sweep(folder: Path) -> None:
    """Take away what a killed process left: files half written, and seals without a copy."""
    for path in list(folder.iterdir()):
        if PART in path.suffixes or path.name.endswith(f"{PART}-journal"):
            path.unlink(missing_ok=True)
            continue
        belongs = (
            path.with_suffix("")
            if path.suffix == ".sha256"
            else path.with_suffix(ENDING)
            if path.suffix == ".json"
            else None
        )
        if belongs is not None and moment_of(belongs.name) is not None and not belongs.exists():
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def told_apart(folder: Path) -> Iterator[None]:
    """What system and driver say about writing into `folder`, in words for a person."""
    try:
        yield
    except FileNotFoundError as error:
        raise CopyFolderMissing(folder=str(folder)) from error
    except OSError as error:
        raise (CopyDiskFull if error.errno in FULL else CopyNoRights)(folder=str(folder)) from error
    except driver_errors() as error:
        told = str(error).lower()
        if "full" in told or "disk i/o error" in told:
            raise CopyDiskFull(folder=str(folder)) from error
        if "readonly" in told or "unable to open" in told:
            raise CopyNoRights(folder=str(folder)) from error
        raise


# -- checking -----------------------------------------------------------------------------------------------------


def check_copy(copy: Copy, secret: Secret | None, clock: Clock, report: Report = silent) -> Copy:
    """Read all of a copy anew, compare its checksum, and give it with the verdict, which its note keeps.

    Without a `secret` that fits, an encrypted copy is compared with its checksum alone: equal bytes stay as they were
    judged, «unchecked» where they never were. Raises what `report` raises.
    """
    try:
        digest = sha256_of(copy.path, lambda: report(20, 100))
        checked = _checked(copy, digest, secret, report)
    except OSError:
        # Not written down: a stick pulled out or a file held for a moment is no reason to thin a copy away.
        report(100, 100)
        return replace(copy, verdict="damaged", checked_at=clock().astimezone(UTC))
    checked = replace(checked, checked_at=clock().astimezone(UTC))
    # A folder that may only be read, a stick for one, can be checked all the same.
    with contextlib.suppress(OSError):
        seal(checked)
    report(100, 100)
    return checked


def _checked(copy: Copy, digest: str, secret: Secret | None, report: Report) -> Copy:
    known = copy.sha256 or _written_checksum(copy.path)
    if known and known != digest:
        return replace(copy, verdict="damaged")
    copy = replace(copy, sha256=digest, size=copy.path.stat().st_size)
    salt = salt_of(copy.path)
    if salt is not None and secret is None:
        return copy
    key = None if salt is None or secret is None else secret(salt)
    try:
        findings = examine(copy.path, key, lambda: report(60, 100))
    except StoreError:
        # It is the key that does not fit: nothing more is known of it than before.
        return copy if key is not None and not fits(copy.path, key) else replace(copy, verdict="damaged")
    return replace(
        copy,
        people=findings.people,
        events=findings.events,
        schema=findings.schema,
        state=findings.state,
        encrypted=key is not None,
        verdict="sound",
    )


def _written_checksum(path: Path) -> str:
    try:
        return checksum_of(path).read_text("utf-8").split()[0]
    except (OSError, ValueError, IndexError):
        return ""


def list_kept_bytes(folder: Path) -> tuple[Path, ...]:
    """Files that did not read and were kept byte for byte before something came back; another key leaves them."""
    try:
        return tuple(sorted(path for path in folder.iterdir() if KEPT_BYTES.search(path.name)))
    except OSError:
        return ()


def _thin_kept_bytes(folder: Path, now: datetime, months: int) -> None:
    """Damaged files that were kept before something came back do not outlive the copies either."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            found = KEPT_BYTES.search(path.name)
            moment = None if found is None else moment_of(found.group(1) + ENDING)
            if moment is not None and (now - moment).days > months * 31:
                path.unlink(missing_ok=True)


def own_secret(workspace: Copied) -> Secret | None:
    """What opens the copies of an open store: its own key, whatever salt; None where it is plain."""
    with workspace.snapshot() as picture:
        mine = picture.key
    return None if mine is None else lambda salt: Key(mine.raw, salt)


def reseal(path: Path, key: Key | None, clock: Clock, reason: str = "") -> Copy:
    """Describe a copy that was rewritten in place (by another passphrase): examine it, new checksum, new note.

    Raises StoreDamaged and StoreForeign, and OSError.
    """
    before = read_copy(path)
    made_at = before.made_at if before is not None else clock().astimezone(UTC)
    findings = examine(path, key)
    told = reason or (before.reason if before is not None else "")
    copy = _described(path, made_at, told, findings, key is not None, clock().astimezone(UTC))
    seal(copy)
    return copy


# -- elsewhere, and away ------------------------------------------------------------------------------------------


def copy_out(copy: Copy, target: Path, report: Report = silent) -> Path:
    """Bring a copy to a file or folder of the person's choice with its checksum beside it; gives where it is.

    Whole or absent. Raises CopyDiskFull, CopyNoRights, CopyIsStore, and CopyUnsound where other bytes came to be read
    there; what was there stays then.
    """
    where = target / copy.path.name if target.is_dir() else target
    if _is_in_use(where):
        raise CopyIsStore(path=str(where))
    with told_apart(where.parent):
        try:
            digest = copy_whole(copy.path, where, lambda: report(50, 100), expected=copy.sha256)
        except OtherBytes as error:
            raise CopyUnsound from error
        write_whole(checksum_of(where), f"{digest}  {where.name}\n".encode())
    report(100, 100)
    return where


def _is_in_use(path: Path) -> bool:
    """A store somebody has open, or with a log beside it: SQLite would play that into what came in its place."""
    if has_log(path):
        return True
    # Whoever has a store open keeps the file of its lock there; where there is none, none is made.
    if not beside(path, LOCK).exists():
        return False
    lock = StoreLock(real_file(path))
    try:
        lock.take()
    except StoreError:
        return True
    lock.release()
    return False


def remove_copy(copy: Copy) -> None:
    """Delete a copy and what belongs to it; the copy goes first, so that no copy stands without its seal."""
    copy.path.unlink(missing_ok=True)
    for path in papers_of(copy.path):
        path.unlink(missing_ok=True)


def _found_out(copy: Copy, now: datetime) -> bool:
    """True for two days after a copy was found damaged; the first to see it writes down when that was."""
    if copy.checked_at is None:
        with contextlib.suppress(OSError):
            seal(replace(copy, checked_at=now))
        return True
    return (now - copy.checked_at).days < copy_thinning.ALL_DAYS


def thin(folder: Path, now: datetime, months: int = copy_thinning.MONTHS) -> tuple[Copy, ...]:
    """Remove the copies that have had their time and give those that went; the newest sound one never goes.

    A damaged copy stands for nothing: it stays two days after it was found out, to be looked at. What nobody could
    check pushes out no sound one. Nothing goes while a clock that leapt is not to be believed yet.
    """
    copies = list_copies(folder)
    if not copy_thinning.may_thin([copy.made_at for copy in copies], now):
        return ()
    stay: set[Path] = set()
    for verdict in ("sound", "unchecked"):
        alike = [copy for copy in copies if copy.verdict == verdict]
        stay |= {alike[place].path for place in copy_thinning.kept([copy.made_at for copy in alike], now, months)}
    for copy in copies:
        if copy.verdict == "damaged" and _found_out(copy, now):
            stay.add(copy.path)
    newest = next((copy for copy in copies if copy.verdict == "sound"), None)
    if newest is not None:
        stay.add(newest.path)
    gone = tuple(copy for copy in copies if copy.path not in stay)
    _thin_kept_bytes(folder, now, months)
    for copy in gone:
        with contextlib.suppress(OSError):
            remove_copy(copy)
    return gone
