"""The key of an open store, as the window may ask of it; the key itself stays with the store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from crm.errors import CrmError
from crm.store import copies
from crm.store.errors import RecoveryCodeWrong, StoreLocked
from crm.store.key import Key, from_recovery_code, new_secret_of, salt_of, secret_of
from crm.store.workspace import Workspace
from crm.ui.locking.keeping import Changed, Prepared, Report


class StoreKey:
    """What `crm.ui.locking.keeping.Keeping` asks, answered by the workspace; `mirror` renews the second place."""

    def __init__(self, workspace: Workspace, mirror: Callable[[Report], object] = lambda _: None) -> None:
        self._workspace, self._mirror = workspace, mirror

    @property
    def encrypted(self) -> bool:
        """The store has a passphrase."""
        return self._workspace.encrypted

    @property
    def copies(self) -> int:
        """How many copies there are."""
        return len(copies.list_copies(copies.folder_of(self._workspace.path)))

    @property
    def kept(self) -> tuple[str, ...]:
        """Files that are kept as they are beside the copies."""
        kept = copies.list_kept_bytes(copies.folder_of(self._workspace.path))
        return tuple(path.name for path in kept)

    def prepare(self, passphrase: str) -> Prepared:
        """The key that a new passphrase gives."""
        key = self._workspace.fresh_key(new_secret_of(passphrase))
        return Prepared(key.recovery_code(), key)

    def derive(self, words: str) -> object:
        """The key that a passphrase or a recovery code gives."""
        # From the open store where it is open: a second descriptor on its file would drop SQLite's own locks.
        salt = salt_of(self._workspace.path) if self._workspace.locked else self._workspace.salt
        if salt is None:
            raise StoreLocked(path=str(self._workspace.path))
        return secret_of(words)(salt)

    def is_key(self, derived: object) -> bool:
        """Whether `derived` is the key of the open store."""
        return self._workspace.fits(lambda _: _key(derived))

    def wrong_group(self, prepared: Prepared, typed: str) -> int | None:
        """The first group of a code typed back that is missing or wrong; None when all are right."""
        try:
            key = from_recovery_code(typed)(_key(prepared.key).salt)
        except RecoveryCodeWrong as error:
            first, groups = int(error.details["group"]), prepared.code.split("-")
            return min(first, len(groups))
        if key == prepared.key:
            return None
        # A sound code of another sheet: the first group that differs is the one to look at.
        pairs = zip(key.recovery_code().split("-"), prepared.code.split("-"), strict=True)
        return next(place for place, (one, other) in enumerate(pairs, start=1) if one != other)

    def change(self, prepared: Prepared | None, report: Report, *, delete_copies: bool) -> Changed:
        """Put store and copies under the prepared key, or under none."""
        key = None if prepared is None else _key(prepared.key)
        done = self._workspace.change_key(key, report, delete_copies=delete_copies)
        # The second place follows at once where it is within reach, else when it is next.
        with contextlib.suppress(CrmError):
            self._mirror(lambda _, __: None)
        return Changed(done.copies, len(done.left))

    def lock(self) -> None:
        """Close the store and drop its key."""
        self._workspace.lock()

    def unlock(self, derived: object) -> None:
        """Go on with a derived key."""
        self._workspace.unlock(lambda _: _key(derived))


def _key(value: object) -> Key:
    if not isinstance(value, Key):
        raise TypeError("only what derive and prepare gave is a key")
    return value
