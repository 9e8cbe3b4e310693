"""Opens a store in a window, and another in its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QPoint, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from crm import clock as clocks
from crm import i18n, paths
from crm.app import journal_keeping, knocking
from crm.app.locking import StoreDoubted, ask_for_copy, ask_secret, make_locker, offer_passphrase
from crm.app.offering import offer_when_calm
from crm.app.opened import START_PAGE, Opened, make_window
from crm.clock import Clock
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase
from crm.services import community
from crm.store import derived
from crm.store.beside import remove_store
from crm.store.copies import folder_of, read_copy
from crm.store.copy_errors import CopyIsNoStore
from crm.store.copy_notes import COPIES
from crm.store.errors import StoreError
from crm.store.key import Secret
from crm.store.restoring import Ready, swap
from crm.store.workspace import Workspace
from crm.ui.locking.patience import Patience
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.widgets.menus import Menu
from crm.ui.window import MainWindow

if TYPE_CHECKING:
    from crm.ui.locking.locker import Locker

WATCH_AFTER: Final = 300
"""Milliseconds until somebody watches for idleness: the first page comes first."""
LEVELS_AFTER: Final = 400
"""Milliseconds until the levels and segments of today are looked at."""
THIN_AFTER: Final = 1_500
"""Milliseconds until the journal of today is."""
_USUAL_SIZE: Final = (1440, 900)
_TITLE_BAR: Final = 40


class Desktop(QObject):
    """Opens a store in a window, and another in its place: the demo, a second community, the same in English."""

    def __init__(self, theme: Theme, preferences: Preferences, clock: Clock = clocks.now) -> None:
        super().__init__()
        self.theme, self.preferences, self._clock = theme, preferences, clock
        self._translator: QTranslator | None = None
        self.opened: Opened | None = None
        self.locker: Locker | None = None
        self._patience = Patience()
        self._secret: Secret | None = None
        self._restored: set[Path] = set()
        self.recovery: QWidget | None = None

    def open(self, path: Path, secret: Secret | None = None) -> MainWindow:
        """Open the store at `path` (made where there is none) in a window; raises StoreError.

        An encrypted one asks for its passphrase where `secret` does not open it; raises Cancelled where none is given.
        """
        try:
            self._secret = ask_secret(self.theme, path, self._patience, secret)
        except StoreDoubted as doubt:
            self._secret = doubt.secret
            raise
        window = self._show(Workspace.open_or_create(path, self._clock, self._secret))
        # Needed where a store does not open; a key kept longer would outlive the locking of the window.
        self._secret = None
        return window

    def offer_passphrase(self) -> None:
        """Asked for: the question of a passphrase, or the settings where it was answered."""
        if self.opened is not None and offer_passphrase(self.opened, self.theme) is None:
            self.opened.window.show_page("settings")

    def lock(self) -> None:
        """Lock the open store, where it has a passphrase."""
        self._watch()
        if self.locker is not None:
            self.locker.lock()

    def _watch(self) -> None:
        if self.opened is not None and self.locker is None:
            self.locker = make_locker(self.opened, self.theme, self.preferences, self._patience, self)
            self.locker.given_up.connect(QCoreApplication.quit)

    def recover(self, path: Path, error: StoreError, before: Path | None = None) -> bool:
        """Show what can be done for a store that does not open; False where nothing can be offered.

        Afterwards the store opens, or the one that was open `before`; with none the program ends.
        """
        from crm.app import recovering

        if not recovering.helps(path, error):
            return False
        if self._secret is None and (copy := recovering.sealed_copy(path)) is not None:
            try:
                self._secret = ask_for_copy(self.theme, copy, path.name, self._patience)
            except Cancelled:
                QTimer.singleShot(0, QCoreApplication.quit)
                return True

        def ended(whole: bool) -> None:
            window, self.recovery = self.recovery, None
            # The next window comes first: the program ends with its last one.
            if whole:
                self._restored.add(path)
                self._open_or_recover(path, before)
            elif before is not None:
                self._open_or_recover(before, None)
            if window is not None:
                window.close()
                window.deleteLater()

        def ask_again() -> None:
            window, self.recovery = self.recovery, None
            if window is not None:
                window.hide()
            self._open_or_recover(path, before)
            if window is not None:
                window.close()
                window.deleteLater()

        self.recovery = window = recovering.offer(self.theme, path, error, self._clock, ended, self._secret)
        fit(window)
        window.show()
        window.activateWindow()
        window.again.connect(lambda: QTimer.singleShot(0, self, ask_again))
        return True

    def _open_or_recover(self, path: Path, before: Path | None, secret: Secret | None = None) -> MainWindow | None:
        try:
            return self.open(path, secret or self._secret)
        except Cancelled:
            QCoreApplication.quit()
        except StoreError as error:
            if not self.recover(path, error, before):
                from crm.ui.trouble import tell_refusal

                tell_refusal(self.theme, error)
        return None

    def open_demo(self) -> None:
        """Open the demo community as a store of its own and fill it in a job."""
        self.close()
        forget_store(paths.demo_store())
        workspace = Workspace.create(paths.demo_store(), self._clock, demo=True)
        window = self._show(workspace)
        opened = self.opened
        if opened is None:
            return

        def work(report: Callable[[int, int], None]) -> Any:
            from crm.services.demo import fill_demo

            return workspace.write(
                phrase("Demo community"), lambda session: fill_demo(session, self._clock, report=report)
            )

        def filled(_: Any) -> None:
            window.show_page(START_PAGE)

        opened.jobs.start(phrase("Making the demo community"), work, filled, self._tell_failure)

    def leave_demo(self) -> None:
        """Close the demo, delete its file and go back to the person's own store."""
        try:
            secret = ask_secret(self.theme, paths.default_store(), self._patience)
        except Cancelled:
            return
        self.close()
        forget_store(paths.demo_store())
        self.open(paths.default_store(), secret)

    def reopen(self, language: str) -> None:
        """Build the window anew in another language, on the same store and page."""
        if self.opened is None:
            return
        self.preferences.language = language
        path, secret = self.opened.workspace.path, self.opened.workspace.secret
        self.close()
        self.speak(language)
        window = self._open_or_recover(path, None, secret)
        if window is not None:
            window.show_page("settings")
            self.preferences.keep_or_tell(self._tell_failure)

    def speak(self, language: str) -> None:
        """The language of the program and of Qt's own dialogs."""
        i18n.use(language)
        application = QApplication.instance()
        if application is None:
            return
        if self._translator is not None:
            application.removeTranslator(self._translator)
        self._translator = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{i18n.current()}", folder):
            application.installTranslator(self._translator)

    def close(self, *, last: bool = False) -> None:
        """Close window and store; nothing of a deed is lost, for each was committed when it was made.

        A last copy is made where the program ends: another window would wait for it.
        """
        if self.opened is None:
            return
        opened, self.opened = self.opened, None
        self._watch_no_more()
        self.preferences.geometry = opened.window.saveGeometry()
        opened.close()
        if last:
            opened.keeper.leave()
        opened.workspace.close()

    def _foremost(self) -> QWidget | None:
        """What a second start brings forward: never a window that is locked away."""
        if self.locker is not None and self.locker.window is not None:
            return self.locker.window
        return None if self.opened is None else self.opened.window

    def _watch_no_more(self) -> None:
        if self.locker is not None:
            self.locker.close()
            self.locker.deleteLater()
            self.locker = None

    def bring_back(self, ready: Ready) -> None:
        """Put a prepared copy in the place of the open store and open the window anew on its copies."""
        if self.opened is None:
            return
        if self.locker is not None and self.opened.workspace.locked:
            # Locked at this very moment: the exchange needs the key, and waits for it.
            again = Qt.ConnectionType.SingleShotConnection
            self.locker.unlocked.connect(lambda: QTimer.singleShot(0, self, lambda: self.bring_back(ready)), again)
            return
        opened, self.opened = self.opened, None
        self._watch_no_more()
        secret = opened.workspace.secret
        self.preferences.geometry = opened.window.saveGeometry()
        opened.close()
        state = opened.workspace.state()
        opened.workspace.close()
        try:
            swap(ready, state)
        except CrmError as error:
            self._open_or_recover(ready.store, None, secret)
            self._tell_failure(error)
            return
        # What was wrong enough to go back may be wrong still: no copy of it pushes out a good one.
        self._restored.add(ready.store)
        window = self._open_or_recover(ready.store, None, secret)
        if window is not None:
            window.show_page("copies")
            window.say(i18n.text("The copy is back"), "check-circle-fill")

    def _show(self, workspace: Workspace) -> MainWindow:
        self.opened = opened = make_window(workspace, self.theme, self)
        opened.keeper.exchange = lambda ready: QTimer.singleShot(0, self, lambda: self.bring_back(ready))
        opened.keeper.paused = workspace.path in self._restored
        opened.keeper.start()
        if self.preferences.geometry is not None:
            opened.window.restoreGeometry(self.preferences.geometry)
        else:
            fit(opened.window)
        opened.window.store_menu_requested.connect(self._offer_stores)
        opened.window.show()
        if workspace.warning is not None:
            opened.window.say(i18n.text("The community lies in a shared folder: see Settings, Data"), "shield-warning")
        knocking.answer(workspace.path, opened.window, self._foremost)
        # A page that took long to make is painted first all the same: what waits begins to wait when the loop turns.
        QTimer.singleShot(0, opened.window, lambda: self._set_going(opened))
        return opened.window

    def _set_going(self, opened: Opened) -> None:
        QTimer.singleShot(WATCH_AFTER, opened.window, self._watch)
        offer_when_calm(opened, self.theme)
        QTimer.singleShot(LEVELS_AFTER, opened.window, self._keep_levels)
        QTimer.singleShot(THIN_AFTER, opened.window, self._thin_journal)

    def _offer_stores(self, place: QPoint) -> None:
        """The menu under the community's name: the demo, another community, a new one."""
        if self.opened is None:
            return
        menu = Menu(self.theme, self.opened.window)
        if self.opened.workspace.path == paths.demo_store():
            menu.add(i18n.text("Leave the demo"), lambda: QTimer.singleShot(0, self.leave_demo), "arrows-in-simple")
        else:
            menu.add(i18n.text("Open the demo"), lambda: QTimer.singleShot(0, self.open_demo), "users")
        menu.add(i18n.text("Open another community"), self._choose_store, "hard-drives")
        menu.add(i18n.text("New community"), self._make_store, "plus")
        if self.opened.workspace.encrypted:
            menu.add(i18n.text("Lock"), self.lock, "lock-key")
        menu.popup(place)

    def _choose_store(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            None, i18n.text("Open another community"), "", f"{i18n.text('Communities')} (*.krug)"
        )
        if name:
            QTimer.singleShot(0, self, lambda: self._change_store(Path(name)))

    def _make_store(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            None, i18n.text("New community"), str(paths.data_folder()), f"{i18n.text('Communities')} (*.krug)"
        )
        if name:
            path = Path(name) if name.endswith(".krug") else Path(name + ".krug")
            QTimer.singleShot(0, self, lambda: self._change_store(path))

    def _change_store(self, path: Path) -> None:
        """Open `path` in place of what is open; a refusal is said and the old store comes back."""
        before = self.opened.workspace.path if self.opened is not None else paths.default_store()
        secret_before = self.opened.workspace.secret if self.opened is not None else None
        if path.resolve() == before.resolve():
            return
        try:
            if path.parent.name.endswith(COPIES) and read_copy(path) is not None:
                raise CopyIsNoStore(name=path.name)
            secret = ask_secret(self.theme, path, self._patience)
        except Cancelled:
            return
        except CrmError as error:
            if self.opened is not None:
                self.opened.window.say(error.text(), "warning-circle-fill")
            return
        self.close()
        if before == paths.demo_store():
            forget_store(before)
            before, secret_before = paths.default_store(), None
        try:
            self.open(path, secret)
        except CrmError as error:
            if isinstance(error, StoreError) and self.recover(path, error, before):
                return
            self.open(before, secret_before).say(error.text(), "warning-circle-fill")

    def _keep_levels(self) -> None:
        """Levels and segments move with the calendar: once a day, in the background, everyone is looked at again."""
        if self.opened is None or self.opened.workspace.locked:
            return
        workspace, today = self.opened.workspace, clocks.today(self._clock)
        if workspace.read(community.levels_kept_on) == today:
            return

        def work(_: Callable[[int, int], None]) -> None:
            from crm.services import segment_movement

            def verb(session: Any) -> None:
                derived.rescore_everyone(session.connection(), today)
                segment_movement.take_snapshots(session, self._clock)
                community.note_levels_kept(session, today)

            workspace.maintain(verb)

        self.opened.jobs.start(phrase("Levels of today"), work, None, self._tell_failure)

    def _thin_journal(self) -> None:
        """Once a day the journal gives up what it keeps no longer."""
        if self.opened is not None:
            journal_keeping.keep_in_background(self.opened.workspace, self.opened.jobs, self._tell_failure)

    def _tell_failure(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, CrmError):
            raise error
        if self.opened is not None:
            self.opened.window.say(error.text(), "warning-circle-fill")


def fit(window: QWidget) -> None:
    """The usual size; the whole screen where that, with the system's title bar, would reach beyond it."""
    window.resize(*_USUAL_SIZE)
    room = window.screen().availableSize()
    if room.width() < _USUAL_SIZE[0] or room.height() < _USUAL_SIZE[1] + _TITLE_BAR:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def forget_store(store: Path) -> None:
    """Delete a store with everything beside it: the demo, which was nobody's."""
    remove_store(store)
    shutil.rmtree(folder_of(store), ignore_errors=True)
