"""Pictures of the program's pages, made by the program itself without a screen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from crm.services import event_lists, segments
from crm.services.people_order import PeopleFilter, PeopleMemory, Sort, list_people
from crm.store.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

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
    from PySide6.QtCore import Qt

    from crm.app import make_window
    from crm.ui.theme import Theme

    theme = Theme(mode=mode, calm=True)
    theme.apply(app)
    folder.mkdir(parents=True, exist_ok=True)
    opened = make_window(workspace, theme)
    try:
        opened.window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
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
    window.close_full()
    if page in {"event", "desk"}:
        events: Any = window.show_page("events")
        events.navigate.emit("desk" if page == "desk" else "events", _next_event(opened))
        return
    shown = window.show_page(page)
    show_item = getattr(shown, "show_item", None)
    first = _first(opened, page)
    if first is not None and show_item is not None:
        show_item(first)


def _first(opened: Opened, page: str) -> int | None:
    """What to show on a page that can show one thing: the liveliest person, the first segment of one's own."""
    if page == "people":
        today = opened.operations.today()
        liveliest = Sort("events", descending=True)
        ids = list(
            opened.operations.read(
                lambda session: list_people(
                    session, PeopleMemory(), today, only=PeopleFilter(level="core"), sort=liveliest
                )
            ).ids
        )
    elif page == "segments":
        rows = opened.operations.read(
            lambda session: segments.list_segments(session, opened.operations.clock, counted=False)
        )
        ids = [row.id for row in rows if row.id is not None]
    else:
        return None
    return ids[0] if ids else None


def _next_event(opened: Opened) -> int:
    row = opened.operations.read(lambda session: event_lists.next_event(session, opened.operations.clock))
    if row is not None:
        return row.id
    ids = opened.operations.read(
        lambda session: event_lists.event_ids(session, "all", opened.operations.clock, limit=1)
    )
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
