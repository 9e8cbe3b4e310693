"""Why a copy could not be made: things a person can put right. What it was made for does not happen then."""

from __future__ import annotations

from crm.errors import CrmError
from crm.i18n import mark
from crm.store.errors import StoreError


class CopyDiskFull(CrmError):
    """No room for a copy."""

    code = "copy_disk_full"
    message = mark("There is no room for a copy in {folder}, so nothing was changed. Free some space and try again.")


class CopyNoRights(CrmError):
    """The folder of copies may not be written."""

    code = "copy_no_rights"
    message = mark(
        "Krug may not write copies into {folder}, so nothing was changed. Give yourself the right to, and try again."
    )


class CopyUnsound(CrmError):
    """A copy was made and did not pass its own check."""

    code = "copy_unsound"
    message = mark(
        "The copy did not pass its check and was not kept; nothing was changed. Check the disk and try again."
    )


class CopyStale(CrmError):
    """The store was changed between the check of a copy and the moment it was to come back."""

    code = "copy_stale"
    message = mark("Something was saved meanwhile, so the copy was not brought back. Try again.")


class CopyFolderMissing(CrmError):
    """There is no such folder."""

    code = "copy_folder_missing"
    message = mark("There is no folder {folder}. Make it, or choose another place for the copy.")


class CopyIsStore(CrmError):
    """The copy was to be written over a store that is in use: the one it is made of, or another."""

    code = "copy_is_store"
    message = mark("{path} is a community file in use, not a copy. Choose another name for the copy.")


class CopyTestFailed(CrmError):
    """The newest copy was brought back for a test, and what came back was not the same."""

    code = "copy_test_failed"
    message = mark("The newest copy failed its weekly test. Make a new copy now and test it on the page of copies.")


class StoreNotCopied(StoreError):
    """An older store was to be brought up to today's format and could not be copied before."""

    code = "store_not_copied"
    message = mark(
        "{path} needs an update of its format, but no copy of it could be made first, so it was not touched. "
        "Free some space on the disk, check that its folder may be written, and try again."
    )
