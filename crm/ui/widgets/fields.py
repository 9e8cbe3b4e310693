"""Fields: the label above, the error below with an icon and a sentence, 2 px of accent while one types (guide §6)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from crm import i18n
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.labels import Label, Notice, cap_size, paint_cap
from crm.ui.widgets.menus import round_corners

_CARET: Final = 12
_SELECT_SIDES: Final = 50
"""What the paddings and the caret of a `Select` take, px (crm/ui/stylesheet.py)."""


def mark(widget: QWidget, *, wrong: bool) -> None:
    """A red border, or none."""
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
        widget.update()


def dress(widget: QWidget, theme: Theme, role: str = "body") -> None:
    """Font and placeholder colour of a field."""
    widget.setFont(theme.font(role))
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.PlaceholderText, theme.colour("text3"))
    widget.setPalette(palette)


class LineEdit(QLineEdit):
    """One line of text; `name` is what a screen reader says when there is no `Field` around."""

    def __init__(self, theme: Theme, placeholder: str = "", name: str = "", *, bare: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        if bare:
            self.setProperty("bare", True)
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)

    def set_error(self, *, wrong: bool) -> None:
        """A red border; the sentence is the `Field`'s."""
        mark(self, wrong=wrong)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z belongs to the text while there is typing to take back, and to the last deed otherwise."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)


class TextArea(QPlainTextEdit):
    """Several lines of plain text; Tab goes on to the next field."""

    def __init__(self, theme: Theme, placeholder: str = "", rows: int = 3, name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._rows = rows
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(4)
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)
        self.setFixedHeight(self._rows * self._theme.metrics("body").lineSpacing() + 22)

    def text(self) -> str:
        """What is written."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show `text`."""
        self.setPlainText(text)

    def set_error(self, *, wrong: bool) -> None:
        """A red border; the sentence is the `Field`'s."""
        mark(self, wrong=wrong)


class SearchField(QLineEdit):
    """Where one searches a list: the glass, the key that leads here, a cross when there is something to clear.

    `stepped` carries −1 or 1 for the arrows (±10 for the page keys): the list below moves, the field keeps the focus.
    """

    stepped = Signal(int)
    escaped = Signal()
    _STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}

    def __init__(self, theme: Theme, placeholder: str, key_hint: str = "/") -> None:
        super().__init__()
        self._theme = theme
        self._key = key_hint
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._clear = IconButton(theme, "x", i18n.text("Clear"), size=24)
        self._clear.setParent(self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)
        self.setTextMargins(self._theme.px(27), 0, self._theme.px(26), 0)
        self._place()

    def _place(self) -> None:
        side = self._clear.sizeHint().height()
        self._clear.setGeometry(self.width() - side - 4, (self.height() - side) // 2, side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cross at the right."""
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step in the list; Esc clears, then says that it was pressed."""
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and key in self._STEPS:
            self.stepped.emit(self._STEPS[key])
        elif plain and key == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, the glass and the key."""
        super().paintEvent(event)
        painter = QPainter(self)
        size = self._theme.px(16)
        icons.paint(painter, "magnifying-glass", 10, (self.height() - size) / 2, size, self._theme.colour("text2"))
        if self._key and not self.text() and not self.hasFocus():
            width, height = cap_size(self._theme, self._key)
            area = self.rect()
            area.setRect(self.width() - width - 8, (self.height() - height) // 2, width, height)
            paint_cap(painter, self._theme, area, self._key)


class Select(QComboBox):
    """One of a known set. `chosen` carries the value, and only for a choice that the person made."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, options: Sequence[tuple[Hashable, str]] = (), name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._values: list[Hashable] = []
        self.setAccessibleName(name)
        self.setMaxVisibleItems(14)
        # Qt's own delegate of a list that drops down ignores the stylesheet.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_options(options)
        self.activated.connect(lambda place: self.chosen.emit(self._values[place]))
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)

    def set_options(self, options: Sequence[tuple[Hashable, str]]) -> None:
        """What can be chosen; a value still among them stays."""
        kept = self.value()
        self.clear()
        self._values = [value for value, _ in options]
        self.addItems([text for _, text in options])
        self.set_value(kept)

    def value(self) -> Any:
        """The value chosen, None when there are no options."""
        place = self.currentIndex()
        return self._values[place] if 0 <= place < len(self._values) else None

    def set_value(self, value: Hashable) -> None:
        """Choose `value`; another than the options' leaves the choice as it is."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def set_error(self, *, wrong: bool) -> None:
        """A red border; the sentence is the `Field`'s."""
        mark(self, wrong=wrong)

    def sizeHint(self) -> QSize:
        """The widest option and the caret."""
        metrics = self._theme.metrics("body")
        widest = max((metrics.horizontalAdvance(self.itemText(place)) for place in range(self.count())), default=60)
        return QSize(min(widest, self._theme.px(300)) + 52, self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """A few letters and the caret."""
        return QSize(76, self._theme.px(32))

    def showPopup(self) -> None:
        """The options, with round corners."""
        super().showPopup()
        round_corners(self.view().window(), 8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A page that scrolls below the pointer changes nothing."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, the words cut with «…» where they must be, the caret."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.width() - _SELECT_SIDES
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        option.currentText = shown
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
        paint_caret(self, self._theme)


def paint_caret(widget: QWidget, theme: Theme) -> None:
    """The caret at the right of a field that opens."""
    size = theme.px(_CARET)
    colour = theme.colour("text2" if widget.isEnabled() else "text3")
    icons.paint(QPainter(widget), "caret-down", widget.width() - size - 10, (widget.height() - size) / 2, size, colour)


class NumberField(QSpinBox):
    """A whole number between two bounds."""

    def __init__(self, theme: Theme, minimum: int, maximum: int, suffix: str = "", name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setRange(minimum, maximum)
        self.setGroupSeparatorShown(True)
        self.lineEdit().setTextMargins(9, 0, 0, 0)
        if suffix:
            self.setSuffix(i18n.NBSP + suffix)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        dress(self, self._theme)
        self.setMinimumWidth(self._theme.px(84))
        self.setFixedHeight(self._theme.px(32))

    def sizeHint(self) -> QSize:
        """As high as every other field."""
        return QSize(super().sizeHint().width(), self._theme.px(32))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A page that scrolls below the pointer changes nothing."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field and its two carets."""
        super().paintEvent(event)
        painter = QPainter(self)
        size = self._theme.px(10)
        x = self.width() - size - 7
        colour = self._theme.colour("text2" if self.isEnabled() else "text3")
        icons.paint(painter, "caret-up", x, self.height() / 2 - size - 1, size, colour)
        icons.paint(painter, "caret-down", x, self.height() / 2 + 1, size, colour)


class Field(QWidget):
    """A control with its label above and room for a hint or an error below. The label names the control."""

    def __init__(self, theme: Theme, label: str, widget: QWidget, *, hint: str = "") -> None:
        super().__init__()
        self.widget = widget
        self._label = Label(theme, label, "small", "text2")
        self._label.setBuddy(widget)
        widget.setAccessibleName(label)
        self._hint = Label(theme, hint, "small", "text3", wrap=True)
        if not hint:
            self._hint.hide()
        self._error = Notice(theme, "warning-circle-fill", "", "bad")
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for part in (self._label, widget, self._hint, self._error):
            column.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_label(self, label: str) -> None:
        """Another label."""
        self._label.set_text(label)
        self.widget.setAccessibleName(label)

    def set_error(self, text: str) -> None:
        """The sentence that says what is wrong; «» takes it away."""
        self._error.set_text(text)
        self._error.setVisible(bool(text))
        self._hint.setVisible(bool(self._hint.text()) and not text)
        self.widget.setAccessibleDescription(text)
        mark(self.widget, wrong=bool(text))

    @property
    def error(self) -> str:
        """The sentence in force, «» when all is well."""
        return self._error.text() if not self._error.isHidden() else ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus is the control's."""
        self.widget.setFocus(event.reason())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the label leads into the field."""
        self.widget.setFocus(Qt.FocusReason.MouseFocusReason)
