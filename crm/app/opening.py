"""The whole life of the window, from the command line to the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from crm import i18n, paths, starting
from crm.app import knocking
from crm.app.desktop import Desktop, forget_store
from crm.errors import Cancelled, CrmError, report_of
from crm.store.errors import StoreError, StoreHeld, StoreLocked
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme


class NoDisplay(CrmError):
    """A window was asked for where no screen is."""

    code = "no_display"
    message = i18n.mark("There is no display here, so the window can't open. Try krug tour out/ or krug --help.")


def open_window(store: Path | None, language: str | None) -> int:
    """The whole life of the window; returns the program's exit code. Raises NoDisplay where there is none."""
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        raise NoDisplay
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise TypeError("the window needs a QApplication")
    application.setApplicationName("Krug")
    application.setQuitOnLastWindowClosed(True)
    preferences = Preferences(paths.settings_file())
    theme = Theme(mode=preferences.mode, scale=preferences.scale, contrast=preferences.contrast)
    theme.apply(application)
    desktop = Desktop(theme, preferences)
    desktop.speak(language or preferences.language)
    sys.excepthook = _report_trouble(desktop)
    path = store or paths.default_store()
    refused = 0
    try:
        with starting.without_collecting():
            desktop.open(path)
    except StoreError as error:
        refused = error.exit_code
        if isinstance(error, StoreHeld) and knocking.knock(path):
            return 0
        if not desktop.recover(path, error):
            from crm.ui.trouble import tell_refusal

            tell_refusal(theme, error)
            return refused
    except Cancelled:
        return 0
    code = application.exec() or (refused if desktop.opened is None else 0)
    if desktop.opened is not None and desktop.opened.workspace.path == paths.demo_store():
        desktop.close()
        forget_store(paths.demo_store())
    desktop.close(last=True)
    return code


def _report_trouble(desktop: Desktop) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if isinstance(error, StoreLocked) and desktop.locker is not None and desktop.locker.is_locked:
            # Something asked the store while it is locked; it will ask again when the window is back.
            return
        report = report_of(error)
        sys.stderr.write(report)
        if desktop.opened is not None:
            from crm.ui.trouble import show_trouble

            show_trouble(desktop.opened.window, desktop.theme, report)

    return hook
