"""The page: every deed, newest first, narrowed by person, sort and day; the chosen one whole at the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services import history, history_details, history_words
from crm.services.history import DeedFilter, DeedRow
from crm.ui.history import words
from crm.ui.history.filters import HistoryFilters
from crm.ui.history.panel import DeedPanel
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.empty_states import EmptyState
from crm.ui.widgets.id_list import Column, IdListModel
from crm.ui.widgets.labels import Label
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import HintBar, PageHeader, Surface
from crm.ui.widgets.tables import ListTable

_WINDOW: Final = 50
"""Rows fetched at once: of each is asked what stands in its way."""
_SETTLE: Final = 60
"""Milliseconds after a row is chosen until it is opened; walking with the arrows opens the last one only."""


class HistoryPage(QWidget):
    """What was done. `show_item` takes a deed's number, or («person», id) for the history of a person."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._theme = operations, theme
        self._stale = True
        self.header = PageHeader(theme, i18n.text("History"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        self._body = Surface(theme)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list(), 1)
        self.panel = DeedPanel(theme)
        self.panel.hide()
        self.panel.closed.connect(self._close_panel)
        self.panel.undo_requested.connect(self.undo)
        self.panel.person_chosen.connect(lambda person: self.navigate.emit("people", person))
        row.addWidget(self.panel)
        whole.addWidget(self._body, 1)
        self._nothing = EmptyState(
            theme,
            i18n.text("What you do will stand here"),
            i18n.text("Every change with its moment, what it was before, and a way back"),
        )
        self._nothing.hide()
        whole.addWidget(self._nothing, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE)
        self._timer.timeout.connect(self._open_current)
        operations.changed.connect(self._changed)

    def _list(self) -> QWidget:
        theme = self._theme
        pane = Surface(theme)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.filters = HistoryFilters(theme, self._operations)
        self.filters.changed.connect(self.refresh)
        column.addWidget(self.filters)
        self._model: IdListModel[DeedRow] = IdListModel(_columns(self._operations.today()), self._fetch, _WINDOW)
        self.table = ListTable(theme, self._model, name=i18n.text("History"), right=20)
        self.table.current_changed.connect(lambda _: self._timer.start())
        self.table.opened.connect(self.show_deed)
        self.table.quick_look.connect(self.show_deed)
        self.table.menu_requested.connect(self._open_menu)
        column.addWidget(self.table, 1)
        self._none = Surface(theme)
        inside = QVBoxLayout(self._none)
        inside.setContentsMargins(28, 20, 28, 0)
        inside.addWidget(
            Label(theme, i18n.text("No deed of this kind. Take a filter away to see more."), colour="text2")
        )
        inside.addStretch(1)
        self._none.hide()
        column.addWidget(self._none, 1)
        column.addWidget(HintBar(theme, "", i18n.text("↑↓   Enter open   Ctrl Z undo the last")))
        return pane

    # -- refreshing ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read when the page is looked at."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _changed(self, _: frozenset[str]) -> None:
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the list anew, and the open deed."""
        self._stale = False
        only = self.filters.only
        ids = self._operations.read(lambda session: history.deed_ids(session, only))
        anything = bool(ids) or only != DeedFilter()
        self._body.setVisible(anything)
        self._nothing.setVisible(not anything)
        self.header.set_note(i18n.plural("{count} deed", "{count} deeds", len(ids)) if anything else "")
        self._model.invalidate()
        self._model.set_ids(ids)
        self.table.setVisible(bool(ids))
        self._none.setVisible(not ids)
        shown = self.panel.details
        if shown is not None and not self.panel.isHidden():
            self.show_deed(shown.row.deed)

    def _fetch(self, ids: Sequence[int]) -> dict[int, DeedRow]:
        rows = self._operations.read(lambda session: history.deed_rows(session, ids))
        return {row.deed: row for row in rows}

    # -- one deed --------------------------------------------------------------------------------------------------

    def show_item(self, item: object) -> None:
        """A deed by its number, or («person», id)."""
        if isinstance(item, int):
            self.filters.clear()
            if self._stale:
                self.refresh()
            self.table.select_id(item)
            self.show_deed(item)
        elif isinstance(item, tuple) and item[:1] == ("person",):
            self._close_panel()
            self.filters.show_person(item[1])

    def _open_current(self) -> None:
        number = self.table.current_id()
        if number is not None:
            self.show_deed(number)

    def show_deed(self, number: int) -> None:
        """Open a deed beside the list."""
        details = self._operations.read(lambda session: history_details.what_changed(session, number))
        if details is None:
            self._close_panel()
            return
        self.panel.show_details(details, self._operations.today())
        self.panel.show()

    def _close_panel(self) -> None:
        self.panel.hide()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def undo(self, number: int) -> None:
        """Turn a deed back; a refusal is said with its reason."""
        # The button that was pressed goes away, and Qt would hand the focus to the first button of the window.
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._operations.undo(number)

    def _open_menu(self, number: int, at: QPoint) -> None:
        menu = Menu(self._theme, self)
        menu.add(i18n.in_context("history", "Open"), lambda: self.show_deed(number), "article")
        row = self._fetch([number]).get(number)
        if row is not None and row.undoable:
            menu.add(i18n.text("Undo this"), lambda: self.undo(number), "arrow-counter-clockwise")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def escape(self) -> bool:
        """Esc closes the deed, then takes the filters away."""
        if not self.panel.isHidden():
            self._close_panel()
            return True
        return self.filters.clear()

    def find(self) -> None:  # type: ignore[override]  # the window asks pages for it, not Qt
        """Ctrl+F asks whose history."""
        self.filters.open_people()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow page has a narrower pane."""
        super().resizeEvent(event)
        self.panel.set_width(300 if self.width() < self._theme.px(980) else 374)


def _columns(today: date) -> list[Column[DeedRow]]:
    return [
        Column("what", i18n.text("What was done"), "strong", 260, words.title, 4, 170, False, tooltip=words.title),
        Column("sort", i18n.text("Sort of deed"), "text", 150, _sort, 1, 90, False),
        Column("amount", i18n.text("What it touched"), "text", 170, words.amount, 2, 90, False, tooltip=words.amount),
        Column("when", i18n.text("When"), "text", 128, lambda row: words.when(row, today), 0, 118, False),
        Column("state", i18n.in_context("deed", "Undo"), "status", 150, words.state, 0, 140, False, tooltip=_why),
    ]


def _sort(row: DeedRow) -> str:
    return history_words.sort_title(row.sort)


def _why(row: DeedRow) -> str:
    return row.why_not
