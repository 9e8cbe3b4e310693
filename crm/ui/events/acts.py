"""What can be done with an event and its people from the page: each a deed with its label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase, phrase, phrase_plural
from crm.services import attendance, events
from crm.services.event_rows import AttendeeRow, ClosedEvent, EventRow
from crm.services.event_words import role_title
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.people.pasting import paste
from crm.ui.theme import Theme


class EventActs:
    """The verbs of the page; every one says what it did, with «Undo»."""

    def __init__(self, operations: Operations, jobs: Jobs) -> None:
        self._operations = operations
        self._jobs = jobs

    def close(self, event: EventRow) -> None:
        """Close the event: those still expected did not come."""
        label = phrase("Closed event «{title}»", title=event.title)
        done = self._operations.perform(
            label, lambda session: events.close_event(session, event.id, self._operations.clock), quiet=True
        )
        if done is not None and done.deed is not None:
            self._operations.said.emit(Said(_closed(done.value), done.deed))

    def reopen(self, event: EventRow) -> None:
        """Open a closed or cancelled event again."""
        self._do(
            phrase("Reopened event «{title}»", title=event.title),
            lambda session: events.reopen_event(session, event.id),
        )

    def cancel(self, event: EventRow) -> None:
        """Call the event off."""
        self._do(
            phrase("Cancelled event «{title}»", title=event.title),
            lambda session: events.cancel_event(session, event.id),
        )

    def paste_list(self, theme: Theme, host: QWidget, event: EventRow) -> None:
        """What the clipboard holds as participants, to be looked at before anything is written."""
        paste(theme, host, self._operations, self._jobs, event.id)

    def copy(self, event: EventRow) -> int | None:
        """A like event a week later; gives its id."""
        from datetime import timedelta

        done = self._operations.perform(
            phrase("Copied event «{title}»", title=event.title),
            lambda session: events.copy_event(session, event.id, event.on + timedelta(days=7), self._operations.clock),
        )
        return None if done is None else done.value

    def register(self, rows: Sequence[AttendeeRow]) -> None:
        """Put invited, waiting or cancelled people on the list."""
        self._each(
            rows,
            phrase("Registered {name}", name=rows[0].name),
            phrase_plural("Registered {count} person", "Registered {count} people", len(rows)),
            lambda session, row: attendance.restore_attendance(session, row.id, self._operations.clock),
        )

    def came(self, rows: Sequence[AttendeeRow], event: EventRow) -> None:
        """Note that people were there; the time is now, or the start of an event that is over."""
        now = self._operations.clock()
        at = now if event.starts_at <= now <= event.ends_at else event.starts_at
        self._each(
            rows,
            phrase("Noted that {name} came", name=rows[0].name),
            phrase_plural("Noted that {count} person came", "Noted that {count} people came", len(rows)),
            lambda session, row: attendance.mark_came(session, row.id, at),
        )

    def not_come(self, rows: Sequence[AttendeeRow]) -> None:
        """Take arrivals back."""
        self._each(
            rows,
            phrase("Took back the check-in of {name}", name=rows[0].name),
            phrase_plural("Took back {count} check-in", "Took back {count} check-ins", len(rows)),
            lambda session, row: attendance.mark_not_come(session, row.id),
        )

    def cancel_people(self, rows: Sequence[AttendeeRow]) -> None:
        """Take registrations back."""
        self._each(
            rows,
            phrase("Cancelled the registration of {name}", name=rows[0].name),
            phrase_plural("Cancelled {count} registration", "Cancelled {count} registrations", len(rows)),
            lambda session, row: attendance.cancel_attendance(session, row.id, self._operations.clock),
        )

    def remove(self, rows: Sequence[AttendeeRow]) -> None:
        """Take people off the list who were added by mistake."""
        self._each(
            rows,
            phrase("Took {name} off the list", name=rows[0].name),
            phrase_plural("Took {count} person off the list", "Took {count} people off the list", len(rows)),
            lambda session, row: attendance.remove_attendee(session, row.id),
        )

    def change_role(self, rows: Sequence[AttendeeRow], role: str) -> None:
        """Make people guests, speakers, organisers, volunteers, mentors."""
        self._each(
            rows,
            phrase("{name}: {role}", name=rows[0].name, role=role_title(role)),
            phrase_plural("Changed the role of {count} person", "Changed the role of {count} people", len(rows)),
            lambda session, row: attendance.change_role(session, row.id, role),
        )

    def register_sheet(self, host: QWidget, event: EventRow) -> None:
        """Ask for a file and write the printed list for the door into it, in the background."""
        name = f"{i18n.text('Register sheet')} {event.on.isoformat()}.pdf"
        chosen, _ = QFileDialog.getSaveFileName(
            host, i18n.text("Register sheet"), str(Path.home() / name), i18n.text("PDF document") + " (*.pdf)"
        )
        if chosen:
            self.write_register_sheet(event.id, Path(chosen).with_suffix(".pdf"))

    def write_register_sheet(self, event_id: int, target: Path) -> None:
        """Write the printed list for the door to `target` as a job."""
        language = i18n.current()

        def work(report: Report) -> int:
            from crm.export.pdf.register import write_register
            from crm.services.reports import register_sheet

            sheet = self._operations.read(
                lambda session: register_sheet(session, event_id, self._operations.clock, language=language)
            )
            with i18n.using(language):
                return write_register(sheet, target, progress=report)

        def done(pages: int) -> None:
            what = phrase_plural("{file}: {count} page", "{file}: {count} pages", pages, file=target.name)
            self._operations.said.emit(Said(what, None, "file-pdf"))

        def failed(error: BaseException) -> None:
            if isinstance(error, CrmError):
                self._operations.refused.emit(error)
            elif not isinstance(error, Cancelled):
                raise error

        self._jobs.start(phrase("Register sheet"), work, done, failed)

    def _do(self, label: Phrase, verb: Callable[[Any], object]) -> None:
        self._operations.perform(label, verb)

    def _each(
        self, rows: Sequence[AttendeeRow], one: Phrase, many: Phrase, verb: Callable[[Any, AttendeeRow], object]
    ) -> None:
        def whole(session: Any) -> None:
            for row in rows:
                verb(session, row)

        self._do(one if len(rows) == 1 else many, whole)


def _closed(closed: ClosedEvent) -> Phrase:
    """What closing settled: «Событие закрыто: пришли 126, не пришли 52»."""
    return phrase(
        "Event closed: {came} came, {absent} did not",
        came=i18n.number(closed.came),
        absent=i18n.number(closed.no_shows),
    )
