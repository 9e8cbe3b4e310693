"""The window, wired: one store, one theme, one worker, the pages. Nothing else knows all of them.

SQLAlchemy is imported before PySide6, on purpose: the other order costs 170 ms of CPU (shiboken's import hook).
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import sqlalchemy.orm  # noqa: F401 - before Qt, see above
from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QObject, QPoint, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from crm import clock as clocks
from crm import i18n, paths
from crm.clock import Clock
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase
from crm.services import community
from crm.store import derived
from crm.store.errors import StoreError
from crm.store.workspace import Workspace
from crm.ui.jobs import Job, Jobs
from crm.ui.operations import Operations, Said
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.widgets.menus import Menu
from crm.ui.window import MainWindow, PageEntry

START_PAGE: Final = "today"
STRIP_AFTER: Final = 200
"""Milliseconds after which a job shows its strip."""
LOOK_AGAIN: Final = 2_000
"""Milliseconds until the navigation asks again whether the desk was put away."""
FIRST_COUNT_AFTER: Final = 500
"""Milliseconds from the window's start to the first counting."""
FOLLOW_AFTER: Final = 60
"""Milliseconds after a deed until the counts beside the navigation follow; deeds in a row are followed once."""


class NoDisplay(CrmError):
    """A window was asked for where no screen is."""

    code = "no_display"
    message = i18n.mark("There is no display here, so the window can't open. Try krug tour out/ or krug --help.")


@dataclass(slots=True)
class Opened:
    """An open window with what it works on."""

    window: MainWindow
    operations: Operations
    jobs: Jobs
    workspace: Workspace

    def close(self) -> None:
        """End the jobs and take the window away; the store stays open for whoever opened it."""
        self.jobs.close()
        self.window.close()
        self.window.deleteLater()
        # At once, not when the loop turns: a page's timer may not ask a store that is closed.
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)


class Desktop(QObject):
    """Opens a store in a window, and another in its place: the demo, a second community, the same in English."""

    def __init__(self, theme: Theme, preferences: Preferences, clock: Clock = clocks.now) -> None:
        super().__init__()
        self.theme, self.preferences, self._clock = theme, preferences, clock
        self._translator: QTranslator | None = None
        self.opened: Opened | None = None

    def open(self, path: Path) -> MainWindow:
        """Open the store at `path` (made where there is none) in a window; raises StoreError."""
        return self._show(Workspace.open_or_create(path, self._clock))

    def open_demo(self) -> None:
        """Open the demo community as a store of its own and fill it in a job."""
        self.close()
        _forget(paths.demo_store())
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
        self.close()
        _forget(paths.demo_store())
        self.open(paths.default_store())

    def reopen(self, language: str) -> None:
        """Build the window anew in another language, on the same store and page."""
        if self.opened is None:
            return
        self.preferences.language = language
        path = self.opened.workspace.path
        self.close()
        self.speak(language)
        self.open(path).show_page("settings")

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

    def close(self) -> None:
        """Close window and store; nothing of a deed is lost, for each was committed when it was made."""
        if self.opened is None:
            return
        opened, self.opened = self.opened, None
        self.preferences.geometry = opened.window.saveGeometry()
        opened.close()
        opened.workspace.close()

    def _show(self, workspace: Workspace) -> MainWindow:
        self.opened = opened = make_window(workspace, self.theme, self)
        if self.preferences.geometry is not None:
            opened.window.restoreGeometry(self.preferences.geometry)
        else:
            opened.window.resize(1440, 900)
        opened.window.store_menu_requested.connect(self._offer_stores)
        opened.window.show()
        QTimer.singleShot(400, self._keep_levels)
        return opened.window

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
        if path == before:
            return
        self.close()
        if before == paths.demo_store():
            _forget(before)
            before = paths.default_store()
        try:
            self.open(path)
        except CrmError as error:
            self.open(before).say(error.text(), "warning-circle-fill")

    def _keep_levels(self) -> None:
        """Levels and segments move with the calendar: once a day, in the background, everyone is looked at again."""
        if self.opened is None:
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

    def _tell_failure(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, CrmError):
            raise error
        if self.opened is not None:
            self.opened.window.say(error.text(), "warning-circle-fill")


class Pages:
    """Makes the pages, each when it is first shown, and leads from one to another."""

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, desktop: Desktop | None) -> None:
        self._operations, self._jobs, self._theme, self._desktop = operations, jobs, theme, desktop
        self.window: MainWindow | None = None

    def entries(self) -> list[PageEntry]:
        """The pages in the order of the navigation."""
        return [
            PageEntry("today", "sun-horizon", i18n.mark("Today"), self._today),
            PageEntry("people", "users", i18n.mark("People"), self._people),
            PageEntry("segments", "circles-three", i18n.mark("Segments"), self._segments),
            PageEntry("events", "calendar-blank", i18n.mark("Events"), self._events),
            PageEntry("feedback", "chat-circle-text", i18n.mark("Feedback"), self._feedback),
            PageEntry("reports", "chart-line-up", i18n.mark("Reports"), self._reports),
            PageEntry("import", "download-simple", i18n.mark("Import"), self._importing, below=True),
            PageEntry("settings", "gear", i18n.mark("Settings"), self._settings, below=True),
        ]

    def navigate(self, key: str, item: object = None) -> None:
        """Show a page, and on it the thing with this id; «desk» fills the screen, «demo» opens the demo."""
        if self.window is None:
            return
        if key == "desk":
            from crm.ui.desk.page import DeskPage

            desk = DeskPage(self._operations, self._theme, int(str(item)))
            desk.folded.connect(self.window.close_full)
            desk.folded.connect(desk.deleteLater)
            self.window.show_full(desk)
        elif key == "demo":
            if self._desktop is not None:
                QTimer.singleShot(0, self._desktop.open_demo)
        else:
            page = self.window.show_page(key)
            show_item = getattr(page, "show_item", None)
            if item is not None and show_item is not None:
                show_item(item)

    def _wired(self, page: QWidget) -> QWidget:
        signal = getattr(page, "navigate", None)
        if signal is not None:
            signal.connect(self.navigate)
        return page

    def _today(self) -> QWidget:
        from crm.ui.today.page import TodayPage

        return self._wired(TodayPage(self._operations, self._jobs, self._theme))

    def _people(self) -> QWidget:
        from crm.ui.people.page import PeoplePage

        return self._wired(PeoplePage(self._operations, self._jobs, self._theme))

    def _segments(self) -> QWidget:
        from crm.ui.segments.page import SegmentsPage

        return self._wired(SegmentsPage(self._operations, self._jobs, self._theme))

    def _events(self) -> QWidget:
        from crm.ui.events.page import EventsPage

        return self._wired(EventsPage(self._operations, self._jobs, self._theme))

    def _feedback(self) -> QWidget:
        from crm.ui.feedback.page import FeedbackPage

        return self._wired(FeedbackPage(self._operations, self._jobs, self._theme))

    def _reports(self) -> QWidget:
        from crm.ui.reports.page import ReportsPage

        return self._wired(ReportsPage(self._operations, self._jobs, self._theme))

    def _importing(self) -> QWidget:
        from crm.ui.importing.page import ImportPage

        return self._wired(ImportPage(self._operations, self._jobs, self._theme))

    def _settings(self) -> QWidget:
        from crm.ui.settings.page import SettingsPage

        desktop = self._desktop
        preferences = desktop.preferences if desktop is not None else Preferences(paths.settings_file())
        page = SettingsPage(self._operations, self._theme, preferences)
        if desktop is not None:
            page.language_chosen.connect(lambda language: QTimer.singleShot(0, lambda: desktop.reopen(language)))
        return page


def make_window(workspace: Workspace, theme: Theme, desktop: Desktop | None = None) -> Opened:
    """A window on `workspace`, every page within reach and built when first shown.

    Without a `desktop` (pictures, tests) the demo and the language cannot be switched from inside.
    """
    operations, jobs = Operations(workspace), Jobs()
    pages = Pages(operations, jobs, theme, desktop)
    window = MainWindow(theme, pages.entries())
    pages.window = window
    opened = Opened(window, operations, jobs, workspace)
    _wire(opened, pages.navigate)
    empty = operations.read(community.is_empty)
    window.show_page("people" if empty else START_PAGE)
    return opened


def name_window(opened: Opened) -> None:
    """Show whose community it is and where it is kept; the demo says that it is one."""
    name, demo = opened.operations.read(lambda session: (community.community_name(session), community.is_demo(session)))
    opened.window.set_store(i18n.text("Krug"), i18n.text("Demo: {name}", name=name) if demo else name)
    opened.window.setWindowTitle(f"{name} — {i18n.text('Krug')}")
    opened.window.set_safety(i18n.text("Everything is saved"))


def _wire(opened: Opened, navigate: Callable[[str, object], None]) -> None:
    window, operations, jobs = opened.window, opened.operations, opened.jobs
    window.undo_requested.connect(operations.undo)
    window.redo_requested.connect(operations.redo)
    window.find_requested.connect(lambda: _find(window))
    window.pinned_chosen.connect(lambda segment: navigate("segments", segment))
    window.settings_requested.connect(lambda: navigate("settings", None))

    def said(word: Said) -> None:
        undo = None if word.deed is None else lambda: operations.undo(word.deed)
        window.say(word.what.text(), word.icon, undo)

    operations.said.connect(said)
    operations.refused.connect(lambda error: window.say(error.text(), "warning-circle-fill"))

    def started(job: Job) -> None:
        # A strip that comes and goes within a blink would only disturb.
        QTimer.singleShot(STRIP_AFTER, window, lambda: show_strip(job))
        job.progressed.connect(lambda step, of: window.progress.set_progress(step, of) if jobs.current is job else None)

    def show_strip(job: Job) -> None:
        if jobs.current is job and not job.quiet:
            window.progress.show_job(job.title.text(), job.cancel)

    jobs.started.connect(started)
    jobs.ended.connect(lambda _: window.progress.finish())

    follow = QTimer(window)
    follow.setSingleShot(True)

    def refresh() -> None:
        # Counting competes with the desk for the processor, and nobody sees the navigation behind it.
        if window.full is None:
            refresh_navigation(opened)
        else:
            follow.start(LOOK_AGAIN)

    follow.timeout.connect(refresh)
    operations.changed.connect(lambda _: follow.start(FOLLOW_AFTER))
    name_window(opened)
    # The first page comes first: counting would take its processor.
    follow.start(FIRST_COUNT_AFTER)


def refresh_navigation(opened: Opened) -> None:
    """Counts of what waits for the manager, and the pinned segments, read in the background."""
    from crm.ui.window import Pinned

    clock, workspace = opened.operations.clock, opened.workspace

    def work(_: Callable[[int, int], None]) -> tuple[dict[str, int], list[Any]]:
        from crm.services import segments, today

        return workspace.read(
            lambda session: (
                today.waits_for_me(session, clock),
                segments.pinned_segments(session, clock),
            )
        )

    def show(found: tuple[dict[str, int], list[Any]]) -> None:
        waiting, pinned = found
        for key, count in waiting.items():
            opened.window.set_count(key, count)
        opened.window.set_pinned([Pinned(row.id, row.name, row.glyph, row.count) for row in pinned])
        name_window(opened)

    opened.jobs.start(phrase("Counting"), work, show, quiet=True)


def _find(window: MainWindow) -> None:
    page = window.show_page("people")
    find = getattr(page, "find", None)
    if find is not None:
        find()


def _forget(store: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".lock", ".owner"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)


def open_window(store: Path | None, language: str | None) -> int:
    """The whole life of the window; returns the program's exit code. Raises NoDisplay where there is none."""
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        raise NoDisplay
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError("the window needs a QApplication")
    application.setApplicationName("Krug")
    application.setQuitOnLastWindowClosed(True)
    preferences = Preferences(paths.settings_file())
    theme = Theme(mode=preferences.mode, scale=preferences.scale, contrast=preferences.contrast)
    theme.apply(application)
    desktop = Desktop(theme, preferences)
    desktop.speak(language or preferences.language)
    sys.excepthook = _report_trouble(desktop)
    try:
        desktop.open(store or paths.default_store())
    except StoreError as error:
        from crm.ui.trouble import tell_refusal

        tell_refusal(theme, error)
        return error.exit_code
    code = application.exec()
    if desktop.opened is not None and desktop.opened.workspace.path == paths.demo_store():
        desktop.close()
        _forget(paths.demo_store())
    desktop.close()
    return code


def _report_trouble(desktop: Desktop) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        # Where it happened and what sort it is; the message and the values may hold somebody's data.
        where = "".join(traceback.format_list(traceback.extract_tb(trace)))
        report = f"{kind.__module__}.{kind.__qualname__}\n{where}"
        sys.stderr.write(report)
        if desktop.opened is not None:
            from crm.ui.trouble import show_trouble

            show_trouble(desktop.opened.window, desktop.theme, report)

    return hook
