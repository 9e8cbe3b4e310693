"""Text tables: encodings, delimiters, headers, rows and values of interop §4 and §5."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.importing import layout, limits, reading
from crm.importing.errors import BadMapping, FileUnreadable, NotContacts
from crm.importing.layout import Layout
from crm.partial_date import PartialDate
from tests.importing.makers import NOW, codes, raws, table

LIST = (
    "ФИО;Телефон;Эл. почта;Город\n"
    "Иванов Иван;8 900 000-00-01;ivan@example.com;Москва\n"
    "Ёлкина Мария;;m@example.com;Тверь\n"
)


@pytest.mark.parametrize(
    ("encoding", "mark", "named"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8"),
        ("cp1251", b"", "windows-1251"),
        ("koi8-r", b"", "koi8-r"),
        ("cp866", b"", "ibm866"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_every_encoding_gives_the_same_letters(tmp_path: Path, encoding: str, mark: bytes, named: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(mark + LIST.encode(encoding))
    read = reading.read_people(path, clock=NOW)
    assert [one.full_name for one in read.people] == ["Иванов Иван", "Ёлкина Мария"]
    assert [one.city for one in read.people] == ["Москва", "Тверь"]
    assert read.encoding == named


def test_western_letters_are_not_taken_for_cyrillic(tmp_path: Path) -> None:
    text = "Name,E-mail\nJosé Müller,jose@example.com\nZoë Brontë,zoe@example.com\n"
    assert [one.full_name for one in table(tmp_path, text, "cp1252").people] == ["José Müller", "Zoë Brontë"]


def test_utf8_with_a_spoilt_byte_stays_utf8_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(LIST.encode().replace("Тверь".encode(), "Твер".encode() + b"\xd1"))
    read = reading.read_people(path, clock=NOW)
    assert (read.people[0].full_name, read.people[1].city) == ("Иванов Иван", "Твер�")
    assert codes(read.people[1]) == ["bytes_replaced"]


def test_a_person_can_choose_the_encoding(tmp_path: Path) -> None:
    read = table(tmp_path, LIST, "koi8-r", Layout(encoding="koi8-r"))
    assert (read.people[1].full_name, read.encoding_guessed) == ("Ёлкина Мария", False)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    read = table(tmp_path, LIST.replace(";", delimiter))
    assert (read.people[0].city, read.mapping.delimiter) == ("Москва", delimiter)


def test_a_separator_line_is_obeyed_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    read = table(tmp_path, "sep=|\r\n" + LIST.replace(";", "|"))
    assert (read.people[0].full_name, read.people[0].place.number) == ("Иванов Иван", 3)


def test_commas_inside_cells_do_not_beat_the_delimiter(tmp_path: Path) -> None:
    read = table(tmp_path, "Имя;Телефон\nАнна;+7 900 000-00-01, +7 900 000-00-02\nОлег;8,9,0,0\n")
    assert raws(read.people[0], "phone") == ["+7 900 000-00-01", "+7 900 000-00-02"]


def test_one_column_is_a_table(tmp_path: Path) -> None:
    assert [one.full_name for one in table(tmp_path, "ФИО\nИванов Иван\nПетров Пётр\n").people] == [
        "Иванов Иван",
        "Петров Пётр",
    ]


def test_titles_blank_totals_and_repeated_headers_are_no_people(tmp_path: Path) -> None:
    head, rest = LIST.split("\n", 1)
    read = table(tmp_path, f"Список участников;;;\n;;;\n{head}\n{rest}\n;;;\n{head}\nИТОГО: 2;;;\nВсего человек;;2;\n")
    assert len(read.people) == 2
    assert [(one.place.number, one.code) for one in read.rejects] == [
        (1, "title_row"), (8, "repeated_header"), (9, "total_row"), (10, "total_row"),
    ]  # fmt: skip
    assert read.read == 6


def test_a_file_without_a_header_is_read_by_its_cells(tmp_path: Path) -> None:
    read = table(tmp_path, "Иванов Иван;89000000001;ivan@example.com\nПетрова Анна;89000000002;anna@example.com\n")
    assert read.mapping.header_row == 0
    first = read.people[0]
    assert (first.full_name, raws(first, "phone"), raws(first, "email")) == (
        "Иванов Иван",
        ["89000000001"],
        ["ivan@example.com"],
    )


def test_a_second_column_of_one_field_loses_nothing(tmp_path: Path) -> None:
    text = "Участник;Контакт;Город;Город;ДР;Дата рождения;Компания;Фирма\n"
    read = table(tmp_path, text + "Анна;89000000001;Тверь;Омск;01.02.1990;02.02.1990;А;Б\nОлег;Олег Т.;;;;;;\n")
    assert raws(read.people[0], "phone") == ["89000000001"]
    assert read.people[0].extra_columns == (("Город", "Омск"), ("Дата рождения", "02.02.1990"), ("Фирма", "Б"))
    assert read.people[1].extra_columns == (("Контакт", "Олег Т."),)


def test_without_a_header_a_town_is_no_part_of_the_name(tmp_path: Path) -> None:
    read = table(tmp_path, "Анна;Примерова;Тверь;a@example.com\nОлег;Тестов;Омск;o@example.com\n")
    assert [one.full_name for one in read.people] == ["Анна Примерова", "Олег Тестов"]
    assert read.people[0].extra_columns == (("3", "Тверь"),)
    whole = table(tmp_path, "Тестов;Олег;Ильич;o@example.com\nПримерова;Анна;Львовна;a@example.com\n")
    assert whole.people[1].full_name == "Примерова Анна Львовна"


def test_rows_shorter_and_longer_than_the_header_lose_nothing(tmp_path: Path) -> None:
    read = table(tmp_path, "Имя,Фамилия,E-mail,\nАнна,Примерова\nОлег,Примеров,o@example.com,,и ещё\n")
    assert (read.people[0].family_name, codes(read.people[0])) == ("Примерова", [])
    assert codes(read.people[1]) == ["extra_cells"]
    assert read.people[1].extra_columns[0][1] == "и ещё"


def test_columns_not_understood_come_with_their_headers(tmp_path: Path) -> None:
    read = table(tmp_path, "Имя;Фамилия;Любимая игра;Согласие на рассылку\nАнна;Примерова;го;да\nОлег;Примеров;;\n")
    assert read.people[0].extra_columns == (("Любимая игра", "го"),)
    assert read.people[0].consents == (("Согласие на рассылку", "да"),)
    assert read.people[1].extra_columns == ()


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Ф.И.О.", "full_name:family"), ("Фамилия и имя", "full_name:family"), ("Ваше имя*", "full_name"),
        ("Улица  2 (другой адрес)", "street:other"), ("E-mail 2 Address", "email"), ("Phone 3 - Value", "phone"),
        ("Телефон переносной", "phone:mobile"), ("Населённый пункт:", "city"), ("first_name", "given_name"),
        ("Телефон (для связи)", "phone"), ("Ваш телефон", "phone"), ("Attendee name: Given name", "given_name"),
        ("Откуда вы о нас узнали?", ""), ("Имя помощника", ""),
    ],
)  # fmt: skip
def test_headers_are_known_however_written(header: str, field: str) -> None:
    assert layout.field_of(header)[0] == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Name,Title,Company", "job_title"),
        ("Title,First Name,Last Name,Job Title", "prefix"),
        ("Name,User ID,Title,RSVP", "extra"),
    ],
)
def test_title_means_what_its_neighbours_say(header: str, field: str) -> None:
    found = {column.header: column.field for column in layout.columns_of(header.split(","))}
    assert found["Title"] == field


def test_a_given_name_alone_may_be_the_whole_name(tmp_path: Path) -> None:
    read = table(tmp_path, "Имя;Фамилия;E-mail\nАнна Примерова;;a@example.com\nГость Анны;Примеров;b@example.com\n")
    assert (read.people[0].full_name, read.people[0].given_name) == ("Анна Примерова", "")
    assert (read.people[1].full_name, read.people[1].given_name) == ("", "Гость Анны")


def test_the_header_tells_the_order_of_the_name(tmp_path: Path) -> None:
    for header, order in (("Фамилия и имя", "family"), ("Имя и фамилия", "given"), ("Name", "")):
        assert table(tmp_path, f"{header};E-mail\nАнна Примерова;a@example.com\n").people[0].name_order == order


def test_phones_of_a_cell_are_parted_spoilt_ones_named(tmp_path: Path) -> None:
    rows = ["+7(900)0000042, 84950000043", "7,90E+10", "79000000031.0", "=+79000000034", "'+79000000035",
            "8 (900) 000-00-01 доб. 12, 14", "нет", "—"]  # fmt: skip
    read = table(tmp_path, "Имя\tТелефон\n" + "".join(f"Н{n}\t{row}\n" for n, row in enumerate(rows)))
    assert [raws(one, "phone") for one in read.people] == [
        ["+7(900)0000042", "84950000043"], [], ["79000000031"], ["+79000000034"], ["+79000000035"],
        ["8 (900) 000-00-01 доб. 12, 14"], [], [],
    ]  # fmt: skip
    assert [codes(one) for one in read.people][1] == ["phone_spoiled"]


def test_emails_of_a_cell_are_parted_and_what_is_none_goes_to_the_note(tmp_path: Path) -> None:
    read = table(tmp_path, 'Имя;E-mail\nА;"a@example.com; b@example.com"\nБ;Борис <c@example.com>\nВ;нет почты\n')
    assert [raws(one, "email") for one in read.people] == [["a@example.com", "b@example.com"], ["c@example.com"], []]
    assert (codes(read.people[2]), read.people[2].extra_columns) == (["not_an_address"], (("E-mail", "нет почты"),))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["01.02.1990", "1.2.90"], PartialDate(2, 1, 1990)),
        (["02/01/1990", "12/31/1988"], PartialDate(2, 1, 1990)),
        (["01/02/1990", "31/12/1988"], PartialDate(2, 1, 1990)),
        (["1990-02-01T00:00:00Z"], PartialDate(2, 1, 1990)),
        (["1 февраля 1990 г."], PartialDate(2, 1, 1990)),
        (["February 1, 1990"], PartialDate(2, 1, 1990)),
        (["--02-01"], PartialDate(2, 1)),
        (["01.02"], PartialDate(2, 1)),
        (["32905"], PartialDate(2, 1, 1990)),
        (["01.02.90 10:30"], PartialDate(2, 1, 1990)),
    ],
)
def test_birthdays_are_read_by_their_column(tmp_path: Path, cells: list[str], expected: PartialDate) -> None:
    read = table(tmp_path, "Имя\tДР\n" + "".join(f"Н\t{cell}\n" for cell in cells))
    assert read.people[0].birthday == expected


def test_a_birthday_is_never_in_the_future(tmp_path: Path) -> None:
    read = table(tmp_path, "Имя;ДР\nА;01.02.30\nБ;01.02.2030\nВ;23.11.26\n")
    assert [one.birthday for one in read.people] == [PartialDate(2, 1, 1930), None, PartialDate(11, 23, 2026)]
    assert codes(read.people[1]) == ["bad_date"]


def test_an_order_of_day_and_month_nothing_proves_is_said(tmp_path: Path) -> None:
    read = table(tmp_path, "Name,Birthday\nA,03/04/1990\nB,05/05/1990\n")
    assert [codes(one) for one in read.people] == [["date_order_guessed"], []]
    sure = table(tmp_path, "Name,Birthday\nA,03/04/1990\n", mapping=Layout(date_order="mdy"))
    assert (sure.people[0].birthday, codes(sure.people[0])) == (PartialDate(3, 4, 1990), [])


def test_one_guarding_apostrophe_goes_and_no_other(tmp_path: Path) -> None:
    read = table(
        tmp_path,
        "Имя;Комментарий\nА;'=1+1\nБ;''=1\nВ;'слово'\nГ;=\"007\"\n".replace('"', '""').replace(
            '=""007""', '"=""007"""'
        ),
    )
    assert [one.note for one in read.people] == ["=1+1", "'=1", "'слово'", "007"]


def test_a_quote_without_a_pair_costs_no_row(tmp_path: Path) -> None:
    text = 'Имя;Фамилия;Город\nАнна;"Примерова;Тверь\nОлег;Примеров;Омск\nПётр;"ООО ""Б""";Псков\n'
    read = table(tmp_path, text)
    assert [(one.given_name, one.city) for one in read.people] == [
        ("Анна", "Тверь"),
        ("Олег", "Омск"),
        ("Пётр", "Псков"),
    ]
    assert codes(read.people[0]) == ["stray_quote"]


def test_an_unclosed_quote_that_fits_nothing_is_named_and_the_rest_read(tmp_path: Path) -> None:
    text = 'Имя;Фамилия;Город\n"Анна;Примерова\nОлег;Примеров;Омск\n'
    read = table(tmp_path, text)
    assert [one.given_name for one in read.people] == ["Олег"]
    assert [(one.code, one.place.number) for one in read.rejects] == [("unclosed_quote", 2)]


def test_cells_of_several_lines_are_whole_and_lines_counted(tmp_path: Path) -> None:
    read = table(tmp_path, 'Имя;Комментарий\n"Анна";"раз\r\nдва"\nОлег;три\n')
    assert read.people[0].note == "раз\nдва"
    assert (read.people[1].place.number, read.people[1].place.line) == (3, 4)


def test_a_layout_given_goes_before_a_guess_and_survives_json(tmp_path: Path) -> None:
    text = "A;B;C\nx;Иванов Иван;89000000001\n"
    chosen = layout.from_json({"columns": {"B": "full_name", "C": "phone:work", "A": "ignored"}, "header_row": 1})
    read = table(tmp_path, text, mapping=chosen)
    assert (read.people[0].full_name, read.people[0].contacts[0].label) == ("Иванов Иван", "work")
    assert layout.from_json(read.mapping.as_json()) == read.mapping


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"columns": {"A": "no such field"}},
        {"header_row": -1},
        {"header_row": True},
        {"date_order": "ymd"},
        {"columns": 1},
    ],
)
def test_a_mapping_that_is_none_is_refused_in_words(data: object) -> None:
    with pytest.raises(BadMapping) as problem:
        layout.from_json(data)
    assert problem.value.text()


def test_prose_is_not_a_list_of_people(tmp_path: Path) -> None:
    with pytest.raises(NotContacts):
        table(
            tmp_path,
            "Это обычный текст, в котором нет никаких людей, и строки его длинны, как в письме.\n" * 20,
            name="a.txt",
        )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("я" * (limits.NAME + 1) + ";", "too_long"),
        ("Анна;" + "n" * (limits.NOTE + 1), "too_long"),
        ("Анна;" + ";" * limits.COLUMNS + "x", "too_many_columns"),
    ],
)
def test_over_a_limit_is_a_named_reject(tmp_path: Path, row: str, code: str) -> None:
    read = table(tmp_path, f"Имя;Комментарий\n{row}\nОлег;\n")
    assert ([one.code for one in read.rejects], [one.given_name for one in read.people]) == ([code], ["Олег"])


def test_t25_lone_surrogates_and_nul_do_not_come_through(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Имя;Город\nАн\0на;Мо\u202eсква\n".encode() + b"\xed\xa0\x80;x\n")
    names = [one.given_name + one.city for one in reading.read_people(path, clock=NOW).people]
    assert names[0] == "АннаМосква"
    "".join(names).encode("utf-8")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            ['"', ";", ",", "\n", "\r", "ФИО", "a@b.example", "Иван", " ", "'", "=", "\t", "итого", "01.02.90", "0"]
        )
    )
)
def test_any_table_is_read_or_refused_and_every_filled_row_accounted_for(tmp_path: Path, pieces: list[str]) -> None:
    try:
        read = table(tmp_path, "ФИО;E-mail\n" + "".join(pieces))
    except FileUnreadable:
        return
    assert read.read == len(read.people) + len(read.rejects)
