"""The first step: files chosen or dropped, or a table pasted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.labels import IconLabel, Label
from crm.ui.widgets.pages import Card, Surface
from crm.ui.widgets.shortcuts import shortcut


class StartStep(Surface):
    """`files` carries paths, `pasted` the text of a table."""

    files = Signal(object)
    pasted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 28, 28, 28)
        card = Card(theme)
        card.setMaximumWidth(theme.px(720))
        card.body.setContentsMargins(32, 28, 32, 28)
        card.body.setSpacing(8)
        card.body.addWidget(Label(theme, i18n.text("Drop files here"), "heading"))
        told = i18n.text(
            "Contacts from a phone (vCard), lists from a spreadsheet (CSV, XLSX, ODS), exports of registration "
            "services. Several at once, too. A table copied elsewhere can be pasted."
        )
        card.body.addWidget(Label(theme, told, colour="text2", wrap=True))
        row = QHBoxLayout()
        row.setContentsMargins(0, 12, 0, 12)
        row.setSpacing(8)
        self.choose_button = Button(theme, i18n.text("Choose files"), "primary", "file-arrow-down")
        self.choose_button.clicked.connect(self.choose)
        self.paste_button = Button(theme, i18n.text("Paste a table"), icon="clipboard-text")
        self.paste_button.clicked.connect(self.paste)
        row.addWidget(self.choose_button)
        row.addWidget(self.paste_button)
        row.addStretch(1)
        card.body.addLayout(row)
        for icon, said in (
            ("users", i18n.text("Nobody comes in twice: people are known by e-mail, phone and handle")),
            ("file-text", i18n.text("Every row is accounted for; what was not taken is named with its reason")),
            ("arrow-counter-clockwise", i18n.text("The whole import is undone by one Ctrl+Z")),
        ):
            card.body.addWidget(IconLabel(theme, icon, said, "body", "text2"))
        self._trouble = QWidget()
        trouble = QHBoxLayout(self._trouble)
        trouble.setContentsMargins(0, 8, 0, 0)
        trouble.setSpacing(0)
        mark = IconLabel(theme, "warning-circle-fill", "", "body", "bad")
        mark.setFixedWidth(theme.px(24))
        trouble.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        self.trouble = Label(theme, "", "body", "bad", wrap=True)
        trouble.addWidget(self.trouble, 1)
        self._trouble.hide()
        card.body.addWidget(self._trouble)
        column.addWidget(card)
        column.addStretch(1)
        shortcut(self, QKeySequence(QKeySequence.StandardKey.Paste).toString(), self.paste)

    def set_trouble(self, told: str) -> None:
        """Why nothing came of it, «» when all is well."""
        self.trouble.set_text(told)
        self._trouble.setVisible(bool(told))

    def set_busy(self, *, busy: bool) -> None:
        """While something is read, nothing else is taken."""
        self.choose_button.setEnabled(not busy)
        self.paste_button.setEnabled(not busy)

    def home(self) -> QWidget:
        """What Enter begins with."""
        return self.choose_button

    def choose(self) -> None:
        """Ask for files."""
        names, _ = QFileDialog.getOpenFileNames(
            self,
            i18n.text("Choose files"),
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation),
            i18n.text("Lists of people")
            + " (*.vcf *.vcard *.csv *.tsv *.txt *.xlsx *.xls *.ods);;"
            + i18n.text("All files")
            + " (*)",
        )
        if names:
            self.files.emit([Path(name) for name in names])

    def paste(self) -> None:
        """Take the table that was copied."""
        if self.paste_button.isEnabled():
            words = QGuiApplication.clipboard().text()
            if words.strip():
                self.pasted.emit(words)
            else:
                self.set_trouble(i18n.text("There is no text on the clipboard. Copy the table first."))
