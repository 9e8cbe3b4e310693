"""Names of people: which word of a name typed in one field is what, and how a name is shown.

Shown «Имя Фамилия», listed and sorted by surname. Nothing here changes a letter or loses a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain
from typing import Final, Literal

from crm.i18n import NBSP
from crm.text import given_names
from crm.text.folding import clean, fold
from crm.text.spelling import sound_key

Order = Literal["auto", "family_first", "given_first"]
Gender = Literal["male", "female"]
Output = Literal["screen", "badge", "list", "sign_in", "short"]
"""Where a name is read: on a screen, on a badge, in a printed or copied list, on a sign-in sheet, where there is
little room."""

_CYRILLIC: Final = re.compile("[А-Яа-яЁёІіЇїҐґЎў]")
_INITIAL: Final = re.compile(r"[^\W\d_]\.?-?(?:[^\W\d_]\.)?")
_STUCK_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.){2,}")
_LETTER: Final = re.compile(r"[^\W_]")
_MALE_PATRONYMIC: Final = re.compile(r".{2,}(?:ович|евич|ьич|кич|мич|тич|ввич|ovich|evich|ovych|yevich|evych)")
_FEMALE_PATRONYMIC: Final = re.compile(r".{2,}(?:овна|евна|ична|inichna|ovna|evna|yevna|ivna)")
_SON_OF: Final = frozenset(("оглы", "оглу", "углы", "улы", "уулу", "ogly", "oglu", "uly", "ogli"))
_DAUGHTER_OF: Final = frozenset(("кызы", "кизи", "гызы", "кзы", "kyzy", "kizi", "gizi", "qizi"))
_PARTICLES: Final = frozenset(
    ("ван", "вон", "фон", "де", "да", "ди", "ду", "дер", "ла", "ле", "эль", "аль", "бен", "ибн", "тер",
     "van", "von", "de", "da", "di", "du", "der", "den", "la", "le", "el", "al", "bin", "ibn", "ter")
)  # fmt: skip
_SUFFIXES: Final = frozenset(("мл", "ст", "младший", "старший", "jr", "sr", "ii", "iii", "iv"))
_SURNAME_ENDING: Final = re.compile(
    r".+(?:[оеё]ва?|ина?|ына?|[цс]кий|[цс]кая|ский|ская|енко|[аеу]нко|[ую]к|чук|ян|янц|швили|дзе|[ыи]х|ишин|ец|айло|"
    r"o[vw]a?|e[vw]a?|ina?|yna?|sk[iy]+|skaya|enko|yan|chuk|shvili|off|eff|son|sen|man|mann|berg|stein)"
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name by its parts as typed; any may be empty. `additional` is the patronymic or a middle name."""

    family: str = ""
    given: str = ""
    additional: str = ""
    nickname: str = ""


def split_name(full: str, order: Order = "auto") -> NameParts:
    """The parts of a name typed in one field; every word of it ends in one of them.

    A patronymic (-ович, -овна, оглы, кызы, also in Latin letters), a comma («Иванов, Иван») and initials tell the
    order by themselves. Otherwise «family_first» and «given_first» do as they say, and «auto» asks the table of
    given names, then the ending of a surname, then the alphabet: surname first in Cyrillic, given name first in Latin.
    """
    full = clean(full)
    family, comma, rest = (part.strip() for part in full.partition(","))
    if comma and family and rest and "," not in rest:
        tail = _units(rest)
        return NameParts(family, tail[0], " ".join(tail[1:]))
    units = _units(full)
    if not units:
        return NameParts()
    if len(units) > 1 and fold(units[-1]).rstrip(".") in _SUFFIXES:
        name = split_name(" ".join(units[:-1]), order)
        return replace(name, family=f"{name.family} {units[-1]}".strip())
    if len(units) == 1:
        only = units[0]
        surname = _has_particle(only) or (
            not _is_given(only) and _SURNAME_ENDING.fullmatch(fold(only)) is not None and order != "given_first"
        )
        return NameParts(family=only) if surname or order == "family_first" else NameParts(given=only)
    return _with_initials(units) or _with_patronymic(units) or _by_order(units, order)


def _units(full: str) -> list[str]:
    """The words of a name; «оглы», particles and what stands in brackets stay with the word they belong to."""
    found: list[str] = []
    joining = depth = 0
    for word in _split_initials(full):
        if found and (joining or depth or word.startswith("(") or fold(word) in _SON_OF | _DAUGHTER_OF):
            found[-1] += " " + word
        else:
            found.append(word)
        depth = max(0, depth + word.count("(") - word.count(")"))
        joining = fold(word) in _PARTICLES
    return found


def _split_initials(full: str) -> list[str]:
    found: list[str] = []
    for word in full.split():
        found.extend(re.findall(r"[^.]\.", word) if _STUCK_INITIALS.fullmatch(word) else [word])
    return found


def _with_initials(units: list[str]) -> NameParts | None:
    """«Иванов И. И.», «И. И. Иванов», «Саша К.»: the words that are whole against the initials."""
    letters = [unit for unit in units if _INITIAL.fullmatch(unit)]
    whole = [unit for unit in units if not _INITIAL.fullmatch(unit)]
    if not letters or not whole:
        return None
    if len(whole) == 1 and len(letters) == 1 and units[0] == whole[0] and _is_given(whole[0]):
        return NameParts(family=letters[0], given=whole[0])
    if len(whole) == 1:
        return NameParts(whole[0], letters[0], " ".join(letters[1:]))
    if _INITIAL.fullmatch(units[-1]) or _INITIAL.fullmatch(units[0]):
        return None
    return NameParts(units[-1], units[0], " ".join(units[1:-1]))


def _with_patronymic(units: list[str]) -> NameParts | None:
    place = _patronymic_place(units)
    if place is None:
        return None
    additional = units[place]
    if place == len(units) - 1:
        return NameParts(" ".join(units[: place - 1]), units[place - 1], additional)
    return NameParts(" ".join(units[place + 1 :]), " ".join(units[:place]), additional)


def _patronymic_place(units: list[str]) -> int | None:
    """Where the patronymic stands. Рабинович alone is a surname: two words need a patronymic of a known name."""
    places = [place for place in range(1, len(units)) if suggested_gender(units[place])]
    if not places:
        return None
    if len(units) > 2:
        return places[0] if _is_given(units[places[0] - 1]) else places[-1]
    return 1 if sound_key(units[1]) in _known_patronymics() and _is_given(units[0]) else None


def _by_order(units: list[str], order: Order) -> NameParts:
    first, last = units[0], units[-1]
    if order == "given_first" or (order == "auto" and _is_given_first(units)):
        return NameParts(last, first, " ".join(units[1:-1]))
    return NameParts(first, units[1], " ".join(units[2:]))


def _is_given_first(units: list[str]) -> bool:
    first, last = units[0], units[-1]
    if _has_particle(first) != _has_particle(last):
        return _has_particle(last)
    second = units[1]
    known = _is_given(first), _is_given(second)
    if known[0] != known[1]:
        return known[0]
    endings = [_SURNAME_ENDING.fullmatch(fold(unit)) is not None for unit in (first, last)]
    if not any(known) and endings[0] != endings[1]:
        return endings[1]
    if known[0] and len(units) > 2 and not _is_given(last):
        return True
    return _CYRILLIC.search("".join(units)) is None


@lru_cache(maxsize=8192)
def _is_given(unit: str) -> bool:
    """Whether the table knows `unit`, or its first half («Анна-Мария»), or a Russian name that sounds like it."""
    word = fold(unit)
    if given_names.is_known(word):
        return True
    if "-" in word:
        return all(_is_given(half) for half in word.split("-") if half)
    return word.isascii() and sound_key(word) in _given_sounds()


@cache
def _given_sounds() -> frozenset[str]:
    return frozenset(map(sound_key, chain(given_names.genders(), given_names.full_names())))


def _has_particle(unit: str) -> bool:
    return " " in unit and fold(unit.split(" ", 1)[0]) in _PARTICLES


@cache
def _known_patronymics() -> frozenset[str]:
    """How the patronymics of the given names in the table sound, by the school rules of forming them."""
    found = {"павлович", "павловна", "львович", "львовна", "яковлевич", "яковлевна", "ильич", "ильинична"}
    found |= {"никитич", "никитична", "лукич", "лукинична", "фомич", "фоминична", "михайлович", "михайловна"}
    found |= {"петрович", "петровна", "данилович", "даниловна"}
    for name, gender in given_names.genders().items():
        if gender != "male":
            continue
        if name.endswith("ий"):
            stems = [name[:-2] + "ье", name[:-2] + "ие"]
        elif name.endswith(("й", "ь")):
            stems = [name[:-1] + "е"]
        elif name.endswith(("а", "я", "и")):
            continue
        else:
            stems = [name + "о"]
        found.update(stem + ending for stem in stems for ending in ("вич", "вна"))
    return frozenset(map(sound_key, found))


def suggested_gender(additional: str) -> Gender | None:
    """What a patronymic suggests: «male» (-ович, -ич, оглы), «female» (-овна, -ична, кызы) or nothing.

    A suggestion for a form, never a fact: the person says.
    """
    word = fold(additional)
    ending = word.rpartition(" ")[2]
    if ending in _SON_OF or _MALE_PATRONYMIC.fullmatch(word):
        return "male"
    if ending in _DAUGHTER_OF or _FEMALE_PATRONYMIC.fullmatch(word):
        return "female"
    return None


def display_name(name: NameParts) -> str:
    """«Имя Фамилия»; without a surname «Имя Отчество»; without both the nickname; "" for nobody."""
    if name.family:
        return " ".join(part for part in (name.given or name.additional, name.family) if part)
    return " ".join(part for part in (name.given, name.additional) if part) or name.nickname


def list_name(name: NameParts) -> str:
    """«Фамилия Имя Отчество», or the nickname."""
    return " ".join(part for part in (name.family, name.given, name.additional) if part) or name.nickname


def full_name(name: NameParts) -> str:
    """«Имя Отчество Фамилия», every word in the order in which it is spoken, or the nickname."""
    return " ".join(part for part in (name.given, name.additional, name.family) if part) or name.nickname


def short_name(name: NameParts) -> str:
    """«Щёголев П. И.» with no-break spaces; without a surname as `display_name`."""
    if not name.family:
        return display_name(name)
    letters = [letter + "." for letter in map(_first_letter, (name.given, name.additional)) if letter]
    return NBSP.join([name.family, *letters])


def name_for(output: Output, name: NameParts) -> str:
    """The name in the order of an output: the one place that knows it.

    Screen and badge «Имя Фамилия», list and sign-in sheet «Фамилия Имя Отчество», short «Щёголев П. И.».
    """
    orders = {"screen": display_name, "badge": display_name, "list": list_name, "sign_in": list_name}
    return orders.get(output, short_name)(name)


def initials(name: NameParts) -> str:
    """«АК»: the first letters of given name and surname, of what there is otherwise; "" for nobody.

    Given name and patronymic stand in for a missing surname, the first two words of a nickname for a missing name.
    """
    family = next((word for word in name.family.split() if fold(word) not in _PARTICLES), name.family)
    chosen = [name.given, family] if family else [name.given, name.additional]
    if not any(map(_first_letter, chosen)):
        chosen = re.findall(r"[^\W_]+", name.nickname)[:2]
    return "".join(map(_first_letter, chosen))


def _first_letter(word: str) -> str:
    found = _LETTER.search(word)
    return found.group().upper()[:1] if found else ""


def name_variants(word: str) -> tuple[str, ...]:
    """Folded names that may mean the same given name: саша → александр, александра; александр → саша, шура, …

    Full names first; the word itself is not among them; empty if the tables do not know it.
    """
    folded = fold(word)
    found = [*given_names.full_names().get(folded, ()), *given_names.diminutives().get(folded, ())]
    return tuple(name for name in dict.fromkeys(found) if name != folded)
