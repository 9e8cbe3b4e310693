"""What a value is edited with: one small widget for each kind of value, all with `value()` and `changed`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.rules.values import LONGEST_TEXT, MOST_DAYS, MOST_TIMES
from crm.ui.segments import words
from crm.ui.segments.chooser import Chooser
from crm.ui.theme import Theme
from crm.ui.widgets.date_fields import DateField
from crm.ui.widgets.fields import LineEdit, NumberField, Select
from crm.ui.widgets.labels import Label

Choices = Mapping[str, Sequence[tuple[Any, str]]]
_STARTS: Final[dict[str, Any]] = {"number": 1, "score": 6, "numbers": [1, 3], "scores": [0, 6], "days": 30}


@dataclass(slots=True)
class Surroundings:
    """What the builder may choose from, as `services.segments.choices` gives it, and the day it is."""

    today: date
    choices: Choices = field(default_factory=dict)


class ValueEditor(QWidget):
    """The value of one condition. `value()` is its JSON form, None while there is none."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)

    def value(self) -> Any:
        """The JSON form."""
        return None

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return []


class NoValue(ValueEditor):
    """For operators that need none."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.row.addStretch(1)


class TextValue(ValueEditor):
    """A text; `many`: several with commas between them. `known` are offered while one types."""

    def __init__(self, theme: Theme, name: str, value: Any, *, many: bool, known: Sequence[str]) -> None:
        super().__init__(theme, name)
        self._many = many
        hint = i18n.text("Several, with commas between them") if many else i18n.text("Type a text")
        self._line = LineEdit(theme, hint, name)
        self._line.setMaxLength(LONGEST_TEXT)
        self._line.setText(", ".join(value) if isinstance(value, list) else value or "")
        if known and not many:
            completer = QCompleter(list(known), self._line)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            popup = completer.popup()
            if popup is not None:
                popup.setFont(theme.font("body"))
            self._line.setCompleter(completer)
        self._line.textChanged.connect(self.changed)
        self.row.addWidget(self._line, 1)

    def value(self) -> Any:
        typed = self._line.text().strip()
        if not self._many:
            return typed or None
        return [one.strip() for one in typed.split(",") if one.strip()] or None

    def stops(self) -> list[QWidget]:
        return [self._line]


class NumberValue(ValueEditor):
    """A whole number, or two of them with a dash between; `unit` says what of."""

    def __init__(self, theme: Theme, name: str, value: Any, bounds: tuple[int, int], unit: str = "") -> None:
        super().__init__(theme, name)
        values = value if isinstance(value, list) else [value]
        self._fields = []
        for place, number in enumerate(values):
            one = NumberField(theme, *bounds, unit, name)
            one.setValue(number if isinstance(number, int) else bounds[0])
            one.valueChanged.connect(self.changed)
            if place:
                self.row.addWidget(Label(theme, "\N{EN DASH}", "body", "text2"))
            self.row.addWidget(one, 1)
            self._fields.append(one)

    def value(self) -> Any:
        found = [one.value() for one in self._fields]
        return found if len(found) > 1 else found[0]

    def stops(self) -> list[QWidget]:
        return list(self._fields)


class DayValue(ValueEditor):
    """A day, or two of them, one above the other: beside each other they do not fit."""

    def __init__(self, theme: Theme, name: str, value: Any, today: date, *, many: bool) -> None:
        super().__init__(theme, name)
        values = value if isinstance(value, list) else [value] if value else []
        self._fields = []
        column = QVBoxLayout()
        column.setSpacing(6)
        self.row.addLayout(column, 1)
        for place in range(2 if many else 1):
            one = DateField(theme, name, today=today)
            if place < len(values):
                one.set_day(date.fromisoformat(values[place]))
            one.day_changed.connect(lambda _: self.changed.emit())
            column.addWidget(one)
            self._fields.append(one)

    def value(self) -> Any:
        found = [day.isoformat() if (day := one.day()) is not None else None for one in self._fields]
        if None in found:
            return None
        return found if len(found) > 1 else found[0]

    def stops(self) -> list[QWidget]:
        return list(self._fields)


class ChoiceValue(ValueEditor):
    """One of a known set. A value that is gone stays, named so, until another is chosen."""

    def __init__(self, theme: Theme, name: str, value: Any, options: Sequence[tuple[Any, str]]) -> None:
        super().__init__(theme, name)
        offered = list(options)
        if value is not None and value not in {key for key, _ in offered}:
            offered.insert(0, (value, i18n.text("removed")))
        if value is None:
            offered.insert(0, (None, i18n.text("Choose")))
        self._select = Select(theme, offered, name)
        self._select.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._select.set_value(value)
        self._select.chosen.connect(lambda _: self.changed.emit())
        self.row.addWidget(self._select, 1)

    def value(self) -> Any:
        return self._select.value()

    def stops(self) -> list[QWidget]:
        return [self._select]


class ChoicesValue(ValueEditor):
    """Several of a known set."""

    def __init__(self, theme: Theme, name: str, value: Any, options: Sequence[tuple[Any, str]]) -> None:
        super().__init__(theme, name)
        self._chooser = Chooser(theme, options, name)
        self._chooser.set_value(value or [])
        self._chooser.changed.connect(self.changed)
        self.row.addWidget(self._chooser, 1)

    def value(self) -> Any:
        return self._chooser.value() or None

    def stops(self) -> list[QWidget]:
        return [self._chooser]


def start_value(editor: str) -> Any:
    """What a new condition begins with; None where there is nothing to guess."""
    return _STARTS.get(editor)


def make_editor(theme: Theme, editor: str, field_key: str, value: Any, around: Surroundings) -> ValueEditor:
    """The widget for a value of this kind, showing `value`."""
    name = i18n.text("{field}: value", field=words.field_title(field_key))
    if value is None:
        value = start_value(editor)
    choices = around.choices
    match editor:
        case "text" | "texts":
            known = [title for _, title in choices.get("cities", ())] if field_key == "city" else []
            return TextValue(theme, name, value, many=editor == "texts", known=known)
        case "number" | "numbers":
            return NumberValue(theme, name, value, (0, MOST_TIMES))
        case "score" | "scores":
            return NumberValue(theme, name, value, (0, 10))
        case "days":
            return NumberValue(theme, name, value, (1, MOST_DAYS), i18n.text("days"))
        case "date" | "dates":
            return DayValue(theme, name, value, around.today, many=editor == "dates")
        case "tag" | "segment":
            return ChoiceValue(theme, name, value, choices.get(f"{editor}s", ()))
        case "event":
            return ChoiceValue(
                theme, name, value or "last", [("last", i18n.text("The last event")), *choices.get("events", ())]
            )
        case "tags":
            return ChoicesValue(theme, name, value, choices.get("tags", ()))
        case "levels" | "kinds" | "contacts":
            return ChoicesValue(theme, name, value, words.fixed_choices(editor))
        case _:
            return NoValue(theme, name)
