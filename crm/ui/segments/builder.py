"""The rule builder: groups of conditions, groups within groups."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services.rules import DEPTH_LIMIT, MATCHES
from crm.ui import icons
from crm.ui.segments import words
from crm.ui.segments.condition import Condition
from crm.ui.segments.values import Surroundings
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button, IconButton, Pressable
from crm.ui.widgets.labels import Label
from crm.ui.widgets.menus import Menu

NEW_CONDITION: Final = {"field": "level", "operator": "any_of"}
EMPTY: Final[dict[str, Any]] = {"version": 1, "match": "all", "rules": []}


class MatchButton(Pressable):
    """«Все», «Хотя бы одно», «Ни одно» on the accent's tint; opens a menu, ↑ and ↓ choose at once."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, match: str) -> None:
        super().__init__(theme)
        self.match = match
        self.clicked.connect(self._open)
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(f"{words.match_title(self.match)} {words.match_rest(self.match)}")
        self.restyle()

    def set_match(self, match: str) -> None:
        """Show another one."""
        self.match = match
        self._name()

    def _open(self) -> None:
        menu = Menu(self._theme, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for match in MATCHES:
            menu.add(words.match_title(match), partial(self.chosen.emit, match), checked=match == self.match)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def sizeHint(self) -> QSize:
        """The word and the caret."""
        width = self._theme.metrics("body_strong").horizontalAdvance(words.match_title(self.match))
        return QSize(width + self._theme.px(12) + 30, self._theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint, the word, the caret."""
        painter = QPainter(self)
        theme = self._theme
        ring = theme.colour("accent") if self.ringed or self.hovered else None
        shapes.box(painter, self.rect(), 6, theme.colour("accent_soft"), ring, 2 if self.ringed else 1)
        metrics = theme.metrics("body_strong")
        title = words.match_title(self.match)
        ink = theme.colour("accent_text")
        width = metrics.horizontalAdvance(title) + 1
        shapes.line_of_text(painter, QRect(10, 0, width, self.height()), title, theme.font("body_strong"), metrics, ink)
        size = theme.px(12)
        icons.paint(painter, "caret-down", 10 + width + 7, (self.height() - size) / 2, size, ink)


class GroupBox(QFrame):
    """A group: how its conditions count, the conditions, the groups in it, what can be added."""

    changed = Signal()
    reshaped = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, rule: dict[str, Any], around: Surroundings, depth: int = 1) -> None:
        super().__init__()
        self._theme, self._around, self._depth = theme, around, depth
        self._parts: list[Condition | GroupBox] = []
        self.setAccessibleName(i18n.text("Group of conditions"))
        column = QVBoxLayout(self)
        side = 16 if depth == 1 else 14
        column.setContentsMargins(side, 12, side, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        self._match = MatchButton(theme, rule["match"])
        self._match.chosen.connect(self._match_chosen)
        self._rest = Label(theme, words.match_rest(rule["match"]), "body", "text2")
        head.addWidget(self._match)
        head.addWidget(self._rest)
        head.addStretch(1)
        self._cross: IconButton | None = None
        if depth > 1:
            self._cross = IconButton(theme, "x", i18n.text("Remove the group"))
            self._cross.clicked.connect(self.removed)
            head.addWidget(self._cross)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        column.addLayout(self._rows)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        self._add = Button(theme, i18n.text("Condition"), "quiet", "plus", size="compact")
        self._add.clicked.connect(lambda: self.add(dict(NEW_CONDITION), by_hand=True))
        foot.addWidget(self._add)
        self._add_group = Button(theme, i18n.text("Group"), "quiet", "plus-circle", size="compact")
        self._add_group.clicked.connect(self._group_wanted)
        if depth >= DEPTH_LIMIT:
            self._add_group.hide()
        foot.addWidget(self._add_group)
        foot.addStretch(1)
        column.addLayout(foot)
        for one in rule["rules"]:
            self.add(one)
        theme.changed.connect(self.update)

    def rule(self) -> dict[str, Any]:
        """The JSON form."""
        return {"match": self._match.match, "rules": [part.rule() for part in self._parts]}

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in reading order."""
        found: list[QWidget] = [self._match, *([self._cross] if self._cross is not None else [])]
        for part in self._parts:
            found.extend(part.stops())
        return [*found, self._add, *([self._add_group] if self._depth < DEPTH_LIMIT else [])]

    def add(self, rule: dict[str, Any], *, by_hand: bool = False) -> None:
        """A condition or a group at the end; `by_hand` brings the focus there."""
        part: Condition | GroupBox
        if "match" in rule:
            part = GroupBox(self._theme, rule, self._around, self._depth + 1)
        else:
            part = Condition(self._theme, rule, self._around)
        part.changed.connect(self.changed)
        part.reshaped.connect(self.reshaped)
        part.removed.connect(partial(self._remove, part))
        self._parts.append(part)
        self._rows.addWidget(part)
        if by_hand:
            part.stops()[0].setFocus(Qt.FocusReason.TabFocusReason)
            self.reshaped.emit()
            self.changed.emit()

    def _remove(self, part: Condition | GroupBox) -> None:
        self._parts.remove(part)
        self._rows.removeWidget(part)
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)
        part.hide()
        part.deleteLater()
        self.reshaped.emit()
        self.changed.emit()

    def _group_wanted(self) -> None:
        self.add({"match": "any", "rules": [dict(NEW_CONDITION)]}, by_hand=True)

    def _match_chosen(self, match: str) -> None:
        self._match.set_match(match)
        self._rest.set_text(words.match_rest(match))
        self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A sunken box with a hairline."""
        theme = self._theme
        shapes.box(QPainter(self), self.rect(), 8, theme.colour("sunken"), theme.colour("hair"))


class Builder(QWidget):
    """The whole rule. `changed` after every edit; `rule()` gives the JSON form as it stands."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._root: GroupBox | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def set_rule(self, rule: dict[str, Any], around: Surroundings) -> None:
        """Show a rule that `parse_rule` accepts."""
        if self._root is not None:
            self._column.removeWidget(self._root)
            self._root.hide()
            self._root.deleteLater()
        self._root = GroupBox(self._theme, rule or EMPTY, around)
        self._root.changed.connect(self.changed)
        self._root.reshaped.connect(self._order)
        self._column.addWidget(self._root)
        self._order()

    def rule(self) -> dict[str, Any]:
        """The JSON form."""
        return {"version": 1, **self._root.rule()} if self._root is not None else dict(EMPTY)

    def add_condition(self) -> None:
        """A condition at the end of the outer group, with the focus on it."""
        if self._root is not None:
            self._root.add(dict(NEW_CONDITION), by_hand=True)

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in reading order."""
        return self._root.stops() if self._root is not None else []

    def _order(self) -> None:
        # Rows come and go; Qt would visit them in the order of making.
        stops = self.stops()
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)
