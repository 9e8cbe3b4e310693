"""Parts that pages are made of: header, sections, cards, scrolling columns, side panes, hints."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.labels import ElidedLabel, Label

SIDE: Final = 28
"""Padding at the sides of a page, px."""


class Surface(QWidget):
    """A plain area in a token's colour, with hairlines at the named edges («t», «b», «l», «r»)."""

    def __init__(self, theme: Theme, token: str = "surface", edges: str = "", parent: QWidget | None = None) -> None:  # noqa: S107
        super().__init__(parent)
        self._theme = theme
        self._token = token
        self._edges = edges
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill it and draw the edges."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(self._token))
        hair = self._theme.colour("hair")
        width, height = self.width(), self.height()
        if "t" in self._edges:
            shapes.hairline(painter, 0, 0, width, hair)
        if "b" in self._edges:
            shapes.hairline(painter, 0, height - 1, width, hair)
        if "l" in self._edges:
            shapes.hairline(painter, 0, 0, height, hair, vertical=True)
        if "r" in self._edges:
            shapes.hairline(painter, width - 1, 0, height, hair, vertical=True)


class PageHeader(Surface):
    """60 px: title, what it counts, and the page's actions at the right, the primary one last.

    In a narrow window the note gives up its room first; title and actions are never cut.
    """

    def __init__(self, theme: Theme, title: str = "", note: str = "") -> None:
        super().__init__(theme, "surface", "b")
        self._title = Label(theme, title, "title")
        self._note = ElidedLabel(theme, note, "body", "text2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SIDE, 0, SIDE, 1)
        self._row.setSpacing(10)
        self._row.addWidget(self._title)
        self._row.addSpacing(8)
        self._row.addWidget(self._note, 1)
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(self._theme.px(60))

    def set_title(self, title: str) -> None:
        """Another title."""
        self._title.set_text(title)

    def set_note(self, note: str) -> None:
        """What it counts: «1 284 человека»."""
        self._note.set_text(note)

    def note(self) -> str:
        """What it says that it counts."""
        return self._note.text()

    def add_action(self, widget: QWidget) -> None:
        """A button at the right of those that are there."""
        self._row.addWidget(widget)

    def add_after_title(self, widget: QWidget) -> None:
        """Something beside the title: steps, a chip."""
        self._row.insertWidget(2, widget)


class SectionHeader(QWidget):
    """28 px: heading, count in the second ink, and perhaps a link at the right."""

    link_clicked = Signal()

    def __init__(self, theme: Theme, title: str, count: str = "", link: str = "", *, role: str = "heading") -> None:
        super().__init__()
        self._theme = theme
        self._title = Label(theme, title, role)
        self._count = Label(theme, count, "body", "text2")
        self._link = Button(theme, link, "link", size="compact")
        self._link.clicked.connect(self.link_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self._link)
        self._link.setVisible(bool(link))
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(self._theme.px(28))

    def set_title(self, title: str) -> None:
        """Another heading."""
        self._title.set_text(title)

    def set_count(self, count: str) -> None:
        """Another count, «» for none."""
        self._count.set_text(count)

    def set_link(self, text: str) -> None:
        """Another link, «» for none."""
        self._link.set_text(text)
        self._link.setVisible(bool(text))

    def add(self, widget: QWidget) -> None:
        """A control at the right end."""
        layout = self.layout()
        assert layout is not None  # noqa: S101 - set above
        layout.addWidget(widget)


class Card(QFrame):
    """A box for a thing one can pick up: an event, an idea. Its content goes into `body`."""

    def __init__(self, theme: Theme, *, token: str = "raised", padding: int = 16, radius: int = 10) -> None:  # noqa: S107
        super().__init__()
        self._theme = theme
        self._token = token
        self._radius = radius
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(10)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline and round corners."""
        theme = self._theme
        shapes.box(QPainter(self), self.rect(), self._radius, theme.colour(self._token), theme.colour("hair"))


class ScrollColumn(QScrollArea):
    """A column that scrolls up and down, never sideways. Its content goes into `body`; it stops growing at `widest`."""

    def __init__(
        self,
        theme: Theme,
        token: str = "surface",  # noqa: S107
        *,
        side: int = SIDE,
        top: int = 20,
        widest: int = 0,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._token = token
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = self._inner = QWidget()
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(side, top, side, 24)
        self.body.setSpacing(12)
        if widest:
            inner.setMaximumWidth(widest)
        self.setWidget(inner)
        # Only now: QScrollArea turns it on.
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self.viewport().update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground. Painted: a palette would be put back by the stylesheet when the look changes."""
        QPainter(self.viewport()).fillRect(event.rect(), self._theme.colour(self._token))

    def clear(self) -> None:
        """Take out everything that is in `body`."""
        empty(self.body)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its content; Qt would ask for room for a bar that is never there."""
        return QSize(self._inner.minimumSizeHint().width(), 60)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout, layouts within it too, and let the widgets go."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            break
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


class SidePane(Surface):
    """A pane beside a list, of a fixed width, with a hairline towards the list. Its content goes into `body`."""

    def __init__(self, theme: Theme, width: int = 374, side: str = "right", token: str = "surface") -> None:  # noqa: S107
        super().__init__(theme, token, "l" if side == "right" else "r")
        self._wide = width
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1 if side == "right" else 0, 0, 0 if side == "right" else 1, 0)
        self.body.setSpacing(0)
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setFixedWidth(self._theme.px(self._wide))

    def set_width(self, width: int) -> None:
        """Another width, px at 100 %."""
        self._wide = width
        self._measure()


class HintBar(Surface):
    """The line below a list: what was found at the left, keys at the right."""

    def __init__(self, theme: Theme, left: str = "", right: str = "") -> None:
        super().__init__(theme, "surface", "t")
        self._left = ElidedLabel(theme, left, "small", "text2")
        self._right = Label(theme, right, "small", "text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 1, 20, 0)
        row.addWidget(self._left, 1)
        row.addWidget(self._right)
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(self._theme.px(32))

    def set_left(self, text: str) -> None:
        """What was found."""
        self._left.set_text(text)

    def set_right(self, text: str) -> None:
        """Which keys help."""
        self._right.set_text(text)

    def left(self) -> str:
        """What it says was found."""
        return self._left.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow pane the keys go, what was found stays."""
        super().resizeEvent(event)
        self._right.setVisible(self.width() >= 520)
