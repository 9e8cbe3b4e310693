"""Choosing one person in a form: type as anywhere, ↑↓ and Enter, or a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.cards import PersonRow
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.fields import LineEdit
from crm.ui.widgets.labels import ElidedLabel
from crm.ui.widgets.mark_widgets import Avatar
from crm.ui.widgets.marks import paint_avatar

_ROW = 36


class PersonField(QWidget):
    """A field that becomes the person chosen. `changed` carries the id, or None when it was taken back."""

    changed = Signal(object)

    def __init__(
        self, theme: Theme, suggest: Callable[[str], Sequence[PersonRow]], placeholder: str, name: str = ""
    ) -> None:
        super().__init__()
        self._theme, self._suggest = theme, suggest
        self._person: tuple[int, str] | None = None
        self._edit = LineEdit(theme, placeholder, name or placeholder)
        self._edit.textEdited.connect(self._typed)
        self._edit.installEventFilter(self)
        self._list = _Suggestions(theme)
        self._list.chosen.connect(self.choose)
        self._list.hide()
        typing = QWidget()
        column = QVBoxLayout(typing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._edit)
        column.addWidget(self._list)
        self._avatar = Avatar(theme, 0, "", 26)
        self._name = ElidedLabel(theme, "", "body_strong")
        self._clear = IconButton(theme, "x", i18n.text("Choose somebody else"))
        self._clear.clicked.connect(self.clear)
        shown = QWidget()
        row = QHBoxLayout(shown)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(10)
        row.addWidget(self._avatar)
        row.addWidget(self._name, 1)
        row.addWidget(self._clear)
        self._typing, self._shown = typing, shown
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(typing)
        whole.addWidget(shown)
        shown.hide()
        self.setFocusProxy(self._edit)

    @property
    def person_id(self) -> int | None:
        """Who was chosen."""
        return None if self._person is None else self._person[0]

    @property
    def typed(self) -> str:
        """What stands in the field while nobody is chosen."""
        return "" if self._person is not None else self._edit.text().strip()

    def choose(self, person: PersonRow) -> None:
        """Take this person."""
        self.set_person(person.id, person.display_name)
        self.changed.emit(person.id)

    def set_person(self, person_id: int, name: str) -> None:
        """Show somebody as chosen."""
        self._person = (person_id, name)
        self._avatar.set_person(person_id, name)
        self._name.set_text(name)
        self._list.set_people(())
        self._typing.hide()
        self._shown.show()
        self.setFocusProxy(self._clear)

    def clear(self) -> None:
        """Nobody."""
        self._person = None
        self._edit.clear()
        self._list.set_people(())
        self._shown.hide()
        self._typing.show()
        self.setFocusProxy(self._edit)
        self._edit.setFocus()
        self.changed.emit(None)

    def _typed(self, words: str) -> None:
        self._list.set_people(self._suggest(words))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↑↓ walk through the suggestions, Enter takes one, Esc puts them away first."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self._list.isHidden():
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._list.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._list.take()
                return True
            if key == Qt.Key.Key_Escape:
                self._list.set_people(())
                return True
        return False


class _Suggestions(QWidget):
    """A few people, one of them marked."""

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._people: tuple[PersonRow, ...] = ()
        self._place = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(i18n.text("People found"))

    def set_people(self, people: Sequence[PersonRow]) -> None:
        self._people, self._place = tuple(people), 0
        self.setVisible(bool(people))
        self.setAccessibleDescription(", ".join(person.display_name for person in people))
        self.updateGeometry()
        self.update()

    def step(self, by: int) -> None:
        self._place = (self._place + by) % len(self._people)
        self.update()

    def take(self) -> None:
        self.chosen.emit(self._people[self._place])

    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.px(_ROW) * len(self._people) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y() - 4) // self._theme.px(_ROW)
        if 0 <= place < len(self._people) and place != self._place:
            self._place = place
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.take()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        shapes.box(painter, self.rect(), 8, theme.colour("raised"), theme.colour("hair2"))
        high, side = theme.px(_ROW), theme.px(24)
        for place, person in enumerate(self._people):
            row = QRect(4, 4 + place * high, self.width() - 8, high)
            if place == self._place:
                shapes.box(painter, row, 6, theme.colour("selected"))
            mark = QRect(row.x() + 8, row.y() + (high - side) // 2, side, side)
            paint_avatar(painter, theme, mark, person.id, person.initials)
            left = mark.right() + 11
            strong = theme.metrics("body_strong")
            width = min(strong.horizontalAdvance(person.display_name) + 2, row.right() - left - 8)
            shapes.line_of_text(
                painter,
                QRect(left, row.y(), width, high),
                person.display_name,
                theme.font("body_strong"),
                strong,
                theme.colour("text"),
            )
            note = " · ".join(filter(None, (person.organisation, person.city)))
            shapes.line_of_text(
                painter,
                QRect(left + width + 10, row.y(), max(0, row.right() - left - width - 18), high),
                note,
                theme.font("small"),
                theme.metrics("small"),
                theme.colour("text2"),
            )
