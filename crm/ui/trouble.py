"""When something goes wrong: a store that will not open, and a mistake of ours with a report to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from crm import i18n
from crm.errors import CrmError
from crm.ui import clipboard
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import TextArea


def tell_refusal(theme: Theme, error: CrmError) -> None:
    """Before there is a window: say in one sentence why the store was not opened. Nothing of it was touched."""
    box = QMessageBox()
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(i18n.text("Krug"))
    box.setText(error.text())
    box.setFont(theme.font("body"))
    box.exec()


def show_trouble(host: QWidget, theme: Theme, report: str) -> None:
    """A mistake of ours: what is safe, and a report without anybody's data, to copy."""
    dialog = Dialog(
        theme,
        host,
        i18n.text("Krug made a mistake"),
        i18n.text("What was saved is safe. This report holds no data of people; send it to those who look after Krug."),
        icon="warning-circle-fill",
        tone="bad",
    )
    area = TextArea(theme, rows=10)
    area.setPlainText(report)
    area.setReadOnly(True)
    dialog.body.addWidget(area)
    copy = Button(theme, i18n.text("Copy the report"), icon="copy")
    copy.clicked.connect(lambda: clipboard.copy(report))
    dialog.add_button(copy, role="other")
    dialog.add_button(Button(theme, i18n.text("Go on"), "primary"), role="accept")
    dialog.open()
