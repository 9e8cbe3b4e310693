"""The line above the history: whose deeds, of which sort, of which day."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services import history_words, people, person_choice
from crm.services.history import SORTS, DeedFilter
from crm.ui.feedback.person_field import PersonField
from crm.ui.history import words
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.chips import FilterChip
from crm.ui.widgets.menus import Floating, Menu
from crm.ui.widgets.month_grid import MonthGrid
from crm.ui.widgets.pages import Surface


class HistoryFilters(Surface):
    """Three chips. `changed` says that another filter is in force."""

    changed = Signal()

    def __init__(self, theme: Theme, operations: Operations) -> None:
        super().__init__(theme, "surface", "b")
        self._theme, self._operations = theme, operations
        self._only = DeedFilter()
        self._name = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 12, 16, 12)
        row.setSpacing(8)
        self.person = self._chip(self.open_people, person_id=None)
        self.sort = self._chip(self._open_sorts, sort="")
        self.day = self._chip(self._open_days, day=None)
        for chip in (self.person, self.sort, self.day):
            row.addWidget(chip)
        row.addStretch(1)
        self._show()

    def _chip(self, opens: object, **nothing: object) -> FilterChip:
        chip = FilterChip(self._theme, "", caret=True, removable=True)
        chip.clicked.connect(opens)
        chip.cleared.connect(partial(self.narrow, **nothing))
        return chip

    @property
    def only(self) -> DeedFilter:
        """The filter in force."""
        return self._only

    def narrow(self, **conditions: object) -> None:
        """Set some conditions and keep the others."""
        self._only = replace(self._only, **conditions)  # type: ignore[arg-type]  # named as the fields are
        self._show()
        self.changed.emit()

    def show_person(self, person_id: int) -> None:
        """Only what touched this person, whatever was chosen before."""
        self._only = DeedFilter()
        self.narrow(person_id=person_id)

    def clear(self) -> bool:
        """No filter; False where there was none."""
        if self._only == DeedFilter():
            return False
        self._only = DeedFilter()
        self._show()
        self.changed.emit()
        return True

    def _show(self) -> None:
        only = self._only
        if only.person_id is not None:
            number = only.person_id
            found = self._operations.read(lambda session: people.rows(session, [number]))
            self._name = found[0].display_name if found else f"№\N{NO-BREAK SPACE}{number}"
        whose = self._name if only.person_id is not None else i18n.text("Everyone")
        sort = history_words.sort_title(only.sort) if only.sort else i18n.text("All sorts")
        day = i18n.day(only.day, self._operations.today()) if only.day is not None else i18n.text("All days")
        for chip, said, active in (
            (self.person, whose, only.person_id is not None),
            (self.sort, sort, bool(only.sort)),
            (self.day, day, only.day is not None),
        ):
            chip.set_text(said[:1].upper() + said[1:])
            chip.set_active(active)

    # -- choosing --------------------------------------------------------------------------------------------------

    def open_people(self) -> None:
        """A field to find a person by."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(4, 4, 4, 4)
        field = PersonField(
            self._theme,
            lambda typed: self._operations.read(lambda session: person_choice.suggestions(session, typed)),
            i18n.text("Whose history"),
        )
        column.addWidget(field)
        column.addStretch(1)
        holder.setFixedSize(self._theme.px(340), self._theme.px(280))
        floating = Floating(self._theme, self, holder)

        def chosen(person_id: object) -> None:
            if isinstance(person_id, int):
                floating.close()
                self.narrow(person_id=person_id)

        field.changed.connect(chosen)
        floating.open_at(self.person.mapToGlobal(self.person.rect().bottomLeft()))
        field.setFocus()

    def sort_menu(self) -> Menu:
        """The sorts of deeds."""
        menu = Menu(self._theme, self)
        menu.add(i18n.text("All sorts"), partial(self.narrow, sort=""), checked=not self._only.sort)
        for sort in SORTS:
            menu.add(
                history_words.sort_title(sort),
                partial(self.narrow, sort=sort),
                words.SORT_ICONS[sort],
                checked=self._only.sort == sort,
            )
        return menu

    def _open_sorts(self) -> None:
        menu = self.sort_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.sort.mapToGlobal(self.sort.rect().bottomLeft()))

    def _open_days(self) -> None:
        today = self._operations.today()
        grid = MonthGrid(self._theme, self._only.day or today, today)
        floating = Floating(self._theme, self, grid)

        def picked(day: object) -> None:
            floating.close()
            self.narrow(day=day)

        grid.picked.connect(picked)
        floating.open_at(self.day.mapToGlobal(self.day.rect().bottomLeft()))
        grid.setFocus()
