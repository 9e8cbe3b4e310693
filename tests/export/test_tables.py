"""Tables: what goes in comes out, and nothing in them runs (T12)."""

import csv
import io
import json
import subprocess
import tempfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import i18n
from crm.export import people, tables
from crm.export.tables import CELL_LIMIT, Column, TooManyRows, neutralise, restorable, restore, write_table
from crm.partial_date import PartialDate
from crm.services.cards import ContactLine, PersonCard

COLUMNS = (Column("name", "Имя"), Column("note", "Заметка"))
FORMULAS = [
    "=cmd|'/c calc'!A1",
    "@SUM(A1)",
    "+1+1",
    "-1+1",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "'=1",
    "'x",
    "'",
]
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


def read_csv(path, delimiter=";"):
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@given(st.one_of(TEXT, st.sampled_from(FORMULAS), st.sampled_from("=+-@'＝").flatmap(lambda c: TEXT.map(c.__add__))))
def test_t12_a_neutral_cell_is_no_formula_and_comes_back(text):
    cell = neutralise(text)
    assert restore(cell) == text
    assert restore(restorable(text)) == text
    assert not cell.startswith(("=", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert not cell.startswith("+") or cell[1:].isdigit()


def test_t12_only_a_valid_phone_stays_bare():
    assert neutralise("+79000000041") == "+79000000041"
    assert neutralise("+7900000004a") == "'+7900000004a"
    assert neutralise("+79000000041\n=1") == "'+79000000041\n=1"
    assert neutralise("+0900000000") == "'+0900000000"


def test_csv_is_what_excel_in_russian_opens(tmp_path):
    target = tmp_path / "a.csv"
    rows = [('Ёлкин; "С"', "две\nстроки"), ("Анна", None), (5, 5.25), (date(2026, 11, 2), PartialDate(2, 3))]
    assert write_table(COLUMNS, rows, target, "csv") == 4
    assert target.read_bytes().count(b"\r\n") == 5
    assert read_csv(target) == [
        ["Имя", "Заметка"],
        ['Ёлкин; "С"', "две\nстроки"],
        ["Анна", ""],
        ["5", "5,25"],
        ["2026-11-02", "--02-03"],
    ]


def test_csv_with_a_comma_has_a_decimal_point(tmp_path):
    write_table(COLUMNS, [("a", 5.25)], tmp_path / "a.csv", "csv", delimiter=",")
    assert read_csv(tmp_path / "a.csv", ",")[1] == ["a", "5.25"]


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_t12_csv_gives_back_any_text(tmp_path_factory, rows):
    target = tmp_path_factory.mktemp("t") / "a.csv"
    write_table(COLUMNS, rows, target, "csv")
    assert [tuple(map(restore, row)) for row in read_csv(target)[1:]] == rows


def test_t12_a_workbook_holds_no_formula(tmp_path):
    target = tmp_path / "a.xlsx"
    write_table((Column("a", "=1+1"), Column("b", "b")), [(text, "+79000000041") for text in FORMULAS], target, "xlsx")
    sheet = openpyxl.load_workbook(target).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    body = [sheet.cell(row, 1) for row in range(2, len(FORMULAS) + 2)]
    assert [restore(cell.value).replace("\r", "\n") for cell in body] == [t.replace("\r", "\n") for t in FORMULAS]
    assert all(cell.quotePrefix for cell in body)
    assert sheet.cell(2, 2).value == "+79000000041"


def test_a_workbook_keeps_types_and_shows_controls(tmp_path):
    target = tmp_path / "a.xlsx"
    moment = datetime(2026, 11, 2, 19, 30, tzinfo=UTC)
    rows = [(5, 5.25), (date(2026, 11, 2), moment), ("a\x00b\x1f", "\ud800"), (True, ("один", "два"))]
    write_table(COLUMNS, rows, target, "xlsx", title="Люди: [все]/2026")
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Люди   все  2026"]
    values = list(book.worksheets[0].values)[1:]
    assert values[0] == (5, 5.25)
    assert values[1] == (datetime(2026, 11, 2), datetime(2026, 11, 2, 19, 30))  # noqa: DTZ001 - a sheet has no zones
    assert values[2] == ("a␀b␟", "?")
    assert values[3] == ("да", "один, два")


def test_text_past_the_limit_of_a_cell_goes_on_elsewhere_whole(tmp_path):
    target = tmp_path / "a.xlsx"
    long = "=" + "щ" * (2 * CELL_LIMIT)
    write_table(COLUMNS, [("a", "b"), ("c", long)], target, "xlsx")
    book = openpyxl.load_workbook(target)
    first, rest = book.worksheets
    assert rest.title == "Длинный текст"
    assert first.cell(3, 2).value.endswith("(целиком на листе «Длинный текст»)")
    parts = list(rest.values)[1:]
    assert {(row[0], row[1]) for row in parts} == {(3, "Заметка")}
    assert "".join(row[3] for row in parts) == long
    assert {cell.data_type for row in rest.iter_rows(min_row=2, min_col=4) for cell in row} == {"s"}


def test_more_rows_than_a_sheet_holds_are_refused_and_nothing_is_written(tmp_path, monkeypatch):
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    monkeypatch.setattr(tables, "ROW_LIMIT", 10)
    with pytest.raises(TooManyRows, match=r"a\.xlsx"):
        write_table(COLUMNS, [("a", "b")] * 10, tmp_path / "a.xlsx", "xlsx")
    assert list(tmp_path.rglob("*")) == [aside]


def test_json_is_one_list_by_keys(tmp_path):
    rows = [("Ёлкин", None), (True, 5.5), (date(2026, 1, 2), ("a", "b")), ("\ud800", 0)]
    assert write_table(COLUMNS, rows, tmp_path / "a.json", "json") == 4
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == [
        {"name": "Ёлкин", "note": None},
        {"name": True, "note": 5.5},
        {"name": "2026-01-02", "note": ["a", "b"]},
        {"name": "?", "note": 0},
    ]
    write_table(COLUMNS, [], tmp_path / "b.json", "json")
    assert json.loads((tmp_path / "b.json").read_text("utf-8")) == []


def test_stop_leaves_no_file(tmp_path):
    def stop(step, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_table(COLUMNS, [("a", "b")], tmp_path / "a.csv", "csv", report=stop)
    assert not list(tmp_path.iterdir())


def test_another_kind_is_refused(tmp_path):
    with pytest.raises(ValueError, match="ods"):
        write_table(COLUMNS, [], tmp_path / "a.ods", "ods")


def test_people_are_headed_in_the_language_in_use(tmp_path):
    guest = PersonCard(
        id=1,
        uid="u1",
        kind="member",
        family_name="Ёлкин",
        given_name="Семён",
        birthday=PartialDate(2, 3),
        contacts=(ContactLine("phone", "+79000000041", ""), ContactLine("telegram", "elkin", "@elkin")),
        tags=(("a", ""), ("b", "")),
    )
    people.write_people([guest], tmp_path / "a.csv", "csv")
    heading, row = read_csv(tmp_path / "a.csv")
    found = dict(zip(heading, row, strict=True))
    assert found["Фамилия"] == "Ёлкин"
    assert found["Телефон"] == "+79000000041"
    assert found["Телеграм"] == "elkin"
    assert found["Дата рождения"] == "--02-03"
    assert found["Метки"] == "a, b"
    with i18n.using("en"):
        assert people.columns()[0].column.title == "Family name"


@pytest.mark.outside
def test_calc_shows_what_was_written(tmp_path):
    import shutil

    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here")
    write_table(COLUMNS, [("=1+1", "Ёлкин"), ("+79000000041", "№ 5")], tmp_path / "a.xlsx", "xlsx")
    command = [office, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76"]
    subprocess.run([*command, "--outdir", tmp_path / "out", tmp_path / "a.xlsx"], check=True, capture_output=True)
    shown = (tmp_path / "out" / "a.csv").read_text("utf-8-sig").splitlines()
    assert shown[1:] == ["=1+1;Ёлкин", "+79000000041;№ 5"]
