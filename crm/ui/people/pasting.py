"""A pasted list before it is taken: each row read, who it is, and one «Add» at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase, phrase_plural
from crm.importing.pasted import read_pasted
from crm.importing.rows import PastedList
from crm.services import event_lists, pasting
from crm.services.event_words import kind_title
from crm.services.pasting import Pasted, PastedRow, Wanted
from crm.ui.duplicates import words as double_words
from crm.ui.jobs import Job, Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, Select
from crm.ui.widgets.id_list import Column, IdListModel, StatusCell
from crm.ui.widgets.labels import ElidedLabel, Label
from crm.ui.widgets.tables import ListTable

_WIDTH: Final = 980
_LIST_HEIGHT: Final = 330
_SHOWN_EVENTS: Final = 30
_OUT: Final = "out"
_NEW: Final = "new"
_WAITS: Final = ""


def paste(
    theme: Theme, host: QWidget, operations: Operations, jobs: Jobs, event_id: int | None = None
) -> PasteDialog | None:
    """Show what the clipboard holds as people; nothing on it is said."""
    words = QGuiApplication.clipboard().text()
    if not words.strip():
        operations.said.emit(Said(phrase("There is no text on the clipboard"), None, "clipboard-text"))
        return None
    dialog = PasteDialog(theme, host, operations, jobs, words, event_id)
    dialog.open()
    return dialog


class PasteDialog(Dialog):
    """The rows of a pasted text. Nothing is written before «Add»; rows that are unclear are asked about first."""

    def __init__(
        self,
        theme: Theme,
        host: QWidget,
        operations: Operations,
        jobs: Jobs,
        words: str,
        event_id: int | None = None,
    ) -> None:
        super().__init__(theme, host, i18n.text("Add a pasted list"), i18n.text("Reading…"), width=_WIDTH)
        self._operations, self._jobs = operations, jobs
        self._read: PastedList | None = None
        self.rows: tuple[PastedRow, ...] = ()
        self.decided: dict[str, int | str] = {}
        self.where_to = Select(theme, self._events(event_id), i18n.text("Where to"))
        self.where_to.set_value(event_id)
        where = QHBoxLayout()
        where.addWidget(Field(theme, i18n.text("Where to"), self.where_to))
        where.addStretch(1)
        self.body.addLayout(where)
        self._model: IdListModel[PastedRow] = IdListModel(self._columns(), self._fetch)
        self.table = ListTable(theme, self._model, name=i18n.text("Pasted list"), side=10, right=10)
        self.table.setFixedHeight(theme.px(_LIST_HEIGHT))
        self.table.current_changed.connect(lambda _: self._show_current())
        self.table.opened.connect(lambda _: self._to_choice())
        self.body.addWidget(self.table)
        self._line = ElidedLabel(theme, "", "body", "text2")
        self.choice = Select(theme, [], i18n.text("Who is it?"))
        self.choice.setMinimumWidth(theme.px(320))
        self.choice.chosen.connect(self._decide)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self._line, 1)
        self._asked = Label(theme, i18n.text("Who is it?"), "small", "text2")
        below.addWidget(self._asked)
        below.addWidget(self.choice)
        self.body.addLayout(below)
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.add = Button(theme, i18n.text("Add"), "primary")
        self.add.setEnabled(False)
        self.add.clicked.connect(self.save)
        self.set_default(self.add)
        self.add_button(self.add)
        self._show_current()
        self._job: Job | None = self._begin(words)
        self.closed.connect(self._stop)

    def first_focus(self) -> QWidget:
        """The rows."""
        return self.table

    # -- reading --------------------------------------------------------------------------------------------------

    def _events(self, event_id: int | None) -> list[tuple[int | None, str]]:
        clock, today = self._operations.clock, self._operations.today()

        def coming(session: Any) -> list[tuple[int | None, str]]:
            ids = event_lists.event_ids(session, "upcoming", clock, limit=_SHOWN_EVENTS)
            if event_id is not None and event_id not in ids:
                ids = [event_id, *ids]
            rows = event_lists.event_rows(session, ids)
            return [
                (row.id, f"{i18n.weekday_day(row.on, today)} · {kind_title(row.kind, row.kind_name)} «{row.title}»")
                for row in rows
                if row.status != "cancelled"
            ]

        return [(None, i18n.text("To People only")), *self._operations.read(coming)]

    def _begin(self, words: str) -> Job:
        operations = self._operations

        def work(report: Report) -> tuple[PastedList, list[PastedRow]]:
            read = read_pasted(words, operations.clock)
            report(0, len(read.entries))
            rows = operations.rehearse(
                phrase("Pasted list"), lambda s: pasting.check(s, read, Wanted(), operations.clock, report)
            )
            return read, rows

        return self._jobs.start(phrase("Reading the pasted list"), work, self._show, self._failed, quiet=True)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _failed(self, error: BaseException) -> None:
        self._job = None
        if isinstance(error, CrmError):
            if self.is_open:
                self.set_text("")
                self.set_error(error.text())
        elif not isinstance(error, Cancelled):
            raise error

    def _show(self, found: tuple[PastedList, Sequence[PastedRow]]) -> None:
        self._job = None
        if not self.is_open:
            return
        self._read, self.rows = found[0], tuple(found[1])
        self._model.set_ids(range(1, len(self.rows) + 1))
        self._tell()
        first = next((place for place, row in enumerate(self.rows, 1) if row.who == "unclear"), 1)
        self.table.select_id(first)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_current()

    def _fetch(self, ids: Sequence[int]) -> Mapping[int, PastedRow]:
        return {one: self.rows[one - 1] for one in ids}

    def _tell(self) -> None:
        """How many of each sort, and whether there is anything to add."""
        states = [self._state(row) for row in self.rows]
        told = [
            word
            for sort, word in (
                ("new", i18n.plural("{count} new person", "{count} new people", states.count("new"))),
                ("known", i18n.plural("{count} already here", "{count} already here", states.count("known"))),
                ("unclear", i18n.plural("{count} unclear", "{count} unclear", states.count("unclear"))),
                ("twice", i18n.plural("{count} repeated", "{count} repeated", states.count("twice"))),
                ("left_out", i18n.plural("{count} left out", "{count} left out", states.count("left_out"))),
                ("rejected", i18n.plural("{count} not read", "{count} not read", states.count("rejected"))),
            )
            if sort in states
        ]
        self.set_text(", ".join(told) or i18n.text("Nothing was found in it."))
        self.add.setEnabled(any(state in {"new", "known", "unclear", "twice"} for state in states))

    # -- rows -----------------------------------------------------------------------------------------------------

    def _state(self, row: PastedRow) -> str:
        decided = self.decided.get(row.where)
        if decided == _OUT:
            return "left_out"
        if row.who == "unclear" and decided is not None:
            return "new" if decided == _NEW else "known"
        return row.who

    def _columns(self) -> list[Column[PastedRow]]:
        return [
            Column("number", "№", "number", 30, lambda row: str(row.number), minimum=30, sortable=False),
            Column("name", i18n.text("Name"), "strong", 200, _name, 2, 120, sortable=False),
            Column("contacts", i18n.text("Contacts"), "text", 210, lambda row: ", ".join(row.contacts), 2, 100, False),
            Column("more", i18n.text("What else"), "text", 170, _more, 2, 80, False),
            Column("who", i18n.text("Who it is"), "status", 260, self._status, 3, 160, False),
        ]

    def _status(self, row: PastedRow) -> StatusCell:
        state, decided = self._state(row), self.decided.get(row.where)
        if state == "new":
            return StatusCell("plus-circle", i18n.text("a new person"), "accent_text")
        if state == "known":
            chosen = next((one for one in row.candidates if one.person_id == decided), row.person)
            why = double_words.reason(row.why) if row.why.startswith("same_") and row.why != "same_row" else ""
            why = why or (i18n.text("was pasted before") if row.why == "same_row" else i18n.text("chosen"))
            name = chosen.name if chosen is not None else ""
            return StatusCell("check-circle", _whole(f"{name}: {why}", row), "ok")
        if state == "unclear":
            return StatusCell("question", i18n.text("this name is here: who is it?"), "warn")
        if state == "twice":
            return StatusCell("copy", i18n.text("the same person as above"), "text2")
        if state == "left_out":
            return StatusCell("minus-circle", i18n.in_context("pasted", "left out"), "text3")
        return StatusCell("warning-circle", row.problem, "bad")

    def _current(self) -> PastedRow | None:
        one = self.table.current_id()
        return self.rows[one - 1] if one is not None and self.rows else None

    def _show_current(self) -> None:
        row = self._current()
        asked = row is not None and row.who not in {"rejected", "left_out"}
        said = "" if row is None else f"{row.problem} {row.line}" if row.who == "rejected" else row.line
        self._line.set_text(said)
        self._asked.setVisible(asked)
        self.choice.setVisible(asked)
        if row is None or not asked:
            return
        options: list[tuple[int | str, str]] = []
        if row.who == "unclear":
            if row.where not in self.decided:
                options.append((_WAITS, i18n.text("Choose…")))
            options += [
                (one.person_id, f"{one.name}, {one.about}" if one.about else one.name) for one in row.candidates
            ]
            options.append((_NEW, i18n.text("a new person")))
        elif row.who == "known" and row.person is not None:
            options.append((_NEW, row.person.name))
        else:
            said = i18n.text("the same person as above") if row.who == "twice" else i18n.text("a new person")
            options.append((_NEW, said))
        options.append((_OUT, i18n.text("leave out")))
        self.choice.set_options(options)
        self.choice.set_value(self.decided.get(row.where, _WAITS if row.who == "unclear" else _NEW))

    def _to_choice(self) -> None:
        if self.choice.isVisible():
            self.choice.setFocus(Qt.FocusReason.TabFocusReason)
            self.choice.showPopup()

    def _decide(self, value: int | str) -> None:
        row = self._current()
        if row is None or value == _WAITS:
            return
        if value == _NEW and row.who != "unclear":
            self.decided.pop(row.where, None)
        else:
            self.decided[row.where] = value
        self.set_error("")
        self._model.invalidate()
        self._tell()
        following = self._waiting()
        if row.who == "unclear" and following is not None:
            self.table.select_id(following)
        self._show_current()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _waiting(self) -> int | None:
        """The first row of which nobody said yet who it is."""
        return next((place for place, row in enumerate(self.rows, 1) if self._state(row) == "unclear"), None)

    # -- the deed -------------------------------------------------------------------------------------------------

    def wanted(self) -> Wanted:
        """What is decided so far."""
        chosen = {where: one for where, one in self.decided.items() if isinstance(one, int)}
        out = frozenset(where for where, one in self.decided.items() if one == _OUT)
        return Wanted(self.where_to.value(), chosen, out)

    def save(self) -> None:
        """Take the rows, as one deed; not while one is unclear."""
        read, waiting = self._read, self._waiting()
        if read is None:
            return
        if waiting is not None:
            self.table.select_id(waiting)
            left = sum(self._state(row) == "unclear" for row in self.rows)
            self.set_error(
                i18n.plural(
                    "{count} row is unclear: choose who it is, or leave it out.",
                    "{count} rows are unclear: choose who they are, or leave them out.",
                    left,
                )
            )
            return
        taken = sum(self._state(row) in {"new", "known", "twice"} for row in self.rows)
        label = phrase_plural("Pasted {count} person", "Pasted {count} people", taken)
        operations, wanted = self._operations, self.wanted()

        def work(report: Report) -> Any:
            return operations.write(label, lambda s: pasting.paste(s, read, wanted, operations.clock, report))

        def failed(error: BaseException) -> None:
            if isinstance(error, CrmError):
                operations.refused.emit(error)
            elif not isinstance(error, Cancelled):
                raise error

        def done(result: Any) -> None:
            told: Pasted = result.value
            if result.deed is not None or told.people:
                operations.said.emit(Said(label, result.deed))

        self._jobs.start(label, work, done, failed)
        self.accept()


def _whole(said: str, row: PastedRow) -> str:
    """What the row adds to them is said too."""
    fields = ", ".join(dict.fromkeys(field.lower() for field, _, _ in row.changes)) if row.who == "known" else ""
    return i18n.text("{who}; adds {fields}", who=said, fields=fields) if fields else said


def _name(row: PastedRow) -> str:
    return row.name or row.line


def _more(row: PastedRow) -> str:
    guests = f"+{row.guests}" if row.guests else ""
    return " · ".join(" ".join(part.split()) for part in (row.organisation, guests, row.note) if part)
