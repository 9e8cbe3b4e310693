"""The look as one object: tokens → palette, stylesheet, fonts, icons. Made in `app.py`, passed as an argument."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip

from crm.ui import fonts, icons
from crm.ui.stylesheet import stylesheet
from crm.ui.tokens import Tokens, tokens

Mode = Literal["system", "light", "dark"]
MODES: Final[tuple[Mode, ...]] = ("system", "light", "dark")
_MIX: Final = 0x9E3779B97F4A7C15
_WORD: Final = 0xFFFFFFFFFFFFFFFF


class Theme(QObject):
    """Colours, fonts and icons in force. `changed` follows every change, after all of them are in place.

    `calm` is the person's wish for no motion. Sizes given to its methods are px at 100 % text size.
    """

    changed = Signal()

    def __init__(self, mode: Mode = "system", scale: int = 100, *, contrast: bool = False, calm: bool = False) -> None:
        super().__init__()
        self.mode: Mode = mode
        self.scale = scale
        self.contrast = contrast
        self.calm = calm
        self._app: QApplication | None = None
        self._forget()

    # -- what it looks like ------------------------------------------------------------------------------------

    def colour(self, token: str) -> QColor:
        """The colour of a token of guide §2. Raises AttributeError for another name."""
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(getattr(self.tokens, token))
        return found

    def chip(self, tone: str) -> tuple[QColor, QColor]:
        """Background and text of a chip. Raises KeyError for an unknown tone."""
        found = self._chips.get(tone)
        if found is None:
            background, text = self.tokens.chips[tone]
            found = self._chips[tone] = (QColor(background), QColor(text))
        return found

    def avatar(self, seed: int) -> tuple[QColor, QColor]:
        """Background and text of an avatar: the same for one person for ever, whatever the order of ids."""
        return self._avatars[((seed * _MIX & _WORD) >> 32) % len(self._avatars)]

    def font(self, role: str) -> QFont:
        """The font of a role of guide §3. Raises KeyError for another name."""
        found = self._fonts.get(role)
        if found is None:
            found = self._fonts[role] = fonts.font(role, self.scale)
        return found

    def sized_font(self, size: float, weight: int, tracking: float = 0.0) -> QFont:
        """A font of `size` px for the few texts that fit themselves to their place."""
        return fonts.sized(size, weight, self.scale, tracking=tracking, tabular=True)

    def metrics(self, role: str) -> QFontMetrics:
        """How wide and high a role's text is."""
        found = self._metrics.get(role)
        if found is None:
            found = self._metrics[role] = QFontMetrics(self.font(role))
        return found

    def px(self, size: float) -> int:
        """`size` px grown with the text."""
        return fonts.scaled(size, self.scale)

    def icon(self, name: str, token: str = "text2", size: int = 16) -> QIcon:  # noqa: S107 - a colour
        """An icon for Qt's own widgets. Raises icons.UnknownIcon."""
        key = (name, token, size)
        found = self._icons.get(key)
        if found is None:
            found = self._icons[key] = icons.icon(name, self.colour(token), self.colour("text3"), self.px(size))
        return found

    # -- changing it -------------------------------------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        """Light, dark, or as the system is."""
        self.mode = mode
        self._rebuild()

    def set_scale(self, scale: int) -> None:
        """Text size in per cent: one of `fonts.SCALES`."""
        self.scale = scale
        self._rebuild()

    def set_contrast(self, *, contrast: bool) -> None:
        """Borders of controls at 3:1."""
        self.contrast = contrast
        self._rebuild()

    def set_calm(self, *, calm: bool) -> None:
        """No motion."""
        self.calm = calm
        self._rebuild()

    def apply(self, app: QApplication) -> None:
        """Dress the program, now and at every change, the system's own among them."""
        if self._app is None:
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._app = app
        app.setStyle("Fusion")
        self._forget()
        self._dress(app)

    def _system_changed(self) -> None:
        if self.mode == "system":
            self._rebuild()

    def _rebuild(self) -> None:
        self._forget()
        if self._app is not None:
            self._dress(self._app)
        self.changed.emit()
        if self._app is not None:
            _ground_lists(self._app)

    def _forget(self) -> None:
        self.dark = self.mode == "dark" or (self.mode == "system" and _system_is_dark())
        self.tokens: Tokens = tokens(dark=self.dark, contrast=self.contrast)
        self._colours: dict[str, QColor] = {}
        self._chips: dict[str, tuple[QColor, QColor]] = {}
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetrics] = {}
        self._icons: dict[tuple[str, str, int], QIcon] = {}
        self._avatars = [(QColor(back), QColor(text)) for back, text in self.tokens.avatars]

    def _dress(self, app: QApplication) -> None:
        fonts.load()
        app.setPalette(self._palette())
        app.setFont(self.font("body"))
        QToolTip.setFont(self.font("small"))
        app.setStyleSheet(stylesheet(self.tokens, self.px))

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        palette = QPalette()
        for of, token in (
            (role.Window, "surface"),
            (role.WindowText, "text"),
            (role.Base, "raised"),
            (role.AlternateBase, "sunken"),
            (role.Text, "text"),
            (role.Button, "raised"),
            (role.ButtonText, "text"),
            (role.BrightText, "on_accent"),
            (role.Highlight, "accent"),
            (role.HighlightedText, "on_accent"),
            (role.PlaceholderText, "text3"),
            (role.ToolTipBase, "toast"),
            (role.ToolTipText, "toast_text"),
            (role.Link, "accent_text"),
            (role.LinkVisited, "accent_text"),
            (role.Light, "hover"),
            (role.Midlight, "hair"),
            (role.Mid, "hair2"),
            (role.Dark, "hair2"),
            (role.Shadow, "hair2"),
            (role.Accent, "accent"),
        ):
            palette.setColor(of, self.colour(token))
        for of in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, of, self.colour("text3"))
        return palette


def _ground_lists(app: QApplication) -> None:
    """Give lists the ground of the palette they just took: a polished viewport keeps the one it had."""
    for widget in app.allWidgets():
        if isinstance(widget, QAbstractItemView):
            widget.viewport().setPalette(widget.palette())


def _system_is_dark() -> bool:
    if QGuiApplication.instance() is None:
        return False
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
