"""«Лист регистрации»: everyone, in order, once."""

import re

from crm.export.pdf.contents import RegisterRow
from crm.export.pdf.register import ROW, TICK, write_register
from tests.export.pdf.makers import pages, register, squeezed, text_of


def written(sheet, tmp_path):
    target = tmp_path / "a.pdf"
    write_register(sheet, target)
    return target


def test_everyone_is_there_once_and_in_order(tmp_path):
    text = " ".join(pages(written(register(300), tmp_path)))
    assert re.findall(r"Ёлкин(\d{5})", text) == [f"{number:05}" for number in range(300)]
    assert text.count("Семён Ильич") == 300


def test_every_page_names_its_columns_and_its_letters(tmp_path):
    rows = tuple(RegisterRow(f"{letter}ов", "Пётр") for letter in "АБЕЁЖЯ" for _ in range(15))
    found = pages(written(register(rows=rows), tmp_path))
    assert len(found) > 2
    assert all("Фамилия, имя, отчество" in page for page in found)
    assert "90 человек" in found[0]
    assert "Б–Е" in found[1]
    assert "\nЁ\n" not in "\n".join(found)


def test_columns_can_be_left_out(tmp_path):
    text = text_of(written(register(organisations=False, tickets=False), tmp_path))
    assert "Вектор" not in text
    assert "000001" not in text
    assert "Подпись" not in text
    assert "Подпись" in text_of(written(register(signatures=True), tmp_path))


def test_long_names_take_two_lines_and_a_note_stands_below(tmp_path):
    row = RegisterRow("Константинопольская-Ржевская", "Александра", "Константиновна", note="оплата на месте")
    text = text_of(written(register(rows=(row, RegisterRow("", "", "", "Один"))), tmp_path))
    for words in ("Константинопольская-Ржевская", "Александра", "Константиновна", "оплата на месте"):
        assert squeezed(words) in text


def test_nobody_and_no_blank_line_is_still_a_page(tmp_path):
    target = written(register(0, blank_rows=0), tmp_path)
    assert len(pages(target)) == 1
    assert squeezed("0 человек") in text_of(target)


def test_lines_for_those_not_on_the_list_may_need_a_page_of_their_own(tmp_path):
    for count in range(18, 32):
        found = pages(written(register(count, blank_rows=8), tmp_path))
        assert sum("Пришли без записи" in page for page in found) >= 1


def test_a_box_is_large_enough_for_a_pen():
    assert TICK >= 4.5 / 25.4 * 72
    assert ROW >= 8.5 / 25.4 * 72
