"""The pulse strip: four headline figures, each with its definition, its base, its past and its change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.changes import change_of, explained, shown
from crm.services.figures_rows import Figure
from crm.services.today import Pulse
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.charts import Sparkline
from crm.ui.widgets.labels import ElidedLabel, Hairline, IconLabel, Label
from crm.ui.widgets.pages import SIDE, Surface

FIGURES: Final = 4
_SLACK: Final = 8
_TONES: Final = {1: "ok", 0: "text2", -1: "warn"}


class PulseFigure(QWidget):
    """One figure: name, number with its past beside it, definition with base, change. A click or Enter asks whom."""

    asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._figure: Figure | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._name = ElidedLabel(theme, "", "small", "text2")
        self._number = Label(theme, "", "number_large")
        self._past = Sparkline(theme)
        self._meaning = Label(theme, "", "small", "text2", wrap=True)
        self._meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._change = IconLabel(theme, "arrow-right", "", "small_strong", "text2", gap=5)
        self._change.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._against = Label(theme, "", "small", "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SLACK, 4, _SLACK, 4)
        column.setSpacing(2)
        column.addWidget(self._name)
        number = QHBoxLayout()
        number.addWidget(self._number)
        number.addStretch(1)
        number.addWidget(self._past)
        column.addLayout(number)
        column.addWidget(self._meaning)
        column.addStretch(1)
        change = QHBoxLayout()
        change.setSpacing(6)
        change.addWidget(self._change, 0, Qt.AlignmentFlag.AlignTop)
        change.addWidget(self._against, 1)
        column.addLayout(change)

    def set_pulse(self, pulse: Pulse | None) -> None:
        """Show a figure, or that it is being counted."""
        known = pulse is not None
        self._change.setVisible(False)
        self._against.setVisible(False)
        if not known or pulse is None:
            self._number.set_text("\N{HORIZONTAL ELLIPSIS}")
            return
        line = pulse.headline
        self._figure = line.figure
        self.setToolTip(i18n.text("Show the people behind this"))
        self._name.set_text(line.label)
        self._number.set_text(shown(line.figure))
        self._meaning.set_text(explained(line))
        self._past.set_values([value for value in pulse.past if value is not None])
        said = [line.label, shown(line.figure), explained(line)]
        change = change_of(line)
        if change is not None:
            tone = _TONES[change.quality]
            icon = "arrow-up-right" if change.difference > 0 else "arrow-down-right"
            self._change.set_content(icon if change.difference else "arrow-right", change.text(), tone, tone)
            self._change.setFixedWidth(self._change.sizeHint().width())
            self._against.set_text(line.compared_to)
            self._past.set_values(
                [value for value in pulse.past if value is not None], "text2" if change.quality < 0 else "accent"
            )
            said.append(f"{change.text()} {line.compared_to}")
        self._change.setVisible(change is not None)
        self._against.setVisible(change is not None)
        self.setAccessibleName(", ".join(said))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space ask."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._ask()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        if self._figure is not None:
            self.asked.emit(self._figure)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring of the focus, the ground under the pointer."""
        painter = QPainter(self)
        if self.hasFocus():
            shapes.box(painter, self.rect(), 6, None, self._theme.colour("accent"), 2)
        elif self.underMouse() and self._figure is not None:
            shapes.box(painter, self.rect(), 6, self._theme.colour("hover"))


class PulseStrip(Surface):
    """Four figures side by side, parted by hairlines."""

    asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface", "b")
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE - _SLACK, 14 - 4, SIDE - _SLACK, 14 - 4)
        row.setSpacing(20 - _SLACK)
        self._figures = [PulseFigure(theme) for _ in range(FIGURES)]
        for place, figure in enumerate(self._figures):
            if place:
                row.addWidget(Hairline(theme, vertical=True))
            figure.asked.connect(self.asked)
            row.addWidget(figure, 1)
        self.setAccessibleName(i18n.text("Headline figures"))
        self.set_pulses(())

    def set_pulses(self, pulses: Sequence[Pulse]) -> None:
        """Show the figures; none yet: they are being counted."""
        for place, figure in enumerate(self._figures):
            figure.set_pulse(pulses[place] if place < len(pulses) else None)
