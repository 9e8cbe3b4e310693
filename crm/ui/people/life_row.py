"""A row of the profile that stands for a thing: a relation, a consent, a file; pressed, it opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.people.fact_row import INSET
from crm.ui.people.sections import SIDE, Section
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.labels import ElidedLabel, IconLabel, Label
from crm.ui.widgets.menus import Menu

_GAP = 12


@dataclass(frozen=True, slots=True)
class Act:
    """A verb of a row. A `quick` one has a button of its own while the row is under the pointer or has the keyboard."""

    title: str
    do: Callable[[], object]
    icon: str
    danger: bool = False
    quick: bool = False


class LifeRow(QWidget):
    """A sign, a title, a note at the right, perhaps a line below; `pressed` by click or Enter, verbs by right click.

    While one is on the row its buttons stand where the note was.
    """

    pressed = Signal()

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        *,
        note: str = "",
        detail: str = "",
        tone: str = "text2",
        title_tone: str = "text",
        mark: QWidget | None = None,
        acts: Sequence[Act] = (),
        verb: str = "",
    ) -> None:
        super().__init__()
        self._theme, self._acts = theme, tuple(acts)
        self.setAccessibleName(". ".join(part for part in (title, note, detail) if part))
        self.setAccessibleDescription(verb)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if verb:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(INSET, 1, INSET, 1)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(4)
        if mark is not None:
            row.addWidget(mark)
            row.addSpacing(_GAP - 6)
            row.addWidget(ElidedLabel(theme, title, "body", title_tone), 1)
        else:
            row.addWidget(IconLabel(theme, icon, title, "body", title_tone, tone, gap=_GAP), 1)
        self._note = Label(theme, note, "small", "text2")
        row.addWidget(self._note)
        self._buttons: list[QWidget] = []
        for act in self._acts:
            if act.quick:
                button = IconButton(theme, act.icon, act.title, size=24)
                button.clicked.connect(act.do)
                self._add_button(row, button)
        if self._acts:
            more = IconButton(theme, "dots-three", i18n.text("What can be done: {what}", what=title), size=24)
            more.clicked.connect(lambda: self._open_menu(more.mapToGlobal(more.rect().bottomLeft())))
            self._add_button(row, more)
        # The height of a row with its buttons, so that nothing moves under the pointer.
        row.addStrut(theme.px(25))
        column.addLayout(row)
        if detail:
            below = ElidedLabel(theme, detail, "small", "text2")
            below.setContentsMargins(0, 0, 0, 0)
            line = QHBoxLayout()
            line.setContentsMargins(theme.px(16) + _GAP, 0, 0, 3)
            line.addWidget(below)
            column.addLayout(line)

    def _add_button(self, row: QHBoxLayout, button: IconButton) -> None:
        # By keyboard its menu has the same verbs: Tab goes from row to row.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.hide()
        row.addWidget(button)
        self._buttons.append(button)

    def menu(self) -> Menu:
        """What can be done with it."""
        menu = Menu(self._theme, self)
        for act in self._acts:
            if act.danger:
                menu.addSeparator()
            menu.add(act.title, act.do, act.icon, danger=act.danger)
        return menu

    def _open_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _light(self, *, on: bool) -> None:
        self._note.setVisible(not (on and self._buttons))
        for button in self._buttons:
            button.setVisible(on)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Its buttons come."""
        super().enterEvent(event)
        self._light(on=True)

    def leaveEvent(self, event: object) -> None:
        """They go again, unless the keyboard is here."""
        self._light(on=self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        super().focusInEvent(event)
        self._light(on=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard left."""
        super().focusOutEvent(event)
        self._light(on=self.underMouse())

    def event(self, event: QEvent) -> bool:
        """Delete is the row's, not the list's, while the keyboard is here."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Delete
            and any(act.danger for act in self._acts)
        ):
            event.accept()
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, Delete is the verb that takes away; the menu key opens the menu as a right click does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        elif event.key() == Qt.Key.Key_Delete and (act := next((one for one in self._acts if one.danger), None)):
            act.do()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Its verbs."""
        if self._acts:
            self._open_menu(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground under the pointer, the ring of the keyboard."""
        theme = self._theme
        if self.hasFocus():
            shapes.box(QPainter(self), self.rect(), 6, theme.colour("hover"), theme.colour("accent"), 2)
        elif self.underMouse():
            shapes.box(QPainter(self), self.rect(), 6, theme.colour("hover"))


class LifeSection(Section):
    """A section of rows: a count beside its heading, a plus at its end, a quiet line while there is nothing."""

    def __init__(self, theme: Theme, title: str, adds: str) -> None:
        super().__init__(theme, title)
        whole = self.layout()
        assert whole is not None  # noqa: S101 - the section's own
        whole.setContentsMargins(SIDE - INSET, 8, SIDE - INSET, 9)
        self.heading.setContentsMargins(INSET, 0, INSET - 4, 0)
        self._count = Label(theme, "", "small", "text3")
        self.heading.insertWidget(1, self._count)
        self.plus = IconButton(theme, "plus", adds)
        self.plus.clicked.connect(self.add)
        self.heading.addWidget(self.plus)

    def add(self) -> None:
        """Begin a new one."""
        raise NotImplementedError

    def set_count(self, many: int) -> None:
        """How many there are; nothing beside the heading where there are none."""
        self._count.set_text(i18n.number(many) if many else "")

    def say(self, words: str) -> None:
        """A line where rows would be."""
        label: QLabel = Label(self._theme, words, "small", "text2", wrap=True)
        label.setContentsMargins(INSET, 0, INSET, 4)
        self.body.addWidget(label)
