"""An open window with what it works on, and how its parts hear of each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QTimer

from crm import i18n
from crm.app import resting
from crm.app.keeping import Keeper
from crm.app.keys import StoreKey
from crm.app.pages import Pages, Switching
from crm.i18n import phrase
from crm.services import community
from crm.store.workspace import Workspace
from crm.ui.jobs import Job, Jobs
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.window import MainWindow

START_PAGE: Final = "today"
STRIP_AFTER: Final = 200
"""Milliseconds after which a job shows its strip."""
LOOK_AGAIN: Final = 2_000
"""Milliseconds until the navigation asks again whether the desk was put away."""
FIRST_COUNT_AFTER: Final = 500
"""Milliseconds from the window's start to the first counting."""
FOLLOW_AFTER: Final = 60
"""Milliseconds after a deed until the counts beside the navigation follow; deeds in a row are followed once."""


@dataclass(slots=True)
class Opened:
    """An open window with what it works on."""

    window: MainWindow
    operations: Operations
    jobs: Jobs
    workspace: Workspace
    keeper: Keeper

    def close(self) -> None:
        """End the jobs and take the window away; the store stays open for whoever opened it."""
        self.jobs.close()
        self.keeper.stop()
        self.operations.close()
        self.window.close()
        self.window.deleteLater()
        # At once, not when the loop turns: a page's timer may not ask a store that is closed.
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)


def make_window(workspace: Workspace, theme: Theme, desktop: Switching | None = None) -> Opened:
    """A window on `workspace`, every page within reach and built when first shown.

    Without a `desktop` (pictures, tests) the demo and the language cannot be switched from inside.
    """
    operations, jobs = Operations(workspace), Jobs()
    keeper = Keeper(workspace, jobs, None if desktop is None else desktop.preferences)
    pages = Pages(operations, jobs, theme, desktop, keeper, StoreKey(workspace, keeper.mirror))
    window = MainWindow(theme, pages.entries())
    pages.window = window
    opened = Opened(window, operations, jobs, workspace, keeper)
    _wire(opened, pages.navigate)
    empty = operations.read(community.is_empty)
    window.show_page("people" if empty else START_PAGE)
    return opened


def name_window(opened: Opened) -> None:
    """Show whose community it is and where it is kept; the demo says that it is one."""
    name, demo = opened.operations.read(lambda session: (community.community_name(session), community.is_demo(session)))
    opened.window.set_store(i18n.text("Krug"), i18n.text("Demo: {name}", name=name) if demo else name)
    opened.window.setWindowTitle(f"{name} — {i18n.text('Krug')}")
    place = opened.workspace.place
    if place.shared:
        opened.window.navigation.set_where(i18n.text("The data is in {place}", place=place.name))


def _wire(opened: Opened, navigate: Callable[[str, object], None]) -> None:
    window, operations, jobs = opened.window, opened.operations, opened.jobs
    window.undo_requested.connect(operations.undo)
    window.redo_requested.connect(operations.redo)
    window.find_requested.connect(lambda: _find(window))
    window.pinned_chosen.connect(lambda segment: navigate("segments", segment))
    window.settings_requested.connect(lambda: navigate("settings", None))
    window.import_requested.connect(lambda: navigate("import", None))
    window.history_requested.connect(lambda: navigate("history", None))
    window.safety_requested.connect(lambda: navigate("copies", None))
    at_home = not opened.workspace.place.shared
    opened.keeper.show_safety = lambda second, ok: window.set_safety(second, ok=ok and at_home)
    opened.keeper.desk_open = lambda: window.full is not None
    opened.keeper.tell = lambda error: window.say(error.text(), "warning-circle-fill")

    def said(word: Said) -> None:
        undo = None if word.deed is None else lambda: operations.undo(word.deed)
        window.say(word.what.text(), word.icon, undo)

    operations.said.connect(said)
    resting.follow(opened)
    operations.saving.connect(lambda state: _show_saving(window, state))
    operations.refused.connect(lambda error: window.say(error.text(), "warning-circle-fill"))

    def started(job: Job) -> None:
        # A strip that comes and goes within a blink would only disturb.
        QTimer.singleShot(STRIP_AFTER, window, lambda: show_strip(job))
        job.progressed.connect(lambda step, of: window.progress.set_progress(step, of) if jobs.current is job else None)

    def show_strip(job: Job) -> None:
        if jobs.current is job and not job.quiet:
            window.progress.show_job(job.title.text(), job.cancel)

    jobs.started.connect(started)
    jobs.ended.connect(lambda _: window.progress.finish())

    follow = QTimer(window)
    follow.setSingleShot(True)

    def refresh() -> None:
        # Counting competes with the desk for the processor, and nobody sees the navigation behind it.
        if window.full is None:
            refresh_navigation(opened)
        else:
            follow.start(LOOK_AGAIN)

    follow.timeout.connect(refresh)
    operations.changed.connect(lambda _: follow.start(FOLLOW_AFTER))
    name_window(opened)
    window.set_safety(i18n.text("Everything is saved"), ok=at_home)
    # The first page comes first: counting would take its processor. Making it takes long on a slow machine, and so the
    # wait begins when the loop turns.
    QTimer.singleShot(0, window, lambda: follow.start(FIRST_COUNT_AFTER))


def _show_saving(window: MainWindow, state: str) -> None:
    words = {"saving": i18n.text("Saving…"), "failed": i18n.text("Last change not saved")}
    window.navigation.set_saving(words.get(state, ""), ok=state != "failed")


def refresh_navigation(opened: Opened) -> None:
    """Counts of what waits for the manager, and the pinned segments, read in the background."""
    from crm.ui.window import Pinned

    clock, workspace = opened.operations.clock, opened.workspace

    def work(_: Callable[[int, int], None]) -> tuple[dict[str, int], list[Any]]:
        from crm.services import segments, today

        return workspace.read(
            lambda session: (
                today.waits_for_me(session, clock),
                segments.pinned_segments(session, clock),
            )
        )

    def show(found: tuple[dict[str, int], list[Any]]) -> None:
        waiting, pinned = found
        for key, count in waiting.items():
            opened.window.set_count(key, count)
        opened.window.set_pinned([Pinned(row.id, row.name, row.glyph, row.count) for row in pinned])
        name_window(opened)

    opened.jobs.start(phrase("Counting"), work, show, quiet=True)
    opened.keeper.refresh_safety()


def _find(window: MainWindow) -> None:
    page = window.show_page("people")
    find = getattr(page, "find", None)
    if find is not None:
        find()
