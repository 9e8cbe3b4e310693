"""The page: figures above, people at the left, the event, feedback and birthdays at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import tasks
from crm.services import today as service
from crm.services.figures import rows_behind, words
from crm.services.figures_rows import Figure
from crm.services.tasks import TaskRow
from crm.services.today import PersonNote, Today
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations
from crm.ui.people.dialogs import ConversationDialog
from crm.ui.people.editor import PersonEditor
from crm.ui.theme import Theme
from crm.ui.today.columns import Sections
from crm.ui.today.rows import SLACK, Row, on_click
from crm.ui.today.side import SideColumn
from crm.ui.today.strip import PulseStrip
from crm.ui.today.who import WhoDialog
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.charts import Sparkline
from crm.ui.widgets.empty_states import EmptyLine
from crm.ui.widgets.labels import Label
from crm.ui.widgets.mark_widgets import Avatar, StatusLabel
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import SIDE, PageHeader, ScrollColumn

TABLES: Final = frozenset(
    {
        "attendance",
        "answer",
        "event",
        "feedback_item",
        "interaction",
        "interaction_person",
        "person",
        "response",
        "task",
    }
)
"""Tables the page is made of."""
_RIGHT: Final = 372
_SHOWN: Final = 5


class TodayPage(QWidget):
    """What needs the manager today. `navigate` asks the window for another page and what to show there."""

    navigate = Signal(str, object)

    def __init__(self, operations: Operations, jobs: Jobs, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs, self._theme = operations, jobs, theme
        self._stale = True
        self._left_shown: object = None
        self._side_shown: object = None
        # Many deeds in a row are one reading, at the next turn of the event loop.
        self._following = QTimer(self)
        self._following.setSingleShot(True)
        self._following.setInterval(0)
        self._following.timeout.connect(self._follow)
        self._counting = False
        self._again = False
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._header = PageHeader(theme, i18n.text("Today"))
        self._log = Button(theme, i18n.text("Log conversation"), "quiet", "note-pencil")
        self._log.clicked.connect(self.log)
        add = Button(theme, i18n.in_context("button", "Add"), icon="plus")
        add.clicked.connect(self.add)
        self._header.add_action(self._log)
        self._header.add_action(add)
        whole.addWidget(self._header)
        self._strip = PulseStrip(theme)
        self._strip.asked.connect(self._open_figure)
        whole.addWidget(self._strip)
        self._scroll = ScrollColumn(theme, side=SIDE - SLACK, top=24)
        whole.addWidget(self._scroll, 1)
        columns = QHBoxLayout()
        columns.setSpacing(40 - 2 * SLACK)
        self._left, self._side = Sections(theme), SideColumn(theme)
        self._side.navigate.connect(self.navigate)
        columns.addLayout(self._left, 1)
        columns.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop)
        self._scroll.body.addLayout(columns)
        self._scroll.body.addStretch(1)
        operations.changed.connect(self._changed)

    def home(self) -> QWidget:
        """The act at the head, which shows no ring unasked; Tab leads on to figures and people."""
        return self._log

    # -- refreshing ------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read when the page is looked at."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The right column is narrower in a narrow window."""
        super().resizeEvent(event)
        self._side.setFixedWidth(self._theme.px(_RIGHT if self.width() >= 1120 else 320))

    def refresh(self) -> None:
        """Read everything anew; the figures follow from the worker."""
        self._stale = False
        clock = self._operations.clock
        found = self._operations.read(lambda session: service.today(session, clock, _SHOWN))
        day = i18n.day_long(found.on)
        self._header.set_note(day)
        focused = self._focused_place()
        if self._show(found):
            self._refocus(focused)
        self._count()

    def _show(self, found: Today) -> bool:
        """Make the columns whose content is another than the one shown; whether one was."""
        lists = (found.contacts, found.quiet, found.newcomers)
        left = (found.on, lists, found.contact_count, found.quiet_count, found.newcomer_count)
        side = (found.on, found.next_event, found.waiting, found.waiting_count, found.birthdays)
        anew = left != self._left_shown, side != self._side_shown
        if anew[0]:
            self._left_shown = left
            self._fill_left(found)
        if anew[1]:
            self._side_shown = side
            self._side.show_today(found, self._operations.clock())
        return any(anew)

    def _changed(self, tables: frozenset[str]) -> None:
        if tables & TABLES:
            self._stale = True
            if self.isVisible():
                self._following.start()

    def _follow(self) -> None:
        if self._stale and self.isVisible():
            self.refresh()

    def _count(self) -> None:
        if self._counting:
            self._again = True
            return
        self._counting, self._again = True, False
        operations = self._operations

        def work(_: Report) -> Any:
            return operations.read(lambda session: service.pulse(session, operations.clock))

        self._jobs.start(phrase("Counting figures"), work, self._counted, self._not_counted, quiet=True)

    def _counted(self, pulses: Any) -> None:
        self._counting = False
        self._strip.set_pulses(pulses)
        if self._again:
            self._count()

    def _not_counted(self, error: BaseException) -> None:
        self._counting = False

    def _focused_place(self) -> int | None:
        rows = self.findChildren(Row)
        return next((place for place, row in enumerate(rows) if row.hasFocus()), None)

    def _refocus(self, place: int | None) -> None:
        rows = [row for row in self.findChildren(Row) if not row.isHidden()]
        if place is not None and rows:
            rows[min(place, len(rows) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    # -- the left column -------------------------------------------------------------------------------------------

    def _fill_left(self, found: Today) -> None:
        self._left.clear()
        theme = self._theme
        self._left.begin(i18n.text("Get in touch"), found.contact_count)
        self._left.fill(
            [self._task(row, found.on) for row in found.contacts],
            EmptyLine(
                theme,
                "check-circle",
                i18n.text("Nobody waits for you"),
                i18n.text("Follow-ups from conversations appear here on their day"),
            ),
        )
        everyone, quiet = i18n.in_context("today", "Show all"), i18n.in_context("today", "Going quiet")
        header = self._left.begin(quiet, found.quiet_count, everyone)
        header.link_clicked.connect(lambda: self._show_level("fading", quiet))
        self._left.fill(
            [self._quiet(note) for note in found.quiet],
            EmptyLine(
                theme,
                "circle",
                i18n.text("Nobody goes quiet"),
                i18n.text("Who came three times and then stayed away for long appears here"),
            ),
        )
        unwelcomed = i18n.text("Not talked with yet")
        header = self._left.begin(i18n.in_context("today", "Welcome"), found.newcomer_count, everyone)
        header.link_clicked.connect(lambda: self._show_level("new", unwelcomed))
        self._left.fill(
            [self._newcomer(note, found.on) for note in found.newcomers],
            EmptyLine(
                theme,
                "user-plus",
                i18n.text("Nobody to welcome"),
                i18n.text("New people nobody has talked with yet appear here"),
            ),
        )
        self._left.addStretch(1)

    def _task(self, task: TaskRow, today: date) -> Row:
        theme = self._theme
        row = self._person_row(task.person_id, task.person, task.initials, task.title)
        due = task.due_on or today
        late = due < today
        row.add(
            StatusLabel(
                theme,
                "warning-circle-fill" if late else "clock",
                i18n.weekday_day(due, today),
                "bad" if late else "text2",
            )
        )
        done = IconButton(theme, "check", i18n.text("Mark “{title}” done", title=task.title))
        done.clicked.connect(lambda: self._finish(task))
        later = IconButton(theme, "clock-clockwise", i18n.text("Put off “{title}”", title=task.title))
        menu = Menu(theme, later)
        for said, days in (
            (i18n.in_context("today", "Tomorrow"), 1),
            (i18n.text("In three days"), 3),
            (i18n.text("In a week"), 7),
            (i18n.text("In a month"), 30),
        ):
            menu.add(said, partial(self._put_off, task, today + timedelta(days=days)))
        later.clicked.connect(lambda: menu.popup(later.mapToGlobal(later.rect().bottomLeft())))
        row.add(done)
        row.add(later)
        return row

    def _quiet(self, note: PersonNote) -> Row:
        visits = i18n.plural("{count} visit", "{count} visits", note.attended)
        last = i18n.day(note.last_visit_on, self._operations.today())
        row = self._person_row(
            note.person_id, note.name, note.initials, i18n.text("{visits}, the last on {day}", visits=visits, day=last)
        )
        visited = Sparkline(self._theme, note.visits, "warn", filled=False, name=i18n.text("Visits by month"))
        visited.setFixedSize(self._theme.px(68), self._theme.px(26))
        row.add(visited)
        away = Label(self._theme, i18n.plural("{count} day", "{count} days", note.days_away), "small", "text2")
        away.setMinimumWidth(self._theme.px(66))
        row.add(away)
        row.add(self._write_button(note))
        return row

    def _newcomer(self, note: PersonNote, today: date) -> Row:
        came = i18n.text(
            "First visit: “{event}”, {day}", event=note.first_event, day=i18n.day(note.first_visit_on, today)
        )
        if note.referred_by:
            came = i18n.text("Recommended by {name}", name=note.referred_by) + " · " + came
        row = self._person_row(note.person_id, note.name, note.initials, came)
        row.add(self._write_button(note))
        return row

    def _person_row(self, person_id: int, name: str, initials: str, detail: str) -> Row:
        avatar = Avatar(self._theme, person_id, name)
        avatar.set_person(person_id, name, initials)
        row = Row(self._theme, avatar, name, detail)
        return on_click(row, lambda: self.navigate.emit("people", person_id))

    def _write_button(self, note: PersonNote) -> Button:
        button = Button(self._theme, i18n.in_context("today", "Write"))
        button.setAccessibleName(i18n.text("Write to {name}", name=note.name))
        button.clicked.connect(lambda: self._write(note.person_id))
        return button

    # -- elsewhere -------------------------------------------------------------------------------------------------

    def _show_level(self, level: str, name: str) -> None:
        ids = self._operations.read(lambda session: service.people_of_list(session, level))
        self.navigate.emit("people", (ids, name))

    def _open_figure(self, figure: Figure) -> None:
        """The people behind a figure: «Откуда это?»."""
        start, end = figure.start, figure.end
        if start is None or end is None:
            return
        clock = self._operations.clock
        ids = self._operations.read(lambda session: rows_behind(session, figure.key, start, end, clock))
        self.navigate.emit("people", (ids, words.label(figure.key)))

    def add(self) -> None:
        """A new person."""
        editor = PersonEditor(self._theme, self, self._operations)
        editor.saved.connect(lambda person_id: self.navigate.emit("people", person_id))
        editor.person_chosen.connect(lambda person_id: self.navigate.emit("people", person_id))
        editor.open()

    def log(self) -> None:
        """Choose a person, then note what was said."""
        dialog = WhoDialog(self._operations, self._theme, self)
        dialog.person_chosen.connect(self._log_with)
        dialog.open()

    def _log_with(self, person_id: int, name: str) -> None:
        ConversationDialog(self._theme, self, self._operations, [person_id], name).open()

    # -- deeds -----------------------------------------------------------------------------------------------------

    def _finish(self, task: TaskRow) -> None:
        clock = self._operations.clock
        self._perform(
            phrase("Done: {title}", title=task.title), lambda session: tasks.finish_task(session, task.id, clock)
        )

    def _put_off(self, task: TaskRow, until: date) -> None:
        label = phrase("Put off: {title}", title=task.title)
        self._perform(label, lambda session: tasks.put_off_task(session, task.id, until))

    def _perform(self, label: i18n.Phrase, verb: Callable[[Any], None]) -> None:
        self._operations.perform(label, verb)

    def _write(self, person_id: int) -> None:
        """Open the person's own channel; without one their page, where it can be added."""
        link = self._operations.read(lambda session: service.way_to_write(session, person_id, self._operations.today()))
        if link is None or not QDesktopServices.openUrl(QUrl(link)):
            self.navigate.emit("people", person_id)
