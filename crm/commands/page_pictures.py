"""Pictures of the program's pages, made by the program itself without a screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from crm.services import event_lists, organisation_rows, segments
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import load_desk
from crm.services.people_order import PeopleFilter, PeopleMemory, Sort, list_people
from crm.store.workspace import Workspace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from crm.app import Opened

Mode = Literal["light", "dark"]
PAGES: Final = (
    "today",
    "people",
    "organisations",
    "duplicates",
    "segments",
    "events",
    "event",
    "desk",
    "feedback",
    "reports",
    "import",
    "copies",
    "history",
    "settings",
)
SIZES: Final = ((1440, 900), (1366, 768))
_LETTERS: Final = "ал"
_PATIENCE: Final = 400
_QUIET: Final = 60
"""Rounds of ten milliseconds without any work after which a page is taken for done."""
"""So many turns of the event loop, ten milliseconds each, may work in the background take before a picture."""


def application() -> QApplication:
    """The one QApplication, without a screen unless a window is open already."""
    from PySide6.QtWidgets import QApplication

    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(_pass_on)
    return QApplication(["krug"])


def _pass_on(_kind: object, _context: object, message: str) -> None:
    """Qt's messages go to stderr, but for the one with which the platform without a screen greets every window."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(message + "\n")


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

    «event» is the page of the next event, «desk» its desk with two letters typed. «welcome», taken only when asked
    for, is the desk at the moment when somebody has come: that person then is in.
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
        opened.close()


def _go_to(opened: Opened, page: str) -> None:
    window = opened.window
    window.close_full()
    if page in {"event", "desk", "welcome"}:
        events: Any = window.show_page("events")
        events.navigate.emit("events" if page == "event" else "desk", event := _next_event(opened))
        if page == "desk":
            _type(window, _LETTERS)
        elif page == "welcome":
            _type(window, _ticket(opened, event) + "\r")
        return
    shown = window.show_page(page)
    show_item = getattr(shown, "show_item", None)
    first = _first(opened, page)
    if first is not None and show_item is not None:
        show_item(first)


def _type(window: QWidget, text: str) -> None:
    """Type into whatever has the focus, as a person or a scanner would."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    for char in text:
        key = Qt.Key.Key_Return if char == "\r" else Qt.Key.Key_unknown
        focus = window.focusWidget()
        if focus is not None:
            QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, char))


def _ticket(opened: Opened, event_id: int) -> str:
    """A ticket of somebody who is still expected, of an organisation that others come from too, if there is one."""
    index = opened.operations.read(lambda session: DeskIndex(load_desk(session, event_id)))
    expected = [one for one in index.people() if one.status == "registered" and one.ticket_code]
    expected.sort(key=lambda one: -len(index.colleagues(one)))
    return expected[0].ticket_code if expected else ""


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
    elif page == "organisations":
        today = opened.operations.today()
        listed = opened.operations.read(lambda session: organisation_rows.organisation_rows(session, today))
        ids = [row.id for row in organisation_rows.arranged(listed, "people", descending=True)]
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
        # Work that ends may start other work a moment later: counts follow pages, a preview follows its options.
        if quiet > _QUIET:
            return
        QThread.msleep(10)
