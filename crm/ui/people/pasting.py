"""Ctrl+V on the list of people: what is on the clipboard is shown row by row, and taken only when told so."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase, phrase_plural
from crm.importing import pasted
from crm.services import event_lists, pasting
from crm.services.event_words import kind_title
from crm.services.importing_rows import RowResult
from crm.services.pasting import Pasted
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.people.dialogs import answers
from crm.ui.theme import Theme
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, Select
from crm.ui.widgets.labels import ElidedLabel, Label
from crm.ui.widgets.pages import ScrollColumn

_SHOWN: Final = 200
_SHOWN_EVENTS: Final = 30


class PasteDialog(Dialog):
    """Every pasted row: a new person, who it is already, or why it can't be taken; and where they go."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, found: Pasted) -> None:
        taken = len(found.rows) - found.count("rejected")
        told = (
            i18n.plural("{count} new", "{count} new", found.count("added")),
            i18n.plural("{count} already here", "{count} already here", taken - found.count("added")),
            i18n.plural("{count} not taken", "{count} not taken", found.count("rejected")),
        )
        super().__init__(theme, host, i18n.text("People from the clipboard"), ", ".join(told), width=720)
        self._theme, self._found = theme, found
        clock = operations.clock

        def coming(session: Any) -> list[Any]:
            ids = event_lists.event_ids(session, "upcoming", clock, limit=_SHOWN_EVENTS)
            return [row for row in event_lists.event_rows(session, ids) if row.status in {"planned", "open"}]

        options: list[tuple[int, str]] = [(0, i18n.text("Only to people"))]
        for row in operations.read(coming):
            what = i18n.text("{kind} «{title}»", kind=kind_title(row.kind, row.kind_name), title=row.title)
            options.append((row.id, f"{i18n.weekday_day(row.on, operations.today())} · {what}"))
        column = ScrollColumn(theme, "raised" if theme.dark else "surface", side=0, top=0)
        column.body.setSpacing(6)
        for row in found.rows[:_SHOWN]:
            column.body.addWidget(self._line(row))
        hidden = len(found.rows) - _SHOWN
        if hidden > 0:
            column.body.addWidget(
                Label(theme, i18n.plural("and {count} more", "and {count} more", hidden), "small", "text2")
            )
        column.body.addStretch(1)
        column.setFixedHeight(theme.px(min(340, 8 + 23 * min(len(found.rows), _SHOWN + 1))))
        self.body.addWidget(column)
        self.event_choice = Select(theme, options, name=i18n.text("Where to"))
        self.body.addWidget(Field(theme, i18n.text("Where to"), self.event_choice))
        self.add = answers(self, theme, i18n.text("Add"))
        self.add.setEnabled(taken > 0)
        self.add.clicked.connect(self.accept)

    def _line(self, row: RowResult) -> QWidget:
        line = QWidget()
        parts = QHBoxLayout(line)
        parts.setContentsMargins(0, 0, 8, 0)
        parts.setSpacing(16)
        name = ElidedLabel(self._theme, row.name or " ".join(row.cells) or row.shown_place, "body_strong")
        name.setFixedWidth(self._theme.px(250))
        parts.addWidget(name)
        parts.addWidget(ElidedLabel(self._theme, self.told(row), "body", _COLOURS.get(row.result, "text2")), 1)
        return line

    def told(self, row: RowResult) -> str:
        """What becomes of a row, in words."""
        if row.result == "rejected":
            return row.reason
        if row.result == "added":
            return " ".join((i18n.in_context("pasted", "new"), row.reason)).strip()
        who = self._found.names.get(row.person or 0, row.name)
        if row.result == "unchanged":
            return i18n.text("already here: {name}", name=who)
        fields = ", ".join(dict.fromkeys(field.lower() for field, _, _ in row.changes))
        return i18n.text("already here: {name}; adds {fields}", name=who, fields=fields)


_COLOURS: Final = {"added": "ok", "rejected": "bad"}


class Pasting:
    """Reads the clipboard, shows what would become of it, and does it: one deed."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, jobs: Jobs) -> None:
        self._theme, self._host, self._operations, self._jobs = theme, host, operations, jobs
        self.dialog: PasteDialog | None = None

    def paste(self) -> None:
        """Look at what is on the clipboard; nothing is written yet."""
        words = QGuiApplication.clipboard().text()
        if not words.strip():
            return
        clock = self._operations.clock
        label = phrase("People from the clipboard")

        def work(report: Report) -> Pasted:
            return self._operations.rehearse(
                label, lambda s: pasting.take_pasted(s, pasted.source_of(words, clock), clock, report)
            )

        self._jobs.start(label, work, lambda found: self._ask(words, found), self._failed)

    def _ask(self, words: str, found: Pasted) -> None:
        dialog = PasteDialog(self._theme, self._host, self._operations, found)
        dialog.accepted.connect(lambda: self._take(words, found, dialog.event_choice.value() or None))
        self.dialog = dialog
        dialog.open()

    def _take(self, words: str, found: Pasted, event_id: int | None) -> None:
        clock = self._operations.clock
        count = len(found.rows) - found.count("rejected")
        label = phrase_plural("Pasted {count} person", "Pasted {count} people", count)
        companions = pasted.companions_of(words)

        def work(report: Report) -> Any:
            def verb(session: Any) -> Pasted:
                source = pasted.source_of(words, clock)
                return pasting.take_pasted(session, source, clock, report, event_id=event_id, companions=companions)

            return self._operations.write(label, verb)

        self._jobs.start(label, work, lambda done: self._operations.said.emit(Said(label, done.deed)), self._failed)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error
