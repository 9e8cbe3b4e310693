"""P1, P3, P11: «saved» is said after the commit and never while it is not true; a form outlives a full disk; rest."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm.app import Desktop, make_window, resting
from crm.app.opened import Opened
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import phrase
from crm.store.driver import connect
from crm.store.errors import DiskFull
from crm.store.workspace import Workspace
from crm.ui.desk.top import DeskTop
from crm.ui.people.editor import PersonEditor
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.widgets.labels import Label
from tests.conftest import NOON
from tests.support import makers

SAVED, SAVING, FAILED = "Всё сохранено", "Сохраняем…", "Последнее не сохранено"


@pytest.fixture
def opened(qtbot: QtBot, theme: Theme, workspace: Workspace) -> Iterator[Opened]:
    made = make_window(workspace, theme)
    made.window.show()
    qtbot.waitUntil(lambda: not made.jobs.busy)
    yield made
    made.close()


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow: what writing meets on a full disk, without one."""
    if sys.platform == "win32":
        pytest.skip("no limit on file size there")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_p01_saved_is_said_after_the_commit(workspace: Workspace, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []

    def listen(how: str) -> None:
        with contextlib.closing(connect(workspace.path)) as other:
            told.append((how, other.execute("SELECT count(*) FROM person").fetchone()[0]))

    workspace.saving.append(listen)
    workspace.write(phrase("Add"), lambda session: makers.person(session, NOON))
    assert told == [("begun", 0), ("saved", 1)]


def test_p01_a_refused_deed_is_not_said_to_be_unsaved_and_a_mistake_of_ours_is(workspace: Workspace) -> None:
    told: list[str] = []
    workspace.saving.append(told.append)

    def refuse(_: object) -> None:
        raise CrmError

    for wrong in (refuse, lambda _: 1 / 0):
        with pytest.raises((CrmError, ZeroDivisionError)):
            workspace.write(phrase("Add"), wrong)
    assert told == ["begun", "refused", "begun", "failed"]


def test_p01_while_a_deed_runs_the_window_does_not_say_that_everything_is_saved(opened: Opened, qtbot: QtBot) -> None:
    line = opened.window.navigation
    assert line.safety == SAVED
    go_on = threading.Event()

    def verb(session) -> None:
        go_on.wait(10)
        makers.person(session, NOON)

    opened.jobs.start(phrase("Import"), lambda _: opened.operations.write(phrase("Import"), verb))
    qtbot.waitUntil(lambda: line.safety == SAVING)
    go_on.set()
    qtbot.waitUntil(lambda: line.safety == SAVED)


def test_p03_a_deed_refused_by_a_full_disk_is_said_until_one_is_saved(opened: Opened, theme: Theme, qtbot) -> None:
    top = DeskTop(theme)
    qtbot.addWidget(top)
    opened.operations.saving.connect(top.show_saving)
    line = opened.window.navigation
    with full_disk():
        assert opened.operations.perform(phrase("Add"), lambda session: makers.person(session, NOON)) is None
    assert (line.safety, top.safe) == (FAILED, FAILED)
    assert "Диск заполнен" in opened.window.toast.text
    assert opened.operations.perform(phrase("Add"), lambda session: makers.person(session, NOON)) is not None
    assert (line.safety, top.safe) == (SAVED, "Всё сохранено на\N{NO-BREAK SPACE}этом компьютере")


def test_p03_on_a_full_disk_the_form_keeps_its_text_and_the_second_try_works(opened: Opened, qtbot, theme) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 700)
    host.show()
    editor = PersonEditor(theme, host, opened.operations)
    editor.open()
    editor.name.setText("Щёголев Пётр Ильич")
    editor.contacts.rows[0].value.setText("8 900 000-41-18")
    with full_disk():
        editor.save()
    assert editor.is_open
    assert "Диск заполнен" in editor.error
    assert editor.name.text() == "Щёголев Пётр Ильич"
    assert editor.contacts.rows[0].value.text() == "8 900 000-41-18"
    count = "SELECT count(*) FROM person"
    assert opened.operations.read(lambda s: s.connection().exec_driver_sql(count).scalar_one()) == 0
    editor.save()
    assert not editor.is_open
    assert opened.operations.read(lambda s: s.connection().exec_driver_sql(count).scalar_one()) == 1


def test_p03_a_checkpoint_on_a_full_disk_loses_nothing_and_works_later(workspace: Workspace) -> None:
    for _ in range(60):
        workspace.write(phrase("Add"), lambda session: makers.person(session, NOON, note="я" * 2_000))
    with full_disk(), contextlib.suppress(DiskFull):
        workspace.rest()
    count = "SELECT count(*) FROM person"
    assert workspace.read(lambda s: s.connection().exec_driver_sql(count).scalar_one()) == 60
    workspace.rest()
    assert not workspace.unrested


def test_p11_after_a_quiet_minute_a_copy_of_the_file_alone_is_whole(
    opened: Opened, qtbot: QtBot, tmp_path: Path, clock: Clock
) -> None:
    workspace = opened.workspace
    workspace.write(phrase("Add"), lambda session: makers.person(session, NOON, "Последняя"))
    assert workspace.unrested
    timer = resting.follow(opened, seconds=0.05)
    qtbot.waitUntil(lambda: not workspace.unrested)
    timer.stop()
    (tmp_path / "lone").mkdir()
    lone = tmp_path / "lone" / "copy.krug"
    lone.write_bytes(workspace.path.read_bytes())
    with Workspace.open(lone, clock) as copy:
        found = copy.read(lambda s: s.connection().exec_driver_sql("SELECT family_name FROM person").scalars().all())
    assert found == ["Последняя"]


def test_p11_the_store_does_not_rest_while_a_job_runs_nor_without_need(opened: Opened, qtbot: QtBot) -> None:
    opened.workspace.rest()
    assert not resting.rest(opened)
    opened.workspace.write(phrase("Add"), lambda session: makers.person(session, NOON))
    qtbot.waitUntil(lambda: not opened.jobs.busy)
    go_on = threading.Event()
    opened.jobs.start(phrase("Long"), lambda _: go_on.wait(10))
    assert not resting.rest(opened)
    go_on.set()
    qtbot.waitUntil(lambda: not opened.jobs.busy)
    assert resting.rest(opened)
    qtbot.waitUntil(lambda: not opened.jobs.busy)
    assert not opened.workspace.unrested


def test_p11_a_store_in_a_clouds_folder_is_warned_of_in_the_window(
    qtbot: QtBot, theme: Theme, tmp_path: Path, clock: Clock
) -> None:
    desktop = Desktop(theme, Preferences(tmp_path / "window.ini"), clock)
    window = desktop.open(tmp_path / "OneDrive" / "community.krug")
    assert "общей папке" in window.toast.text
    notices = [notice.text() for notice in window.show_page("settings").findChildren(Label)]
    assert any("OneDrive" in text and "152-ФЗ" in text for text in notices)
    assert "OneDrive" in window.navigation.findChild(QWidget, "safety").accessibleName()
    desktop.close()
    window = desktop.open(tmp_path / "Стол" / "community.krug")
    assert not window.toast.isVisible()
    notices = [notice.text() for notice in window.show_page("settings").findChildren(Label)]
    assert not any("152-ФЗ" in text for text in notices)
    desktop.close()
