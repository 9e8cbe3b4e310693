"""How else the same word may have been typed: in the other keyboard layout, in the other alphabet.

`transliterations` proposes a few spellings to search for. `sound_key` is a lossy skeleton, equal for the Russian and
the Latin spellings of a name («Щербаков», Shcherbakov, Scherbakow); stored beside the folded form, one comparison of
skeletons finds what no short list of spellings can hold (soft signs, y against i, ё against yo).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from crm.text import given_names
from crm.text.folding import fold

_MOST: Final = 6
_BEGINNING: Final = 3

_QWERTY: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,./`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?~@#$^&|"
_JCUKEN: Final = 'йцукенгшщзхъфывапролджэячсмитьбю.ёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,Ё"№;:?/'
_TO_JCUKEN: Final = str.maketrans(_QWERTY, _JCUKEN)
_TO_QWERTY: Final = str.maketrans(_JCUKEN, _QWERTY)
_LATIN_LETTER: Final = re.compile("[A-Za-z]")
_CYRILLIC_LETTER: Final = re.compile("[А-Яа-яЁё]")


def other_layout(text: str) -> str:
    """The keys of `text` pressed in the other layout: bdfyjd → иванов, Ыукпун → Sergey, ЛКГП-12 → KRUG-12.

    The letters tell which layout was on, the more numerous alphabet winning; signs follow the letters (`;tyz` →
    женя). Digits sit on the same keys in both. A text without letters is returned as it is. Windows layouts.
    """
    latin = len(_LATIN_LETTER.findall(text))
    cyrillic = len(_CYRILLIC_LETTER.findall(text))
    if latin == cyrillic == 0:
        return text
    return text.translate(_TO_JCUKEN if latin >= cyrillic else _TO_QWERTY)


# Longest first within a table. The usual English spelling, then what other languages and passports write.
_FROM_LATIN: Final = (
    ("shtsch", "щ"), ("schtsch", "щ"), ("shch", "щ"), ("stsch", "щ"), ("tsch", "ч"), ("tch", "ч"), ("sch", "ш"),
    ("yev", "ев"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("tz", "ц"), ("cz", "ч"), ("ch", "ч"), ("sh", "ш"),
    ("ck", "к"), ("ph", "ф"), ("th", "т"), ("yo", "е"), ("jo", "е"), ("yu", "ю"), ("ju", "ю"), ("ya", "я"),
    ("ja", "я"), ("ye", "е"), ("je", "е"), ("dj", "дж"), ("qu", "кв"), ("a", "а"), ("b", "б"), ("c", "к"),
    ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"), ("j", "й"), ("k", "к"), ("l", "л"),
    ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"),
    ("v", "в"), ("w", "в"), ("x", "кс"), ("y", "ы"), ("z", "з"), ("'", "ь"),
)  # fmt: skip
_LATIN_TABLE: Final = dict(_FROM_LATIN)
_LATIN_PIECE: Final = re.compile(
    "|".join(re.escape(piece) for piece, _ in sorted(_FROM_LATIN, key=lambda pair: -len(pair[0])))
)
# Endings and positions where the letter alone does not tell; tried in this order before the table.
_LATIN_HABITS: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"(?<=[oe])ff$", "v"),
        (r"(?<=[kgh])[iy]{1,2}$", "ий"),
        (r"(?<=[bcdflmnpqrstvwxz])(?:iy|ij|ii|yy|yj)$", "ий"),
        (r"(?<=[bcdflmnpqrstvwxz])y$", "ый"),
        (r"(?<=[aeou])[iyj](?![aeouy])", "й"),
        (r"(?:iy|ij|ii|(?<=[^aeou])i)a$", "ия"),
        (r"(?<=[aeou])ia$", "я"),
        (r"i[yj](?![aeou])", "ий"),
        (r"(?<=[bcfghklmnpqrstvwxz])j(?=[aeou])", "ьj"),
    )
)
# A second reading of the same letters: what it is tried on, what is put instead.
_SECOND_READINGS: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"(?<=[бвдзлмнпрст])и?ев(?=а?$)", "ьев"),
        (r"ш(?=[ауеи])", "щ"),
        (r"^е", "э"),
        (r"ый$", "ий"),
        (r"(?<=[лнртд])я$", "ья"),
        (r"ия$", "я"),
        (r"иа", "я"),
        (r"иу", "ю"),
        (r"й(?=[аоуеэ])", "ж"),
    )
)

_TO_LATIN: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ґ": "g", "є": "ye",
}  # fmt: skip
# Only what differs: passports (ICAO 9303), everyday habit, German.
_LATIN_SCHEMES: Final[tuple[dict[str, str], ...]] = (
    _TO_LATIN,
    _TO_LATIN | {"й": "i", "ъ": "ie", "ю": "iu", "я": "ia"},
    _TO_LATIN | {"х": "h", "щ": "sch", "й": "j", "ю": "ju", "я": "ja"},
    _TO_LATIN | {"в": "w", "ж": "sh", "з": "s", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "й": "i"},
)
_LATIN_TABLES: Final = tuple(str.maketrans(scheme) for scheme in _LATIN_SCHEMES)


def transliterations(text: str) -> tuple[str, ...]:
    """Up to six folded spellings of `text` in the other alphabet, the likeliest first; empty if it has no letters.

    A given name that sounds the same comes first (julia → юлия, olga → ольга), then the usual English reading, then
    others (sherbakov → щербаков, ekho → эхо). The same text gives the same answer.
    """
    folded = fold(text)
    if _CYRILLIC_LETTER.search(folded):
        per_word = [_latin_spellings(word) for word in folded.split(" ")]
    elif _LATIN_LETTER.search(folded):
        per_word = [_cyrillic_spellings(word) for word in folded.split(" ")]
    else:
        return ()
    tries = max(map(len, per_word))
    # A word of soft signs alone has no sound, and leaves no gap.
    spelled = (
        " ".join(filter(None, (found[min(place, len(found) - 1)] for found in per_word))) for place in range(tries)
    )
    return tuple(dict.fromkeys(one for one in spelled if one and one != folded))[:_MOST]


@lru_cache(maxsize=4096)
def _cyrillic_spellings(word: str) -> tuple[str, ...]:
    prepared = word
    for habit, put in _LATIN_HABITS:
        prepared = habit.sub(put, prepared)
    usual = _LATIN_PIECE.sub(lambda match: _LATIN_TABLE[match.group()], prepared)
    found = [*_names_sounding(word, usual), usual]
    for reading, put in _SECOND_READINGS:
        second = reading.sub(put, usual)
        if second != usual:
            found.append(second)
    return tuple(dict.fromkeys(found))[:_MOST]


def _names_sounding(word: str, usual: str) -> list[str]:
    """Given names of the sound of `word`; for three letters and more also those that only begin so, two at most.

    One that begins with `usual` needs no mention: who searches for the beginning finds it anyway.
    """
    found = list(given_names.from_latin().get(word, ()))
    key = sound_key(word)
    by_sound = _given_names_by_sound()
    found.extend(by_sound.get(key, ()))
    if not found and len(key) >= _BEGINNING:
        begun = (name for sound, names in by_sound.items() if sound.startswith(key) for name in names)
        found = [name for name in begun if not name.startswith(usual)][:2]
    return found


@cache
def _given_names_by_sound() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in (*given_names.genders(), *given_names.full_names()):
        names = found.setdefault(sound_key(name), [])
        if name not in names:
            names.append(name)
    return {sound: tuple(names) for sound, names in found.items()}


def latin_spellings(word: str) -> tuple[str, ...]:
    """How a Cyrillic word is written in Latin letters by each scheme, and the forms a given name is known by.

    To be held against a query; what people do beside any scheme (Sherbakov, Dmitry, Xenia) `sound_key` evens out.
    """
    spelled = {word.translate(table) for table in _LATIN_TABLES}
    spelled.update(given_names.latin_forms().get(word, ()))
    return tuple(sorted(filter(None, spelled)))


@lru_cache(maxsize=4096)
def _latin_spellings(word: str) -> tuple[str, ...]:
    found = [word.translate(_LATIN_TABLES[0])]
    found.extend(given_names.latin_forms().get(word, ()))
    if word.endswith(("ий", "ый")):
        found.append(word[:-2].translate(_LATIN_TABLES[0]) + "y")
    found.extend(word.translate(table) for table in _LATIN_TABLES[1:3])
    if "кс" in word:
        found.append(word.replace("кс", "x").translate(_LATIN_TABLES[0]))
    if word.startswith("е"):
        found.append("y" + word.translate(_LATIN_TABLES[0]))
    found.append(word.translate(_LATIN_TABLES[3]))
    return tuple(dict.fromkeys(found))[:_MOST]


_SOUNDS_LATIN: Final = (
    ("schtsch", "W"), ("shtsch", "W"), ("stsch", "W"), ("shch", "W"), ("tsch", "C"), ("tch", "C"), ("sch", "W"),
    ("zh", "J"), ("kh", "h"), ("ts", "Q"), ("tz", "Q"), ("cz", "C"), ("ch", "C"), ("sh", "W"), ("ck", "k"),
    ("ph", "f"), ("th", "t"), ("dj", "dJ"), ("qu", "kv"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("j", "i"),
    ("q", "k"), ("w", "v"), ("x", "ks"), ("y", "i"),
)  # fmt: skip
_SOUNDS_CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "J", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "Q", "ч": "C", "ш": "W", "щ": "W", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia", "і": "i",
    "ї": "i", "є": "e", "ґ": "g",
}  # fmt: skip
_SOUND_TABLE: Final = dict(_SOUNDS_LATIN)
_SOUND_PIECE: Final = re.compile("|".join(piece for piece, _ in _SOUNDS_LATIN))
# One small letter for each sound that Latin writes with several; c, j, q, w and x are free, having been replaced.
_CAPITALS: Final = str.maketrans("CJQW", "cjqw")
# A Latin letter inside a Cyrillic word was typed, or slipped in, for the letter it looks like.
_LOOKALIKES: Final = str.maketrans("abcehikmoptxy", "авсенікмортху")
_CYRILLIC_SOUNDS: Final = str.maketrans(_SOUNDS_CYRILLIC)
_HARD_ENDING: Final = re.compile(r"(?<=[oe])ff$")
_DOUBLE: Final = re.compile(r"([A-Za-z])\1+")
_SOUND_WORD: Final = re.compile(r"[^\W_]+")


def sound_key(text: str, *, unfinished: bool = False) -> str:
    """The skeleton of each word, blank between words: equal for Russian and Latin spellings of the same name.

    Small letters and digits only, so it goes into FTS5 as it is. й, и, ы, y and j are one sound, as are е, ё, э, ye,
    yo and io, щ and ш; soft signs and doubled letters go. Latin letters hidden in a
    Cyrillic word count as the letters they look like. A skeleton of the beginning of a word begins the skeleton of
    the word in nearly all cases; `unfinished` drops a final i from the last word, which the next letter may turn.
    """
    keys = [_word_sound(word) for word in _SOUND_WORD.findall(fold(text).replace("'", ""))]
    if unfinished and keys and len(keys[-1]) > 1:
        keys[-1] = keys[-1].removesuffix("i")
    return " ".join(key for key in keys if key)


@lru_cache(maxsize=16384)
def _word_sound(word: str) -> str:
    word = _HARD_ENDING.sub("v", word)
    if word.isascii():
        sounds = _SOUND_PIECE.sub(lambda match: _SOUND_TABLE[match.group()], word)
    else:
        if _CYRILLIC_LETTER.search(word):
            word = word.translate(_LOOKALIKES)
        sounds = word.translate(_CYRILLIC_SOUNDS)
    sounds = _DOUBLE.sub(r"\1", sounds.replace("ts", "Q"))
    return _DOUBLE.sub(r"\1", sounds.replace("ie", "e").replace("io", "e")).translate(_CAPITALS)
