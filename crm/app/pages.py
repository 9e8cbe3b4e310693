"""The pages: made when first shown, and led from one to another."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from crm import i18n, paths
from crm.ui.copies.rows import CopyKeeper
from crm.ui.jobs import Jobs
from crm.ui.locking.keeping import Keeping
from crm.ui.operations import Operations
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.window import MainWindow, PageEntry


class Switching(Protocol):
    """Who can put another store or language in the place of the open one."""

    preferences: Preferences

    def open_demo(self) -> None:
        """Open the demo community."""

    def offer_passphrase(self) -> None:
        """Ask whether the store should have a passphrase."""

    def reopen(self, language: str) -> None:
        """Build the window anew in another language."""

    def lock(self) -> None:
        """Lock the open store, where it has a passphrase."""


class Pages:
    """Makes the pages, each when it is first shown, and leads from one to another."""

    def __init__(
        self,
        operations: Operations,
        jobs: Jobs,
        theme: Theme,
        desktop: Switching | None,
        keeper: CopyKeeper,
        key: Keeping,
    ) -> None:
        self._operations, self._jobs, self._theme, self._desktop = operations, jobs, theme, desktop
        self._keeper, self._key = keeper, key
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
            PageEntry("organisations", "buildings", i18n.mark("Organisations"), self._organisations, listed=False),
            PageEntry("duplicates", "users", i18n.mark("Doubles"), self._duplicates, listed=False),
            PageEntry("history", "clock-counter-clockwise", i18n.mark("History"), self._history, listed=False),
            PageEntry("copies", "shield-check", i18n.mark("Copies"), self._copies, listed=False),
            PageEntry("settings", "gear", i18n.mark("Settings"), self._settings, below=True),
        ]

    def navigate(self, key: str, item: object = None) -> None:
        """Show a page, and on it the thing with this id; «desk» fills the screen, «demo» opens the demo,
        «passphrase» asks for one.
        """
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
        elif key == "passphrase":
            if self._desktop is not None:
                self._desktop.offer_passphrase()
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

    def _organisations(self) -> QWidget:
        from crm.ui.organisations.page import OrganisationsPage

        return self._wired(OrganisationsPage(self._operations, self._jobs, self._theme))

    def _duplicates(self) -> QWidget:
        from crm.ui.duplicates.page import DuplicatesPage

        return self._wired(DuplicatesPage(self._operations, self._jobs, self._theme))

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

    def _history(self) -> QWidget:
        from crm.ui.history.page import HistoryPage

        return self._wired(HistoryPage(self._operations, self._theme))

    def _copies(self) -> QWidget:
        from crm.ui.copies.page import CopiesPage

        return self._wired(CopiesPage(self._operations, self._jobs, self._theme, self._keeper))

    def _settings(self) -> QWidget:
        from crm.ui.locking.section import PassphraseSection
        from crm.ui.settings.page import SettingsPage

        desktop = self._desktop
        preferences = desktop.preferences if desktop is not None else Preferences(paths.settings_file())
        passphrase = PassphraseSection(self._theme, self._operations, self._jobs, self._key, preferences)
        page = SettingsPage(self._operations, self._theme, preferences, passphrase)
        self._wired(page)
        if desktop is not None:
            passphrase.lock_requested.connect(desktop.lock)
            page.language_chosen.connect(lambda language: QTimer.singleShot(0, lambda: desktop.reopen(language)))
            page.size_chosen.connect(lambda: QTimer.singleShot(0, lambda: desktop.reopen(i18n.current())))
        return self._wired(page)
