"""The page of organisations: which there are, who of them goes quiet, and one of them at the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import organisation_editing, organisation_rows
from crm.services.organisation_card import organisation_card
from crm.services.organisation_errors import OrganisationUnknown
from crm.services.organisation_rows import OrganisationRow, SortKey, Which
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.organisations import table
from crm.ui.organisations.adding import AddPeopleDialog
from crm.ui.organisations.merging import MergeDialog
from crm.ui.organisations.panel import OrganisationPanel
from crm.ui.people.dialogs import InviteDialog
from crm.ui.people.exporting import ask_and_export
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.empty_states import EmptyState
from crm.ui.widgets.fields import SearchField
from crm.ui.widgets.id_list import IdListModel
from crm.ui.widgets.labels import Hairline
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.nothing import Nothing
from crm.ui.widgets.pages import HintBar, PageHeader, Surface
from crm.ui.widgets.shortcuts import letter_shortcut
from crm.ui.widgets.tables import ListTable

TABLES: Final = frozenset(
    ("organisation", "person", "attendance", "event", "interaction", "interaction_person", "response", "merged_person")
)
"""Tables the page is made of."""
_FILTERS: Final = (
    ("all", i18n.mark("All")),
    ("quiet", i18n.mark("Going quiet")),
    ("empty", i18n.mark("Without people")),
    ("archived", i18n.mark("In the archive")),
)


class OrganisationsPage(QWidget):
    """Organisations. `show_item(id)` opens one."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._stale = True
        self._asked = 0
        self._which: Which = "all"
        self._rows: list[OrganisationRow] = []
        self._by_id: dict[int, OrganisationRow] = {}
        self._same: list[tuple[int, int]] = []
        self._apart: set[frozenset[int]] = set()
        """Pairs that somebody told apart while the window stands."""
        self._wanted: int | None = None
        self.dialog: Dialog | None = None
        self._make()
        letter_shortcut(self, "/", self.find)
        operations.changed.connect(self._changed)

    # -- parts ----------------------------------------------------------------------------------------------------

    def _make(self) -> None:
        theme = self._theme
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.header = PageHeader(theme, i18n.text("Organisations"))
        self.same_button = Button(theme, "", icon="arrows-merge")
        self.same_button.clicked.connect(self.merge_likely)
        self.same_button.hide()
        self.header.add_action(self.same_button)
        whole.addWidget(self.header)
        self._content = QWidget()
        row = QHBoxLayout(self._content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list_side(), 1)
        self.panel = OrganisationPanel(self._operations, theme)
        self.panel.hide()
        self.panel.closed.connect(self.close_panel)
        self.panel.person_chosen.connect(lambda one: self.navigate.emit("people", one))
        self.panel.event_chosen.connect(lambda one: self.navigate.emit("events", one))
        self.panel.all_people_wanted.connect(self._list_people)
        self.panel.add_wanted.connect(self.add_people)
        self.panel.invite_wanted.connect(self.invite)
        self.panel.export_wanted.connect(self.export)
        self.panel.menu_wanted.connect(lambda at: self._offer(self.table.current_id(), at))
        row.addWidget(self.panel)
        whole.addWidget(self._content, 1)
        self._nothing = EmptyState(
            theme,
            i18n.text("Organisations will stand here"),
            i18n.text("They come from profiles and imports: name one in a profile, and it is here"),
        )
        self._nothing.add_way(
            "users",
            i18n.text("To the people"),
            i18n.text("Fill in «Organisation» in a profile"),
            "",
            lambda: self.navigate.emit("people", None),
            main=True,
        )
        self._nothing.hide()
        whole.addWidget(self._nothing, 1)

    def _list_side(self) -> QWidget:
        theme = self._theme
        side = Surface(theme)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QHBoxLayout()
        bar.setContentsMargins(28, 10, 28, 10)
        bar.setSpacing(8)
        self.search = SearchField(theme, i18n.text("Name or city"))
        self.search.textChanged.connect(self._show_rows)
        self.search.setMaximumWidth(theme.px(280))
        bar.addWidget(self.search, 1)
        self.chips: dict[str, FilterChip] = {}
        for key, title in _FILTERS:
            chip = self.chips[key] = FilterChip(theme, i18n.text(title))
            chip.clicked.connect(partial(self.narrow, key))
            bar.addWidget(chip)
        self.chips["quiet"].setToolTip(table.quiet_means())
        bar.addStretch(1)
        column.addLayout(bar)
        column.addWidget(Hairline(theme))
        self._model: IdListModel[OrganisationRow] = IdListModel(
            table.columns(self._operations.today()), lambda ids: {one: self._by_id[one] for one in ids}, parent=self
        )
        self.table = ListTable(theme, self._model, name=i18n.text("Organisations"))
        self.table.set_sort("name", False)
        self.table.sort_requested.connect(self._sort)
        self.table.current_changed.connect(self._show_one)
        self.table.opened.connect(lambda _: self._edit())
        self.table.quick_look.connect(lambda _: self._look())
        self.table.clicked.connect(lambda _: self._look())
        self.table.menu_requested.connect(self._offer)
        self.search.stepped.connect(self.table.step)
        self.search.escaped.connect(self.table.setFocus)
        self.search.returnPressed.connect(lambda: self.table.step(0))
        column.addWidget(self.table, 1)
        self._none = Nothing(theme, "magnifying-glass")
        self._none.set_words(i18n.text("No organisation like that"), i18n.text("Take away a filter or a letter"))
        self._none.hide()
        column.addWidget(self._none, 1)
        self.hints = HintBar(theme, "", i18n.text("Enter: change · /: find"))
        column.addWidget(self.hints)
        return side

    def home(self) -> QWidget:
        """The list."""
        return self.table if self._nothing.isHidden() else self._nothing.main or self.table

    def find(self) -> None:  # type: ignore[override]  # hides QWidget's static find(WId), which nobody uses
        """Ctrl+F and «/»: into the field above the list."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def escape(self) -> bool:
        """Esc that nobody took: from the panel to the list, then close the panel."""
        if self.panel.isHidden():
            return False
        self.close_panel()
        return True

    # -- reading --------------------------------------------------------------------------------------------------

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
        """Read the list anew, in the background: a great store takes its time."""
        self._stale = False
        self._asked += 1
        asked, today, operations = self._asked, self._operations.today(), self._operations

        def read(_: object) -> tuple[list[OrganisationRow], list[tuple[int, int]]]:
            return operations.read(
                lambda s: (organisation_rows.organisation_rows(s, today), organisation_editing.suggestions(s))
            )

        def done(found: tuple[list[OrganisationRow], list[tuple[int, int]]]) -> None:
            if asked == self._asked:
                self._take(*found)

        self._jobs.start(phrase("Reading organisations"), read, done, quiet=True)

    def _take(self, rows: list[OrganisationRow], same: list[tuple[int, int]]) -> None:
        self._rows, self._same = rows, [pair for pair in same if frozenset(pair) not in self._apart]
        self._by_id = {row.id: row for row in rows}
        self._content.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._show_same()
        kept = organisation_rows.narrowed(rows, "all")
        self.header.set_note(i18n.plural("{count} organisation", "{count} organisations", len(kept)) if rows else "")
        for key, chip in self.chips.items():
            number = len(organisation_rows.narrowed(rows, cast("Which", key)))
            chip.set_count(i18n.number(number) if number and key != "all" else None)
            chip.set_active(key == self._which)
        self._show_rows()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.show_item(wanted)
        elif not self.panel.isHidden():
            self._show_one(self.table.current_id())

    def _show_rows(self) -> None:
        key, descending = self.table.sort
        rows = organisation_rows.found(organisation_rows.narrowed(self._rows, self._which), self.search.text())
        rows = organisation_rows.arranged(rows, cast("SortKey", key), descending=descending)
        self._model.invalidate()
        self._model.set_ids(row.id for row in rows)
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        narrowed = self.search.text().strip() or self._which != "all"
        self.hints.set_left(
            i18n.text("Found {found} of {total}", found=i18n.number(len(rows)), total=i18n.number(len(self._rows)))
            if narrowed
            else i18n.plural("{count} organisation", "{count} organisations", len(rows))
        )

    def _sort(self, key: str, descending: bool) -> None:
        first = self.table.sort[0] != key
        self.table.set_sort(key, key in table.FIRST_DESCENDING if first else descending)
        self._show_rows()

    def narrow(self, key: str) -> None:
        """Show those of one filter."""
        self._which = cast("Which", key)
        for one, chip in self.chips.items():
            chip.set_active(one == key)
        self._show_rows()

    # -- one of them ----------------------------------------------------------------------------------------------

    def show_item(self, item: object) -> None:
        """Open the organisation with this id, whatever the list is narrowed to."""
        if not isinstance(item, int):
            return
        if item not in self._by_id:
            self._wanted = item
            if self._stale:
                self.refresh()
            return
        if self._model.place_of(item) is None:
            self.search.clear()
            self.narrow("archived" if self._by_id[item].archived else "all")
        self.table.select_id(item)
        self._show_one(item)

    def _show_one(self, one: int | None) -> None:
        if self.panel.card is not None and self.panel.card.row.id != one:
            self.panel.keep_all()
        if one is None:
            self._hide_panel()
            return
        today = self._operations.today()
        try:
            card = self._operations.read(lambda s: organisation_card(s, one, today))
        except OrganisationUnknown:  # deleted meanwhile; the list is being read anew
            self._hide_panel()
            return
        self.panel.show_card(card)
        self.panel.show()

    def close_panel(self) -> None:
        """The list alone."""
        self._hide_panel()
        self.table.setFocus()

    def _hide_panel(self) -> None:
        # The focus stays: a search that finds the shown one no more is still being typed.
        self.panel.keep_all()
        self.panel.card = None
        self.panel.hide()

    def _look(self) -> None:
        if self.panel.isHidden():
            self._show_one(self.table.current_id())

    def _edit(self) -> None:
        self._look()
        self.panel.name.setFocus()

    # -- deeds ----------------------------------------------------------------------------------------------------

    def _offer(self, one: int | None, at: QPoint) -> None:
        row = self._by_id.get(one or 0)
        if row is None:
            return
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(i18n.text("Add people"), self.add_people, "user-plus")
        menu.add(i18n.text("Same as another…"), lambda: self._ask_merge([row.id]), "arrows-merge")
        menu.addSeparator()
        words = i18n.text("Bring back from the archive") if row.archived else i18n.text("Into the archive")
        menu.add(words, lambda: self.archive(row), "archive")
        if not row.people:
            menu.add(i18n.text("Delete"), lambda: self.remove(row), "trash", danger=True)
        menu.popup(at)

    def archive(self, row: OrganisationRow) -> None:
        """Put one away or bring it back; its people stay as they are."""
        clock, back = self._operations.clock, row.archived
        label = (
            phrase("Organisation brought back: {name}", name=row.name)
            if back
            else phrase("Organisation put in the archive: {name}", name=row.name)
        )
        self._operations.perform(label, lambda s: organisation_editing.archive(s, row.id, clock, archived=not back))

    def remove(self, row: OrganisationRow) -> None:
        """Delete one nobody belongs to; the toast brings it back."""
        label = phrase("Organisation deleted: {name}", name=row.name)
        self._operations.perform(label, lambda s: organisation_editing.remove(s, row.id))

    def merge_likely(self) -> None:
        """Ask of the likeliest pair whether it is one."""
        if self._same:
            self._ask_merge(self._same[0], likely=True)

    def _show_same(self) -> None:
        number = len(self._same)
        self.same_button.set_text(i18n.plural("{count} likely double", "{count} likely doubles", number))
        self.same_button.setVisible(bool(number))

    def _tell_apart(self, ids: Sequence[int]) -> None:
        self._apart.add(frozenset(ids))
        self._same = [pair for pair in self._same if frozenset(pair) not in self._apart]
        self._show_same()
        self.merge_likely()

    def _ask_merge(self, ids: Sequence[int], *, likely: bool = False) -> None:
        dialog = MergeDialog(self._theme, self, self._operations, ids, likely=likely)
        dialog.told_apart.connect(partial(self._tell_apart, ids))
        dialog.accepted.connect(lambda: self._stay_with(dialog.survivor))
        self._open(dialog)

    def _stay_with(self, survivor: int | None) -> None:
        self._wanted = survivor

    def add_people(self) -> None:
        """Make people of the store belong to the shown one."""
        row = self._by_id.get(self.table.current_id() or 0)
        if row is not None:
            self._open(AddPeopleDialog(self._theme, self, self._operations, row))

    def invite(self) -> None:
        """Invite its people to an event."""
        card = self.panel.card
        if card is not None and card.person_ids:
            self._open(InviteDialog(self._theme, self, self._operations, card.person_ids, card.row.name))

    def export(self) -> None:
        """Write its people into a file."""
        card = self.panel.card
        if card is not None and card.person_ids:
            name = card.row.name
            self.dialog = ask_and_export(self._theme, self, self._operations, self._jobs, card.person_ids, name)

    def _list_people(self) -> None:
        card = self.panel.card
        if card is not None:
            self.navigate.emit("people", (card.person_ids, card.row.name))

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.open()
