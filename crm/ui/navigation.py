"""The side of the window: whose community it is, where one can go, what waits, where the data lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from crm import i18n
from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Pressable
from crm.ui.widgets.labels import Hairline, Label, plain_tooltip
from crm.ui.widgets.mark_widgets import paint_brand
from crm.ui.widgets.marks import level_word, paint_level
from crm.ui.widgets.pages import Surface, empty

WIDTH: Final = 212
RAIL: Final = 56
_MARGIN: Final = 10


@dataclass(frozen=True, slots=True)
class Pinned:
    """A segment kept at hand: its id, title, the level its glyph shows, how many are in it."""

    id: int
    title: str
    level: str = "core"
    count: int | None = None


class _Item(Pressable):
    """A place to go: 32 px, icon or glyph, word, and a count of what waits there."""

    def __init__(self, theme: Theme, icon: str, title: str, *, level: str = "", strong: bool = True) -> None:
        super().__init__(theme)
        if icon:
            icons.resolve(icon + "-fill")
        self._icon = icon
        self._level = level
        self._title = title
        self._strong = strong
        self._count: int | None = None
        self._rail = False
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_count(self, count: int | None) -> None:
        """How many wait; None or 0 shows nothing."""
        if count != self._count:
            self._count = count
            self._name()
            self.update()

    @property
    def count(self) -> int | None:
        """How many wait."""
        return self._count

    def set_rail(self, *, rail: bool) -> None:
        """Only the icon, the words in the tooltip."""
        self._rail = rail
        self._name()
        self.updateGeometry()

    def _name(self) -> None:
        shown = i18n.number(self._count) if self._count else ""
        said = f"{self._title}, {level_word(self._level)}" if self._level else self._title
        self.setAccessibleName(f"{said}, {shown}" if shown else said)
        self.setToolTip(plain_tooltip(f"{self._title} {shown}".strip()) if self._rail else "")

    def sizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN if self._rail else WIDTH - 2 * _MARGIN, self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN, self._theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        on = self.isChecked()
        if self.ringed:
            shapes.box(painter, self.rect(), 6, theme.colour("surface" if on else "window"), theme.colour("accent"), 2)
        elif on:
            active = theme.colour("raised" if theme.dark else "surface")
            shapes.box(painter, self.rect(), 6, active, theme.colour("hair"))
        elif self.hovered:
            shapes.box(painter, self.rect(), 6, theme.colour("track" if not theme.dark else "hover"))
        side = theme.px(18)
        x = (self.width() - side) // 2 if self._rail else 11
        y = (self.height() - side) // 2
        if self._level:
            ring = theme.px(15)
            paint_level(
                painter, theme, QRectF(x + (side - ring) / 2, (self.height() - ring) / 2, ring, ring), self._level
            )
        else:
            name = self._icon + "-fill" if on else self._icon
            icons.paint(painter, name, x, y, side, theme.colour("accent_text" if on else "text2"))
        if self._rail:
            if self._count and not self._level:
                dot = QRectF(x + side - 3, y - 3, 7, 7)
                shapes.box(painter, dot, 3.5, theme.colour("accent"))
            return
        right = self.width() - 12
        if self._count:
            shown = i18n.number(self._count)
            role = "sub" if on else "small_strong" if self._level else "body_strong"
            width = theme.metrics(role).horizontalAdvance(shown) + 1
            area = QRect(right - width, 0, width, self.height())
            token = "accent_text" if on else "text2"
            shapes.line_of_text(painter, area, shown, theme.font(role), theme.metrics(role), theme.colour(token))
            right -= width + 8
        role = "sub" if on else "body_strong"
        shapes.line_of_text(
            painter,
            QRect(x + side + 10, 0, right - x - side - 10, self.height()),
            self._title,
            theme.font(role),
            theme.metrics(role),
            theme.colour("text" if on or self.hovered else "text2"),
        )


class _Brand(Pressable):
    """The mark, the program, the community; opens the menu of stores."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._name, self._detail, self._rail = "", "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_store(self, name: str, detail: str) -> None:
        self._name, self._detail = name, detail
        self.setAccessibleName(f"{name}. {detail}" if detail else name)
        self.setToolTip(plain_tooltip(f"{name} {detail}".strip()))
        self.update()

    def set_rail(self, *, rail: bool) -> None:
        self._rail = rail
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN if self._rail else WIDTH - 2 * _MARGIN, self._theme.px(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN, self._theme.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        if self.ringed:
            shapes.box(painter, self.rect(), 6, None, theme.colour("accent"), 2)
        elif self.hovered:
            shapes.box(painter, self.rect(), 6, theme.colour("track" if not theme.dark else "hover"))
        side, middle = theme.px(24), self.height() // 2
        x = (self.width() - side) // 2 if self._rail else 8
        paint_brand(painter, theme, QRectF(x, middle - side / 2, side, side))
        if self._rail:
            return
        caret = theme.px(12)
        icons.paint(painter, "caret-down", self.width() - caret - 8, middle - caret / 2, caret, theme.colour("text2"))
        left = x + side + 9
        room = self.width() - left - caret - 14
        line = theme.px(17)
        both = bool(self._detail)
        for words, role, token, top in (
            (self._name, "sub", "text", middle - (line if both else line // 2)),
            (self._detail, "small", "text2", middle),
        ):
            area = QRect(left, top, room, line)
            shapes.line_of_text(painter, area, words, theme.font(role), theme.metrics(role), theme.colour(token))


class _Find(Pressable):
    """The way to the palette, dressed as a field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._rail = False
        self.setAccessibleName(f"{i18n.text('Find')}, Ctrl+K")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rail(self, *, rail: bool) -> None:
        self._rail = rail
        self.setToolTip(f"{i18n.text('Find')}  Ctrl K" if rail else "")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN if self._rail else WIDTH - 2 * _MARGIN, self._theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN, self._theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        ring = self.ringed
        fill = theme.colour("hover" if self.hovered else "raised")
        shapes.box(painter, self.rect(), 6, fill, theme.colour("accent" if ring else "hair2"), 2 if ring else 1)
        size = theme.px(16)
        x = (self.width() - size) // 2 if self._rail else 11
        icons.paint(painter, "magnifying-glass", x, (self.height() - size) / 2, size, theme.colour("text2"))
        if self._rail:
            return
        area = self.rect().adjusted(x + size + 9, 0, -11, 0)
        for words, role, align in ((i18n.text("Find"), "body", "left"), ("Ctrl K", "caption", "right")):
            shapes.line_of_text(
                painter, area, words, theme.font(role), theme.metrics(role), theme.colour("text2"), align
            )


class _Safety(Pressable):
    """Where the data is and when the copy was checked: reassurance, in two lines; leads to the copies."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._second, self._ok, self._rail = "", True, False
        self._words, self._calm = "", True
        self._where = i18n.text("The data is only here")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_line(self, second: str, *, ok: bool) -> None:
        self._second, self._ok = second, ok
        self._tell()

    def set_where(self, first: str) -> None:
        """Where the data is, when it is not only here."""
        self._where = first
        self._tell()

    def set_saving(self, words: str, *, ok: bool) -> None:
        """What goes before the second line while it would not be true; empty: the line itself."""
        self._words, self._calm = words, ok
        self._tell()

    @property
    def line(self) -> str:
        """The second line as it is shown."""
        return self._words or self._second

    def _tell(self) -> None:
        told = f"{self._where}. {self.line}"
        self.setAccessibleName(told)
        self.setToolTip(plain_tooltip(told))
        self.update()

    def set_rail(self, *, rail: bool) -> None:
        self._rail = rail
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN if self._rail else WIDTH - 2 * _MARGIN, self._theme.px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(RAIL - 2 * _MARGIN, self._theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        if self.ringed:
            shapes.box(painter, self.rect(), 6, None, theme.colour("accent"), 2)
        elif self.hovered:
            shapes.box(painter, self.rect(), 6, theme.colour("track" if not theme.dark else "hover"))
        size, middle = theme.px(16), self.height() // 2
        x = (self.width() - size) // 2 if self._rail else 11
        name, token = ("shield-check", "ok") if self._ok and self._calm else ("shield-warning", "warn")
        icons.paint(painter, name, x, middle - size / 2, size, theme.colour(token))
        if self._rail:
            return
        left, line = x + size + 8, theme.px(16)
        second = "text2" if self._ok and self._calm else "warn"
        for words, top, ink in ((self._where, middle - line, "text2"), (self.line, middle, second)):
            area = QRect(left, top, self.width() - left - 4, line)
            shapes.line_of_text(painter, area, words, theme.font("small"), theme.metrics("small"), theme.colour(ink))


class Navigation(Surface):
    """212 px of places to go; a rail of 56 px in a narrow window."""

    chosen = Signal(str)
    pinned_chosen = Signal(object)
    find_requested = Signal()
    store_menu_requested = Signal(QPoint)
    safety_chosen = Signal()

    def __init__(
        self, theme: Theme, places: Sequence[tuple[str, str, str]], below: Sequence[tuple[str, str, str]]
    ) -> None:
        super().__init__(theme, "window", "r")
        self._items: dict[str, _Item] = {}
        self._pins: list[_Item] = []
        self._rail = False
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 9, _MARGIN + 1, 9)
        column.setSpacing(2)
        self._brand = _Brand(theme)
        self._brand.clicked.connect(
            lambda: self.store_menu_requested.emit(self._brand.mapToGlobal(QPoint(0, self._brand.height() + 4)))
        )
        column.addWidget(self._brand)
        column.addSpacing(12)
        self._find = _Find(theme)
        self._find.clicked.connect(self.find_requested)
        column.addWidget(self._find)
        column.addSpacing(12)
        for place in places:
            column.addWidget(self._make(*place))
        column.addSpacing(14)
        self._pinned_title = Label(theme, i18n.text("Pinned"), "caption", "text2")
        self._pinned_title.setContentsMargins(10, 0, 0, 2)
        column.addWidget(self._pinned_title)
        self._pinned_hint = Label(theme, i18n.text("Pin a segment to keep it at hand"), "small", "text3", wrap=True)
        self._pinned_hint.setContentsMargins(12, 0, 12, 0)
        column.addWidget(self._pinned_hint)
        self._pinned = QVBoxLayout()
        self._pinned.setSpacing(0)
        column.addLayout(self._pinned)
        column.addStretch(1)
        for place in below:
            column.addWidget(self._make(*place))
        column.addSpacing(7)
        column.addWidget(Hairline(theme))
        column.addSpacing(5)
        self._safety = _Safety(theme)
        self._safety.clicked.connect(self.safety_chosen)
        self._safety.setObjectName("safety")
        column.addWidget(self._safety)
        self.set_pinned(())
        self.set_safety("", ok=True)
        self.set_rail(rail=False)
        theme.changed.connect(self._follow_theme)

    def _make(self, key: str, icon: str, title: str) -> _Item:
        item = _Item(self._theme, icon, title)
        item.clicked.connect(lambda: self._clicked(key))
        self._items[key] = item
        return item

    def _clicked(self, key: str) -> None:
        # The mark follows the page that is really shown.
        self.chosen.emit(key)

    def set_current(self, key: str) -> None:
        """Mark the place one is at."""
        for other, item in self._items.items():
            item.setChecked(other == key)
        for pin in self._pins:
            pin.setChecked(False)

    def set_count(self, key: str, count: int | None) -> None:
        """What waits at a place. Raises KeyError for an unknown one."""
        self._items[key].set_count(count)

    def count(self, key: str) -> int | None:
        """What waits at a place."""
        return self._items[key].count

    def set_pinned(self, segments: Sequence[Pinned]) -> None:
        """The segments at hand, in this order."""
        empty(self._pinned)
        self._pins = []
        for segment in segments:
            item = _Item(self._theme, "", segment.title, level=segment.level)
            item.setCheckable(False)
            item.set_count(segment.count)
            item.set_rail(rail=self._rail)
            item.clicked.connect(lambda _=False, one=segment.id: self.pinned_chosen.emit(one))
            self._pinned.addWidget(item)
            self._pins.append(item)
        self._show_titles()

    def set_store(self, name: str, detail: str = "") -> None:
        """The program's or store's name and a line below it."""
        self._brand.set_store(name, detail)

    def set_safety(self, second: str, *, ok: bool) -> None:
        """The line below «The data is only here»: when the copy was checked."""
        self._safety.set_line(second, ok=ok)

    def set_where(self, first: str) -> None:
        """The line that says where the data is, when it is not only here."""
        self._safety.set_where(first)

    def set_saving(self, words: str, *, ok: bool) -> None:
        """Words in place of the line below while they are truer; none: the line itself."""
        self._safety.set_saving(words, ok=ok)

    @property
    def safety(self) -> str:
        """The line below «The data is only here», as it is shown."""
        return self._safety.line

    def _follow_theme(self) -> None:
        self.set_rail(rail=self._rail)

    def set_rail(self, *, rail: bool) -> None:
        """Icons only."""
        self._rail = rail
        self.setFixedWidth((RAIL if rail else self._theme.px(WIDTH)) + 1)
        parts: list[_Brand | _Find | _Safety | _Item] = [self._brand, self._find, self._safety]
        for part in (*parts, *self._items.values(), *self._pins):
            part.set_rail(rail=rail)
        self._show_titles()

    @property
    def is_rail(self) -> bool:
        """Icons only."""
        return self._rail

    def _show_titles(self) -> None:
        self._pinned_title.setVisible(bool(self._pins) and not self._rail)
        self._pinned_hint.setVisible(not self._pins and not self._rail)
