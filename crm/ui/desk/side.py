"""The desk's right side: how many are in, who came last, and two buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services.desk_rows import Arrival, Counters
from crm.ui.desk.words import Shown
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.charts import RingGauge
from crm.ui.widgets.labels import ElidedLabel, Hairline, Label
from crm.ui.widgets.mark_widgets import Avatar
from crm.ui.widgets.pages import Surface

_WIDTH = 392
_NARROW_WIDTH = 316
_LAST = 5


class LastRow(QWidget):
    """One of the last arrivals, with a button that takes it back."""

    taken_back = Signal(object)

    def __init__(self, theme: Theme, *, first: bool) -> None:
        super().__init__()
        self._person: Arrival | None = None
        self._avatar = Avatar(theme, size=36)
        self._name = ElidedLabel(theme, "", "body_strong", "text")
        self._detail = ElidedLabel(theme, "", "small", "text2")
        self._button = (
            Button(theme, i18n.text("Undo"), "quiet", "arrow-counter-clockwise")
            if first
            else IconButton(theme, "arrow-counter-clockwise", i18n.text("Undo"))
        )
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._press)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 9, 0, 9)
        row.setSpacing(12)
        row.addWidget(self._avatar)
        row.addLayout(words, 1)
        row.addWidget(self._button)

    def show_person(self, person: Arrival, shown: Shown) -> None:
        """Show who it was and when."""
        self._person = person
        name = shown.name(person)
        time = i18n.time(person.first_in_at, shown.zone) if person.first_in_at else ""
        self._avatar.set_person(person.person_id, person.name)
        self._name.set_text(name)
        self._detail.set_text(" · ".join(part for part in ("" if shown.hidden else person.organisation, time) if part))
        self._button.setAccessibleName(i18n.text("Take back the check-in of {name}", name=name))

    def _press(self) -> None:
        if self._person is not None:
            self.taken_back.emit(self._person)


class DeskSide(Surface):
    """Counters, the last five, «Guest without registration» and the way out."""

    taken_back = Signal(object)
    guest_wanted = Signal()
    hiding_changed = Signal(bool)
    folded = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface", "l")
        self._theme = theme
        self._ring = RingGauge(theme, 180)
        self._left = Label(theme, "", "sentence", "text2")
        self._recent = Label(theme, "", "sentence", "text2")
        self._apart = Hairline(theme, vertical=True)
        self._more = Label(theme, "", "small", "text2", wrap=True)
        self._more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._nobody = Label(theme, i18n.text("Nobody has arrived yet"), "body", "text3")
        self._rows = [LastRow(theme, first=place == 0) for place in range(_LAST)]
        self._lines = [Hairline(theme) for _ in range(_LAST - 1)]
        self.guest = Button(theme, i18n.text("Guest without registration"), "secondary", "user-plus")
        self.fold = Button(theme, i18n.text("Put the desk away"), "quiet", "arrows-in-simple")
        self.hiding = IconButton(theme, "eye", i18n.text("Hide personal data (Ctrl+H)"))
        self._hidden = False
        self._build()

    def _build(self) -> None:
        theme = self._theme
        self._narrow = False
        self._fit()
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 28, 24, 20)
        column.setSpacing(0)
        ring = QHBoxLayout()
        ring.addStretch(1)
        ring.addWidget(self._ring)
        ring.addStretch(1)
        column.addLayout(ring)
        column.addSpacing(14)
        counts = QHBoxLayout()
        counts.setSpacing(16)
        counts.addStretch(1)
        for part in (self._left, self._apart, self._recent):
            counts.addWidget(part)
        counts.addStretch(1)
        column.addLayout(counts)
        column.addSpacing(6)
        column.addWidget(self._more)
        column.addSpacing(16)
        column.addWidget(Hairline(theme))
        column.addSpacing(14)
        heading = QHBoxLayout()
        heading.addWidget(Label(theme, i18n.text("Last arrivals"), "heading"))
        heading.addStretch(1)
        heading.addWidget(Label(theme, i18n.text("Ctrl Z to undo"), "small", "text2"))
        column.addLayout(heading)
        column.addSpacing(4)
        column.addWidget(self._nobody)
        for place, row in enumerate(self._rows):
            if place:
                inset = QHBoxLayout()
                inset.setContentsMargins(48, 0, 0, 0)
                inset.addWidget(self._lines[place - 1])
                column.addLayout(inset)
            column.addWidget(row)
            row.taken_back.connect(self.taken_back)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.guest)
        buttons.addStretch(1)
        buttons.addWidget(self.hiding)
        column.addLayout(buttons)
        column.addSpacing(6)
        below = QHBoxLayout()
        below.addWidget(self.fold)
        below.addStretch(1)
        column.addLayout(below)
        self.guest.setToolTip("Ctrl+N")
        self.fold.setToolTip("Ctrl+W")
        for button in (self.guest, self.fold, self.hiding):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.guest.clicked.connect(self.guest_wanted)
        self.fold.clicked.connect(self.folded)
        self.hiding.clicked.connect(lambda: self.set_hidden(hidden=not self._hidden))
        theme.changed.connect(self._fit)

    def set_narrow(self, *, narrow: bool) -> None:
        """Take less room in a narrow window."""
        if narrow is not self._narrow:
            self._narrow = narrow
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(_NARROW_WIDTH if self._narrow else _WIDTH))

    def set_hidden(self, *, hidden: bool) -> None:
        """Show initials or names; the button says which comes next."""
        self._hidden = hidden
        name = i18n.text("Show names (Ctrl+H)") if hidden else i18n.text("Hide personal data (Ctrl+H)")
        self.hiding.set_icon("eye-slash" if hidden else "eye")
        self.hiding.setAccessibleName(name)
        self.hiding.setToolTip(name)
        self.hiding_changed.emit(hidden)

    def show_state(self, counters: Counters, last: list[Arrival], shown: Shown) -> None:
        """Show the counters and the last arrivals."""
        self._ring.set_value(counters.came_registered, counters.expected)
        self._left.set_text(i18n.text("{count} to come", count=i18n.number(counters.left)))
        self._recent.set_text(i18n.text("+{count} in 5 minutes", count=i18n.number(counters.last_minutes)))
        self._more.set_text(" · ".join(_more(counters)))
        self._more.setVisible(bool(self._more.text()))
        self._nobody.setVisible(not last)
        for place, row in enumerate(self._rows):
            there = place < len(last)
            row.setVisible(there)
            if place:
                self._lines[place - 1].setVisible(there)
            if there:
                row.show_person(last[place], shown)


def _more(counters: Counters) -> list[str]:
    parts = []
    if counters.walk_ins:
        parts.append(i18n.plural("{count} not registered", "{count} not registered", counters.walk_ins))
    if counters.inside != counters.came_registered:
        parts.append(i18n.text("{count} inside", count=i18n.number(counters.inside)))
    if counters.free is not None:
        parts.append(
            i18n.plural("{count} place free", "{count} places free", counters.free)
            if counters.free > 0
            else i18n.text("no places free")
        )
    return parts
