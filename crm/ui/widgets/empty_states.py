"""Nothing here yet: what will be, and how to start."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button, Pressable
from crm.ui.widgets.labels import Label, cap_size, paint_cap
from crm.ui.widgets.marks import paint_avatar
from crm.ui.widgets.pages import Surface


class _Way(Pressable):
    """A way to start: icon, title, detail, its key, a caret."""

    def __init__(self, theme: Theme, icon: str, title: str, detail: str, keys: str, *, main: bool) -> None:
        super().__init__(theme)
        icons.resolve(icon)
        self._icon, self._title, self._detail, self._keys, self._main = icon, title, detail, keys, main
        self.setAccessibleName(f"{title}. {detail}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(460), self._theme.px(64))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(280), self._theme.px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        fill = theme.colour("accent_soft" if self._main else "hover" if self.hovered else "raised")
        border = None if self._main and not self.hovered else theme.colour("hair")
        if self.ringed:
            shapes.box(painter, self.rect(), 10, fill, theme.colour("accent"), 2)
        else:
            shapes.box(painter, self.rect(), 10, fill, border)
        middle = self.height() // 2
        side = theme.px(20)
        token = "accent_text" if self._main else "text2"
        icons.paint(painter, self._icon, 18, middle - side / 2, side, theme.colour(token))
        right = self.width() - 16 - theme.px(14)
        icons.paint(painter, "caret-right", right, middle - theme.px(7), theme.px(14), theme.colour("text2"))
        if self._keys:
            width, height = cap_size(theme, self._keys)
            right -= width + 10
            paint_cap(painter, theme, QRect(right, middle - height // 2, width, height), self._keys)
        for words, role, ink, top in (
            (self._title, "sub", "text", middle - theme.px(18)),
            (self._detail, "small", "text2", middle),
        ):
            area = QRect(56, top, right - 66, theme.px(18))
            shapes.line_of_text(painter, area, words, theme.font(role), theme.metrics(role), theme.colour(ink))


class _Rings(QWidget):
    """The picture of an empty circle: rings, two who came, two places free."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(200, 184)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        middle = QPointF(100, 92)
        for radius, strength in ((88, 0.16), (62, 0.28), (36, 0.5)):
            ink = QColor(theme.colour("accent"))
            ink.setAlphaF(strength)
            painter.setPen(QPen(ink, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, radius, radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(middle, 11, 11)
        for x, y in ((18, 61), (155, 161)):
            place = QRectF(x - 13, y - 13, 26, 26)
            pen = QPen(theme.colour("hair2"), 1.4)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([2.6, 2.25])
            painter.setPen(pen)
            painter.setBrush(theme.colour("surface"))
            painter.drawEllipse(place)
        for x, y, seed in ((151, 57, 3), (82, 123, 2)):
            area = QRect(x - 14, y - 14, 28, 28)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface"))
            painter.drawEllipse(area.adjusted(-2, -2, 2, 2))
            paint_avatar(painter, theme, area, seed, "")
            icons.paint(painter, "user", x - 8, y - 8, 16, theme.avatar(seed)[1])


class EmptyState(Surface):
    """What will be here, and two or three ways to start, each with its key."""

    def __init__(self, theme: Theme, title: str, text: str, *, picture: bool = True, foot: str = "") -> None:
        super().__init__(theme)
        self.main: QWidget | None = None
        middle = Qt.AlignmentFlag.AlignHCenter
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 40)
        outer.addStretch(1)
        if picture:
            outer.addWidget(_Rings(theme), 0, middle)
            outer.addSpacing(18)
        title_label = Label(theme, title, "display")
        title_label.setAlignment(middle)
        outer.addWidget(title_label, 0, middle)
        words = Label(theme, text, "sentence", "text2", wrap=True)
        words.setAlignment(middle)
        words.setFixedWidth(theme.px(350))
        # A wrapped label that is aligned in its layout gets one line's height unless it is told.
        words.setMinimumHeight(words.heightForWidth(words.width()))
        outer.addWidget(words, 0, middle)
        outer.addSpacing(18)
        column = QWidget()
        column.setFixedWidth(theme.px(460))
        self._ways = QVBoxLayout(column)
        self._ways.setContentsMargins(0, 0, 0, 0)
        self._ways.setSpacing(8)
        outer.addWidget(column, 0, middle)
        if foot:
            from crm.ui.widgets.labels import IconLabel

            outer.addSpacing(14)
            outer.addWidget(IconLabel(theme, "shield-check", foot, "small", "text2", "ok"), 0, middle)
        self._quiet = QVBoxLayout()
        outer.addLayout(self._quiet)
        outer.addStretch(2)

    def add_quiet_way(self, text: str, callback: Callable[[], object]) -> Button:
        """Something to be had here that is no way to start: a link below the foot."""
        link = Button(self._theme, text, "link", size="compact")
        link.clicked.connect(lambda _=False: callback())
        self._quiet.addWidget(link, 0, Qt.AlignmentFlag.AlignHCenter)
        return link

    def add_way(
        self, icon: str, title: str, detail: str, keys: str, callback: Callable[[], object], *, main: bool = False
    ) -> QWidget:
        """One way to start; `main` is the one to take when in doubt."""
        way = _Way(self._theme, icon, title, detail, keys, main=main)
        way.clicked.connect(lambda _=False: callback())
        if main or self.main is None:
            self.main = way
        self._ways.addWidget(way)
        return way


class EmptyLine(QWidget):
    """Nothing in this section yet: one line about it, and one button, below the words in a narrow column."""

    def __init__(
        self, theme: Theme, icon: str, title: str, text: str, button: Button | None = None, *, narrow: bool = False
    ) -> None:
        super().__init__()
        icons.resolve(icon)
        self._theme = theme
        self._icon, self._narrow = icon, narrow
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(theme, title, "sub"))
        words.addWidget(Label(theme, text, "small", "text2", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(34, 6, 0, 6)
        row.setSpacing(16)
        row.addLayout(words, 1)
        if button is not None and narrow:
            words.addSpacing(8)
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        elif button is not None:
            row.addWidget(button)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon."""
        size = self._theme.px(20)
        top = (self.height() - size) / 2 if not self._narrow else 10
        icons.paint(QPainter(self), self._icon, 0, top, size, self._theme.colour("text2"))
