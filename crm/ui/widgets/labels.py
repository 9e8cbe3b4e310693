"""Words on a page: labels that never take a person's text for markup, and the small parts beside them."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes


class Label(QLabel):
    """Plain text in one role and one colour of the guide; `wrap` over several lines, `selectable` by mouse and keys."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        role: str = "body",
        colour: str = "text",
        *,
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._theme = theme
        self._role = role
        self._colour = colour
        self.setText(text)
        if wrap:
            self.setWordWrap(True)
            self.setMinimumWidth(24)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        theme.changed.connect(self.restyle)
        self.restyle()

    def set_text(self, text: str) -> None:
        """Show `text`, whatever is in it."""
        self.setText(text)

    def set_look(self, role: str | None = None, colour: str | None = None) -> None:
        """Another role, another colour, or both."""
        self._role = role or self._role
        self._colour = colour or self._colour
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        self.setFont(self._theme.font(self._role))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.colour(self._colour))
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Moved into another widget, it keeps its look: the stylesheet would give back the first it had."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.restyle()


class ElidedLabel(QWidget):
    """One line that is cut with «…» where it must be; the whole is in the tooltip then."""

    def __init__(
        self, theme: Theme, text: str = "", role: str = "body", colour: str = "text", *, align: str = "left"
    ) -> None:
        super().__init__()
        self._theme = theme
        self._role = role
        self._colour = colour
        self._align = align
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)
        theme.changed.connect(self.restyle)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show `text` on one line."""
        self._text = " ".join(text.split())
        self.setAccessibleName(self._text)
        self._hint()
        self.updateGeometry()
        self.update()

    def set_look(self, role: str | None = None, colour: str | None = None) -> None:
        """Another role, another colour, or both."""
        self._role = role or self._role
        self._colour = colour or self._colour
        self.restyle()

    def restyle(self) -> None:
        """Take fonts and colours from the theme anew."""
        self.updateGeometry()
        self._hint()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the text."""
        metrics = self._theme.metrics(self._role)
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Narrow enough that one long surname never widens the window."""
        return QSize(24, self._theme.metrics(self._role).height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tooltip is there only when something is hidden."""
        super().resizeEvent(event)
        self._hint()

    def _hint(self) -> None:
        hidden = self._theme.metrics(self._role).horizontalAdvance(self._text) > self.width()
        self.setToolTip(plain_tooltip(self._text) if hidden else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        theme = self._theme
        shapes.line_of_text(
            painter,
            self.rect(),
            self._text,
            theme.font(self._role),
            theme.metrics(self._role),
            theme.colour(self._colour if self.isEnabled() else "text3"),
            self._align,
        )


def plain_tooltip(text: str) -> str:
    """`text` so that a tooltip shows it as it is: Qt takes what looks like markup for markup."""
    from html import escape

    return f"<span>{escape(text)}</span>" if "<" in text else text


def breakable(text: str, longest: int = 20) -> str:
    """`text` for a label that wraps: a word longer than any line may break, where Qt would cut it off."""
    if len(text) <= longest:
        return text
    piece = f"\\S{{{longest}}}(?=\\S)"
    return re.sub(piece, lambda found: found.group() + "\N{ZERO WIDTH SPACE}", text)


class KeyCap(QWidget):
    """The name of a key in a small box: «Ctrl K»."""

    def __init__(self, theme: Theme, keys: str) -> None:
        super().__init__()
        self._theme = theme
        self.keys = keys
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(keys)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """The text and 5 px at each side."""
        return QSize(*cap_size(self._theme, self.keys))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box and the text."""
        paint_cap(QPainter(self), self._theme, self.rect(), self.keys)


def cap_size(theme: Theme, keys: str) -> tuple[int, int]:
    """Width and height of a key's box."""
    height = theme.px(19)
    return max(theme.px(16), theme.metrics("caption").horizontalAdvance(keys) + 11), height


def paint_cap(painter: QPainter, theme: Theme, rect: QRect, keys: str) -> None:
    """A key's box in `rect`."""
    shapes.box(painter, rect, 4, theme.colour("raised"), theme.colour("hair2"))
    shapes.line_of_text(
        painter, rect, keys, theme.font("caption"), theme.metrics("caption"), theme.colour("text2"), "centre"
    )


class Hairline(QWidget):
    """A separator, one pixel."""

    def __init__(self, theme: Theme, *, vertical: bool = False, token: str = "hair") -> None:  # noqa: S107
        super().__init__()
        self._theme = theme
        self._token = token
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it."""
        QPainter(self).fillRect(self.rect(), self._theme.colour(self._token))


class IconLabel(QWidget):
    """An icon of 16 px and one line beside it."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        text: str,
        role: str = "body",
        colour: str = "text",
        icon_colour: str | None = None,
        *,
        gap: int = 8,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._role = role
        self._gap = gap
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_content(icon, text, colour, icon_colour)
        theme.changed.connect(self.updateGeometry)

    def set_content(self, icon: str, text: str, colour: str = "text", icon_colour: str | None = None) -> None:
        """Another icon, text and colour. Raises icons.UnknownIcon."""
        icons.resolve(icon)
        self._icon, self._text, self._colour = icon, text, colour
        self._icon_colour = icon_colour or colour
        self.setAccessibleName(text)
        self.updateGeometry()
        self._hint()
        self.update()

    def text(self) -> str:
        """The words."""
        return self._text

    def sizeHint(self) -> QSize:
        """Icon, gap and text."""
        metrics = self._theme.metrics(self._role)
        icon = self._theme.px(16)
        return QSize(icon + self._gap + metrics.horizontalAdvance(self._text) + 2, max(icon, metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        """The icon and a few letters."""
        return QSize(self._theme.px(16) + self._gap + 24, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tooltip is there only when something is hidden."""
        super().resizeEvent(event)
        self._hint()

    def changeEvent(self, event: QEvent) -> None:
        """Disabled looks disabled."""
        super().changeEvent(event)
        self.update()

    def _hint(self) -> None:
        self.setToolTip(plain_tooltip(self._text) if self.sizeHint().width() > self.width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon and the line."""
        painter = QPainter(self)
        theme = self._theme
        size = theme.px(16)
        enabled = self.isEnabled()
        icons.paint(
            painter,
            self._icon,
            0,
            (self.height() - size) / 2,
            size,
            theme.colour(self._icon_colour if enabled else "text3"),
        )
        shapes.line_of_text(
            painter,
            self.rect().adjusted(size + self._gap, 0, 0, 0),
            self._text,
            theme.font(self._role),
            theme.metrics(self._role),
            theme.colour(self._colour if enabled else "text3"),
        )


class Notice(QWidget):
    """An icon and a sentence of as many lines as it needs: an error below a field, a remark on a page."""

    def __init__(self, theme: Theme, icon: str, text: str, tone: str = "text2", role: str = "small") -> None:
        super().__init__()
        self._mark = _Icon(theme, icon, tone)
        self._label = Label(theme, text, role, tone, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)

    def set_text(self, text: str) -> None:
        """Another sentence."""
        self._label.set_text(text)

    def set_content(self, icon: str, text: str, tone: str = "text2") -> None:
        """Another icon, sentence and tone. Raises icons.UnknownIcon."""
        self._mark.set_icon(icon, tone)
        self._label.set_look(colour=tone)
        self._label.set_text(text)

    def text(self) -> str:
        """The sentence."""
        return self._label.text()


class _Icon(QWidget):
    def __init__(self, theme: Theme, icon: str, tone: str) -> None:
        super().__init__()
        icons.resolve(icon)
        self._theme, self._icon, self._tone = theme, icon, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_icon(self, icon: str, tone: str) -> None:
        icons.resolve(icon)
        self._icon, self._tone = icon, tone
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(16)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), self._icon, 0, 0, self._theme.px(16), self._theme.colour(self._tone))
