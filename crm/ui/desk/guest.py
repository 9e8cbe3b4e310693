"""A guest without registration: a name is enough; who it may already be is shown while it is typed."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.services.desk_rows import Arrival, Guest
from crm.ui.desk.arrival_list import ArrivalList
from crm.ui.desk.door import Door
from crm.ui.desk.words import Shown
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.fields import Field, LineEdit
from crm.ui.widgets.labels import ElidedLabel, Label

_SHOWN = 5
_FIELD = 48


class GuestForm(QWidget):
    """Name, phone if they like, and people they may be. Enter checks the guest in, or the person chosen by arrows."""

    entered = Signal(object)
    chosen = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, door: Door, shown: Shown) -> None:
        super().__init__()
        self._door = door
        self._shown = shown
        self.name = LineEdit(theme, i18n.text("Given name and surname"), i18n.text("Name of the guest"))
        self.phone = LineEdit(theme, i18n.text("If they like"), i18n.text("Phone of the guest"))
        self._name_field = Field(theme, i18n.text("Name"), self.name)
        self._phone_field = Field(theme, i18n.text("Phone"), self.phone)
        self.list = ArrivalList(theme)
        self._perhaps = Label(theme, i18n.text("Perhaps one of these?"), "heading", "text2")
        self.enter = Button(theme, i18n.text("Check in the guest"), "primary", "user-plus", size="big")
        self._cancel = Button(theme, i18n.text("Cancel"), "quiet", size="big")
        self._build(theme)

    def _build(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(16)
        column.addWidget(Label(theme, i18n.text("Guest without registration"), "title"))
        fields = QHBoxLayout()
        fields.setSpacing(16)
        fields.addWidget(self._name_field, 3)
        fields.addWidget(self._phone_field, 2)
        column.addLayout(fields)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.enter)
        buttons.addWidget(self._cancel)
        keys = i18n.text("Enter to check in · ↓ to choose somebody known · Esc to go back")
        buttons.addWidget(ElidedLabel(theme, keys, "sentence", "text2"), 1)
        column.addLayout(buttons)
        column.addSpacing(4)
        column.addWidget(self._perhaps)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self._theme = theme
        theme.changed.connect(self._grow)
        self._grow()
        for button in (self.enter, self._cancel):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.name.textChanged.connect(self._look)
        self.name.installEventFilter(self)
        self.phone.installEventFilter(self)
        self.enter.clicked.connect(self.submit)
        self._cancel.clicked.connect(self.left)
        self.list.chosen.connect(self.chosen)

    def _grow(self) -> None:
        # Targets at the door are 48 px and more.
        for field in (self.name, self.phone):
            field.setFont(self._theme.font("heading"))
            # The program's stylesheet sets a least height, which beats that of the widget.
            field.setStyleSheet(f"min-height: {self._theme.px(_FIELD) - 2}px;")

    def begin(self, name: str) -> None:
        """Start with what was typed in the desk's field, unless it is a number."""
        self.name.setText("" if any(map(str.isdecimal, name)) else proper_name(name))
        self.phone.setText(name if name.strip("+ ()-").isdecimal() else "")
        self._name_field.set_error("")
        self._look(self.name.text())
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.setCursorPosition(len(self.name.text()))

    def submit(self) -> None:
        """Check in whoever is chosen, or the guest as typed."""
        current = self.list.current
        if current is not None:
            self.chosen.emit(current)
            return
        if not self.name.text().strip():
            self._name_field.set_error(i18n.text("A name is enough, but it is needed"))
            return
        self.entered.emit(Guest(self.name.text(), self.phone.text()))

    def _look(self, text: str) -> None:
        self._name_field.set_error("")
        people: list[Arrival] = []
        if len(text.strip()) > 1:
            people = [hit.arrival for hit in self._door.index.similar(text, _SHOWN)]
            known = {person.person_id for person in people}
            people += [one for one in self._door.community(text, _SHOWN) if one.person_id not in known]
        self.list.set_rows(self._shown.rows(people[:_SHOWN]))
        self._perhaps.setVisible(bool(people))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows choose, Enter enters, Esc goes back, whichever field has the focus."""
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = event.key()
        if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.submit()
            elif key == Qt.Key.Key_Escape:
                self.left.emit()
            elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.step(1 if key == Qt.Key.Key_Down else -1)
            else:
                return super().eventFilter(watched, event)
            return True
        return super().eventFilter(watched, event)


def proper_name(typed: str) -> str:
    """A name typed in a hurry, without capitals, as a name is written; anything else as it is."""
    typed = " ".join(typed.split())
    if typed != typed.lower():
        return typed
    return re.sub(r"(?<![^\W\d_])[^\W\d_]", lambda found: found.group().upper(), typed)
