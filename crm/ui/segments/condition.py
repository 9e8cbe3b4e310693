"""One row of the builder: field, operator, value, a cross; below it a period and a kind of event where they count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from crm import i18n
from crm.services.rules import FIELDS, Operator
from crm.ui.segments import words
from crm.ui.segments.values import Surroundings, ValueEditor, make_editor
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import IconButton
from crm.ui.widgets.fields import Select, paint_caret

_SHARES: Final = (33, 28, 50)
_NARROW: Final = (36, 31, 44)
_WIDE: Final = 520
"""How field, comparison and value share the width; below `_WIDE` px as in `_NARROW`."""


class Narrow(Select):
    """A choice in a narrow place: its text is cut with «…», the whole is in the tooltip."""

    def __init__(self, theme: Theme, options: Sequence[tuple[Any, str]] = (), name: str = "") -> None:
        super().__init__(theme, options, name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.currentTextChanged.connect(self.setToolTip)
        self.setToolTip(self.currentText())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, as much of the text as fits, the caret."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        theme = self._theme
        area = self.rect().adjusted(10, 0, -theme.px(12) - 12, 0)
        shapes.line_of_text(
            painter, area, self.currentText(), theme.font("body"), theme.metrics("body"), theme.colour("text")
        )
        painter.end()
        paint_caret(self, theme)


class Condition(QWidget):
    """A condition being edited. `rule()` is its JSON form, which may still lack a value."""

    changed = Signal()
    reshaped = Signal()
    removed = Signal()

    def __init__(self, theme: Theme, rule: dict[str, Any], around: Surroundings) -> None:
        super().__init__()
        self._theme, self._around = theme, around
        self._field = Narrow(theme, [(key, words.field_title(key)) for key in FIELDS], i18n.text("Field"))
        self._field.chosen.connect(self._field_chosen)
        self._operator = Narrow(theme, name=i18n.text("Comparison"))
        self._operator.chosen.connect(self._operator_chosen)
        self._cross = IconButton(theme, "x", i18n.text("Remove the condition"), size=32)
        self._cross.clicked.connect(self.removed)
        self._value: ValueEditor | None = None
        self._period: Select | None = None
        self._kind: Select | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(6)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self._field, 0, 0, top)
        self._grid.addWidget(self._operator, 0, 1, top)
        self._grid.addWidget(self._cross, 0, 3, top)
        self._show(rule)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow place field and comparison need a larger share to be read."""
        super().resizeEvent(event)
        for column, share in enumerate(_NARROW if self.width() < self._theme.px(_WIDE) else _SHARES):
            self._grid.setColumnStretch(column, share)

    def rule(self) -> dict[str, Any]:
        """The JSON form."""
        made: dict[str, Any] = {"field": self._field.value(), "operator": self._operator.value()}
        value = self._value.value() if self._value is not None else None
        if value is not None:
            made["value"] = value
        if self._period is not None and self._period.value() is not None:
            made["days"] = self._period.value()
        if self._kind is not None and self._kind.value() is not None:
            made["event_kind"] = self._kind.value()
        return made

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        value = self._value.stops() if self._value is not None else []
        extras = [one for one in (self._period, self._kind) if one is not None]
        return [self._field, self._operator, *value, self._cross, *extras]

    def _show(self, rule: dict[str, Any]) -> None:
        field = FIELDS[rule["field"]]
        self._field.set_value(field.key)
        self._operator.set_options([(one.key, words.operator_title(one)) for one in field.operators])
        self._operator.set_value(rule["operator"])
        self._put_value(rule.get("value"))
        self._put_extras(rule)

    def _chosen_operator(self) -> Operator:
        return FIELDS[self._field.value()].operator(self._operator.value())

    def _put_value(self, value: Any) -> None:
        if self._value is not None:
            self._grid.removeWidget(self._value)
            self._value.hide()
            self._value.deleteLater()
        editor = self._chosen_operator().editor
        self._value = make_editor(self._theme, editor, self._field.value(), value, self._around)
        self._value.changed.connect(self.changed)
        self._grid.addWidget(self._value, 0, 2)

    def _put_extras(self, rule: dict[str, Any]) -> None:
        for old in (self._period, self._kind):
            if old is not None:
                self._grid.removeWidget(old)
                old.hide()
                old.deleteLater()
        self._period = self._kind = None
        field = FIELDS[self._field.value()]
        if field.has_period:
            days = rule.get("days")
            offered = sorted({*words.PERIODS, *([days] if days is not None else [])})
            options: list[tuple[Any, str]] = [(None, words.period_title(None))]
            options += [(one, words.period_title(one)) for one in offered]
            self._period = self._extra(options, days, i18n.text("Period"), 1, 1)
        if field.has_event_kind:
            kinds = [(None, words.event_kind_title(None))]
            kinds += [(key, words.event_kind_title(key, name)) for key, name in self._around.choices.get("kinds", ())]
            kind = rule.get("event_kind")
            if kind is not None and kind not in {key for key, _ in kinds}:
                kinds.append((kind, i18n.text("removed")))
            self._kind = self._extra(kinds, kind, i18n.text("Kind of event"), 2, 1)
        if self._period is not None and self._kind is None:
            self._grid.addWidget(self._period, 1, 1, 1, 2)

    def _extra(self, options: list[tuple[Any, str]], value: Any, name: str, column: int, span: int) -> Select:
        made = Narrow(self._theme, options, name)
        made.set_value(value)
        made.chosen.connect(lambda _: self.changed.emit())
        self._grid.addWidget(made, 1, column, 1, span)
        return made

    def _field_chosen(self, key: str) -> None:
        field = FIELDS[key]
        self._operator.set_options([(one.key, words.operator_title(one)) for one in field.operators])
        self._operator.setCurrentIndex(0)
        self._put_value(None)
        self._put_extras({})
        self.reshaped.emit()
        self.changed.emit()

    def _operator_chosen(self, _: object) -> None:
        before = self._value.value() if self._value is not None else None
        self._put_value(_carried(before, self._chosen_operator().editor))
        self.reshaped.emit()
        self.changed.emit()


def _carried(value: Any, editor: str) -> Any:
    """A value that still makes sense under another operator: one number, one text, the same choices."""
    fits = {
        "text": isinstance(value, str),
        "texts": isinstance(value, list) and all(isinstance(one, str) for one in value),
        "number": isinstance(value, int),
        "score": isinstance(value, int),
        "days": isinstance(value, int) and value > 0,
        "tags": isinstance(value, list) and all(isinstance(one, int) for one in value),
        "levels": isinstance(value, list),
        "kinds": isinstance(value, list),
        "contacts": isinstance(value, list),
        "segment": isinstance(value, int),
        "event": isinstance(value, (int, str)),
    }
    return value if fits.get(editor, False) else None
