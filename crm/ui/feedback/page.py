"""The page: figures above, the inbox at the left, the idea board in the middle, the chosen item at the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import feedback
from crm.services.feedback_rows import FeedbackFilter, FeedbackGone, FeedbackRow
from crm.services.feedback_words import KINDS, kind_title, status_title
from crm.ui.feedback.board import Board
from crm.ui.feedback.entry import EntryDialog, IdeaDialog
from crm.ui.feedback.inbox import InboxList
from crm.ui.feedback.panel import ItemPanel
from crm.ui.feedback.summary import SummaryStrip
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.empty_states import EmptyState
from crm.ui.widgets.labels import Label
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import PageHeader, SectionHeader, SidePane, Surface
from crm.ui.widgets.shortcuts import letter_shortcut

TABLES: Final = frozenset(
    {"answer", "event", "feedback_item", "item_topic", "person", "response", "topic", "vote", "survey"}
)
"""Tables the page is made of."""
_INBOX: Final = 284
_CARDS: Final = 20
_ALL_CARDS: Final = 400


class FeedbackPage(QWidget):
    """What people say. `show_item(id)` opens an item wherever it stands."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._theme = operations, theme
        self._stale = True
        self._most = _CARDS
        self._filter = FeedbackFilter(waiting=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._header = PageHeader(theme, i18n.in_context("page", "Feedback"))
        idea = Button(theme, i18n.text("Note an idea"), icon="lightbulb")
        idea.clicked.connect(self.note_idea)
        note = Button(theme, i18n.text("Note feedback"), "primary", "plus")
        note.clicked.connect(self.note_feedback)
        self._header.add_action(idea)
        self._header.add_action(note)
        whole.addWidget(self._header)
        self._summary = SummaryStrip(theme)
        whole.addWidget(self._summary)
        self._content = QWidget()
        body = QHBoxLayout(self._content)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._inbox_pane())
        body.addWidget(self._board_pane(), 1)
        self._panel = ItemPanel(operations, theme)
        self._panel.closed.connect(self._close_panel)
        self._panel.navigate.connect(self.navigate)
        self._panel.hide()
        body.addWidget(self._panel)
        whole.addWidget(self._content, 1)
        self._nothing = EmptyState(
            theme,
            i18n.text("What people say will stand here"),
            i18n.text("Scores, ideas, problems, praise and questions: from the first form on"),
        )
        self._nothing.add_way(
            "note-pencil",
            i18n.text("Note feedback"),
            i18n.text("A score from 0 to 10 and a line, from paper or by ear"),
            "N",
            self.note_feedback,
            main=True,
        )
        self._nothing.add_way(
            "lightbulb", i18n.text("Note an idea"), i18n.text("It starts on the board, at the left"), "", self.note_idea
        )
        self._nothing.hide()
        whole.addWidget(self._nothing, 1)
        letter_shortcut(self, "N", self.note_feedback)
        letter_shortcut(self, "E", self._panel.focus_reply)
        operations.changed.connect(self._changed)

    def _inbox_pane(self) -> QWidget:
        theme = self._theme
        pane = SidePane(theme, _INBOX, "left")
        self._inbox_head = SectionHeader(theme, i18n.text("Inbox"))
        self._filter_chip = FilterChip(theme, "", caret=True)
        self._filter_chip.setMenu(self._filter_menu())
        self._inbox_head.add(self._filter_chip)
        head = QHBoxLayout()
        head.setContentsMargins(16, 11, 14, 11)
        head.addWidget(self._inbox_head)
        pane.body.addLayout(head)
        self._inbox = InboxList(theme, self._rows, self._operations.today)
        self._inbox.chosen.connect(self._choose)
        pane.body.addWidget(self._inbox, 1)
        self._inbox_empty = Surface(theme)
        column = QVBoxLayout(self._inbox_empty)
        column.setContentsMargins(16, 12, 16, 0)
        self._inbox_words = Label(theme, "", "body", "text2", wrap=True)
        column.addWidget(self._inbox_words)
        column.addStretch(1)
        pane.body.addWidget(self._inbox_empty, 1)
        return pane

    def _board_pane(self) -> QWidget:
        theme = self._theme
        pane = Surface(theme, "sunken")
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._board_head = SectionHeader(theme, i18n.text("Ideas"))
        head = QHBoxLayout()
        head.setContentsMargins(20, 11, 20, 8)
        head.addWidget(self._board_head)
        column.addLayout(head)
        self._board = Board(theme, self._operations.today)
        self._board.opened.connect(self.show_item)
        self._board.moved.connect(self._move)
        self._board.more_wanted.connect(self._show_all_cards)
        column.addWidget(self._board, 1)
        return pane

    def _filter_menu(self) -> Menu:
        menu = Menu(self._theme, self)
        menu.add(i18n.text("Without an answer"), lambda: self._show_only(FeedbackFilter(waiting=True)))
        menu.add(i18n.text("All feedback"), lambda: self._show_only(FeedbackFilter()))
        menu.addSeparator()
        for kind in KINDS:
            menu.add(_capital(kind_title(kind)), partial(self._show_only, FeedbackFilter(kinds=(kind,))))
        return menu

    def home(self) -> QWidget:
        """The inbox; with nothing in it, the way to the first answer."""
        return self._inbox if self._nothing.isHidden() else self._nothing.main or self._inbox

    # -- refreshing ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read when the page is looked at."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self._stale = True
            if self.isVisible():
                self.refresh()

    def refresh(self) -> None:
        """Read the whole page anew."""
        self._stale = False
        clock, most = self._operations.clock, self._most
        summary, ids, columns, everything = self._operations.read(
            lambda session: (
                feedback.summary(session, clock),
                feedback.feedback_ids(session, self._filter),
                feedback.board(session, most),
                feedback.feedback_ids(session, limit=1),
            )
        )
        anything = bool(everything or summary.responses)
        self._summary.setVisible(anything)
        self._content.setVisible(anything)
        self._nothing.setVisible(not anything)
        self._header.set_note(
            i18n.plural("{count} answer in 90 days", "{count} answers in 90 days", summary.responses)
            if anything
            else ""
        )
        self._summary.set_summary(summary)
        self._inbox.set_ids(ids)
        self._inbox.setVisible(bool(ids))
        self._inbox_empty.setVisible(not ids)
        self._inbox_head.set_count(i18n.number(len(ids)) if ids else "")
        self._filter_chip.set_text(self._filter_words())
        self._filter_chip.set_active(self._filter != FeedbackFilter())
        self._inbox_words.set_text(
            i18n.text("Everything is answered. New feedback appears here.")
            if self._filter.waiting
            else i18n.text("Nothing of this kind yet.")
        )
        self._board_head.set_count(i18n.number(sum(count for count, _ in columns.values())))
        self._board.set_columns(columns)
        shown = self._panel.item_id
        if shown is not None and not self._panel.isHidden():
            self._show_in_panel(shown)

    def _rows(self, ids: Sequence[int]) -> dict[int, FeedbackRow]:
        rows = self._operations.read(lambda session: feedback.feedback_rows(session, ids))
        return {row.id: row for row in rows}

    def _filter_words(self) -> str:
        if self._filter.waiting:
            return i18n.text("Without an answer")
        return _capital(kind_title(self._filter.kinds[0])) if self._filter.kinds else i18n.text("All feedback")

    def _show_only(self, wanted: FeedbackFilter) -> None:
        self._filter = wanted
        self.refresh()

    # -- one item --------------------------------------------------------------------------------------------------

    def show_item(self, item: object) -> None:
        """Open the item with this id, widening the list when it hides it."""
        if not isinstance(item, int):
            return
        if self._stale:
            self.refresh()
        if not self._inbox.select_id(item):
            self._show_in_panel(item)

    def _choose(self, item: object) -> None:
        if isinstance(item, int):
            self._show_in_panel(item)

    def _show_in_panel(self, item_id: int) -> None:
        try:
            row = self._operations.read(lambda session: feedback.feedback_row(session, item_id))
        except FeedbackGone:
            self._close_panel()
            return
        self._panel.show_row(row)
        self._panel.show()
        self._board.set_chosen(item_id)

    def _close_panel(self) -> None:
        self._panel.hide()
        self._board.set_chosen(None)
        self._inbox.setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> bool:
        """Esc closes the panel."""
        if self._panel.isHidden():
            return False
        self._close_panel()
        return True

    # -- deeds -----------------------------------------------------------------------------------------------------

    def note_feedback(self) -> None:
        """Enter an answer."""
        EntryDialog(self._operations, self._theme, self).open()

    def note_idea(self) -> None:
        """Write an idea down."""
        IdeaDialog(self._operations, self._theme, self).open()

    def _move(self, item_id: int, status: str) -> None:
        clock = self._operations.clock
        self._operations.perform(
            phrase("Status: {status}", status=status_title(status)),
            lambda session: feedback.set_status(session, item_id, status, clock),
        )

    def _show_all_cards(self) -> None:
        self._most = _ALL_CARDS
        self.refresh()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
