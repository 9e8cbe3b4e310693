"""The settings page: the community's name, language, look, where the data is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import phrase
from crm.services import community
from crm.ui.history.keeping import JournalKeeping
from crm.ui.operations import Operations
from crm.ui.preferences import Preferences
from crm.ui.settings.own_fields import OwnFields
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.choices import Switch
from crm.ui.widgets.fields import Field, LineEdit
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import PageHeader, ScrollColumn, SectionHeader
from crm.ui.widgets.tabs import Segmented


class SettingsPage(QWidget):
    """Every change is kept at once; a language change asks the window to be built anew."""

    navigate = Signal(str, object)
    language_chosen = Signal(str)
    size_chosen = Signal()

    def __init__(
        self,
        operations: Operations,
        theme: Theme,
        preferences: Preferences,
        passphrase: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._operations, self._theme, self._preferences = operations, theme, preferences
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(PageHeader(theme, i18n.text("Settings")))
        column = ScrollColumn(theme)
        column.body.setContentsMargins(28, 20, 28, 28)
        column.body.setSpacing(12)
        whole.addWidget(column, 1)
        inside = QWidget()
        inside.setMaximumWidth(theme.px(560))
        self._body = QVBoxLayout(inside)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(14)
        # In a row, for a column asks a narrower widget how high it is at the column's own width: too low.
        row = QHBoxLayout()
        row.addWidget(inside, 1)
        row.addStretch()
        column.body.addLayout(row)
        column.body.addStretch(1)
        self._community()
        self._language()
        self._look()
        self._section(i18n.text("Own fields"))
        self.own_fields = OwnFields(self._operations, self._theme)
        self._body.addWidget(self.own_fields)
        self._section(i18n.text("Passphrase"))
        self._body.addWidget(passphrase)
        self._history()
        self._data()

    def home(self) -> QWidget:
        """Where the keyboard begins."""
        return self._name

    def _section(self, title: str) -> None:
        if self._body.count():
            self._body.addSpacing(14)
        self._body.addWidget(SectionHeader(self._theme, title))

    def _community(self) -> None:
        self._section(i18n.text("Community"))
        self._name = LineEdit(self._theme, name=i18n.text("Name of the community"))
        self._name.setText(self._operations.read(community.community_name))
        self._name.editingFinished.connect(self._rename)
        self._body.addWidget(Field(self._theme, i18n.text("Name of the community"), self._name))

    def _rename(self) -> None:
        name = self._name.text().strip()
        if name and name != self._operations.read(community.community_name):
            self._operations.perform(
                phrase("Community renamed to {name}", name=name),
                lambda session: community.rename_community(session, name),
            )

    def _language(self) -> None:
        self._section(i18n.text("Language"))
        chosen = Segmented(self._theme, [("ru", "Русский"), ("en", "English")])
        chosen.select(i18n.current())
        chosen.changed.connect(self.language_chosen)
        self._left(chosen)

    def _look(self) -> None:
        self._section(i18n.text("Look"))
        mode = Segmented(
            self._theme,
            [("system", i18n.text("As the system")), ("light", i18n.text("Light")), ("dark", i18n.text("Dark"))],
        )
        mode.select(self._preferences.mode)
        mode.changed.connect(self._set_mode)
        self._left(mode)
        self._body.addWidget(Label(self._theme, i18n.text("Text size"), "small", "text2"))
        scale = Segmented(self._theme, [(str(size), i18n.percent(size)) for size in (100, 115, 130)])
        scale.select(str(self._preferences.scale))
        scale.changed.connect(self._set_scale)
        self._left(scale)
        contrast = Switch(self._theme, i18n.text("Stronger borders"))
        contrast.setChecked(self._preferences.contrast)
        contrast.toggled.connect(self._set_contrast)
        self._left(contrast)

    def _history(self) -> None:
        self._section(i18n.text("History"))
        keeping = JournalKeeping(self._operations, self._theme)
        keeping.history_requested.connect(lambda: self.navigate.emit("history", None))
        self._body.addWidget(keeping)

    def _data(self) -> None:
        self._section(i18n.text("Data"))
        self._body.addWidget(
            Label(
                self._theme,
                i18n.text("Everything is in one file on this computer. Krug never uses the network."),
                colour="text2",
                wrap=True,
            )
            if (warning := self._operations.warning) is None
            else Label(self._theme, warning.text(), colour="warn", wrap=True)
        )
        self._body.addWidget(Label(self._theme, str(self._operations.store), "body_strong", wrap=True, selectable=True))
        folder = Button(self._theme, i18n.text("Open its folder"), icon="hard-drives")
        folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._operations.store.parent))))
        self._left(folder)
        copies = Button(self._theme, i18n.text("Copies"), icon="shield-check")
        copies.clicked.connect(lambda: self.navigate.emit("copies", None))
        self._left(copies)

    def _left(self, widget: Any) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)
        self._body.addLayout(row)

    def _keep(self) -> None:
        self._preferences.keep_or_tell(self._operations.refused.emit)

    def _set_mode(self, mode: str) -> None:
        self._preferences.mode = mode
        self._keep()
        self._theme.set_mode(self._preferences.mode)

    def _set_scale(self, scale: str) -> None:
        self._preferences.scale = int(scale)
        self._keep()
        self._theme.set_scale(int(scale))
        self.size_chosen.emit()

    def _set_contrast(self, contrast: bool) -> None:
        self._preferences.contrast = contrast
        self._keep()
        self._theme.set_contrast(contrast=contrast)
