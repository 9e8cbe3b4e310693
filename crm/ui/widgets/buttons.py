"""Buttons: one primary per view, secondary, quiet, link, danger, icon (guide §6). Painted, so that nothing moves."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes

Kind = Literal["primary", "secondary", "quiet", "link", "danger"]
Size = Literal["compact", "normal", "big"]
_HEIGHTS: Final = {"compact": 28, "normal": 32, "big": 48}
_KEYBOARD: Final = frozenset(
    (
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    )
)


class Pressable(QPushButton):
    """What every painted button does: hover, a focus ring for the keyboard only, Enter presses."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ring = False
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Take sizes and colours from the theme anew."""
        self.updateGeometry()
        self.update()

    @property
    def hovered(self) -> bool:
        """The pointer is over it and it can be pressed."""
        return self.isEnabled() and self.underMouse()

    @property
    def ringed(self) -> bool:
        """The keyboard brought the focus here."""
        return self._ring and self.hasFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Remember whether the keyboard brought the focus."""
        self._ring = event.reason() in _KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring any more."""
        super().focusOutEvent(event)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the hover."""
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Its text is never cut."""
        return self.sizeHint()

    def setMenu(self, menu: QMenu) -> None:
        """Open `menu` below when pressed."""
        menu.setParent(self, menu.windowFlags())
        self.clicked.connect(lambda: menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4))))


class Button(Pressable):
    """A button with a verb on it, and perhaps an icon before and a caret after."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        kind: Kind = "secondary",
        icon: str = "",
        *,
        size: Size = "normal",
        caret: bool = False,
    ) -> None:
        super().__init__(theme)
        self._kind: Kind = kind
        self._size: Size = size
        self._caret = caret
        self._icon = ""
        self.set_icon(icon)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Another verb."""
        # An ampersand of a name is a letter, not a mnemonic.
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self._words = text
        self.restyle()

    def set_icon(self, icon: str) -> None:
        """Another icon, «» for none. Raises icons.UnknownIcon."""
        if icon:
            icons.resolve(icon)
        self._icon = icon
        self.restyle()

    def set_kind(self, kind: Kind) -> None:
        """Another kind: a section that becomes the main thing to do."""
        self._kind = kind
        self.restyle()

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return self._kind

    def _role(self) -> str:
        if self._size == "big":
            return "heading"
        return "sub" if self._kind == "primary" else "body_strong"

    def _padding(self) -> int:
        if self._kind == "link":
            return 5
        return {"compact": 10, "normal": 13, "big": 20}[self._size] if self._kind != "quiet" else 11

    def _icon_size(self) -> int:
        return self._theme.px(20 if self._size == "big" else 16)

    def _gap(self) -> int:
        return 7 if self._words else 0

    def sizeHint(self) -> QSize:
        """Padding, icon, gap, text, caret."""
        metrics = self._theme.metrics(self._role())
        width = metrics.horizontalAdvance(self._words) + 2 * self._padding() + 1
        if self._icon:
            width += self._icon_size() + self._gap()
        if self._caret:
            width += self._theme.px(12) + 6
        return QSize(width, self._theme.px(_HEIGHTS[self._size]))

    def _colours(self) -> tuple[QColor | None, QColor | None, QColor]:
        theme = self._theme
        pressed = self.isDown()
        hovered = self.hovered or pressed
        kind = self._kind
        if not self.isEnabled():
            filled = kind == "primary"
            border = theme.colour("hair") if kind in ("secondary", "danger") else None
            return (theme.colour("track") if filled else None), border, theme.colour("text3")
        if kind == "primary":
            return theme.colour("accent_hover" if hovered else "accent"), None, theme.colour("on_accent")
        if kind == "quiet":
            return (theme.colour("hover") if hovered else None), None, theme.colour("text" if hovered else "text2")
        if kind == "link":
            return None, None, theme.colour("accent_text")
        fill = theme.colour("hover" if hovered else "raised")
        return fill, theme.colour("hair2"), theme.colour("bad" if kind == "danger" else "text")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in its state."""
        painter = QPainter(self)
        theme = self._theme
        fill, border, colour = self._colours()
        radius = 6 if self._size != "big" else 8
        if self.ringed:
            ring = theme.colour("text" if self._kind == "primary" else "accent")
            shapes.box(painter, self.rect(), radius, fill, ring, 2)
        elif fill is not None or border is not None:
            shapes.box(painter, self.rect(), radius, fill, border)
        x = self._padding()
        content = self.sizeHint().width()
        if self.width() > content:
            x += (self.width() - content) // 2
        if self._icon:
            size = self._icon_size()
            icon_colour = colour
            if self.isEnabled() and self._kind == "secondary":
                icon_colour = theme.colour("text2")
            icons.paint(painter, self._icon, x, (self.height() - size) / 2, size, icon_colour)
            x += size + self._gap()
        role = self._role()
        metrics = theme.metrics(role)
        width = metrics.horizontalAdvance(self._words)
        shapes.line_of_text(
            painter, QRect(x, 0, width + 1, self.height()), self._words, theme.font(role), metrics, colour
        )
        if self._kind == "link" and self.hovered:
            baseline = (self.height() + metrics.ascent() - metrics.descent()) // 2 + 2
            shapes.hairline(painter, x, baseline, width, colour)
        if self._caret:
            size = theme.px(12)
            icons.paint(painter, "caret-down", x + width + 6, (self.height() - size) / 2, size, colour)


class IconButton(Pressable):
    """A square of 28 px with one icon; `name` is its tooltip and its name for a screen reader."""

    def __init__(self, theme: Theme, icon: str, name: str, *, colour: str = "text2", size: int = 28) -> None:
        super().__init__(theme)
        self._side = size
        self.set_icon(icon, colour)
        self.set_name(name)

    def set_icon(self, icon: str, colour: str | None = None) -> None:
        """Another icon. Raises icons.UnknownIcon."""
        icons.resolve(icon)
        self._icon = icon
        if colour is not None:
            self._colour = colour
        self.update()

    def set_name(self, name: str) -> None:
        """What it does, in words."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in its state."""
        painter = QPainter(self)
        theme = self._theme
        fill = theme.colour("hover") if self.hovered or self.isDown() else None
        if self.ringed:
            shapes.box(painter, self.rect(), 6, fill, theme.colour("accent"), 2)
        elif fill is not None:
            shapes.box(painter, self.rect(), 6, fill)
        size = theme.px(16)
        token = "text3" if not self.isEnabled() else "text" if fill is not None else self._colour
        icons.paint(
            painter, self._icon, (self.width() - size) / 2, (self.height() - size) / 2, size, theme.colour(token)
        )
