"""The list of events with its search, its two halves and its kinds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services import event_lists
from crm.services.event_rows import EventRow
from crm.services.event_words import kind_title
from crm.ui.events.event_list import EventList
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.empty_states import EmptyState
from crm.ui.widgets.fields import SearchField
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.nothing import Nothing
from crm.ui.widgets.pages import HintBar, PageHeader, Surface
from crm.ui.widgets.tabs import Segmented

_SIDE = 28
_SEARCH_WIDTH = 280


class EventListPage(Surface):
    """`opened` carries the id of an event; `add_wanted` and `import_wanted` lead elsewhere."""

    opened = Signal(int)
    menu_requested = Signal(int, QPoint)
    add_wanted = Signal()

    def __init__(self, operations: Operations, theme: Theme) -> None:
        super().__init__(theme, "surface")
        self._operations = operations
        self._kind = ""
        self.header = PageHeader(theme, i18n.text("Events"))
        self.add = Button(theme, i18n.text("Add event"), "primary", "calendar-plus")
        self.header.add_action(self.add)
        self.search = SearchField(theme, i18n.text("Find an event"))
        self.search.setFixedWidth(theme.px(_SEARCH_WIDTH))
        halves = [("upcoming", i18n.in_context("event", "Upcoming")), ("past", i18n.in_context("event", "Past"))]
        self.half = Segmented(theme, halves)
        self.half.setAccessibleName(i18n.text("Upcoming or past"))
        self.kind = FilterChip(theme, i18n.in_context("event", "Kind"), caret=True, removable=True)
        self.list = EventList(theme, self._fetch, operations.clock)
        self._hints = HintBar(theme, "", i18n.text("↑↓   Enter open   N new"))
        self._nothing = Nothing(theme, "calendar-blank")
        self._start = EmptyState(
            theme,
            i18n.text("Plan the first event"),
            i18n.text("Here will be meetings, webinars and conversations, with everyone who was invited and who came."),
        )
        self._start.add_way(
            "calendar-plus",
            i18n.text("Add event"),
            i18n.text("A title and a day are enough"),
            "N",
            self.add_wanted.emit,
            main=True,
        )
        self._build()
        self.add.clicked.connect(self.add_wanted)
        self.search.textChanged.connect(lambda _: self.refresh())
        self.search.stepped.connect(self.list.step)
        self.search.returnPressed.connect(self._open_current)
        self.half.changed.connect(lambda _: self.refresh())
        self.kind.clicked.connect(self._kinds)
        self.kind.cleared.connect(lambda: self._choose_kind("", ""))
        self.list.opened.connect(self.opened)
        self.list.menu_requested.connect(self.menu_requested)

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(_SIDE, 12, _SIDE, 8)
        bar.setSpacing(12)
        bar.addWidget(self.search)
        bar.addWidget(self.half)
        bar.addWidget(self.kind)
        bar.addStretch(1)
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        self._lists = QStackedLayout()
        column.addLayout(self._lists, 1)
        column.addWidget(self._hints)
        self._stack = QStackedLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(self._stack, 1)
        # Only now: a page put into a stack without a place is shown as a window of its own for a moment.
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._start)
        self._lists.addWidget(self.list)
        self._lists.addWidget(self._nothing)

    def refresh(self) -> None:
        """Read the list again; the chosen event stays chosen."""
        operations = self._operations
        half: event_lists.When = "past" if self.half.current == "past" else "upcoming"
        text, kind = self.search.text(), self._kind
        days, total, other = operations.read(
            lambda session: (
                event_lists.event_days(session, half, operations.clock, text=text, kind=kind),
                len(event_lists.event_ids(session, "all", operations.clock)),
                len(event_lists.event_ids(session, "upcoming", operations.clock)),
            )
        )
        self.list.set_days(days)
        self._stack.setCurrentIndex(1 if total == 0 else 0)
        self.add.set_kind("secondary" if total == 0 else "primary")
        self.header.set_note(_note(total, other))
        self._lists.setCurrentIndex(0 if days else 1)
        self._nothing.set_words(*_nothing_found(half, narrowed=bool(text or kind)))
        if days and self.list.current_id() is None:
            self.list.step(1)

    def home(self) -> QWidget:
        """The list; with no event in it, the way to the first one."""
        return self._start.main or self.list if self._stack.currentWidget() is self._start else self.list

    def find(self) -> None:  # type: ignore[override]  # QWidget.find is a static look-up by window handle
        """Go to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _fetch(self, ids: Sequence[int]) -> Sequence[EventRow]:
        return self._operations.read(lambda session: event_lists.event_rows(session, ids))

    def _open_current(self) -> None:
        current = self.list.current_id()
        if current:
            self.opened.emit(current)

    def _kinds(self) -> None:
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for row in self._operations.read(event_lists.event_kinds):
            title = kind_title(row.key, row.name)
            menu.add(
                title,
                partial(self._choose_kind, row.key, title),
                checked=row.key == self._kind,
            )
        menu.popup(self.kind.mapToGlobal(QPoint(0, self.kind.height() + 4)))

    def _choose_kind(self, key: str, title: str) -> None:
        self._kind = key
        self.kind.set_text(title or i18n.in_context("event", "Kind"))
        self.kind.set_active(bool(key))
        self.refresh()


def _note(total: int, upcoming: int) -> str:
    if not total:
        return ""
    words = i18n.plural("{count} event", "{count} events", total)
    if upcoming:
        words += ", " + i18n.plural("{count} upcoming", "{count} upcoming", upcoming)
    return words


def _nothing_found(half: str, *, narrowed: bool) -> tuple[str, str]:
    if narrowed:
        return i18n.text("No events found"), i18n.text("Try another word or take the kind away.")
    if half == "upcoming":
        return i18n.text("Nothing is planned"), i18n.text("Past events are one click away: «Past».")
    return i18n.text("No past events yet"), i18n.text("An event comes here when it is over.")
