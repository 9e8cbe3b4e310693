"""The tour: the whole main job through the real services, its files opened by programs not ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import vobject
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from crm import cli

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Any:
    """One tour for all tests that look at its files: the folder, and the JSON the command printed."""
    folder = tmp_path_factory.mktemp("tour")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KRUG_HOME", str(folder / "home"))
        said: list[str] = []
        patch.setattr("click.echo", lambda text, err=False: None if err else said.append(text))
        assert cli.run(["--lang", "ru", "tour", str(folder / "out"), "--json"]) == 0
    [document] = said
    return folder / "out", json.loads(document)


def text_of(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def test_every_file_is_named_and_nothing_else_is_left(toured: Any) -> None:
    folder, document = toured
    named = {Path(name) for name in document["files"]}
    assert named == {file for file in folder.rglob("*") if file.is_file()}
    assert all(file.stat().st_size > 0 for file in named)


def test_every_row_of_the_import_is_accounted_for(toured: Any) -> None:
    account = read(toured[0], "import/account.json")
    for file in account["first"] + account["second"]:
        assert file["read"] == file["added"] + file["updated"] + file["unchanged"] + len(file["rejected"])
    assert sum(file["added"] for file in account["first"]) == 5
    assert sum(file["updated"] for file in account["first"]) == 1
    assert {row["code"] for file in account["first"] for row in file["rejected"]} == {
        "title_row",
        "total_row",
        "no_name_or_contact",
    }
    assert sum(file["added"] + file["updated"] for file in account["second"]) == 0


def test_the_door_let_in_refused_and_took_back(toured: Any) -> None:
    door = read(toured[0], "desk.json")
    results = [attempt["result"] for attempt in door["attempts"]]
    assert {"ok", "already", "undone", "not_found"} <= set(results)
    counters = door["counters"]
    assert counters["walk_ins"] == 3
    assert counters["came_registered"] == results.count("ok") - 3 - results.count("undone")
    assert counters["came"] == counters["came_registered"] + 3


def test_the_reports_say_in_cyrillic_what_was_put_in(toured: Any) -> None:
    folder, _ = toured
    sheet, month = text_of(folder / "registration-sheet.pdf"), text_of(folder / "month-so-far.pdf")
    assert "Как измерять удержание" in sheet
    assert "Константинопольская-Ржевская" in sheet.replace("-\n", "-")
    assert "Данные и люди" in month
    assert "Как измерять удержание" in month
    assert "NPS" in text_of(folder / "last-month.pdf")


def test_the_figures_count_the_evening(toured: Any) -> None:
    folder, _ = toured
    figures, came = read(folder, "figures.json"), read(folder, "desk.json")["counters"]["came"]
    assert figures["attendance"]["value"] >= came
    assert figures["people_total"]["value"] > 300
    assert all(figure["definition"] for figure in figures.values())


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_the_cards_are_read_by_another_program(toured: Any, version: str) -> None:
    folder, _ = toured
    text = (folder / f"people-{version}.vcf").read_text("utf-8")
    cards = list(vobject.readComponents(text))
    assert len(cards) == 300 + 5 + 3
    assert {card.version.value for card in cards} == {version}
    names = {card.n.value.family for card in cards if hasattr(card, "n")}
    assert {"Ёлкин", "Ёлочкина-Ольхова", "Öztürk", "Бубнов"} <= names


def test_the_tables_hold_everybody(toured: Any) -> None:
    folder, _ = toured
    sheet = load_workbook(folder / "people.xlsx").active
    assert sheet is not None
    rows = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    assert len(rows) == 1 + 300 + 5 + 3
    assert (folder / "people.csv").read_text("utf-8-sig").count("Константинопольская-Ржевская") == 1


def test_the_pictures_show_something(toured: Any) -> None:
    pictures = sorted((toured[0] / "pictures").glob("*.png"))
    assert {picture.stem for picture in pictures} == {
        "desk",
        "event",
        "events",
        "feedback",
        "import",
        "organisations",
        "people",
        "reports",
        "segments",
        "today",
    }
    for picture in pictures:
        with Image.open(picture) as image:
            assert image.size == (1440, 900)
            colours = image.convert("RGB").getcolors(1440 * 900)
            assert colours is not None
            assert len(colours) > 100
