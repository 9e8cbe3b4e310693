"""The Events page: the list, and one event in its place when it is opened."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from crm import i18n
from crm.services import event_lists
from crm.services.event_errors import EventNotFound
from crm.ui.events.acts import EventActs
from crm.ui.events.editor import EventEditor
from crm.ui.events.list_page import EventListPage
from crm.ui.events.view import EventView
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.shortcuts import letter_shortcut, shortcut

_TABLES: Final = frozenset(
    ("event", "event_kind", "attendance", "person", "organisation", "response", "answer", "feedback_item")
)


class EventsPage(QWidget):
    """`navigate` leads to other pages: people, segments, and the desk of an event."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme) -> None:
        super().__init__()
        self._operations = operations
        self._theme = theme
        self._stale = True
        self._acts = EventActs(operations, jobs)
        self.list_page = EventListPage(operations, theme)
        self.view = EventView(operations, self._acts, theme)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.list_page)
        self._stack.addWidget(self.view)
        self.list_page.opened.connect(self.show_item)
        self.list_page.add_wanted.connect(self.add)
        self.list_page.menu_requested.connect(self._menu)
        self.view.back_wanted.connect(self.show_list)
        self.view.edit_wanted.connect(self.edit)
        self.view.copied.connect(self.show_item)
        self.view.desk_wanted.connect(self.open_desk)
        self.view.person_wanted.connect(lambda person_id: self.navigate.emit("people", person_id))
        self.view.segments_wanted.connect(lambda: self.navigate.emit("segments", None))
        operations.changed.connect(self._follow)
        shortcut(self, "Ctrl+V", self.paste)
        letter_shortcut(self, "N", self.add)
        letter_shortcut(self, "E", self.edit)
        letter_shortcut(self, "/", self.find)

    # -- showing --------------------------------------------------------------------------------------------------

    def show_item(self, event_id: object) -> None:
        """Open an event; None or one that is gone shows the list."""
        if not isinstance(event_id, int):
            self.show_list()
            return
        try:
            self.view.show_event(event_id)
        except EventNotFound as error:
            self._operations.refused.emit(error)
            self.show_list()
            return
        self._stack.setCurrentWidget(self.view)

    def show_list(self) -> None:
        """Back to the list."""
        self.list_page.refresh()
        self._stack.setCurrentWidget(self.list_page)
        self.list_page.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what has changed meanwhile."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Read again what is shown."""
        self._stale = False
        if self._stack.currentWidget() is self.view:
            try:
                self.view.refresh()
            except EventNotFound:
                self.show_list()
        else:
            self.list_page.refresh()

    def _follow(self, tables: frozenset[str]) -> None:
        if not tables & _TABLES:
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def escape(self) -> bool:
        """Esc goes back from an event to the list."""
        if self._stack.currentWidget() is self.view:
            self.show_list()
            return True
        return False

    def home(self) -> QWidget:
        """What is shown: the list, the first way to begin, the people of an event."""
        if self._stack.currentWidget() is self.view:
            return self.view.home()
        return self.list_page.home()

    def find(self) -> None:  # type: ignore[override]  # QWidget.find is a static look-up by window handle
        """Search here."""
        if self._stack.currentWidget() is self.view:
            self.view.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.list_page.find()

    # -- acts -----------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """A new event."""
        editor = EventEditor(self._theme, self, self._operations)
        editor.saved.connect(self.show_item)
        editor.open()

    def paste(self) -> None:
        """A pasted list of people onto the list of the event that is shown."""
        if self._stack.currentWidget() is self.view:
            self.view.paste_list()

    def edit(self) -> None:
        """Change the event that is shown or chosen."""
        event_id = self._current()
        if event_id:
            self._edit(event_id)

    def _edit(self, event_id: int) -> None:
        EventEditor(self._theme, self, self._operations, event_id).open()

    def open_desk(self) -> None:
        """The desk of the event that is shown."""
        event_id = self._current()
        if event_id is not None:
            self.navigate.emit("desk", event_id)

    def _current(self) -> int | None:
        if self._stack.currentWidget() is self.view:
            return self.view.card.row.id if self.view.card is not None else None
        return self.list_page.list.current_id()

    def _menu(self, event_id: int, at: QPoint) -> None:
        self.list_menu(event_id).popup(at)

    def list_menu(self, event_id: int) -> Menu:
        """What can be done with an event of the list."""
        row = self._operations.read(lambda session: event_lists.event_row(session, event_id))
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(i18n.text("Open"), lambda: self.show_item(event_id), "calendar-blank")
        menu.add(i18n.in_context("event", "Edit"), lambda: self._edit(event_id), "note-pencil")
        if row.status in {"planned", "open"}:
            menu.add(i18n.text("Open the desk"), lambda: self.navigate.emit("desk", event_id), "barcode")
        menu.add(i18n.text("Copy to a week later"), lambda: self.show_item(self._acts.copy(row)), "copy")
        menu.addSeparator()
        if row.status in {"planned", "open"}:
            menu.add(i18n.text("Close the event"), lambda: self._acts.close(row), "check")
            menu.add(i18n.text("Call the event off"), lambda: self._acts.cancel(row), "prohibit", danger=True)
        else:
            menu.add(i18n.text("Open the event again"), lambda: self._acts.reopen(row), "arrow-counter-clockwise")
        return menu
