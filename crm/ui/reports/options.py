"""What a report depends on: period, people, sections, names, language; or the event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services.periods import month_start
from crm.services.reports import MONTH, REGISTER, Sections
from crm.ui.reports.making import Choice
from crm.ui.theme import Theme
from crm.ui.widgets.choices import CheckBox, Switch
from crm.ui.widgets.fields import Field, Select, TextArea
from crm.ui.widgets.labels import Hairline, Label
from crm.ui.widgets.pages import ScrollColumn

_MONTHS: Final = 25
_TYPING: Final = 600
"""Milliseconds after the last key in the comment until the page follows."""
Options = Sequence[tuple[int | None, str]]


class OptionsForm(ScrollColumn):
    """The right pane. `changed` comes whenever the report would look different."""

    changed = Signal()

    def __init__(self, theme: Theme, today: date) -> None:
        super().__init__(theme, side=20, top=20)
        self.body.setSpacing(16)
        self._theme = theme
        last = month_start(today, -1)
        self._month = Select(theme, [_month(today, back) for back in range(_MONTHS)])
        self._month.set_value(last)
        self._who = Select(theme, [(None, i18n.text("Everyone in the community"))])
        self._compare = Select(
            theme, [(1, i18n.text("The month before")), (12, i18n.text("The same month a year ago"))]
        )
        self._comment = TextArea(theme, i18n.text("What you would say about this month"), rows=3)
        titles = (
            ("headlines", i18n.text("Headline figures")),
            ("chart", i18n.text("Active people by month")),
            ("events", i18n.text("Events and funnels")),
            ("feedback", i18n.text("Feedback and quotes")),
            ("thanks", i18n.text("Thanks")),
        )
        self._sections = {key: CheckBox(theme, title) for key, title in titles}
        self._hide = Switch(theme, "")
        self._hide.setAccessibleName(i18n.text("Hide names"))
        self._english = Switch(theme, "")
        self._english.setAccessibleName(i18n.text("In the other language"))
        self._event = Select(theme, [])
        self._signatures = Switch(theme, "")
        self._signatures.setAccessibleName(i18n.text("Column for signatures"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING)
        self._typing.timeout.connect(self.changed)
        self._comment.textChanged.connect(self._typing.start)
        for select in (self._month, self._who, self._compare, self._event):
            select.chosen.connect(lambda _: self.changed.emit())
        for box in self._sections.values():
            box.setChecked(True)
            box.toggled.connect(lambda _: self.changed.emit())
        for switch in (self._hide, self._english, self._signatures):
            switch.toggled.connect(lambda _: self.changed.emit())
        self._kind = MONTH
        self._title = Label(theme, "", "heading")
        self.body.addWidget(self._title)
        self._month_part, self._register_part, self._both = QWidget(), QWidget(), QWidget()
        self._build_month()
        self._build_register()
        self._build_both()
        for part in (self._month_part, self._register_part, self._both):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def show_kind(self, kind: str, title: str) -> None:
        """The options of a kind of report."""
        self._kind = kind
        self._title.set_text(title)
        self._month_part.setVisible(kind == MONTH)
        self._register_part.setVisible(kind == REGISTER)

    def set_segments(self, segments: Options) -> None:
        """The segments one may choose."""
        self._who.set_options([(None, i18n.text("Everyone in the community")), *segments])

    def set_events(self, events: Options) -> None:
        """The events one may choose, the first one proposed."""
        self._event.set_options(events)

    def set_event(self, event_id: int) -> None:
        """Propose this event."""
        self._event.set_value(event_id)

    def choice(self) -> Choice:
        """What is chosen now."""
        now = i18n.current()
        other = "en" if now == "ru" else "ru"
        return Choice(
            kind=self._kind,
            month=self._month.value(),
            segment_id=self._who.value(),
            compare_months=self._compare.value(),
            comment=self._comment.text(),
            sections=Sections(**{key: box.isChecked() for key, box in self._sections.items()}),
            hide_names=self._hide.isChecked(),
            language=other if self._english.isChecked() else now,
            event_id=self._event.value(),
            signatures=self._signatures.isChecked(),
        )

    def _build_month(self) -> None:
        theme = self._theme
        column = _column(self._month_part)
        column.addWidget(Field(theme, i18n.in_context("report", "Period"), self._month))
        column.addWidget(Field(theme, i18n.in_context("report", "Who is in it"), self._who))
        column.addWidget(Field(theme, i18n.in_context("report", "Compare with"), self._compare))
        column.addWidget(Field(theme, i18n.text("Manager's comment"), self._comment))
        column.addWidget(Hairline(theme))
        column.addWidget(Label(theme, i18n.in_context("report", "Sections"), "sub"))
        boxes = QVBoxLayout()
        boxes.setSpacing(10)
        for box in self._sections.values():
            boxes.addWidget(box)
        column.addLayout(boxes)
        column.addWidget(Hairline(theme))
        column.addLayout(self._switch(self._hide, i18n.text("Hide names"), i18n.text("Figures and organisations only")))

    def _build_register(self) -> None:
        theme = self._theme
        column = _column(self._register_part)
        column.addWidget(Field(theme, i18n.in_context("report", "Event"), self._event))
        column.addLayout(
            self._switch(
                self._signatures, i18n.text("Column for signatures"), i18n.text("Where people must sign on paper")
            )
        )

    def _build_both(self) -> None:
        column = _column(self._both)
        title = i18n.text("In English") if i18n.current() == "ru" else i18n.text("In Russian")
        column.addLayout(self._switch(self._english, title, i18n.text("Words and dates of the report")))

    def _switch(self, switch: Switch, title: str, detail: str) -> QHBoxLayout:
        theme = self._theme
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(theme, title, "body_strong"))
        words.addWidget(Label(theme, detail, "small", "text2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(switch)
        return row


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    return column


def _month(today: date, back: int) -> tuple[date, str]:
    month = month_start(today, -back)
    words = i18n.month_long(month)
    words = words[:1].upper() + words[1:]
    return month, i18n.text("{month}, not over yet", month=words) if back == 0 else words
