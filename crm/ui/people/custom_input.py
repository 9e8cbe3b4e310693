"""The control of a field of the manager's own, by its kind; the same in the profile and in the form."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.services.custom_fields import FieldDefinition
from crm.ui.theme import Theme
from crm.ui.widgets.date_fields import DateField
from crm.ui.widgets.fields import LineEdit, Select, TextArea


def custom_input(theme: Theme, field: FieldDefinition, typed: str) -> QWidget:
    """A control with `typed` in it: a choice, a day, an area or a line."""
    control: QWidget
    if field.kind in {"choice", "yes_no"}:
        options = list(field.choices) if field.kind == "choice" else [i18n.text("yes"), i18n.text("no")]
        control = Select(theme, [("", i18n.text("Not stated")), *((one, one) for one in options)])
    elif field.kind == "date":
        control = DateField(theme)
    elif field.kind == "text":
        control = TextArea(theme, rows=2)
    else:
        control = LineEdit(theme)
    write_into(control, typed)
    return control


def write_into(control: QWidget, typed: str) -> None:
    """Put `typed` into such a control; an option that is no longer offered stays for the one who has it."""
    if isinstance(control, Select):
        if typed and control.findText(typed) < 0:
            here = [control.itemText(place) for place in range(1, control.count())]
            control.set_options([("", control.itemText(0)), *((one, one) for one in (*here, typed))])
        control.set_value(typed)
    elif isinstance(control, TextArea):
        control.set_text(typed)
    elif isinstance(control, LineEdit | DateField):
        control.setText(typed)


def typed_in(control: QWidget) -> str:
    """What is typed in such a control."""
    if isinstance(control, Select):
        return str(control.value() or "")
    return control.text() if isinstance(control, LineEdit | TextArea | DateField) else ""
