"""OpenDocument tables: read as people see them, bounded whatever they repeat or nest (T13, T14)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from time import monotonic

import pytest

from crm.importing import child, limits, reading
from crm.importing.errors import FileUnreadable, Protected, SuspiciousArchive
from crm.importing.rows import FileReading
from crm.partial_date import PartialDate
from tests.importing.makers import NOW, raws

_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"
HEADER = ("ФИО", "Телефон", "Дата рождения")


def cell(words: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    made = "".join(one if one.startswith("<") else cell(one) for one in cells)
    return f"<table:table-row {more}>{made}</table:table-row>"


def sheet(*rows: str, name: str = "Лист1") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def document(folder: Path, *sheets: str, content: str = "", manifest: str = "") -> Path:
    path = folder / "list.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content or _HEAD + "".join(sheets) + _TAIL)
        if manifest:
            archive.writestr("META-INF/manifest.xml", manifest)
    return path


def read(path: Path) -> FileReading:
    return reading.read_people(path, clock=NOW)


def test_cells_are_read_as_people_see_them(tmp_path: Path) -> None:
    number = 'office:value-type="float" office:value="{}"'
    path = document(
        tmp_path,
        sheet(
            row(*HEADER),
            row(
                "Ёлкина<text:s text:c='1'/><text:span>Анна</text:span>",
                cell("89000000041", number.format("89000000041")),
                cell("14.03.90", 'office:value-type="date" office:date-value="1990-03-14"'),
            ),
            row("Ким Пётр", cell("8,9E+10", number.format("89000000042"))),
        ),
    )
    first, second = read(path).people
    assert (first.full_name, first.birthday) == ("Ёлкина Анна", PartialDate(3, 14, 1990))
    assert (raws(first, "phone"), raws(second, "phone")) == (["89000000041"], ["89000000042"])


def test_several_sheets_and_one_without_a_list(tmp_path: Path) -> None:
    path = document(
        tmp_path,
        sheet(row(*HEADER), row("Анна Ким", "89000000041"), name="Гости"),
        sheet(row("заметка к встрече"), name="Прочее"),
    )
    found = read(path)
    assert [person.place.part for person in found.people] == ["Гости"]
    assert [reject.code for reject in found.rejects] == ["sheet_without_list"]


def test_t14_repeats_cost_nothing(tmp_path: Path) -> None:
    wide, tall = 'table:number-columns-repeated="16384"', 'table:number-rows-repeated="1048576"'
    path = document(
        tmp_path,
        sheet(
            row(*HEADER, f"<table:table-cell {wide}/>"),
            row(f"<table:table-cell {wide}/>", more=tall),
            row("Анна Ким", "89000000041"),
            row("Пётр Ли", cell("8900", wide)),
        ),
    )
    began = monotonic()
    found = read(path)
    assert monotonic() - began < 5
    assert [(one.full_name, one.place.number) for one in found.people] == [("Анна Ким", 1_048_578)]
    assert [reject.code for reject in found.rejects] == ["too_many_columns"]


def test_t14_a_filled_row_repeated_a_million_times_is_over_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ROWS", 1_000)
    path = document(
        tmp_path, sheet(row(*HEADER), row("Анна", "89000000041", more='table:number-rows-repeated="1048576"'))
    )
    with pytest.raises(FileUnreadable) as problem:
        read(path)
    assert problem.value.code == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>' + _HEAD + sheet(row("&x;")) + _TAIL,
        _HEAD + "<table:table>",
        "not xml",
    ],
)
def test_t13_xml_that_lies_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(FileUnreadable) as problem:
        read(document(tmp_path, content=content))
    assert problem.value.code == "file_unreadable"


def test_t14_spans_nested_beyond_sense_do_not_stop_the_reading(tmp_path: Path) -> None:
    deep = "<text:span>" * 3_000 + "x" + "</text:span>" * 3_000
    assert len(read(document(tmp_path, sheet(row(*HEADER), row("Анна Ким", "89000000041", deep)))).people) == 1


def test_t14_a_bomb_and_a_locked_file_are_not_opened(tmp_path: Path) -> None:
    with pytest.raises(SuspiciousArchive):
        read(document(tmp_path, content=_HEAD + " " * 3_000_000))
    with pytest.raises(Protected):
        read(document(tmp_path, content="x", manifest="<manifest:encryption-data/>"))


def test_a_document_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    stream = child.open_people(document(tmp_path, sheet(row(*HEADER), row("Анна Ким", "89000000041"))), clock=NOW)
    assert [column.field for column in stream.columns] == ["full_name", "phone", "birthday"]
    assert stream.sample == (("Анна Ким", "89000000041"),)
    assert len(list(stream.entries)) == 1
