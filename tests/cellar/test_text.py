"""Cleaning, folding, order and underlining."""

from __future__ import annotations

import sqlite3
import time
import unicodedata
from functools import cmp_to_key
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCollator, QLocale

from crm import text

_NAMES = st.text(alphabet="абвеёжийкцщьяАЁЙЖabcéüßøzZÉ -'’–.1279№\u00a0\u0301\u0306", max_size=25)
_ANYTHING = st.text(st.characters(), max_size=40)


class TestClean:
    def test_plain_text_stays_as_it_is(self):
        assert text.clean("Иванов Пётр, «Ромашка» № 5") == "Иванов Пётр, «Ромашка» № 5"

    def test_one_line_has_single_blanks_and_no_breaks(self):
        assert text.clean("  Иван\u00a0\u2003Петров\r\n\tмладший ") == "Иван Петров младший"

    def test_several_lines_keep_breaks_and_tabs_but_no_trailing_blanks(self):
        assert text.clean("\r\nодин \r\n\tдва\u2028три\rчетыре\n\n", multiline=True) == "один\n\tдва\nтри\nчетыре"

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("Ива\x00нов", "Иванов"),
            ("Ива\u202eвон", "Ивавон"),
            ("Ива\u200bнов\ufeff", "Иванов"),
            ("Ива\u200dнов", "Иванов"),
            ("a\u0085\u0007b", "a b"),
            ("\u3164", ""),
            ("И\u0306ванов", "Йванов"),
            ("Петр\ud800ов", "Петр\ufffdов"),
            ("\ud83d\ude00", "\U0001f600"),
        ],
    )
    def test_what_cannot_be_seen_is_not_stored(self, typed, stored):
        assert text.clean(typed) == stored

    def test_joiners_stay_where_they_mean_something(self):
        family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
        assert text.clean(family) == family
        assert text.clean("می\u200cخواهم") == "می\u200cخواهم"

    def test_a_text_over_the_limit_is_refused_and_never_cut(self):
        assert text.clean("Иван", 4) == "Иван"
        with pytest.raises(text.TextTooLong) as raised:
            text.clean("Иванов", 4)
        assert raised.value.details == {"length": 6, "limit": 4}
        assert "6" in str(raised.value)

    def test_ten_thousand_combining_marks_take_no_time_and_lose_nothing(self):
        typed = "a" + "\u0301\u0316" * 100_000
        started = time.process_time()
        stored = text.clean(typed, multiline=True)
        text.fold(typed)
        assert time.process_time() - started < 3
        assert stored.count("\u0316") == 100_000

    @given(_ANYTHING, st.booleans())
    def test_cleaning_twice_is_cleaning_once_and_sqlite_can_store_it(self, typed, multiline):
        stored = text.clean(typed, multiline=multiline)
        assert text.clean(stored, multiline=multiline) == stored
        assert unicodedata.is_normalized("NFC", stored)
        assert "\x00" not in stored
        stored.encode("utf-8")


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "folded"),
        [
            ("ЁЛКИН", "елкин"),
            ("Е\u0308лкин", "елкин"),
            ("Йод", "йод"),
            ("И\u0306од", "йод"),
            ("Ива\u0301н", "иван"),
            ("Müller É Straße", "muller e strasse"),
            ("Ｆｕｌｌ　ＷＩＤＴＨ", "full width"),
            ("О’Коннор", "о'коннор"),
            ("Петрова\u2011Водкина", "петрова-водкина"),
            ("Øster Łódź", "oster lodz"),
            ("Ива\u200bнов\u202e", "иванов"),
            ("  Два \n слова ", "два слова"),
            ("Мар\u02bcяна", "мар'яна"),
            ("が", "が"),
        ],
    )
    def test_one_form_for_all_ways_of_writing(self, typed, folded):
        assert text.fold(typed) == folded

    def test_short_i_is_a_letter_of_its_own(self):
        assert text.fold("Йод") != text.fold("Иод")

    @given(st.one_of(_NAMES, _ANYTHING))
    @settings(max_examples=300)
    def test_folding_twice_is_folding_once(self, typed):
        assert text.fold(text.fold(typed)) == text.fold(typed)

    @given(_NAMES)
    def test_case_never_matters(self, typed):
        assert text.fold(typed.upper()) == text.fold(typed.lower())

    @given(_NAMES)
    def test_short_way_and_long_way_agree(self, typed):
        from crm.text import folding

        assert text.fold(typed) == " ".join(folding._folded(typed).split())

    @given(st.lists(_NAMES, min_size=1, max_size=5))
    def test_words_are_the_tokens_of_the_search_index(self, names):
        base = sqlite3.connect(":memory:")
        try:
            base.execute("CREATE VIRTUAL TABLE found USING fts5(name, tokenize='unicode61 remove_diacritics 2')")
            base.execute("CREATE VIRTUAL TABLE token USING fts5vocab(found, 'instance')")
            base.executemany("INSERT INTO found VALUES (?)", [(text.fold(name),) for name in names])
            for row, name in enumerate(names, start=1):
                tokens = base.execute('SELECT term FROM token WHERE doc = ? ORDER BY "offset"', (row,)).fetchall()
                assert [term for (term,) in tokens] == text.words(name)
        finally:
            base.close()

    def test_words_of_a_query(self):
        assert text.words("  Петрова-Водкина, @Anna_K О'Нил ") == ["петрова", "водкина", "anna", "k", "о", "нил"]


_SURNAMES = [
    "Егоров",
    "Ежов",
    "Елкин",
    "Ёлкин",
    "Ёжиков",
    "Ель",
    "Жуков",
    "Иод",
    "Йод",
    "Иванов",
    "Иванова",
    "Иваново",
    "Smith",
    "Smyth",
    "Ågren",
    "Agren",
    "Zimmer",
    "ван",
    "Петров",
    "Петрова",
    "Петрова-Водкина",
    "Петров-Водкин",
    "О'Коннор",
    "Оболенский",
    "Щёголев",
    "Щеголев",
    "Цой",
    "Ким",
    "Ян",
    "Яшин",
    "Ибрагимов",
    "Ісаєв",
    "Әбілов",
    "Müller",
    "Muller",
    "Mueller",
    "123",
    "Абай",
    "Аэлита",
    "Эдер",
    "de",
    "Бергер",
    "Берг",
]


class TestSortKey:
    @staticmethod
    def _collator() -> QCollator:
        return QCollator(QLocale("ru_RU"))

    def test_order_of_the_notes(self):
        ordered = ["Егоров", "Ежов", "Елкин", "Ёлкин", "ель", "Жуков", "Иод", "Йод", "Smith"]
        assert sorted(set(ordered), key=text.sort_key) == ordered

    def test_same_order_as_qt_for_russian(self):
        collator = self._collator()
        people = [(family, given) for family in _SURNAMES for given in ("Анна", "Ян", "Ёлка", "")]
        ours = sorted(people, key=lambda person: text.sort_key(*person))
        shown = [" ".join(filter(None, person)) for person in ours]
        inversions = [pair for pair in pairwise(shown) if collator.compare(*pair) > 0 and _differ(*pair)]
        assert inversions == []

    @given(st.lists(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюяАЁЙЯabxyzAZ '-.19", min_size=1, max_size=8)))
    def test_any_names_stand_as_in_qt(self, names):
        collator = self._collator()
        names = [name for name in (name.strip() for name in names) if name]
        theirs = sorted(names, key=cmp_to_key(collator.compare))
        ours = sorted(theirs, key=text.sort_key)
        assert [text.fold(name) for name in ours] == [text.fold(name) for name in theirs]

    def test_given_and_additional_names_decide_among_namesakes(self):
        people = [
            ("Иванов", "Пётр", ""),
            ("Иванова", "Анна", ""),
            ("Иванов", "Анна", "Юрьевна"),
            ("Иванов", "Анна", ""),
        ]
        ordered = sorted(people, key=lambda person: text.sort_key(*person))
        assert ordered == [people[3], people[2], people[0], people[1]]

    def test_without_a_name_the_nickname_counts_and_nobody_is_last(self):
        keys = [text.sort_key("Ян"), text.sort_key("", "", "", "Яшка"), text.sort_key("Zed"), text.sort_key("漢字")]
        assert sorted(keys) == keys
        assert text.sort_key("") > max(keys)

    @given(_ANYTHING)
    def test_a_key_can_be_stored(self, name):
        text.sort_key(text.clean(name)).encode("utf-8")


def _differ(one: str, other: str) -> bool:
    """Whether Qt tells them apart by letters or accents (case alone is no order of ours)."""
    return one.casefold() != other.casefold()


class TestSpans:
    @pytest.mark.parametrize(
        ("shown", "needles", "marked"),
        [
            ("Пётр Щёголев", ["щег"], ["Щёг"]),
            ("ЁЛКИН Ёлка", ["елк"], ["ЁЛК", "Ёлк"]),
            ("Иванов Иван", ["иванов", "ив"], ["Иванов", "Ив"]),
            ("Петрова-Водкина", ["водк"], ["Водк"]),
            ("anna_k@example.com", ["ex", "k"], ["k", "ex"]),
            ("Straße 5", ["strasse"], ["Straße"]),
            ("И\u0306од", ["йо"], ["И\u0306о"]),
            ("Иванов", ["ванов"], []),
            ("Иванов", [""], []),
            ("", ["и"], []),
        ],
    )
    def test_the_original_letters_are_marked(self, shown, needles, marked):
        assert [shown[start:end] for start, end in text.spans(shown, needles)] == marked

    @given(_NAMES, st.lists(_NAMES, max_size=3))
    def test_marks_are_in_order_and_say_the_truth(self, shown, queries):
        needles = [word for query in queries for word in text.words(query)]
        found = text.spans(shown, needles)
        assert found == sorted(found)
        assert all(end <= start for (_, end), (start, _) in pairwise(found))
        for start, end in found:
            assert any(text.fold(shown[start:end]).startswith(needle) for needle in needles)
