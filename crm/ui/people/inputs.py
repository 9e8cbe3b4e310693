"""Inputs of the person's form: tags, contacts, somebody else, a birthday."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QListView, QSizePolicy, QVBoxLayout, QWidget

from crm import contact_points, i18n, text
from crm.partial_date import PartialDate
from crm.services.people_editing import ContactDraft
from crm.ui.people import words
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.chips import FlowLayout, TagChip
from crm.ui.widgets.fields import LineEdit, Select
from crm.ui.widgets.labels import Label
from crm.ui.widgets.marks import TAG_HEIGHT

_SHOWN: Final = 8
_BIRTHDAY: Final = re.compile(r"(\d{1,2})[./\- ](\d{1,2})(?:[./\- ](\d{4}))?\.?")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def completing(theme: Theme, field: LineEdit, options: Sequence[str] = ()) -> QCompleter:
    """Offer `options` while one types in `field`: those that hold what is typed."""
    completer = QCompleter(list(options), field)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setMaxVisibleItems(_SHOWN)
    popup = QListView()
    popup.setFrameShape(QFrame.Shape.NoFrame)
    popup.setFont(theme.font("body"))
    popup.setUniformItemSizes(True)
    completer.setPopup(popup)
    field.setCompleter(completer)
    return completer


class AskedField(LineEdit):
    """A field whose offers are asked for with each letter: `ask` gives the texts for what is typed."""

    def __init__(self, theme: Theme, ask: Callable[[str], Sequence[str]], placeholder: str = "") -> None:
        super().__init__(theme, placeholder)
        self._ask = ask
        self._offers = QStringListModel(self)
        self._completer = completing(theme, self)
        self._completer.setModel(self._offers)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.textEdited.connect(self._offer)

    def _offer(self, typed: str) -> None:
        self._offers.setStringList(list(self._ask(typed)) if typed.strip() else [])


class PersonField(AskedField):
    """Somebody who is already there, found however typed."""

    def __init__(self, theme: Theme, find: Callable[[str], Sequence[tuple[int, str]]], placeholder: str = "") -> None:
        self._known: dict[str, int] = {}
        self._find = find
        super().__init__(theme, self._found, placeholder)

    def _found(self, typed: str) -> list[str]:
        found = self._find(typed)
        for person_id, name in found:
            self._known[name] = person_id
        return [name for _, name in found]

    def set_person(self, person_id: int | None, name: str) -> None:
        """Show who it is now."""
        if person_id is not None:
            self._known[name] = person_id
        self.setText(name if person_id is not None else "")

    def person_id(self) -> int | None:
        """Who is written, None for nobody."""
        return self._known.get(self.text().strip())

    @property
    def is_wrong(self) -> bool:
        """Something is written that is nobody."""
        return bool(self.text().strip()) and self.person_id() is None


class _TagLine(LineEdit):
    finished = Signal(str)
    took_back = Signal()

    def __init__(self, theme: Theme, placeholder: str) -> None:
        super().__init__(theme, placeholder, bare=True)
        self.setMinimumWidth(theme.px(150))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (enter and self.text().strip()) or event.text() == ",":
            self.finished.emit(self.text())
            event.accept()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.took_back.emit()
        else:
            super().keyPressEvent(event)


class TagsField(QWidget):
    """Tags as chips with a place to type the next; Enter or a comma adds it, Backspace takes the last one back."""

    changed = Signal()

    def __init__(self, theme: Theme, known: Sequence[tuple[str, str]], placeholder: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._colours = {text.fold(name): (name, colour) for name, colour in known}
        self._names: list[str] = []
        self._flow = FlowLayout(self, 5)
        self._flow.setContentsMargins(6, 5, 6, 5)
        self.line = _TagLine(theme, placeholder or i18n.text("Add a tag"))
        self.line.finished.connect(self.add)
        self.line.took_back.connect(self._take_back)
        completer = completing(theme, self.line, [name for name, _ in known])
        completer.activated.connect(self.add, Qt.ConnectionType.QueuedConnection)
        self._flow.addWidget(self.line)
        self.line.setFixedHeight(theme.px(TAG_HEIGHT + 2))
        self.setFocusProxy(self.line)
        self.setMinimumHeight(theme.px(32))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def names(self) -> tuple[str, ...]:
        """The tags, what is typed and not yet added among them."""
        pending = self.line.text().strip()
        return (*self._names, pending) if pending else tuple(self._names)

    def set_names(self, names: Iterable[str]) -> None:
        """Show these tags."""
        self._names = list(names)
        self._show()

    def add(self, name: str) -> None:
        """One more; a tag that is there already stays once."""
        name = text.clean(name).strip(" ,#")
        self.line.clear()
        if name and text.fold(name) not in {text.fold(one) for one in self._names}:
            self._names.append(self._colours.get(text.fold(name), (name, ""))[0])
            self._show()

    def remove(self, name: str) -> None:
        """One less."""
        self._names.remove(name)
        self._show()
        self.line.setFocus()

    def _take_back(self) -> None:
        if self._names:
            self.remove(self._names[-1])

    def _show(self) -> None:
        while self._flow.count() > 1:
            item = self._flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        line = self._flow.takeAt(0)
        for name in self._names:
            colour = self._colours.get(text.fold(name), ("", "grey"))[1]
            chip = TagChip(self._theme, name, colour, removable=True)
            chip.removed.connect(lambda one=name: self.remove(one))
            self._flow.addWidget(chip)
        if line is not None:
            self._flow.addItem(line)
        self._flow.invalidate()
        self.updateGeometry()
        self.changed.emit()

    def minimumSizeHint(self) -> QSize:
        """A field's height."""
        return QSize(self._theme.px(160), self._theme.px(36))

    def sizeHint(self) -> QSize:
        """As high as the chips need."""
        width = max(self.width(), self._theme.px(160))
        return QSize(width, max(self._theme.px(36), self._flow.heightForWidth(width)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Anywhere in the field means its line."""
        self.line.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus is the line's."""
        self.line.setFocus(event.reason())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The border of a field."""
        theme = self._theme
        focused = self.line.hasFocus()
        border = theme.colour("accent" if focused else "hair2")
        shapes.box(QPainter(self), self.rect(), 6, theme.colour("raised"), border, 2 if focused else 1)


class _ContactRow(QWidget):
    removed = Signal(object)
    changed = Signal()

    def __init__(self, theme: Theme, draft: ContactDraft, *, labelled: bool) -> None:
        super().__init__()
        self._draft = draft
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        kinds = [(kind, words.contact_kind(kind)) for kind in contact_points.KINDS]
        if draft.kind not in contact_points.KINDS:
            kinds.append((draft.kind, draft.kind))
        self.kind = Select(theme, kinds, i18n.text("Kind of contact"))
        self.kind.setFixedWidth(theme.px(136))
        self.kind.set_value(draft.kind)
        self.value = LineEdit(theme, "", words.contact_kind(draft.kind))
        point = contact_points.read(draft.kind, draft.raw) if draft.kind in contact_points.KINDS else None
        self.value.setText(
            words.contact_shown(draft.kind, draft.raw) if point and point.value == draft.raw else draft.raw
        )
        self.value.textEdited.connect(self.changed)
        self.value.editingFinished.connect(self._guess)
        self.kind.chosen.connect(self._renamed)
        row.addWidget(self.kind)
        row.addWidget(self.value, 1)
        self.note = LineEdit(theme, i18n.in_context("contact", "Label"), i18n.in_context("contact", "Label"))
        self.note.setFixedWidth(theme.px(108))
        self.note.setText(draft.label)
        self.note.setVisible(labelled)
        row.addWidget(self.note)
        cross = IconButton(theme, "x", i18n.text("Remove the contact"))
        # By keyboard an emptied row is a removed one: Tab need not stop here between two contacts.
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.clicked.connect(lambda: self.removed.emit(self))
        row.addWidget(cross)

    def _renamed(self) -> None:
        self.value.setAccessibleName(words.contact_kind(self.kind.value()))
        self.changed.emit()

    def _guess(self) -> None:
        """A handle pasted where a phone is asked for is a handle."""
        raw = self.value.text().strip()
        if raw and contact_points.key(self.kind.value(), raw) is None and self.kind.value() != "other":
            guess = contact_points.guessed_kind(raw)
            if guess != "other":
                self.kind.set_value(guess)
                self._renamed()

    def draft(self) -> ContactDraft:
        """What is written."""
        return ContactDraft(self.kind.value(), self.value.text(), self.note.text(), self._draft.preferred)


class ContactsField(QWidget):
    """Contacts under each other: kind, value, with `labelled` a label, a cross; and a way to add one."""

    changed = Signal()

    def __init__(self, theme: Theme, *, labelled: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._labelled = labelled
        self.rows: list[_ContactRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(theme, i18n.text("Contacts"), "small", "text2"))
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column.addLayout(self._column)
        more = Button(theme, i18n.text("Add a contact"), "link", "plus", size="compact")
        more.clicked.connect(self._add_empty)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_empty(self) -> None:
        self.add(ContactDraft(self._next_kind(), "")).value.setFocus()

    def _next_kind(self) -> str:
        used = {row.kind.value() for row in self.rows}
        return next((kind for kind in contact_points.KINDS if kind not in used), "phone")

    def add(self, draft: ContactDraft) -> _ContactRow:
        """One more row."""
        row = _ContactRow(self._theme, draft, labelled=self._labelled)
        row.removed.connect(self._remove)
        row.changed.connect(self.changed)
        self.rows.append(row)
        self._column.addWidget(row)
        return row

    def _remove(self, row: _ContactRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self.changed.emit()

    def drafts(self) -> tuple[ContactDraft, ...]:
        """What is written, empty rows left out."""
        return tuple(draft for row in self.rows if (draft := row.draft()).raw.strip())


class NoSuchDay(ValueError):
    """What is written is no day of the calendar."""


def read_birthday(written: str) -> PartialDate | None:
    """«14.03», «14.03.1990» or «1990-03-14»; None for nothing. Raises NoSuchDay."""
    written = written.strip()
    if not written:
        return None
    found = _BIRTHDAY.fullmatch(written)
    iso = _ISO.fullmatch(written)
    try:
        if found:
            return PartialDate(int(found[2]), int(found[1]), int(found[3]) if found[3] else None)
        if iso:
            return PartialDate(int(iso[2]), int(iso[3]), int(iso[1]))
    except ValueError as error:
        raise NoSuchDay(written) from error
    raise NoSuchDay(written)


def written_birthday(birthday: PartialDate | None) -> str:
    """A birthday as one types it."""
    if birthday is None:
        return ""
    day = f"{birthday.day:02}.{birthday.month:02}"
    return day if birthday.year is None else f"{day}.{birthday.year:04}"
