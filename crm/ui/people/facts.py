"""Lines of a profile: what leads somewhere, a consent, a task."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crm import i18n
from crm.services.profiles import TaskLine
from crm.ui.theme import Theme
from crm.ui.widgets.choices import CheckBox
from crm.ui.widgets.labels import ElidedLabel, IconLabel, Label


class LinkLine(IconLabel):
    """A fact that leads somewhere: pressed by pointer or Enter."""

    pressed = Signal()

    def __init__(self, theme: Theme, icon: str, text: str) -> None:
        super().__init__(theme, icon, text, "body", "text", "text2", gap=12)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._said = icon, text

    def _light(self, *, on: bool) -> None:
        icon, text = self._said
        self.set_content(icon, text, "accent_text" if on else "text", "text2")

    def enterEvent(self, event: object) -> None:
        """It can be pressed."""
        self._light(on=True)

    def leaveEvent(self, event: object) -> None:
        """The pointer left."""
        self._light(on=self.hasFocus())

    def focusInEvent(self, event: object) -> None:
        """The keyboard is here."""
        self._light(on=True)

    def focusOutEvent(self, event: object) -> None:
        """The keyboard left."""
        self._light(on=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class TaskRow(QWidget):
    """An open task: ticking it says it is done."""

    done = Signal(int)

    def __init__(self, theme: Theme, task: TaskLine, today: date) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        tick = CheckBox(theme, "", name=i18n.text("Done: {title}", title=task.title))
        tick.toggled.connect(lambda: self.done.emit(task.id))
        row.addWidget(tick)
        row.addWidget(ElidedLabel(theme, task.title), 1)
        if task.due_on is not None:
            late = task.due_on < today
            row.addWidget(Label(theme, i18n.weekday_day(task.due_on, today), "small", "bad" if late else "text2"))
        self.setFixedHeight(theme.px(28))
