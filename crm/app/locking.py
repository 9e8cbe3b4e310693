"""The passphrase of a store in the window's life: asked before it opens, offered once, locked when nobody is there."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from crm import i18n
from crm.app import knocking
from crm.app.keys import StoreKey
from crm.app.opened import Opened
from crm.errors import Cancelled
from crm.services import community
from crm.store.doorstep import look
from crm.store.errors import StoreDamaged, StoreError, StoreLocked
from crm.store.key import Key, Secret, salt_of, secret_of
from crm.store.lock import StoreLock
from crm.ui.locking.patience import Patience
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme

if TYPE_CHECKING:
    from crm.ui.locking.dialogs import OfferDialog
    from crm.ui.locking.locker import Locker


class StoreDoubted(StoreDamaged):
    """The passphrase was refused, and the person is sure of it: then it is the first page that does not read.

    `secret` is what was typed; nobody knows yet whether it opens anything.
    """

    code = "store_doubted"
    message = i18n.mark("{path} did not open with this passphrase. It was not touched.")

    def __init__(self, path: str, secret: Secret) -> None:
        super().__init__(path=path)
        self.secret = secret


def ask_secret(theme: Theme, path: Path, patience: Patience, known: Secret | None = None) -> Secret | None:
    """What opens the store at `path`: `known` where it fits, else asked for in a window; None where it needs nothing.

    Raises Cancelled where the window was closed, StoreDoubted where the person holds the file for damaged, and
    StoreHeld before anything is asked.
    """
    try:
        salt = salt_of(path) if path.is_file() else None
    except OSError:
        return None
    if salt is None:
        return None
    lock = StoreLock(path)
    lock.take()
    try:
        if known is not None:
            with contextlib.suppress(StoreError):
                look(path, known)
                return known
        return _asked_for(theme, path, path.name, salt, patience, doubtful=True)
    finally:
        lock.release()


def ask_for_copy(theme: Theme, copy: Path, store: str, patience: Patience) -> Secret | None:
    """What opens a `copy` of the damaged `store`, which no longer tells that it had a passphrase. Raises Cancelled."""
    salt = salt_of(copy)
    return None if salt is None else _asked_for(theme, copy, store, salt, patience, doubtful=False)


def _asked_for(theme: Theme, path: Path, name: str, salt: bytes, patience: Patience, *, doubtful: bool) -> Secret:
    from crm.ui.locking.unlock_window import UnlockWindow

    fitting: list[Key] = []

    def derive(words: str) -> object:
        return secret_of(words)(salt)

    def unlock(key: object) -> None:
        if not isinstance(key, Key):
            raise StoreLocked(path=str(path))
        look(path, lambda _: key)
        fitting.append(key)

    doubts: list[Secret] = []

    def doubt(words: str) -> None:
        # Each copy may stand on a salt of its own, and each key costs half a second.
        doubts.append(functools.cache(secret_of(words)))

    window = UnlockWindow(theme, name, derive, unlock, patience, doubtful=doubtful)
    loop = QEventLoop()
    window.doubted.connect(doubt)
    window.doubted.connect(loop.quit)
    window.unlocked.connect(loop.quit)
    window.given_up.connect(loop.quit)
    # The lock is held meanwhile: a second start knocks and gets this window instead of one of its own.
    knocking.answer(path, window, lambda: window if window.isVisible() else None)
    # The last window that closes ends the program, and this one closes before the next is there.
    quits = QApplication.quitOnLastWindowClosed()
    QApplication.setQuitOnLastWindowClosed(False)
    window.show()
    window.activateWindow()
    window.edit.setFocus()
    loop.exec()
    QApplication.setQuitOnLastWindowClosed(quits)
    window.deleteLater()
    if doubts:
        raise StoreDoubted(str(path), doubts[0])
    if not fitting:
        raise Cancelled
    return lambda _: fitting[0]


def make_locker(opened: Opened, theme: Theme, preferences: Preferences, patience: Patience, root: QObject) -> Locker:
    """Watches over an open window; of a store without a passphrase nothing is ever locked."""
    from crm.ui.locking.locker import Locker
    from crm.ui.locking.sources import sources_here

    return Locker(
        theme,
        StoreKey(opened.workspace),
        opened.jobs,
        opened.workspace.path.name,
        sources=sources_here(lambda: preferences.lock_after, lambda: int(opened.window.winId())),
        patience=patience,
        roots=(root,),
        parent=root,
    )


def offer_passphrase(opened: Opened, theme: Theme) -> OfferDialog | None:
    """Ask once whether the store should have a passphrase; None where it was asked, or there is no need."""
    workspace, operations = opened.workspace, opened.operations
    if workspace.encrypted or workspace.locked:
        return None
    if operations.read(lambda s: community.is_demo(s) or community.passphrase_was_offered(s)):
        return None
    from crm.ui.locking.changing import Changing
    from crm.ui.locking.dialogs import OfferDialog

    dialog = OfferDialog(theme, opened.window)

    def answered(answer: str) -> None:
        operations.note(lambda session: community.note_passphrase_offered(session, answer))
        if answer == "set":
            keeping = StoreKey(workspace, opened.keeper.mirror)
            Changing(theme, opened.window, operations, opened.jobs, keeping).set_passphrase()

    dialog.answered.connect(answered)
    dialog.open()
    return dialog
