"""A row that was not taken, cell by cell, to be put right in place. The file itself does not change."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.importing.layout import Column
from crm.services.importing_rows import RowResult
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit

_SHOWN = 8


class MendDialog(Dialog):
    """Fields for the columns that say who somebody is, the filled ones first; the others stay as they are."""

    def __init__(self, theme: Theme, host: QWidget, row: RowResult, columns: Sequence[Column]) -> None:
        super().__init__(
            theme, host, i18n.text("Correct the row"), row.reason, icon="pencil-simple", tone="accent", width=520
        )
        width = max(len(columns), len(row.cells))
        self._cells = [*row.cells, *[""] * (width - len(row.cells))]
        telling = [column for column in columns if column.field not in ("ignored", "extra", "routine", "label")]
        telling.sort(key=lambda column: not self._cells[column.index].strip())
        self.fields: dict[int, LineEdit] = {}
        for column in sorted(telling[:_SHOWN], key=lambda column: column.index):
            name = column.header or i18n.text("Column {number}", number=column.index + 1)
            edit = LineEdit(theme, "", name)
            edit.setText(self._cells[column.index])
            self.fields[column.index] = edit
            self.body.addWidget(Field(theme, name, edit))
        self.add_button(Button(theme, i18n.text("Cancel"), "quiet"), "reject")
        self.add_button(Button(theme, i18n.text("Check anew"), "primary"), "accept")

    def cells(self) -> tuple[str, ...]:
        """The row as it is to be read."""
        for index, edit in self.fields.items():
            self._cells[index] = edit.text()
        return tuple(self._cells)
