"""The page of doubles: pairs with their reasons, the surest first; compared, made one, or told apart for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase, phrase_plural
from crm.services import duplicates, merging, people
from crm.services.duplicates import Pair
from crm.ui.duplicates import words
from crm.ui.duplicates.comparing import CompareDialog
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.id_list import Column, IdListModel, PersonCell, StatusCell
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.nothing import Nothing
from crm.ui.widgets.pages import HintBar, PageHeader, Surface
from crm.ui.widgets.shortcuts import shortcut
from crm.ui.widgets.tables import ListTable

TABLES: Final = frozenset(("possible_duplicate", "not_duplicate", "person", "contact_point", "merged_person"))
"""Tables the page is made of."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair as the list shows it."""

    pair: Pair
    names: tuple[str, str]
    details: tuple[str, str]
    initials: tuple[str, str]


class DuplicatesPage(QWidget):
    """Pairs of people who may be one. Enter compares, Delete says that they are two."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._stale = True
        self._rows: dict[int, PairRow] = {}
        self._copied = False
        self._following = QTimer(self)
        self._following.setSingleShot(True)
        self._following.setInterval(0)
        self._following.timeout.connect(self._follow)
        self._make()
        operations.changed.connect(self._changed)

    def _make(self) -> None:
        theme = self._theme
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.header = PageHeader(theme, i18n.text("Doubles"))
        self.scan_button = Button(theme, i18n.text("Look through everybody"), "quiet", "magnifying-glass")
        self.scan_button.clicked.connect(self.scan)
        self.merge_button = Button(theme, i18n.text("Make one of each sure pair"), "secondary")
        self.merge_button.clicked.connect(self.merge_sure)
        self.header.add_action(self.scan_button)
        self.header.add_action(self.merge_button)
        whole.addWidget(self.header)
        body = Surface(theme)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        whole.addWidget(body, 1)
        self._stack = QStackedLayout()
        column.addLayout(self._stack, 1)
        self._model: IdListModel[PairRow] = IdListModel(_columns(), self._fetch)
        self.table = ListTable(theme, self._model, name=i18n.text("Doubles"))
        self.table.opened.connect(lambda _: self.compare())
        self.table.menu_requested.connect(self._open_menu)
        self._nothing = Nothing(theme, "users")
        self._nothing.set_words(
            i18n.text("Nobody is here twice, as far as is known"),
            i18n.text("Look through everybody: by contacts, names and birthdays"),
        )
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._nothing)
        self.hints = HintBar(theme, "", i18n.text("Enter compare   Del not the same"))
        column.addWidget(self.hints)
        shortcut(self.table, "Delete", self._say_two_in_list)

    def home(self) -> QWidget:
        """The list; while it is empty, the way to fill it."""
        return self.table if self._rows else self.scan_button

    # -- content --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while it was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self._stale = True
            if self.isVisible():
                self._following.start()

    def _follow(self) -> None:
        if self._stale and self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the pairs anew, the place in the list stays."""
        self._stale = False
        place = self.table.currentIndex().row()
        rows = self._operations.read(_read)
        self._rows = dict(enumerate(rows, 1))
        self._model.invalidate()
        self._model.set_ids(range(1, len(rows) + 1))
        self._stack.setCurrentWidget(self.table if rows else self._nothing)
        if rows:
            self.table.select_id(max(1, min(len(rows), place + 1)))
        self.header.set_note(i18n.plural("{count} pair", "{count} pairs", len(rows)) if rows else "")
        self.merge_button.setVisible(bool(self.sure_groups()))
        sure = sum(row.pair.likeness.sure for row in rows)
        self.hints.set_left(i18n.text("beyond doubt: {n}", n=i18n.number(sure)) if sure else "")

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, PairRow]:
        return {one: self._rows[one] for one in ids if one in self._rows}

    def sure_groups(self) -> list[tuple[int, ...]]:
        """People joined by pairs beyond doubt."""
        return duplicates.clusters(row.pair for row in self._rows.values() if row.pair.likeness.sure)

    def _current(self) -> PairRow | None:
        one = self.table.current_id()
        return self._rows.get(one) if one is not None else None

    # -- deeds ----------------------------------------------------------------------------------------------------

    def scan(self) -> None:
        """Look through the whole store, in the background; what is found is kept as one deed."""
        clock = self._operations.clock

        def work(report: Report) -> int:
            found = self._operations.read(lambda s: duplicates.find_pairs(s, report))
            label = phrase("Looked for doubles")
            self._operations.write(label, lambda s: duplicates.keep_pairs(s, found, clock))
            return len(found)

        def done(count: int) -> None:
            what = phrase_plural("Found {count} pair to look at", "Found {count} pairs to look at", count)
            self._operations.said.emit(Said(what, None, "users"))
            self.refresh()

        self._jobs.start(phrase("Looking for doubles"), work, done, self._failed)

    def compare(self) -> CompareDialog | None:
        """Show the pair side by side, with others who are joined to it beyond doubt."""
        row = self._current()
        if row is None:
            return None
        ids = [row.pair.person_id, row.pair.other_id]
        group = next((one for one in self.sure_groups() if set(ids) <= set(one)), tuple(ids))
        cards = self._operations.read(lambda s: [people.card(s, one) for one in group])
        dialog = CompareDialog(self._theme, self, cards, words.reasons(row.pair.likeness))
        dialog.merge_wanted.connect(self._merge)
        dialog.two_said.connect(self._apart)
        dialog.open()
        return dialog

    def _merge(self, survivor: int, others: Sequence[int], chosen: Mapping[str, int]) -> None:
        clock = self._operations.clock
        name = self._operations.read(lambda s: people.card(s, survivor)).display_name
        label = phrase("Made one: {name}", name=name)
        # The first merge of a sitting is copied first; copies of the half hour stand behind the rest.
        copy, self._copied = "" if self._copied else "before_merge", True

        def work(report: Report) -> Any:
            return self._operations.write(
                label,
                lambda s: merging.merge_people(s, survivor, others, chosen, clock),
                copy_first=copy,
                report=report,
            )

        self._jobs.start(label, work, lambda done: self._operations.said.emit(Said(label, done.deed)), self._failed)

    def merge_sure(self) -> None:
        """Make one of each group beyond doubt: copied first, one deed, undone at once."""
        groups, clock = self.sure_groups(), self._operations.clock
        label = phrase_plural(
            "Made one of {count} group of doubles", "Made one of {count} groups of doubles", len(groups)
        )

        def work(report: Report) -> Any:
            def verb(session: Any) -> None:
                for place, group in enumerate(groups):
                    report(place, len(groups))
                    cards = [people.card(session, one) for one in group]
                    survivor = min(cards, key=lambda one: (-one.attended, one.id)).id
                    merging.merge_people(session, survivor, [one for one in group if one != survivor], {}, clock)

            return self._operations.write(label, verb, copy_first="before_merge", report=report)

        self._jobs.start(label, work, lambda done: self._operations.said.emit(Said(label, done.deed)), self._failed)

    def say_two(self) -> None:
        """They are two, and nobody asks again."""
        row = self._current()
        if row is not None:
            self._apart((row.pair.person_id, row.pair.other_id))

    def _say_two_in_list(self) -> None:
        # The key reaches the whole window: over the comparison it would decide about a pair nobody looks at.
        if self.table.hasFocus():
            self.say_two()

    def _apart(self, ids: Sequence[int]) -> None:
        names = self._operations.read(lambda s: [people.card(s, one).display_name for one in ids])
        label = phrase("Different people: {names}", names=", ".join(names))
        self._operations.perform(label, lambda s: duplicates.say_two(s, ids))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    def _open_menu(self, one: int, at: QPoint) -> None:
        self.table.select_id(one)
        row = self._rows[one]
        menu = Menu(self._theme, self)
        menu.add(i18n.text("Compare"), self.compare, "users", "Enter")
        menu.add(i18n.text("These are different people"), self.say_two, "x", "Del")
        menu.addSeparator()
        for person, name in zip((row.pair.person_id, row.pair.other_id), row.names, strict=True):
            menu.add(i18n.text("Show {name}", name=name), partial(self.navigate.emit, "people", person), "user")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)


def _read(session: Any) -> list[PairRow]:
    found = duplicates.pairs(session)
    ids = list(dict.fromkeys(one for pair in found for one in (pair.person_id, pair.other_id)))
    known = {row.id: row for row in people.rows(session, ids)}
    rows = []
    for pair in found:
        two = (known[pair.person_id], known[pair.other_id])
        rows.append(
            PairRow(
                pair,
                (two[0].display_name, two[1].display_name),
                (two[0].organisation, two[1].organisation),
                (two[0].initials, two[1].initials),
            )
        )
    return rows


def _columns() -> list[Column[PairRow]]:
    def person(row: PairRow, place: int) -> PersonCell:
        ids = (row.pair.person_id, row.pair.other_id)
        return PersonCell(ids[place], row.names[place], row.initials[place], row.details[place])

    def sure(row: PairRow) -> StatusCell:
        if row.pair.likeness.sure:
            return StatusCell("check-circle", i18n.text("beyond doubt"), "ok")
        return StatusCell("circle", i18n.text("maybe"), "text2")

    def why(row: PairRow) -> str:
        return words.reasons(row.pair.likeness)

    return [
        Column("one", i18n.text("Person"), "person", 220, lambda row: person(row, 0), 2, 150, sortable=False),
        Column("other", i18n.text("Also"), "person", 220, lambda row: person(row, 1), 2, 150, sortable=False),
        Column("why", i18n.text("Why"), "text", 260, why, 2, 120, sortable=False),
        Column("sure", i18n.text("Likeness"), "status", 130, sure, minimum=120, sortable=False),
        Column("score", "%", "number", 48, lambda row: i18n.number(row.pair.likeness.score), 0, 48, sortable=False),
    ]  # fmt: skip
