"""Other layouts and alphabets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bdfyjd", "иванов"), ("ghbdtn", "привет"), ("Ыукпун", "Sergey"), ("`krby", "ёлкин"), (";tyz", "женя"),
        ("[fhbnjyjd", "харитонов"), ("j,tltyyfz", "обеденная"), ("'lef", "эдуа"), (".kbz", "юлия"),
        ("gjl]tpl", "подъезд"), ("ЛКГП-12", "KRUG-12"), ("ЛКГП№12", "KRUG#12"), ("0041 17", "0041 17"), ("", ""),
        ("шмфт;", "ivan$"),
    ],
)  # fmt: skip
def test_the_same_keys_in_the_other_layout(typed, meant):
    assert text.other_layout(typed) == meant


@given(st.text(alphabet="йцукенгшщзхъфывапролджэячсмитьбюёЙЦЁЖ0123456789 -", min_size=1))
def test_there_and_back_is_the_same_word(word):
    there = text.other_layout(word)
    if any(map(str.isalpha, there)):
        assert text.other_layout(there) == word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ivanov", "иванов"), ("Iwanow", "иванов"), ("yuliya", "юлия"), ("Julia", "юлия"), ("iuliia", "юлия"),
        ("shcherbakov", "щербаков"), ("sherbakov", "щербаков"), ("tschaikowsky", "чайковский"),
        ("Tchaikovsky", "чайковский"), ("Aleksei", "алексей"), ("Alexey", "алексей"), ("Elkin", "елкин"),
        ("Yolkin", "елкин"), ("olga", "ольга"), ("igor", "игорь"), ("vasilev", "васильев"), ("Vasiliev", "васильев"),
        ("solovyov", "соловьев"), ("dmitry", "дмитрий"), ("zhenya", "женя"), ("natalya", "наталья"),
        ("tatjana", "татьяна"), ("mikhail", "михаил"), ("michael", "михаил"), ("peter", "петр"), ("ekho", "эхо"),
        ("khrushchev", "хрущев"), ("smirnoff", "смирнов"), ("bykov", "быков"), ("viazemskii", "вяземский"),
        ("zaytsev", "зайцев"), ("Andrej", "андрей"), ("Fyodor", "федор"), ("sergey ivanov", "сергей иванов"),
        ("Сергей", "sergey"), ("Юлия", "julia"), ("Чайковский", "chaykovsky"), ("Щербаков", "shcherbakov"),
        ("Евгений", "yevgeniy"), ("Александр", "alexander"), ("Ёлкин", "elkin"), ("Хабаров", "habarov"),
    ],
)  # fmt: skip
def test_the_meant_spelling_is_proposed(typed, meant):
    assert meant in text.transliterations(typed)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz' абвгдеёжзйцщьюя19", max_size=20))
def test_proposals_are_few_folded_and_the_same_each_time(word):
    proposed = text.transliterations(word)
    assert len(proposed) <= 6
    assert len(set(proposed)) == len(proposed)
    assert proposed == text.transliterations(word)
    assert all(text.fold(one) == one for one in proposed)


def test_nothing_is_proposed_for_digits():
    assert text.transliterations("41 17") == ()


@pytest.mark.parametrize(
    "spellings",
    [
        ("Щербаков", "Shcherbakov", "Sherbakov", "Scherbakow", "Schtscherbakow"),
        ("Юлия", "Yuliya", "Julia", "Iuliia", "Julija"), ("Соловьёв", "Solovyov", "Soloviev", "Solovev", "Solowjow"),
        ("Дмитрий", "Dmitry", "Dmitrii", "Dmitriy", "Dmitrij"), ("Наталья", "Natalya", "Natalia", "Natal'ya"),
        ("Ильин", "Ilyin", "Ilin"), ("Хрущёв", "Khrushchev", "Khrushchyov"), ("Цветаева", "Tsvetaeva", "Tsvetayeva"),
        ("Чайковский", "Tchaikovsky", "Tschaikowsky", "Chaykovskiy"), ("Ольга", "Olga"), ("Кузьмин", "Kuzmin"),
        ("Ксения", "Xenia", "Kseniya"), ("Артём", "Artyom", "Artem"), ("Гоголь", "Gogol"), ("Рыжков", "Ryzhkov"),
    ],
)  # fmt: skip
def test_all_spellings_of_a_name_sound_alike(spellings):
    assert len({text.sound_key(spelling) for spelling in spellings}) == 1


def test_latin_letters_hidden_in_a_cyrillic_word_change_nothing():
    assert text.sound_key("C\u043e\u043ao\u043bo\u0432") == text.sound_key("Соколов")


def test_different_surnames_sound_different():
    names = [
        "Иванов",
        "Ивашов",
        "Петров",
        "Попов",
        "Щербаков",
        "Черников",
        "Жуков",
        "Зуков",
        "Смирнов",
        "Кузьмин",
        "Казьмин",
        "Орлов",
        "Юрлов",
    ]
    assert len({text.sound_key(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["Щербаков", "Григорьев", "Дмитриевич", "Соловьёв", "Майя", "Анна", "Юлия"])
def test_the_sound_of_a_beginning_begins_the_sound(name):
    whole = text.sound_key(name)
    assert all(whole.startswith(text.sound_key(name[:end], unfinished=True)) for end in range(2, len(name) + 1))


@given(st.text(max_size=30))
def test_a_sound_key_is_its_own_fold(word):
    key = text.sound_key(word)
    assert text.fold(key) == key
