"""What fingers do to a name: tables and dice of our own, so that the search is not examined by its own key.

Nothing here is taken from the program. The two Latin schemes are the passport's of 2014 and an everyday one; the
keys are those of a Russian keyboard; the diminutives were written down from memory.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_RUSSIAN_KEYS: Final = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_LATIN_KEYS: Final = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,.")
_OTHER_KEY: Final = {
    russian: latin
    for rows in zip(_RUSSIAN_KEYS, _LATIN_KEYS, strict=True)
    for russian, latin in zip(*rows, strict=True)
} | {"ё": "`"}

_PASSPORT: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu",
    "я": "ia",
}  # fmt: skip
_EVERYDAY: Final = _PASSPORT | {
    "ё": "yo", "й": "y", "х": "h", "щ": "sch", "ъ": "", "ю": "yu", "я": "ya",
}  # fmt: skip
SCHEMES: Final = (_PASSPORT, _EVERYDAY)

DIMINUTIVES: Final = {
    "Александр": ("Саша", "Шура", "Саня"), "Александра": ("Саша", "Шура"), "Алексей": ("Лёша", "Алёша"),
    "Алёна": ("Алёнка",), "Анастасия": ("Настя", "Ася"), "Анатолий": ("Толя",), "Андрей": ("Андрюша", "Андрюха"),
    "Анна": ("Аня", "Анюта"), "Антон": ("Антоша",), "Аркадий": ("Аркаша",), "Арсений": ("Сеня",), "Артём": ("Тёма",),
    "Борис": ("Боря",), "Вадим": ("Вадик",), "Валентин": ("Валя",), "Валентина": ("Валя",), "Валерий": ("Валера",),
    "Валерия": ("Лера",), "Варвара": ("Варя",), "Василий": ("Вася",), "Вероника": ("Ника",), "Виктор": ("Витя",),
    "Виктория": ("Вика",), "Виталий": ("Виталик",), "Владимир": ("Вова", "Володя"), "Владислав": ("Влад", "Слава"),
    "Вячеслав": ("Слава",), "Галина": ("Галя",), "Геннадий": ("Гена",), "Георгий": ("Гоша", "Жора"),
    "Григорий": ("Гриша",), "Даниил": ("Даня",), "Дарья": ("Даша",), "Денис": ("Дэн",), "Дмитрий": ("Дима", "Митя"),
    "Евгений": ("Женя",), "Евгения": ("Женя",), "Екатерина": ("Катя", "Катюша"), "Елена": ("Лена",),
    "Елизавета": ("Лиза",), "Зинаида": ("Зина",), "Иван": ("Ваня",), "Игорь": ("Игорёк",), "Илья": ("Илюша",),
    "Ирина": ("Ира",), "Кирилл": ("Кирюша",), "Константин": ("Костя",), "Кристина": ("Кристя",),
    "Ксения": ("Ксюша",), "Лариса": ("Лара",), "Леонид": ("Лёня",), "Лидия": ("Лида",), "Любовь": ("Люба",),
    "Людмила": ("Люда",), "Маргарита": ("Рита",), "Марина": ("Мариша",), "Мария": ("Маша", "Маруся"),
    "Максим": ("Макс",), "Михаил": ("Миша",), "Надежда": ("Надя",), "Наталья": ("Наташа", "Ната"),
    "Николай": ("Коля",), "Олег": ("Олежка",), "Ольга": ("Оля",), "Павел": ("Паша",), "Пётр": ("Петя",),
    "Полина": ("Поля",), "Роман": ("Рома",), "Ростислав": ("Ростик",), "Светлана": ("Света",), "Семён": ("Сёма",),
    "Сергей": ("Серёжа", "Серёга"), "София": ("Соня",), "Станислав": ("Стас",), "Степан": ("Стёпа",),
    "Тамара": ("Тома",), "Татьяна": ("Таня",), "Тимофей": ("Тима",), "Фёдор": ("Федя",), "Эдуард": ("Эдик",),
    "Юлия": ("Юля",), "Юрий": ("Юра",), "Яков": ("Яша",), "Ярослав": ("Ярик",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A name as mistyped: what was typed, whose name was meant, by which two mistakes."""

    query: str
    family: str
    given: str
    how: str


def in_other_layout(text: str) -> str:
    """The same keys with the Latin layout on."""
    return "".join(_OTHER_KEY.get(char, char) for char in text.lower())


def in_latin(text: str, scheme: dict[str, str]) -> str:
    """The text in Latin letters."""
    return "".join(scheme.get(char, char) for char in text.lower())


def slip(text: str, dice: random.Random, rows: tuple[str, ...] = _RUSSIAN_KEYS) -> str:
    """The text with one letter missing, doubled or hit beside, swapped with the next, or wrong: a key beside it."""
    text = text.lower()
    places = [place for place, char in enumerate(text) if char.isalpha()]
    while True:
        place = dice.choice(places)
        char = text[place]
        beside = _beside(char, rows)
        slipped = dice.choice(_SLIPS)(text, place, dice.choice(beside) if beside else char)
        if slipped not in (text, "") and slipped.split() and len(slipped.split()) == len(text.split()):
            return slipped


_SLIPS: Final[tuple[Callable[[str, int, str], str], ...]] = (
    lambda text, place, _: text[:place] + text[place + 1 :],
    lambda text, place, other: text[: place + 1] + other + text[place + 1 :],
    lambda text, place, _: text[: place + 1] + text[place] + text[place + 1 :],
    lambda text, place, other: text[:place] + other + text[place + 1 :],
    lambda text, place, _: (
        text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        if text[place + 1 : place + 2].isalpha()
        else text
    ),
)


def _beside(char: str, rows: tuple[str, ...]) -> str:
    for row in rows:
        if char in row:
            place = row.index(char)
            return "".join(one for one in row[max(0, place - 1) : place + 2] if one != char and one.isalpha())
    return ""


def two_mistakes(people: list[tuple[str, str]], dice: random.Random) -> Iterator[Mistaken]:
    """Names of `people` (family, given; Cyrillic), each with two mistakes at once, without end."""
    kinds = ("layout + typo", "translit + typo", "translit + diminutive", "diminutive + typo", "layout + diminutive")
    while True:
        family, given = dice.choice(people)
        how = dice.choice(kinds)
        called = given
        if "diminutive" in how:
            if given not in DIMINUTIVES:
                continue
            called = dice.choice(DIMINUTIVES[given])
        query = f"{family} {called}" if dice.random() < 0.5 else f"{called} {family}"
        if how == "translit + typo":
            query = slip(in_latin(query, dice.choice(SCHEMES)), dice, _LATIN_KEYS)
        elif "typo" in how:
            query = slip(query, dice)
        if "layout" in how:
            query = in_other_layout(query)
        elif how == "translit + diminutive":
            query = in_latin(query, dice.choice(SCHEMES))
        yield Mistaken(query if dice.random() < 0.5 else query.title(), family, given, how)
