"""Long work: results and refusals arrive on the window's thread, Stop stops, nothing is left half done."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from crm.errors import Cancelled
from crm.i18n import phrase
from crm.store.errors import StoreBusy
from crm.store.workspace import Workspace
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from tests.conftest import NOON
from tests.support import makers


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def test_a_result_arrives_on_the_windows_thread(qtbot: QtBot, jobs: Jobs) -> None:
    heard: list[tuple[int, bool]] = []
    home = QThread.currentThread()
    jobs.start(phrase("Work"), lambda _: 42, lambda value: heard.append((value, QThread.currentThread() is home)))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(42, True)]
    qtbot.waitUntil(lambda: not jobs.busy)


def test_a_stopped_job_ends_with_cancelled_and_its_deed_is_rolled_back(
    qtbot: QtBot, jobs: Jobs, workspace: Workspace
) -> None:
    gate, failures = threading.Event(), []

    def work(report: Report) -> None:
        def verb(session: object) -> None:
            makers.person(session, NOON)  # type: ignore[arg-type]
            gate.wait(10)
            report(1, 2)

        workspace.write(phrase("Deed"), verb)

    job = jobs.start(phrase("Work"), work, None, failures.append)
    job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], Cancelled)
    assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM person")).scalar()) == 0


def test_jobs_run_one_after_another(qtbot: QtBot, jobs: Jobs) -> None:
    order: list[int] = []
    for number in range(5):
        jobs.start(phrase("Work"), lambda _, n=number: order.append(n))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert order == [0, 1, 2, 3, 4]


def test_the_window_is_told_when_another_task_writes_instead_of_freezing(
    qtbot: QtBot, jobs: Jobs, workspace: Workspace
) -> None:
    entered, gate = threading.Event(), threading.Event()

    def work(_: Report) -> None:
        def verb(session: object) -> None:
            entered.set()
            gate.wait(10)

        workspace.write(phrase("Long"), verb)

    jobs.start(phrase("Work"), work)
    assert entered.wait(10)
    with pytest.raises(StoreBusy):
        workspace.write(phrase("Short"), lambda s: makers.tag(s, "тег").id)
    assert workspace.read(lambda s: s.execute(text("SELECT count(*) FROM tag")).scalar()) == 0
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)


def test_a_deed_is_said_with_its_undo_and_a_refusal_too(qtbot: QtBot, workspace: Workspace) -> None:
    operations = Operations(workspace)
    said: list[Said] = []
    refused: list[str] = []
    changed: list[frozenset[str]] = []
    operations.said.connect(said.append)
    operations.refused.connect(lambda error: refused.append(error.code))
    operations.changed.connect(changed.append)
    done = operations.perform(phrase("Tag {name}", name="BI"), lambda s: makers.tag(s, "BI").id)
    assert done is not None
    assert (said[0].what.text(), said[0].deed) == ("Tag BI", done.deed)
    operations.undo()
    operations.undo()
    assert refused == ["nothing_to_undo"]
    operations.redo()
    assert changed == [{"tag"}, {"tag"}, {"tag"}]


def test_a_deed_of_the_worker_is_heard_on_the_windows_thread(qtbot: QtBot, jobs: Jobs, workspace: Workspace) -> None:
    operations = Operations(workspace)
    home, heard = QThread.currentThread(), []
    operations.changed.connect(lambda tables: heard.append((tables, QThread.currentThread() is home)))
    jobs.start(phrase("Work"), lambda _: operations.write(phrase("Deed"), lambda s: makers.tag(s, "BI").id))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [({"tag"}, True)]
