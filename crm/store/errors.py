"""Why a store does not open, or a deed does not go through: things a person can put right."""

from __future__ import annotations

from typing import Any, ClassVar

from crm.errors import CrmError
from crm.i18n import mark


class StoreError(CrmError):
    """The store cannot be opened; the command line ends with 3."""

    exit_code: ClassVar[int] = 3


class StoreMissing(StoreError):
    """There is no file there."""

    code = "store_missing"
    message = mark("There is no community file at {path}. Check the name, or start the window to make a new one.")


class StoreExists(CrmError):
    """A new store was asked for where a file already is."""

    code = "store_exists"
    message = mark("There is already a file at {path}. Nothing was changed; choose another name.")


class StoreForeign(StoreError):
    """The file is not a Krug store."""

    code = "store_foreign"
    message = mark("{path} is not a Krug community file. It was not touched; choose another file.")


class StoreNewer(StoreError):
    """A later program wrote the file."""

    code = "store_newer"
    message = mark(
        "{path} was written by a newer version of Krug (format {found}, this one reads up to {known}). "
        "It was not touched; install the newer version."
    )


class StoreDamaged(StoreError):
    """The file says it is a store and does not read as one."""

    code = "store_damaged"
    message = mark("{path} is damaged and was not touched. Restore a verified copy of it.")


class StoreEmpty(StoreDamaged):
    """The file is there and holds nothing: a disk or a synchronising program emptied it."""

    code = "store_empty"
    message = mark("{path} is empty: what was in it is gone. It was not touched; restore a verified copy of it.")


class StoreTampered(StoreError):
    """The file is not built as Krug builds its files (triggers, views, tables): it may do what nobody asked for."""

    code = "store_tampered"
    message = mark(
        "{path} is not built as Krug builds its files: {found}. It was not opened and not touched; restore a verified "
        "copy of it."
    )

    def __init__(self, *, found: str = "…", **details: Any) -> None:
        super().__init__(found=found, **details)


class NothingToRescue(CrmError):
    """Of a damaged store nothing reads."""

    code = "nothing_to_rescue"
    message = mark("Nothing of {path} reads any more. It was not touched; restore a copy of it.")


class StoreHeld(StoreError):
    """Another process has the store open."""

    code = "store_held"
    message = mark("{path} is already open: process {pid} on {host} has it. Close that window and try again.")


class StoreLocked(StoreError):
    """The store is encrypted and no passphrase was given, or it was locked while the window was left."""

    code = "store_locked"
    message = mark("{path} is encrypted. Enter its passphrase to open it.")


class PassphraseWrong(StoreError):
    """The passphrase or the recovery code does not open the file."""

    code = "passphrase_wrong"
    message = mark(
        "The passphrase does not fit {path}. Nothing was changed; check the layout and Caps Lock and try again."
    )


class PassphraseMissing(CrmError):
    """An empty passphrase was given."""

    code = "passphrase_missing"
    message = mark("The passphrase is empty. Enter at least one character.")


class RecoveryCodeWrong(CrmError):
    """The recovery code is not as it was printed."""

    code = "recovery_code_wrong"
    message = mark("Group {group} of the recovery code is not as it was printed. Compare it and try again.")


class EncryptionMissing(StoreError):
    """The driver cannot encrypt: opening would silently leave the data readable."""

    code = "encryption_missing"
    message = mark("This copy of Krug can't encrypt, so {path} was not opened. Install Krug anew.")


class RoomMissing(CrmError):
    """The disk has no room for the store and its copies under another key beside the old ones."""

    code = "room_missing"
    message = mark(
        "Changing the passphrase needs {needed} MB in {path} for a while, and {free} MB are free. Nothing was changed; "
        "free some space, or have the old copies deleted."
    )


class NotRekeyed(CrmError):
    """What was written under the new key did not equal its source, or the system refused the writing."""

    code = "not_rekeyed"
    message = mark(
        "{path} could not be written under the new passphrase, so nothing was changed. Check the store first."
    )


class PassphraseLikeCode(CrmError):
    """A new passphrase that would be taken for a recovery code wherever it is entered."""

    code = "passphrase_like_code"
    message = mark("This looks like a recovery code. Think of a passphrase of your own words.")


class StoreNoRights(StoreError):
    """The file or its folder may not be read or written."""

    code = "store_no_rights"
    message = mark("Krug may not read and write {path}. Give yourself the right to, or move the file.")


class DiskFull(CrmError):
    """The disk is full; the deed was rolled back."""

    code = "disk_full"
    message = mark("The disk is full, so nothing was saved. Free some space and try again.")


class StoreBusy(CrmError):
    """Something else writes for longer than we wait."""

    code = "store_busy"
    message = mark("Another task is still writing. Nothing was changed; try again when it is done.")


class UndoRefused(CrmError):
    """The rows of the deed were changed by a later one."""

    code = "undo_refused"
    message = mark("«{label}» can't be undone: «{later}» changed the same data later. Undo that first.")


class DeedThinned(UndoRefused):
    """The details of the deed were taken out of the journal."""

    code = "deed_thinned"
    message = mark("«{label}» can't be undone: it is too long ago, its details left the journal on {day}.")


class NothingToUndo(CrmError):
    """No deed in the journal is left to undo."""

    code = "nothing_to_undo"
    message = mark("There is nothing to undo.")


class NothingToRedo(CrmError):
    """No undone deed is left, or something was done since."""

    code = "nothing_to_redo"
    message = mark("There is nothing to redo.")
