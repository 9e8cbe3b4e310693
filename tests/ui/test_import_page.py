"""The import page: what was not taken is named, and saved as a table to mend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from crm import i18n
from crm.store.workspace import Workspace
from crm.ui.importing.page import ImportPage
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, theme: Theme) -> Iterator[ImportPage]:
    jobs = Jobs()
    made = ImportPage(Operations(workspace), jobs, theme)
    made.resize(1160, 900)
    qtbot.addWidget(made)
    made.show()
    yield made
    jobs.close()


def button(page: ImportPage, words: str) -> Button | None:
    return next((one for one in page.findChildren(Button) if one.text() == i18n.text(words)), None)


def brought(qtbot: QtBot, page: ImportPage, file: Path, rows: str) -> None:
    file.write_text(rows, encoding="utf-8")
    page.take([file])
    qtbot.waitUntil(lambda: button(page, "Open people") is not None)


def test_rows_not_taken_are_saved_from_the_page(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(qtbot, page, tmp_path / "гости.csv", "№;ФИО;Почта\n1;Анна Ким;anna@example.com\n2;;\n")
    target = tmp_path / "невзятые"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    keep = button(page, "Save rows not taken")
    assert keep is not None
    qtbot.mouseClick(keep, Qt.MouseButton.LeftButton)
    with_suffix = target.with_name("невзятые.csv")
    qtbot.waitUntil(with_suffix.exists)
    assert with_suffix.read_text(encoding="utf-8-sig").splitlines()[1].startswith("2;;;")


def test_nothing_is_offered_to_save_when_every_row_was_taken(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    brought(qtbot, page, tmp_path / "гости.csv", "ФИО;Почта\nАнна Ким;anna@example.com\n")
    assert button(page, "Save rows not taken") is None
