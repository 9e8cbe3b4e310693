"""Sections of the profile: each a widget of the column that shows one side of a person, and hides when it has none."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.profiles import Profile
from crm.ui.people.facts import TaskRow
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.charts import Sparkline
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import empty

SIDE: Final = 24
"""Padding at the sides of the profile, px."""
_FEWEST_POINTS: Final = 2
_FIRST_TASKS: Final = 8


class Section(QWidget):
    """One section: a hairline above it, perhaps a heading, and what `fill` puts into `body`.

    `show_profile` is called for another person and again for the same one after every deed that may concern them.
    A section that keeps widgets (a field that is being typed in) overrides it; the others only write `fill`.
    """

    def __init__(self, theme: Theme, title: str = "", *, line: bool = True, gap: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._line = line
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SIDE, 12, SIDE, 13)
        whole.setSpacing(4)
        self.heading = QHBoxLayout()
        self.heading.setSpacing(8)
        if title:
            self.heading.addWidget(Label(theme, title, "sub"))
            self.heading.addStretch(1)
            whole.addLayout(self.heading)
        self.body = QVBoxLayout()
        self.body.setSpacing(gap)
        whole.addLayout(self.body)
        theme.changed.connect(self.update)

    def show_profile(self, profile: Profile, today: date) -> None:
        """Show this side of the person, or nothing at all where there is none."""
        empty(self.body)
        self.setVisible(self.fill(profile, today))

    def fill(self, profile: Profile, today: date) -> bool:
        """Put what there is into the empty `body`. Returns whether there is anything to show."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hairline that parts it from what is above."""
        if self._line:
            shapes.hairline(QPainter(self), 0, 0, self.width(), self._theme.colour("hair"))


class TasksSection(Section):
    """What is open about the person. `task_done` carries a task's id."""

    task_done = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, i18n.text("To do"), gap=2)
        self._person, self._whole = 0, False

    def fill(self, profile: Profile, today: date) -> bool:
        """A row for each open task, the first to be done first; of many the rest only on demand."""
        if profile.person.id != self._person:
            self._person, self._whole = profile.person.id, False
        shown = profile.tasks if self._whole else profile.tasks[:_FIRST_TASKS]
        for task in shown:
            row = TaskRow(self._theme, task, today)
            row.done.connect(self.task_done)
            self.body.addWidget(row)
        left = len(profile.tasks) - len(shown)
        if left:
            more = Button(self._theme, i18n.text("Show {count} more", count=i18n.number(left)), "link", size="compact")
            more.clicked.connect(partial(self._show_whole, profile, today))
            self.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        return bool(profile.tasks)

    def _show_whole(self, profile: Profile, today: date) -> None:
        self._whole = True
        self.show_profile(profile, today)


class EngagementSection(Section):
    """The engagement as it was at the end of each of the last twelve months."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, i18n.text("Engagement"), gap=3)
        self._value = Label(theme, "", "sub")
        self.heading.addWidget(self._value)

    def fill(self, profile: Profile, today: date) -> bool:
        """What it is made of, and its line."""
        self._value.set_text(i18n.number(profile.love, 1))
        parts = [i18n.plural("{count} event", "{count} events", profile.visits)]
        if profile.answers:
            parts.append(i18n.plural("{count} answer", "{count} answers", profile.answers))
        said = Label(
            self._theme, i18n.text("in 12 months: {parts}", parts=", ".join(parts)), "small", "text2", wrap=True
        )
        said.setToolTip(i18n.text("The weights of everything done, a tenth less for each month that has passed"))
        self.body.addWidget(said)
        if len(profile.months) >= _FEWEST_POINTS:
            line = Sparkline(self._theme, profile.months, name=i18n.text("Engagement in the last 12 months"))
            line.setFixedHeight(self._theme.px(38))
            line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.body.addWidget(line)
            ends = QHBoxLayout()
            first = (today.month - len(profile.months)) % 12 + 1
            ends.addWidget(Label(self._theme, i18n.month_short(first), "small", "text2"))
            ends.addStretch(1)
            ends.addWidget(Label(self._theme, i18n.month_short(today.month), "small", "text2"))
            self.body.addLayout(ends)
        return bool(profile.months)
