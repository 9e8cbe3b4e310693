"""Pictures of the program's pages, made by the program itself without a screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from crm import i18n
from crm.store.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from crm.app import Opened

Mode = Literal["light", "dark"]
PAGES: Final = ("today", "people", "segments", "events", "event", "desk", "feedback", "reports", "import", "settings")
SIZES: Final = ((1440, 900), (1366, 768))
_PATIENCE: Final = 400
"""So many turns of the event loop, ten milliseconds each, may work in the background take before a picture."""


def application() -> QApplication:
    """The one QApplication, without a screen unless a window is open already."""
    from PySide6.QtWidgets import QApplication

    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication(["krug"])


def take_pictures(
    workspace: Workspace,
    folder: Path,
    *,
    mode: Mode = "light",
    size: tuple[int, int] = SIZES[0],
    pages: Sequence[str] = PAGES,
    suffix: str = "",
) -> Iterator[Path]:
    """Write a PNG of each of `pages` into `folder`, in the language in use; yields each file when it is there.

    «event» is the page of the next event, «desk» its desk.
    """
    app = application()
    from crm.app import make_window
    from crm.ui.theme import Theme

    theme = Theme(mode=mode, calm=True)
    theme.apply(app)
    folder.mkdir(parents=True, exist_ok=True)
    opened = make_window(workspace, theme)
    try:
        opened.window.resize(*size)
        opened.window.show()
        for page in pages:
            _go_to(opened, page)
            _settle(app, opened)
            target = folder / f"{page}{suffix}.png"
            if not opened.window.grab().save(str(target)):
                raise OSError(str(target))
            yield target
    finally:
        opened.jobs.close()
        opened.window.close()
        opened.window.deleteLater()
        app.processEvents()


def _go_to(opened: Opened, page: str) -> None:
    window = opened.window
    if page in {"event", "desk"}:
        event = _next_event(opened)
        if page == "event":
            _show(window.show_page("events"), event)
            return
        from crm.ui.desk.page import DeskPage

        desk = DeskPage(opened.operations, window.theme, event)
        desk.folded.connect(window.close_full)
        window.show_full(desk)
        return
    window.close_full()
    shown = window.show_page(page)
    if page == "people":
        from crm.store.search import find

        first = opened.operations.read(lambda session: find(session, "", limit=1).ids)
        for person_id in first[:1]:
            _show(shown, person_id)


def _show(page: QWidget, item: object) -> None:
    show_item: Callable[[object], None] | None = getattr(page, "show_item", None)
    if show_item is not None:
        show_item(item)


def _next_event(opened: Opened) -> int:
    from crm.services import event_lists

    row = opened.operations.read(lambda session: event_lists.next_event(session, opened.operations.clock))
    if row is not None:
        return row.id
    ids = opened.operations.read(lambda session: event_lists.event_ids(session, opened.operations.clock))
    return ids[0]


def _settle(app: QApplication, opened: Opened) -> None:
    """Let everything that was asked for be read and painted."""
    from PySide6.QtCore import QEventLoop, QThread

    quiet = 0
    for _ in range(_PATIENCE):
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        quiet = 0 if opened.jobs.busy else quiet + 1
        # Work that ends may start other work a moment later: counts follow pages.
        if quiet > 12:
            return
        QThread.msleep(10)


def language_tag() -> str:
    """The language in use, for the name of a file."""
    return i18n.current()
