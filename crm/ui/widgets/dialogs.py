"""Dialogs inside the window: what happened, what is safe, what to choose, a verb on the button (guide §6).

A dialog is a layer over its window, not a window of its own: no title bar, no nested event loop. What lies behind it
is out of reach of pointer, Tab and shortcuts until it closes; the focus then returns to where it was.
"""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from crm import i18n
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.labels import Hairline, Label, Notice
from crm.ui.widgets.shortcuts import Rest

_TONES = {"accent": ("accent_soft", "accent_text"), "bad": ("bad_soft", "bad"), "warn": ("warn_soft", "warn"),
          "ok": ("ok_soft", "ok")}  # fmt: skip


_ONE_LINE: Final = 6
"""Centres at most this far apart in height, px, are read as one line."""


class Layer(QWidget):
    """A layer over a whole window with a panel on it; keys and pointer stay on it. Esc closes."""

    closed = Signal()

    def __init__(self, theme: Theme, host: QWidget, panel: QWidget) -> None:
        super().__init__(host.window())
        self._theme = theme
        self.panel = panel
        panel.setParent(self)
        self._before: QWidget | None = None
        self._rest: Rest | None = None
        self.hide()

    def open(self) -> None:
        """Lay it over the window and take the focus."""
        window = self.window()
        self._before = window.focusWidget()
        self._rest = Rest(window, self)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.place_panel()
        self.show()
        self.raise_()
        first = self.first_focus()
        (first or self.panel).setFocus(Qt.FocusReason.TabFocusReason)

    def close_layer(self) -> None:
        """Take it away, wake what is behind it, give the focus back; the layer itself goes."""
        if self._rest is None:
            return
        self._rest.end()
        self._rest = None
        self.window().removeEventFilter(self)
        self.hide()
        before, self._before = self._before, None
        try:
            if before is not None and before.isVisible():
                before.setFocus(Qt.FocusReason.OtherFocusReason)
        except RuntimeError:  # what had the focus is gone, a row of a list made anew
            pass
        self.closed.emit()
        self.deleteLater()

    @property
    def is_open(self) -> bool:
        """It lies over its window."""
        return self._rest is not None

    def first_focus(self) -> QWidget | None:
        """What gets the focus when it opens: the first that can take it."""
        return next((one for one in self._stops() if not isinstance(one, IconButton)), None)

    def place_panel(self) -> None:
        """In the middle, a little above."""
        hint = self.panel.sizeHint()
        width = min(hint.width(), self.width() - 48)
        height = self.panel.heightForWidth(width) if self.panel.hasHeightForWidth() else hint.height()
        height = min(max(height, self.panel.minimumSizeHint().height()), self.height() - 32)
        self.panel.setGeometry(
            (self.width() - width) // 2, max(16, (self.height() - height) * 45 // 100), width, height
        )
        # The shadow of where it was lies outside the panel.
        self.update()

    def _stops(self) -> list[QWidget]:
        """Where Tab stops, in reading order: line by line as they lie, not as they were made."""
        stops = [
            (one.mapTo(self.panel, one.rect().center()), one)
            for one in self.panel.findChildren(QWidget)
            if one.isVisibleTo(self) and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        stops.sort(key=lambda stop: stop[0].y())
        lines: list[list[tuple[QPoint, QWidget]]] = []
        for stop in stops:
            if lines and stop[0].y() - lines[-1][0][0].y() <= _ONE_LINE:
                lines[-1].append(stop)
            else:
                lines.append([stop])
        return [one for line in lines for _, one in sorted(line, key=lambda stop: stop[0].x())]

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round within the layer."""
        stops = self._stops()
        if not stops:
            return True
        now = self.window().focusWidget()
        place = stops.index(now) if now in stops else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(place + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and watched is self.window():
            self.setGeometry(self.window().rect())
            self.place_panel()
        return False

    def event(self, event: QEvent) -> bool:
        """A panel that grew is placed anew."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.place_panel()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; no key goes through to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        event.accept()

    def escape(self) -> None:
        """What Esc does."""
        self.close_layer()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing behind it is reached."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim what is behind; a shadow and the panel's box."""
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), QColor(0, 0, 0, 150) if theme.dark else QColor(29, 28, 26, 64))
        area = self.panel.geometry()
        shapes.shadow(painter, area, 14)
        shapes.box(painter, area, 14, theme.colour("raised" if theme.dark else "surface"), theme.colour("hair"))


class Dialog(Layer):
    """A question or a form of 600 px. Content goes into `body`, buttons below, the safe or main one last.

    `accepted`, `rejected` and `finished(bool)` tell how it ended; it is gone afterwards. A button that may still refuse
    is added as «other» and named by `set_default`; what it calls ends with `accept()` or `set_error()`.
    """

    accepted = Signal()
    rejected = Signal()
    finished = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        host: QWidget,
        title: str,
        text: str = "",
        *,
        icon: str = "",
        tone: str = "accent",
        width: int = 600,
        cross: bool = True,
    ) -> None:
        panel = _Panel(theme, width)
        super().__init__(theme, host, panel)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._default: Button | None = None
        self._links = 0
        outer = QVBoxLayout(panel)
        outer.setContentsMargins(28, 26, 28, 20)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(16)
        if icon:
            head.addWidget(_Badge(theme, icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        self._headline = Label(theme, title, "heading", wrap=True)
        words.addWidget(self._headline)
        self._text = Label(theme, text, "body", "text2", wrap=True)
        if not text:
            # Never shown here: without a parent yet it would be a window of its own for a moment.
            self._text.hide()
        words.addWidget(self._text)
        head.addLayout(words, 1)
        if cross:
            corner = IconButton(theme, "x", i18n.text("Close"))
            corner.clicked.connect(self.reject)
            head.addWidget(corner, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(head)
        outer.addSpacing(18)
        self.body = QVBoxLayout()
        self.body.setSpacing(14)
        outer.addLayout(self.body)
        self._error = Notice(theme, "warning-circle-fill", "", "bad", "body")
        self._error.hide()
        outer.addSpacing(12)
        outer.addWidget(self._error)
        outer.addSpacing(14)
        outer.addWidget(Hairline(theme))
        outer.addSpacing(16)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addStretch(1)
        outer.addLayout(self._row)

    def add_button(self, button: Button, role: Literal["accept", "reject", "other"] = "other") -> Button:
        """A button at the right end; Enter in a field presses the last «accept» one."""
        if role == "accept":
            self._default = button
            button.clicked.connect(self.accept)
        elif role == "reject":
            button.clicked.connect(self.reject)
        self._row.addWidget(button)
        return button

    def set_default(self, button: Button) -> None:
        """Enter in a field presses this button: for one that does not close by itself."""
        self._default = button

    def add_link(self, button: Button) -> Button:
        """A way aside, at the left end."""
        self._row.insertWidget(self._links, button)
        self._links += 1
        return button

    def set_title(self, title: str) -> None:
        """Another title."""
        self._headline.set_text(title)
        self.setAccessibleName(title)

    def set_text(self, text: str) -> None:
        """Another explanation."""
        self._text.set_text(text)
        self._text.setVisible(bool(text))
        self.setAccessibleDescription(text)

    def set_error(self, text: str) -> None:
        """What is wrong, above the buttons; «» takes it away."""
        self._error.set_text(text)
        self._error.setVisible(bool(text))
        self.place_panel()

    @property
    def error(self) -> str:
        """The sentence in force, «» when all is well."""
        return "" if self._error.isHidden() else self._error.text()

    def first_focus(self) -> QWidget | None:
        """The first field; with none, the button that Enter presses."""
        stops = [one for one in self._stops() if not isinstance(one, (Button, IconButton))]
        return stops[0] if stops else self._default or super().first_focus()

    def accept(self) -> None:
        """Close with yes."""
        self._end(yes=True)

    def reject(self) -> None:
        """Close with no."""
        self._end(yes=False)

    def escape(self) -> None:
        """Esc is no."""
        self.reject()

    def _end(self, *, yes: bool) -> None:
        if not self.is_open:
            return
        self.close_layer()
        (self.accepted if yes else self.rejected).emit()
        self.finished.emit(yes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field presses the main button, Ctrl+Enter also where Enter begins a line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._default is not None:
            if (self._default.isEnabled() and not isinstance(self.window().focusWidget(), QPlainTextEdit | Button)) or (
                event.modifiers() & Qt.KeyboardModifier.ControlModifier
            ):
                self._default.click()
            event.accept()
            return
        super().keyPressEvent(event)


class _Panel(QWidget):
    def __init__(self, theme: Theme, width: int) -> None:
        super().__init__()
        self._theme = theme
        self._wide = width
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(self._wide), super().sizeHint().height())


class _Badge(QWidget):
    def __init__(self, theme: Theme, icon: str, tone: str) -> None:
        super().__init__()
        icons.resolve(icon)
        self._theme, self._icon = theme, icon
        self._back, self._ink = _TONES[tone]
        side = theme.px(48)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shapes.box(painter, QRect(0, 0, self.width(), self.height()), 12, self._theme.colour(self._back))
        size = self._theme.px(24)
        at = (self.width() - size) / 2
        icons.paint(painter, self._icon, at, at, size, self._theme.colour(self._ink))
