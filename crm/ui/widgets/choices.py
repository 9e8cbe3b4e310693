"""Choosing: check box, radio, switch, cards of which one is taken."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QRadioButton, QSizePolicy, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Pressable

_MARK: Final = 16
_GAP: Final = 9


class CheckBox(QCheckBox):
    """A box and what it says yes to."""

    def __init__(self, theme: Theme, text: str = "", *, name: str = "") -> None:
        super().__init__(text.replace("&", "&&"))
        self._theme = theme
        self._words = text
        self.setAccessibleName(name or text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """The mark, a gap, the words."""
        return _marked_size(self._theme, self._words, _MARK)

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def hitButton(self, at: QPoint) -> bool:
        """The words can be clicked too."""
        return self.rect().contains(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in its state."""
        painter = QPainter(self)
        theme = self._theme
        mark = theme.px(_MARK)
        rect = QRect(0, (self.height() - mark) // 2, mark, mark)
        on = self.checkState() != Qt.CheckState.Unchecked
        if on:
            shapes.box(painter, rect, 4, theme.colour("accent" if self.isEnabled() else "text3"))
            name = "check-bold" if self.isChecked() else "minus-bold"
            if self.checkState() == Qt.CheckState.PartiallyChecked:
                name = "minus-bold"
            inner = mark - 5
            icons.paint(painter, name, rect.x() + 2.5, rect.y() + 2.5, inner, theme.colour("on_accent"))
        else:
            border = "text3" if self.underMouse() and self.isEnabled() else "hair2"
            shapes.box(painter, rect, 4, theme.colour("raised"), theme.colour(border))
        if self.hasFocus():
            shapes.box(painter, rect.adjusted(-1, -1, 1, 1), 5, None, theme.colour("text" if on else "accent"), 2)
        _paint_words(painter, theme, self, self._words, mark)


class RadioButton(QRadioButton):
    """One of several."""

    def __init__(self, theme: Theme, text: str = "", *, name: str = "") -> None:
        super().__init__(text.replace("&", "&&"))
        self._theme = theme
        self._words = text
        self.setAccessibleName(name or text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """The mark, a gap, the words."""
        return _marked_size(self._theme, self._words, _MARK)

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def hitButton(self, at: QPoint) -> bool:
        """The words can be clicked too."""
        return self.rect().contains(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in its state."""
        painter = QPainter(self)
        theme = self._theme
        mark = theme.px(_MARK)
        rect = QRect(0, (self.height() - mark) // 2, mark, mark)
        if self.isChecked():
            shapes.box(painter, rect, mark / 2, theme.colour("accent" if self.isEnabled() else "text3"))
            shapes.box(painter, QRectF(rect).adjusted(5, 5, -5, -5), mark, theme.colour("on_accent"))
        else:
            border = "text3" if self.underMouse() and self.isEnabled() else "hair2"
            shapes.box(painter, rect, mark / 2, theme.colour("raised"), theme.colour(border), 1.5)
        if self.hasFocus():
            ring = theme.colour("text" if self.isChecked() else "accent")
            shapes.box(painter, rect.adjusted(-1, -1, 1, 1), mark / 2 + 1, None, ring, 2)
        _paint_words(painter, theme, self, self._words, mark)


class Switch(QCheckBox):
    """A setting that takes hold at once."""

    WIDTH: Final = 32
    HEIGHT: Final = 18

    def __init__(self, theme: Theme, text: str = "", *, name: str = "") -> None:
        super().__init__(text.replace("&", "&&"))
        self._theme = theme
        self._words = text
        self.setAccessibleName(name or text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """The switch, a gap, the words."""
        return _marked_size(self._theme, self._words, self.WIDTH)

    def minimumSizeHint(self) -> QSize:
        """Its words are never cut."""
        return self.sizeHint()

    def hitButton(self, at: QPoint) -> bool:
        """The words can be clicked too."""
        return self.rect().contains(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in its state."""
        painter = QPainter(self)
        theme = self._theme
        width, height = theme.px(self.WIDTH), theme.px(self.HEIGHT)
        rect = QRect(0, (self.height() - height) // 2, width, height)
        token = "track" if not self.isEnabled() else "accent" if self.isChecked() else "text3"
        shapes.box(painter, rect, height / 2, theme.colour(token))
        knob = height - 6
        x = rect.right() + 1 - knob - 3 if self.isChecked() else rect.x() + 3
        shapes.box(painter, QRect(x, rect.y() + 3, knob, knob), knob / 2, theme.colour("on_accent"))
        if self.hasFocus():
            ring = theme.colour("text" if self.isChecked() else "accent")
            shapes.box(painter, rect, height / 2, None, ring, 2)
        _paint_words(painter, theme, self, self._words, width)


def _marked_size(theme: Theme, words: str, mark: int) -> QSize:
    width = theme.px(mark) + 1
    if words:
        width += _GAP + theme.metrics("body").horizontalAdvance(words) + 1
    return QSize(width, theme.px(24))


def _paint_words(painter: QPainter, theme: Theme, widget: QWidget, words: str, mark: int) -> None:
    shapes.line_of_text(
        painter,
        QRect(mark + _GAP, 0, widget.width() - mark - _GAP, widget.height()),
        words,
        theme.font("body"),
        theme.metrics("body"),
        theme.colour("text" if widget.isEnabled() else "text3"),
    )


class ChoiceCard(Pressable):
    """A way to go on: a radio mark, a title, one line about it, and perhaps a state at the right."""

    def __init__(self, theme: Theme, title: str, detail: str, *, state: tuple[str, str, str] | None = None) -> None:
        super().__init__(theme)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_content(title, detail, state=state)

    def set_content(self, title: str, detail: str, *, state: tuple[str, str, str] | None = None) -> None:
        """Other words: something more was learned of it."""
        self._title, self._detail, self._state = title, detail, state
        self.setAccessibleName(f"{title}. {detail}" + (f". {state[1]}" if state else ""))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        width = max(
            self._theme.metrics("sub").horizontalAdvance(self._title),
            self._theme.metrics("small").horizontalAdvance(self._detail),
        )
        return QSize(min(width, 320) + 170, self._theme.px(56))

    def minimumSizeHint(self) -> QSize:
        """Elides when it must."""
        return QSize(160, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space chooses; Enter goes on with what is chosen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in its state."""
        painter = QPainter(self)
        theme = self._theme
        on = self.isChecked()
        fill = theme.colour("accent_soft" if on else "hover" if self.hovered else "raised")
        border = theme.colour("accent" if on or self.ringed else "hair")
        shapes.box(painter, self.rect(), 8, fill, border, 2 if self.ringed else 1)
        mark = QRect(15, (self.height() - 16) // 2, 16, 16)
        if on:
            shapes.box(painter, mark, 8, theme.colour("accent"))
            shapes.box(painter, mark.adjusted(5, 5, -5, -5), 3, theme.colour("on_accent"))
        else:
            shapes.box(painter, mark, 8, theme.colour("raised"), theme.colour("hair2"), 1.5)
        right = self.width() - 15
        if self._state is not None:
            icon, word, tone = self._state
            width = theme.metrics("small_strong").horizontalAdvance(word) + 2
            area = QRect(right - width, 0, width, self.height())
            shapes.line_of_text(
                painter, area, word, theme.font("small_strong"), theme.metrics("small_strong"), theme.colour(tone)
            )
            icons.paint(painter, icon, area.x() - 22, (self.height() - 16) / 2, 16, theme.colour(tone))
            right = area.x() - 32
        middle = self.height() // 2
        for text, role, token, top in (
            (self._title, "sub", "text", middle - theme.px(18)),
            (self._detail, "small", "text2", middle),
        ):
            shapes.line_of_text(
                painter,
                QRect(43, top, right - 43, theme.px(18)),
                text,
                theme.font(role),
                theme.metrics(role),
                theme.colour(token),
            )
