"""The window: navigation, one page at a time, the toast, the strip of work, the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import MethodType
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.keys import keys_dialog
from crm.ui.navigation import Navigation, Pinned
from crm.ui.progress_strip import ProgressStrip
from crm.ui.theme import Theme
from crm.ui.toast import Toast
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.mark_widgets import program_icon
from crm.ui.widgets.pages import Surface
from crm.ui.widgets.shortcuts import letter_shortcut, shortcut

RAIL_BELOW: Final = 1280
LEAST: Final = (900, 600)

__all__ = ["MainWindow", "PageEntry", "Pinned"]


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One place to go. `title` is a catalogue entry; `factory` builds the page when it is first shown.

    `below` stands apart at the foot of the navigation; what is not `listed` is led to from elsewhere.
    """

    key: str
    icon: str
    title: str
    factory: Callable[[], QWidget]
    below: bool = False
    listed: bool = True


class MainWindow(QMainWindow):
    """What holds the pages. It knows none of them: `app.py` gives entries and connects signals.

    A page may have `escape() -> bool` (an Esc that nobody took; True = done), `find()` (Ctrl+F, /) and `home()`, the
    widget that takes the keyboard when one comes to the page.
    """

    find_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()
    page_shown = Signal(str)
    pinned_chosen = Signal(object)
    store_menu_requested = Signal(QPoint)
    settings_requested = Signal()
    safety_requested = Signal()
    import_requested = Signal()
    history_requested = Signal()
    closing = Signal(object)

    def __init__(
        self, theme: Theme, entries: Sequence[PageEntry], store_name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries = {entry.key: entry for entry in entries}
        self._pages: dict[str, QWidget] = {}
        self._current = ""
        self._full: QWidget | None = None
        self._before_full: QWidget | None = None
        self.setMinimumSize(*LEAST)
        self.resize(1440, 900)
        self.setWindowTitle(i18n.text("Krug"))
        self.setWindowIcon(program_icon())
        self.navigation = self._make_navigation()
        self._stack = QStackedWidget()
        self._content = Surface(theme)
        inside = QVBoxLayout(self._content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._stack)
        self.progress = ProgressStrip(theme)
        self._lay_out()
        self.set_store(i18n.text("Krug"), store_name)
        self._bind_keys()

    def _make_navigation(self) -> Navigation:
        def places(*, below: bool) -> list[tuple[str, str, str]]:
            return [
                (entry.key, entry.icon, i18n.text(entry.title))
                for entry in self._entries.values()
                if entry.listed and entry.below is below
            ]

        made = Navigation(self._theme, places(below=False), places(below=True))
        made.chosen.connect(self.show_page)
        made.pinned_chosen.connect(self.pinned_chosen)
        made.find_requested.connect(self.find_requested)
        made.store_menu_requested.connect(self.store_menu_requested)
        made.safety_chosen.connect(self.safety_requested)
        return made

    def _lay_out(self) -> None:
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self._content, 1)
        column.addLayout(row, 1)
        column.addWidget(self.progress)
        self.setCentralWidget(self._body)
        self.toast = Toast(self._theme, self, self._toast_area)

    def _bind_keys(self) -> None:
        for place, key in enumerate(
            [key for key, entry in self._entries.items() if entry.listed and not entry.below][:9], start=1
        ):
            shortcut(self, f"Ctrl+{place}", partial(self.show_page, key))
        for keys, callback in (
            ("Ctrl+K", self.find_requested.emit),
            ("Ctrl+Z", self.undo_requested.emit),
            ("Ctrl+Shift+Z", self.redo_requested.emit),
            ("Ctrl+Y", self.redo_requested.emit),
            ("Ctrl+F", self._find_here),
            ("Ctrl+,", self.settings_requested.emit),
            ("Ctrl+I", self.import_requested.emit),
            ("Ctrl+H", self.history_requested.emit),
            ("F11", self.toggle_full_screen),
            ("F1", self.show_keys),
        ):
            shortcut(self, keys, callback)
        letter_shortcut(self, "/", self._find_here)
        letter_shortcut(self, "?", self.show_keys)

    # -- pages -------------------------------------------------------------------------------------------------

    def show_page(self, key: str) -> QWidget:
        """Go to a page, built now if it never was. Raises KeyError for an unknown one."""
        if key not in self._pages:
            page = self._entries[key].factory()
            self._pages[key] = page
            self._stack.addWidget(page)
        page = self._pages[key]
        self.close_full()
        self._stack.setCurrentWidget(page)
        self.navigation.set_current(key)
        if key != self._current:
            self._current = key
            self._lead_to(page)
            self.page_shown.emit(key)
        return page

    def _lead_to(self, page: QWidget) -> None:
        """The keyboard goes where the eyes go: arrows and Enter are for what was just opened."""
        home = getattr(page, "home", None)
        if home is not None:
            home().setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def places(self) -> tuple[str, ...]:
        """The keys of all pages, those the navigation does not list too."""
        return tuple(self._entries)

    def page(self, key: str) -> QWidget | None:
        """A page that was built, None if it never was shown."""
        return self._pages.get(key)

    @property
    def current_key(self) -> str:
        """Where one is."""
        return self._current

    def current_page(self) -> QWidget | None:
        """The page one sees, also a full one."""
        return self._full or self._pages.get(self._current)

    def show_full(self, widget: QWidget) -> None:
        """A page over the whole window, navigation included: the desk. It stays until `close_full`."""
        self.close_full()
        self._before_full = self.focusWidget()
        self._full = widget
        widget.setParent(self)
        widget.setGeometry(self.rect())
        # What lies behind must not answer keys: a hidden widget's shortcuts rest.
        self._body.setVisible(False)
        widget.show()
        widget.raise_()
        widget.setFocus()

    @property
    def full(self) -> QWidget | None:
        """What fills the window now, the desk for one; None while the pages are there."""
        return self._full

    def close_full(self) -> None:
        """Back to the page behind; the full one is hidden and belongs to who made it."""
        if self._full is None:
            return
        full, self._full = self._full, None
        full.hide()
        full.setParent(None)
        self._body.setVisible(True)
        before, self._before_full = self._before_full, None
        if before is not None and before.isVisible():
            before.setFocus()

    # -- what the window tells ---------------------------------------------------------------------------------

    def set_count(self, key: str, count: int | None) -> None:
        """What waits for me at a place. Raises KeyError for an unknown one."""
        self.navigation.set_count(key, count)

    def set_pinned(self, segments: Sequence[Pinned]) -> None:
        """The segments at hand."""
        self.navigation.set_pinned(segments)

    def set_store(self, name: str, detail: str = "") -> None:
        """Two lines beside the mark: the program and the community."""
        self.navigation.set_store(name, detail)
        program = i18n.text("Krug")
        self.setWindowTitle(f"{detail} \N{EM DASH} {program}" if detail else program)

    def set_safety(self, second: str, *, ok: bool = True) -> None:
        """The line below «The data is only here»."""
        self.navigation.set_safety(second, ok=ok)

    def say(self, text: str, icon: str = "check-circle-fill", undo: Callable[[], object] | None = None) -> None:
        """The toast: what was done, and how to turn it back. Over a full page it stands there."""
        self.toast.say(text, icon, undo)

    def show_keys(self) -> Dialog:
        """The window of keys."""
        dialog = keys_dialog(self._theme, self)
        dialog.open()
        return dialog

    def toggle_full_screen(self) -> None:
        """F11."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    # -- Qt ----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has a rail."""
        super().resizeEvent(event)
        rail = self.width() < RAIL_BELOW
        if rail != self.navigation.is_rail:
            self.navigation.set_rail(rail=rail)
        if self._full is not None:
            self._full.setGeometry(self.rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An Esc that nobody took is the page's, then the full screen's."""
        if event.key() == Qt.Key.Key_Escape:
            escape = getattr(self.current_page(), "escape", None)
            if (escape is None or not escape()) and self.isFullScreen():
                self.showNormal()
            event.accept()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Those who must end first are asked: a listener may refuse the event."""
        self.closing.emit(event)

    def _toast_area(self) -> QRect:
        if self._full is not None:
            return self._full.geometry()
        return QRect(self._content.mapTo(self, QPoint(0, 0)), self._content.size())

    def _find_here(self) -> None:
        find = getattr(self.current_page(), "find", None)
        # Every widget has a static find(WId) of Qt's: only a page's own is meant.
        if isinstance(find, MethodType):
            find()
