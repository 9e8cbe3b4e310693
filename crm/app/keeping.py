"""Who keeps the copies while the window is open: makes them by itself, checks, thins, tests, and brings one back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from crm import clock as clocks
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase
from crm.services import community
from crm.store import restoring, second_place, self_test
from crm.store.copies import (
    Copy,
    check_copy,
    copy_out,
    folder_of,
    list_copies,
    make_copy,
    newest_sound,
    own_secret,
    read_copy,
    thin,
)
from crm.store.copy_errors import CopyTestFailed
from crm.store.errors import StoreLocked, StoreMissing
from crm.store.workspace import Workspace
from crm.ui.copies.rows import CopyRow, Overview, SecondPlace, SelfTest
from crm.ui.copies.words import safety
from crm.ui.jobs import Jobs, Report
from crm.ui.preferences import Preferences

EVERY: Final = 30 * 60 * 1000
"""Milliseconds between two looks at whether anything changed."""
FIRST_AFTER: Final = 20_000
"""Milliseconds from the window's start to the first look: the person comes first."""
DESK_WAIT: Final = 2 * 60 * 1000
"""Milliseconds until the next try while the desk is open: guests come first, but not for ever."""
DESK_PATIENCE: Final = 15
"""Tries that wait for the desk; a copy is due after that, desk or no desk."""
TEST_TRIES: Final = 4
"""A test that made way so often is done whoever waits."""
STALE: Final = timedelta(days=3)
AWAY: Final = timedelta(days=7)
"""Without the second place for longer than this, the person is reminded."""
CHECKED_FOR: Final = timedelta(days=1)
"""For how long a check of the newest copy holds while nothing changes."""


class Keeper(QObject):
    """The copies of one open store. `start` makes it work by itself; without it, it only does what it is asked.

    `exchange` brings a prepared copy in the place of the open store and is given by whoever opened the window.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, jobs: Jobs, preferences: Preferences | None) -> None:
        super().__init__()
        self._workspace, self._jobs, self._preferences = workspace, jobs, preferences
        self.folder = folder_of(workspace.path)
        self.paused = False
        self.desk_open: Callable[[], bool] = lambda: False
        self.exchange: Callable[[restoring.Ready], None] | None = None
        self.show_safety: Callable[[str, bool], None] = lambda _, __: None
        self.tell: Callable[[CrmError], None] = lambda _: None
        self._uid = workspace.read(community.store_uid)
        # Read once and written on the window's thread: settings of Qt are not for two threads at once.
        self._second = None if preferences is None else preferences.second_place(self._uid)
        self._second_used = None if preferences is None else preferences.second_place_used(self._uid)
        self._waited = self._tries = 0
        self._running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self.changed.connect(self._remember)
        self.changed.connect(self.refresh_safety)

    # -- by itself --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Work by itself from now on; a demo has no copies but those that are asked for."""
        if not self._workspace.read(community.is_demo):
            self._running = True
            restoring.sweep(self._workspace.path)
            self._timer.start(FIRST_AFTER)

    def look(self) -> None:
        """A copy if anything changed, then whatever is due: thinning, the second place, the weekly test."""
        if not self._running:
            return
        if self.desk_open() and self._waited < DESK_PATIENCE:
            self._waited += 1
            self._timer.start(DESK_WAIT)
            return
        self._waited = 0
        self._timer.start(EVERY)
        if not self._workspace.locked:
            self._jobs.start(
                phrase("Copy of the data"), self._keep, lambda _: self.changed.emit(), self._failed, quiet=True
            )

    def _keep(self, report: Report) -> None:
        if not self.paused and make_copy(self._workspace, "scheduled", report) is None:
            self._check_newest(report)
        thin(self.folder, self._workspace.clock(), self._workspace.read(community.months_of_copies))
        with contextlib.suppress(CrmError):
            self.mirror(report)
        if self_test.is_due(self.folder, self._workspace.clock()):
            self._test_politely(report)

    def _test_politely(self, report: Report) -> None:
        """The test takes seconds: it makes way for what the person asked for, but not every time."""
        self._tries += 1

        def polite(step: int, of: int) -> None:
            report(step, of)
            if self._tries < TEST_TRIES and self._jobs.waiting:
                raise Cancelled

        tested = self_test.run_test(self._workspace, polite)
        self._tries = 0
        if tested is not None and tested.trouble:
            raise CopyTestFailed

    def _check_newest(self, report: Report) -> None:
        now = self._workspace.clock()
        newest = newest_sound(self.folder, now)
        if newest is not None and (newest.checked_at is None or now - newest.checked_at >= CHECKED_FOR):
            self._check(newest, report)

    def _failed(self, error: BaseException) -> None:
        # A store that was locked meanwhile is copied when it is open again.
        if isinstance(error, (Cancelled, StoreLocked)):
            return
        if not isinstance(error, CrmError):
            raise error
        self.tell(error)
        self.changed.emit()

    def stop(self) -> None:
        """The window goes: no more looks."""
        self._timer.stop()

    def leave(self) -> None:
        """A last copy if anything changed, when the window is gone and its store still open. It stops nobody."""
        if self._running and not self.paused and not self._workspace.locked:
            self._running = False
            with contextlib.suppress(CrmError):
                make_copy(self._workspace, "scheduled")

    def refresh_safety(self) -> None:
        """Read the list in the background and say in the navigation how safe the data is."""

        def show(overview: Overview) -> None:
            self.show_safety(*safety(overview, clocks.today(self._workspace.clock)))

        if not self._workspace.locked:
            self._jobs.start(phrase("Reading the copies"), lambda _: self.overview(), show, self._failed, quiet=True)

    # -- what the page asks ---------------------------------------------------------------------------------------

    def overview(self) -> Overview:
        """Read the list anew."""
        copies, now = list_copies(self.folder), self._workspace.clock().astimezone(UTC)
        newest = next((copy for copy in copies if copy.verdict == "sound"), None)
        stale = newest is not None and now - newest.made_at > STALE and newest.state != self._workspace.state()
        tested = self_test.last_test(self.folder)
        return Overview(
            tuple(_row(copy) for copy in copies),
            self._place(),
            None if tested is None else SelfTest(tested.at, tested.rows, tested.live, tested.trouble),
            self.paused,
            stale or (newest is None and bool(copies)),
        )

    def _place(self) -> SecondPlace | None:
        folder, used = self._second, self._second_used
        if folder is None:
            return None
        overdue = used is not None and self._workspace.clock() - used > AWAY
        return SecondPlace(folder, second_place.is_there(folder), used, overdue)

    def make(self, report: Report) -> str:
        """Make a copy now."""
        copy = make_copy(self._workspace, "by_hand", report)
        with contextlib.suppress(CrmError):
            self.mirror(report)
        return "" if copy is None else copy.path.name

    def check(self, key: str, report: Report) -> CopyRow:
        """Read all of a copy."""
        return _row(self._check(self._copy(key), report))

    def save(self, key: str, target: Path, report: Report) -> Path:
        """Bring a copy to a file or folder."""
        return copy_out(self._copy(key), target, report)

    def get_ready(self, key: str, report: Report) -> object:
        """Check a copy, keep today's file and prepare the exchange."""
        return restoring.make_ready(self._workspace, self._copy(key).path, None, report)

    def bring_back(self, ready: object) -> None:
        """Exchange the open store for what is ready."""
        if not isinstance(ready, restoring.Ready):
            raise TypeError("only what get_ready gave can be brought back")
        if self.exchange is None:
            restoring.give_up(ready)
            return
        self.exchange(ready)

    def test(self, report: Report) -> SelfTest | None:
        """Bring back the newest copy into a file of its own and compare."""
        tested = self_test.run_test(self._workspace, report)
        return None if tested is None else SelfTest(tested.at, tested.rows, tested.live, tested.trouble)

    def mirror(self, report: Report) -> bool:
        """Bring the newest copy to the second place, if that is there; what lies there follows the store's key."""
        place = self._place()
        if place is None or not place.there:
            return False
        store, clock = self._workspace.path, self._workspace.clock
        brought = second_place.mirror(store, self._uid, clock(), place.folder, report)
        second_place.follow_key(store, self._uid, place.folder, own_secret(self._workspace), report)
        if brought is not None:
            self._second_used = self._workspace.clock()
        return brought is not None

    def set_place(self, folder: Path | None) -> None:
        """Choose the second place, or none."""
        self._second, self._second_used = folder, None
        if self._preferences is not None:
            self._preferences.set_second_place(self._uid, folder)
            self._preferences.keep_or_tell(self.tell)
        self.changed.emit()

    def _remember(self) -> None:
        used = self._second_used
        if used is not None and self._preferences is not None:
            self._preferences.note_second_place_used(self._uid, used)

    def _copy(self, key: str) -> Copy:
        copy = read_copy(self.folder / Path(key).name)
        if copy is None:
            raise StoreMissing(path=str(self.folder / key))
        return copy

    def _check(self, copy: Copy, report: Report) -> Copy:
        return check_copy(copy, own_secret(self._workspace), self._workspace.clock, report)


def _row(copy: Copy) -> CopyRow:
    return CopyRow(
        copy.path.name,
        copy.made_at,
        copy.reason,
        copy.size,
        copy.people,
        copy.verdict,
        copy.checked_at,
        copy.encrypted,
    )
