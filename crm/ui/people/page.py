"""The People page: everyone in one list, found with the first key, and the profile of one of them beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase_plural
from crm.services import custom_fields, people, people_order, profiles, saved_views
from crm.services.cards import PersonRow
from crm.services.custom_fields import FieldDefinition
from crm.services.people_order import Listing, PeopleFilter, PeopleMemory, Sort
from crm.services.person_errors import PersonUnknown
from crm.services.saved_views import ListView
from crm.ui import clipboard
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations, Said
from crm.ui.people import table
from crm.ui.people.actions import PeopleActions
from crm.ui.people.bulk import (
    KINDS_TO_COPY,
    BulkDeeds,
    SelectionBar,
    contacts_as_text,
    kind_title,
    rows_as_list,
    rows_as_text,
)
from crm.ui.people.exporting import exported
from crm.ui.people.filters import FilterBar
from crm.ui.people.first_run import first_run
from crm.ui.people.groups import Groups
from crm.ui.people.origin import OriginDialog, origins_told
from crm.ui.people.panel import ProfilePanel
from crm.ui.people.pasting import paste
from crm.ui.people.readying import Readying
from crm.ui.people.views import ColumnsDialog, ViewChip, at_header
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.id_list import IdListModel
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.nothing import Nothing
from crm.ui.widgets.pages import HintBar, PageHeader, Surface
from crm.ui.widgets.shortcuts import letter_shortcut, shortcut
from crm.ui.widgets.tables import ListTable

_CONCERNS: Final = frozenset(
    ("person", "contact_point", "person_tag", "tag", "organisation", "attendance", "event", "response", "answer",
     "feedback_item", "interaction", "interaction_person", "task", "consent", "need_offer", "address", "do_not_contact",
     "relationship", "attachment", "merged_person", "language", "skill", "motive", "custom_value", "custom_field")
)  # fmt: skip
_OVERLAY_BELOW: Final = 1064
_PROFILE_AFTER: Final = 40
_NOTE_AFTER: Final = 1_500


class PeoplePage(QWidget):
    """The list, the profile, and what can be done with people. `navigate` leads to other pages."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._memory = PeopleMemory()
        self._listing: Listing | None = None
        self._view, named = operations.read(saved_views.last_view)
        self._fields: tuple[FieldDefinition, ...] = ()
        self._groups = Groups()
        self._stale = True
        self._wanted = True
        self._overlay = False
        self.actions_of_people = PeopleActions(theme, self, operations, jobs, self._chosen)
        self.actions_of_people.person_wanted.connect(self.show_item)
        self.bulk = BulkDeeds(theme, self, operations, jobs)
        self._header()
        self._list(jobs)
        self.view.begin(named)
        self.filters.narrow_quietly(self._view.only)
        self._apply_columns()
        self._empty = first_run(theme, self.navigate.emit, self.add)
        self._keys()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        self._stack = QStackedLayout()
        whole.addLayout(self._stack, 1)
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._empty)
        self._profile_timer = QTimer(self)
        self._profile_timer.setSingleShot(True)
        self._profile_timer.setInterval(_PROFILE_AFTER)
        self._profile_timer.timeout.connect(self.show_profile)
        self._readying = Readying(operations, self._memory, self)
        self.filters.changed.connect(self._readying.put_off)
        self._noted: tuple[ListView, int | None] = (self.current_view(), named)
        self._noting = QTimer(self)
        self._noting.setSingleShot(True)
        self._noting.setInterval(_NOTE_AFTER)
        self._noting.timeout.connect(self._note_view)
        operations.changed.connect(self._changed)

    # -- parts ----------------------------------------------------------------------------------------------------

    def _header(self) -> None:
        theme = self._theme
        self.header = PageHeader(theme, i18n.text("People"))
        self.organisations_button = Button(theme, i18n.text("Organisations"), "quiet", "buildings")
        self.organisations_button.clicked.connect(lambda: self.navigate.emit("organisations", None))
        self.import_button = Button(theme, i18n.text("Import"), "quiet", "download-simple")
        self.import_button.clicked.connect(lambda: self.navigate.emit("import", None))
        self.export_button = Button(theme, i18n.text("Export"), "quiet", "export")
        self.export_button.clicked.connect(self.export)
        self.add_button = Button(theme, i18n.text("Add a person"), "primary", "plus")
        self.add_button.clicked.connect(self.add)
        for button in (self.organisations_button, self.import_button, self.export_button, self.add_button):
            self.header.add_action(button)

    def _list(self, jobs: Jobs) -> None:
        theme = self._theme
        self._body = Surface(theme)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        # In the page before anything is in it: a table that belongs nowhere is a window for a moment.
        row.addLayout(left, 1)
        self.filters = FilterBar(theme, self._operations)
        self.filters.changed.connect(self.look)
        self.filters.search.stepped.connect(self._step)
        self.filters.search.returnPressed.connect(self.open_current)
        self.filters.search.escaped.connect(self.escape)
        self.view = ViewChip(theme, self._operations, self.current_view)
        self.view.chosen.connect(self.look_as)
        self.view.columns_wanted.connect(self.choose_columns)
        self.view.sort_wanted.connect(self.sort_by)
        self.view.doubles_wanted.connect(lambda: self.navigate.emit("duplicates", None))
        self.filters.lead(self.view)
        left.addWidget(self.filters)
        self._model: IdListModel[PersonRow] = IdListModel(table.columns(self._operations.today()), self._fetch)
        self.table = ListTable(theme, self._model, name=i18n.text("People"), right=20)
        self.table.set_delegate("name", table.FoundPersonDelegate(theme, self.table))
        self.table.set_delegate("organisation", table.FoundTextDelegate(theme, self.table))
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.table.head_toggled.connect(self._fold)
        self.table.columns_wanted.connect(lambda at: at_header(self.view, at))
        self.table.widths_changed.connect(self._keep_widths)
        self.table.current_changed.connect(lambda _: self._profile_timer.start())
        self.table.opened.connect(lambda _: self.open_current())
        self.table.quick_look.connect(lambda _: self._toggle_panel())
        self.table.sort_requested.connect(self.sort_by)
        self.table.menu_requested.connect(self._open_menu)
        self._lists = QStackedLayout()
        self._nobody = Nothing(theme, "users")
        self._nobody.set_words(i18n.text("Nobody found"), i18n.text("Esc clears the search and the filters"))
        left.addLayout(self._lists, 1)
        self._lists.addWidget(self.table)
        self._lists.addWidget(self._nobody)
        self.hints = HintBar(theme, "", i18n.text("↑↓   Enter open   N new   E edit"))
        left.addWidget(self.hints)
        self.selection = SelectionBar(theme)
        self.selection.asked.connect(self._do_with_selected)
        self.selection.hide()
        left.addWidget(self.selection)
        self.table.selection_changed.connect(self._show_selection)
        self.panel = ProfilePanel(theme, self._operations, jobs)
        self.panel.hide()
        row.addWidget(self.panel)
        self._row = row
        self._wire_panel()

    def _wire_panel(self) -> None:
        panel, actions = self.panel, self.actions_of_people
        panel.closed.connect(self.close_panel)
        panel.edit_requested.connect(self.edit)
        panel.log_requested.connect(actions.log)
        panel.invite_requested.connect(actions.invite)
        panel.tags_requested.connect(actions.edit_tags)
        panel.export_requested.connect(actions.export)
        panel.code_requested.connect(actions.show_code)
        panel.archive_requested.connect(self.archive)
        panel.delete_requested.connect(self.delete)
        panel.person_chosen.connect(self.show_item)
        panel.event_chosen.connect(lambda event_id: self.navigate.emit("events", event_id))
        panel.feedback_chosen.connect(lambda item_id: self.navigate.emit("feedback", item_id))
        panel.deed_chosen.connect(lambda deed: self.navigate.emit("history", deed))
        panel.task_done.connect(actions.finish_task)
        panel.copied.connect(actions.tell_copied)
        panel.site_chosen.connect(actions.open_site)
        panel.history_requested.connect(self._show_history)
        panel.organisation_asked.connect(lambda one: self.navigate.emit("organisations", one))
        panel.origin_asked.connect(self.tell_origin)

    def _show_selection(self) -> None:
        chosen = self.table.selected_ids() if self.table.selectionModel().hasSelection() else []
        trash = self.filters.only.deleted
        if len(chosen) > 1 or (trash and chosen):
            self.selection.show_for(len(chosen), trash=trash)
            self.hints.hide()
        else:
            self.selection.hide()
            self.hints.show()

    def _do_with_selected(self, key: str) -> None:
        ids, actions = self._chosen(), self.actions_of_people
        verbs: dict[str, Callable[[], object]] = {
            "tags": actions.edit_tags,
            "untag": lambda: self.bulk.take_tags_off(ids),
            "field": lambda: self.bulk.set_field(ids),
            "invite": actions.invite,
            "export": actions.export,
            "archive": self.archive,
            "delete": self.delete,
            "restore": lambda: self.bulk.restore(ids),
        }
        verbs[key]()

    def copy_rows(self, how: str = "table") -> None:
        """The selected people onto the clipboard: as a table, as a numbered list, or their contacts of a kind."""
        ids = self._chosen()
        if not ids:
            return
        more = self._more if how in {"table", "list"} else frozenset((how,))
        rows = self._operations.read(lambda s: people.rows(s, ids, None, more, self._fields))
        if how == "table":
            said = rows_as_text(self._model.columns, rows)
        else:
            said = rows_as_list(rows) if how == "list" else contacts_as_text(rows, how)
        clipboard.copy(said)
        what = phrase_plural("Copied {count} person", "Copied {count} people", len(rows))
        self._operations.said.emit(Said(what, None, "copy"))

    def paste(self) -> None:
        """What the clipboard holds as people, to be looked at before anything is written."""
        paste(self._theme, self, self._operations, self._jobs)

    def _keys(self) -> None:
        letter_shortcut(self, "/", self.find)
        letter_shortcut(self, "N", self.add)
        letter_shortcut(self, "E", self.edit)
        shortcut(self, "Ctrl+L", self.actions_of_people.log)
        shortcut(self, "Ctrl+D", self._demo)
        shortcut(self, "Ctrl+V", self.paste)
        shortcut(self.table, "Delete", self._delete_in_list)
        self.table.copy_requested.connect(lambda listed: self.copy_rows("list" if listed else "table"))
        self.table.fold_requested.connect(lambda folded: self._fold_here(folded=folded))

    def _demo(self) -> None:
        if self._stack.currentWidget() is self._empty:
            self.navigate.emit("demo", None)

    # -- the list -------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while it was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()
        self._readying.begin()

    def _changed(self, tables: frozenset[str]) -> None:
        if "saved_view" in tables:
            self.view.follow()
        if not tables & _CONCERNS:
            return
        self._memory.forget(tables)
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def refresh(self) -> None:
        """Read everything again; who is current stays so."""
        self._stale = False
        self._model.invalidate()
        self.look(again=True)

    def look(self, *, again: bool = False) -> None:
        """Find and show: the ids, and the rows of the first screen with them."""
        query, only = self.filters.search.text(), self.filters.only
        sort, group = self._view.sort, self._view.group
        more, fields = self._more, self._fields
        today = self._operations.today()
        screen = self.table.viewport().height() // self.table.verticalHeader().defaultSectionSize() + 2

        def read(session: Any) -> tuple[Listing, list[PersonRow]]:
            listing = people_order.list_people(
                session, self._memory, today, query=query, only=only, sort=sort, group=group
            )
            return listing, people.rows(session, listing.ids[:screen], listing.found, more, fields)

        before = self._listing
        listing, first = self._operations.read(read)
        self._listing = listing
        searched = listing.found.first or (before is not None and before.found.first)
        if searched and not again:
            # What was hit is part of a row: rows found by another query are not these rows.
            self._model.invalidate()
        self._model.prime({row.id: row for row in first})
        self._show_ids(listing)
        self._tell_counts(listing)
        self._show_selection()
        self._remember_view()
        if self.table.current_id() is None and len(listing.ids):
            self.table.select_id(listing.ids[0])
        if again or not len(listing.ids):
            self._profile_timer.start()

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, PersonRow]:
        found = self._listing.found if self._listing is not None else None
        return {row.id: row for row in self._operations.read(self._rows_of(ids, found))}

    def _tell_counts(self, listing: Listing) -> None:
        total = listing.total
        nobody = total == 0 and self.filters.only == PeopleFilter() and not self.filters.search.text()
        if nobody:
            nobody = self._operations.read(lambda s: people_order.list_people(
                s, PeopleMemory(), self._operations.today(), only=PeopleFilter(archived=True)
            )).total == 0  # fmt: skip
        self._stack.setCurrentWidget(self._empty if nobody else self._body)
        self.add_button.set_kind("secondary" if nobody else "primary")
        self.export_button.setVisible(not nobody)
        self.header.set_note(
            i18n.text("nobody yet") if nobody else i18n.plural("{count} person", "{count} people", total)
        )
        shown = len(listing.ids)
        self._lists.setCurrentWidget(self.table if shown else self._nobody)
        if self.filters.search.text() or self.filters.only != PeopleFilter():
            said = i18n.text("Found {shown} of {total}", shown=i18n.number(shown), total=i18n.number(total))
        else:
            said = i18n.plural("{count} person", "{count} people", total)
        self.hints.set_left(said)

    def sort_by(self, key: str, descending: bool) -> None:
        """Order the list by a column; days and numbers begin with the largest."""
        if key != self._view.sort.key and key in table.BACKWARDS:
            descending = True
        self._view = replace(self._view, sort=Sort(key, descending))
        self.table.set_sort(key, descending)
        self.look()

    # -- the view -------------------------------------------------------------------------------------------------

    def current_view(self) -> ListView:
        """How the list is looked at now."""
        widths = tuple(sorted(self.table.widths().items()))
        return replace(self._view, only=self.filters.only, widths=widths)

    def look_as(self, view: ListView) -> None:
        """Look at the list in another way: columns, filter, order, groups."""
        self._view = view
        self._groups.unfold()
        self.filters.narrow_quietly(view.only)
        self._apply_columns()
        self.look(again=True)

    def choose_columns(self) -> ColumnsDialog:
        """Ask which columns the list has."""
        dialog = ColumnsDialog(self._theme, self, self._view.columns, self._fields)
        dialog.accepted.connect(lambda: self.look_as(replace(self.current_view(), columns=dialog.columns())))
        dialog.open()
        return dialog

    def _apply_columns(self) -> None:
        self._fields = self._operations.read(custom_fields.fields)
        shown = table.columns(self._operations.today(), self._view.columns, self._fields)
        keys = [column.key for column in shown]
        self._more = frozenset(keys) - frozenset(saved_views.COLUMNS)
        if keys != [column.key for column in self._model.columns] or self._more:
            self.table.set_columns(shown)
        self.table.set_widths(dict(self._view.widths))
        self.table.set_sort(self._view.sort.key, self._view.sort.descending)
        self.actions_of_people.view_columns = lambda: exported(self._view.columns)

    def _rows_of(self, ids: Sequence[int], found: Any) -> Callable[[Any], list[PersonRow]]:
        return lambda session: people.rows(session, ids, found, self._more, self._fields)

    def _show_ids(self, listing: Listing) -> None:
        self._model.set_heads(self._groups.heads_of(listing, self._view.group, self._fields))
        self._model.set_ids(self._groups.shown_of(listing))

    def _fold(self, head: int) -> None:
        self._groups.toggle(head)
        if self._listing is not None:
            self._show_ids(self._listing)
            self.table.viewport().update()

    def _fold_here(self, *, folded: bool) -> None:
        """By keys: fold the group of the current person, or unfold every one."""
        if not folded:
            self._groups.unfold()
            if self._listing is not None:
                self._show_ids(self._listing)
            return
        place = self.table.currentIndex().row()
        while place >= 0 and self._model.head_at(place) is None:
            place -= 1
        if place >= 0:
            self._fold(self._model.ids[place])
            self.table.step(1)

    def _keep_widths(self) -> None:
        self._view = replace(self._view, widths=tuple(sorted(self.table.widths().items())))
        self._remember_view()

    def _remember_view(self) -> None:
        """Note it a little later: whoever types in the search should not wait for a file."""
        self.view.tell()
        now = self.current_view(), self.view.named.id if self.view.named else None
        if now != self._noted:
            self._noting.start()

    def _note_view(self) -> None:
        now = self.current_view(), self.view.named.id if self.view.named else None
        self._noted = now
        self._operations.note(lambda session: saved_views.remember_view(session, *now))

    def _step(self, by: int) -> None:
        self.table.step(by)

    # -- the profile ----------------------------------------------------------------------------------------------

    def show_profile(self) -> None:
        """Show the current person beside the list."""
        self._profile_timer.stop()
        person_id = self.table.current_id()
        if person_id is None or not self._wanted:
            self.panel.hide()
            return
        today = self._operations.today()
        try:
            profile = self._operations.read(lambda s: profiles.profile(s, person_id, today))
        except PersonUnknown:
            self.panel.hide()
            return
        self.panel.show_profile(profile, today)
        if not self._overlay or not self.panel.isHidden():
            self.panel.show()

    def open_current(self) -> None:
        """Show the profile and lead the keyboard into it."""
        if self.table.current_id() is None:
            return
        self._wanted = True
        self.show_profile()
        self.panel.show()
        self._place_overlay()
        self.panel.raise_()
        self.panel.log_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_history(self) -> None:
        if self.panel.person is not None:
            self.navigate.emit("history", ("person", self.panel.person.id))

    def tell_origin(self, field: str) -> None:
        """Say where a fact of the profile comes from; «» says it of every fact."""
        profile = self.panel.profile
        if profile is None:
            return
        facts = origins_told(profile, field)
        dialog = OriginDialog(self._theme, self, self._operations, profile.person, facts)
        dialog.deed_chosen.connect(lambda deed: self.navigate.emit("history", deed))
        dialog.open()

    def close_panel(self) -> None:
        """Only the list."""
        self._wanted = self._overlay
        self.panel.hide()
        self.table.setFocus()

    def _toggle_panel(self) -> None:
        if self.panel.isHidden():
            self._wanted = True
            self.show_profile()
            self.panel.show()
            self._place_overlay()
            self.panel.raise_()
        else:
            self.close_panel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the profile lies over the list."""
        super().resizeEvent(event)
        overlay = self.width() < self._theme.px(_OVERLAY_BELOW)
        if overlay != self._overlay:
            self._overlay = overlay
            if overlay:
                self._row.removeWidget(self.panel)
                self.panel.setParent(self._body)
                self.panel.hide()
            else:
                self._row.addWidget(self.panel)
                self._profile_timer.start()
        self._place_overlay()

    def _place_overlay(self) -> None:
        if self._overlay:
            width = self.panel.width()
            self.panel.setGeometry(self._body.width() - width, 0, width, self._body.height())

    # -- from outside ---------------------------------------------------------------------------------------------

    def home(self) -> QWidget:
        """The list; with nobody in it, the first way to begin."""
        return self._empty.main or self.table if self._stack.currentWidget() is self._empty else self.table

    def find(self) -> None:  # type: ignore[override]  # the window's word for it; Qt's is a static of another sort
        """Search here."""
        self.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.search.selectAll()

    def show_item(self, item: int | tuple[Sequence[int], str]) -> None:
        """Show one person, whatever the search and the filters were; or some people: (ids, what they are)."""
        if isinstance(item, tuple):
            self.show_some(*item)
            return
        person_id = item
        self._wanted = True
        if self._stale:
            self.refresh()
        if not self.table.select_id(int(person_id)):
            self.filters.clear()
            if not self.table.select_id(int(person_id)):
                self.filters.narrow(archived=True)
                self.table.select_id(int(person_id))
        self.show_profile()
        if self._overlay:
            self.open_current()

    def show_some(self, ids: Sequence[int], name: str) -> None:
        """Narrow the list to some people: a segment, those behind a figure."""
        self.filters.show_some(frozenset(ids), name)

    def escape(self) -> bool:
        """One step back: from the profile to the list, then the search, then the filters. False: nothing to do."""
        focus = self.window().focusWidget()
        if focus is not None and (focus is self.panel or self.panel.isAncestorOf(focus)):
            if self._overlay:
                self.panel.hide()
            self.table.setFocus()
            return True
        if self._overlay and not self.panel.isHidden():
            self.panel.hide()
            return True
        if self.filters.search.text() or self.filters.only != PeopleFilter():
            self.filters.clear()
            return True
        if self.filters.search.hasFocus():
            self.table.setFocus()
            return True
        return False

    # -- deeds ----------------------------------------------------------------------------------------------------

    def _chosen(self) -> list[int]:
        """The selected people, else the current one."""
        selected = self.table.selected_ids()
        current = self.table.current_id()
        return selected or ([current] if current is not None else [])

    def add(self) -> None:
        """A new person; who was searched for in vain is the first guess at the name."""
        query = self.filters.search.text().strip()
        in_vain = self._listing is not None and not len(self._listing.ids)
        is_name = query.replace(" ", "").replace("-", "").isalpha()
        self.actions_of_people.add(query if in_vain and is_name else "")

    def edit(self) -> None:
        """Change the current person."""
        self.actions_of_people.edit(self.table.current_id())

    def export(self) -> None:
        """Everyone in the list as it stands into a file."""
        if self._listing is not None:
            self.actions_of_people.export_all(list(self._listing.ids))

    def archive(self) -> None:
        """Out of the lists; from the archive, back into them."""
        self.actions_of_people.archive(back=self.filters.only.archived)

    def delete(self) -> None:
        """Take the current or the selected people out, and stay at this place of the list."""
        ids = self._chosen()
        if ids:
            following = self._following(ids)
            self.actions_of_people.delete()
            if following is not None:
                self.table.select_id(following)

    def _following(self, ids: Sequence[int]) -> int | None:
        """Who stands after those, so that the next Delete is never a surprise at the top of the list."""
        place = self._model.place_of(ids[-1])
        return None if place is None else self._model.id_at(place + 1) or self._model.id_at(place - len(ids))

    def _delete_in_list(self) -> None:
        if self.table.hasFocus():
            self.delete()

    def _open_menu(self, person_id: int, at: QPoint) -> None:
        if person_id not in self.table.selected_ids():
            self.table.select_id(person_id)
        self.show_profile()
        menu = self.panel.menu()
        copying = Menu(self._theme, menu)
        copying.setTitle(i18n.text("Copy"))
        copying.add(i18n.text("As a table"), self.copy_rows, keys="Ctrl+C")
        copying.add(i18n.text("As a list"), lambda: self.copy_rows("list"), keys="Ctrl+Shift+C")
        for kind in KINDS_TO_COPY:
            copying.add(kind_title(kind), partial(self.copy_rows, kind))
        menu.addSeparator()
        menu.addMenu(copying)
        menu.add(i18n.text("Paste a list…"), self.paste, "clipboard-text", "Ctrl+V")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)
