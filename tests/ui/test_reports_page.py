"""Reports: the pages shown are the report that is saved; four actions save a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from crm.services import reports
from crm.services.community import rename_community
from crm.store.workspace import Workspace
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.reports.page import ReportsPage
from crm.ui.theme import Theme
from tests.support import makers

T = TypeVar("T")
Deed = Callable[[Callable[[Session], T]], T]
EARLY = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def event(deed: Deed) -> int:
    def verb(session: Session) -> int:
        rename_community(session, "Данные и люди")
        made = makers.event(session, datetime(2026, 10, 8, 15, tzinfo=UTC), "Когорты без боли", status="closed")
        makers.attendance(session, made, makers.person(session, EARLY, "Елкин", "Семён"))
        return made.id

    return deed(verb)


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, theme: Theme) -> ReportsPage:
    jobs = Jobs()
    made = ReportsPage(Operations(workspace), jobs, theme)
    made.resize(1228, 840)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    return made


def shown(qtbot: QtBot, page: ReportsPage) -> ReportsPage:
    page.show()
    qtbot.waitExposed(page)
    settled(qtbot, page)
    return page


def settled(qtbot: QtBot, page: ReportsPage) -> None:
    qtbot.waitUntil(lambda: not page._follow.isActive() and not page._options._typing.isActive(), timeout=10_000)
    qtbot.waitUntil(lambda: not page._jobs.busy, timeout=20_000)
    qtbot.wait(1)


def text_of(file: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(file).pages)


def test_the_month_before_is_proposed_and_shown(qtbot: QtBot, page: ReportsPage, event: int) -> None:
    shown(qtbot, page)
    document = page._preview.document
    assert document is not None
    assert document.pageCount() >= 1
    assert page._made is not None
    assert page._made.title == "Итоги октября"
    assert page._options.choice().month == date(2026, 10, 1)
    assert page._preview._canvas.image is not None


def test_a_month_is_saved_in_four_actions(
    qtbot: QtBot,
    page: ReportsPage,
    workspace: Workspace,
    event: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reports, «Save PDF», Enter in the system's dialog: three."""
    target = tmp_path / "Итоги.pdf"
    proposed: list[str] = []

    def choose(parent: object, title: str, name: str, kinds: str) -> tuple[str, str]:
        proposed.append(Path(name).name)
        return str(target.with_suffix("")), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    shown(qtbot, page)
    with qtbot.waitSignal(page._operations.said, timeout=20_000):
        page._save.click()
    assert proposed == ["Итоги октября 2026.pdf"]
    said = text_of(target)
    assert "Итоги октября" in said
    assert "Когорты без боли" in said
    (run,) = workspace.read(reports.last_runs)
    assert (run.kind, run.choices["month"]) == ("month", "2026-10-01")
    settled(qtbot, page)
    assert page._header.note() == "последний: сегодня"


def test_a_choice_changes_the_pages(qtbot: QtBot, page: ReportsPage, event: int) -> None:
    shown(qtbot, page)
    page._options._comment.set_text("Сообщество растёт за счёт рекомендаций")
    page._options._sections["events"].setChecked(False)
    page._options._english.setChecked(True)
    settled(qtbot, page)
    assert page._made is not None
    said = text_of(page._made.file)
    assert page._made.title == "Results of October"
    assert "Сообщество растёт" in said
    assert "Когорты" not in said


def test_the_sheet_of_an_event_lists_who_is_expected(qtbot: QtBot, page: ReportsPage, event: int) -> None:
    shown(qtbot, page)
    page.show_item(("register", event))
    settled(qtbot, page)
    assert page._made is not None
    said = text_of(page._made.file)
    assert "Когорты без боли" in said
    assert "Елкин" in said


def test_without_an_event_there_is_no_sheet(qtbot: QtBot, page: ReportsPage) -> None:
    shown(qtbot, page)
    page.show_item("register")
    settled(qtbot, page)
    assert not page._save.isEnabled()
    assert "нет события" in page._preview._waiting.text()


def test_a_folder_that_is_not_there_is_told_and_nothing_noted(
    qtbot: QtBot, page: ReportsPage, workspace: Workspace, event: int, tmp_path: Path
) -> None:
    shown(qtbot, page)
    with qtbot.waitSignal(page._operations.refused, timeout=20_000) as refused:
        page.save_to(tmp_path / "нет такой" / "отчёт.pdf")
    assert "отчёт.pdf" in refused.args[0].text()
    assert workspace.read(reports.last_runs) == []


def test_only_the_shown_file_is_kept_and_it_is_private(qtbot: QtBot, page: ReportsPage, event: int) -> None:
    shown(qtbot, page)
    for month in (2, 3):
        page._options._compare.set_value(12 if month == 2 else 1)
        page._options.changed.emit()
        settled(qtbot, page)
    assert page._made is not None
    assert list(page._folder.iterdir()) == [page._made.file]
    assert page._folder.stat().st_mode & 0o077 == 0


def test_pages_turn_by_keys_and_stay_within(qtbot: QtBot, page: ReportsPage, event: int) -> None:
    shown(qtbot, page)
    preview = page._preview
    assert preview.document is not None
    last = preview.document.pageCount() - 1
    for _ in range(last + 3):
        preview.turn(1)
    assert preview._page == last
    for _ in range(last + 3):
        preview.turn(-1)
    assert preview._page == 0


def test_a_printed_report_has_its_pages(qtbot: QtBot, page: ReportsPage, event: int, tmp_path: Path) -> None:
    from PySide6.QtPrintSupport import QPrinter

    from crm.ui.reports.printing import send

    shown(qtbot, page)
    document = page._preview.document
    assert document is not None
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    send(document, printer)
    assert len(PdfReader(tmp_path / "printed.pdf").pages) == document.pageCount()
