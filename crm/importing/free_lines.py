"""Lines as people type them in a chat: «1. Иван Петров @ivan +1, 8 900 000-00-41, придёт позже».

Every line that says anything becomes a person or a reject. What is neither a name nor a contact nor a company stays
as the note: no word of a line is lost but its number, its bullet and the label of a contact («тел.», «tg»).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from crm import i18n
from crm.contact_points import digits, normal_email, normal_handle, normal_phone
from crm.importing import limits
from crm.importing.cells import is_handle, unguarded
from crm.importing.layout import recognised
from crm.importing.links import kind_of_link
from crm.importing.rows import ROW, ImportedContact, ImportedPerson, Place, Reject
from crm.text import clean

MOST_GUESTS: Final = 20
"""«+20» is company; a larger number is something else and stays as it is typed."""

_TAKEN: Final = "\x1f"
"""Stands where a contact or a number of guests was: what is on its two sides are two things."""
_CARD: Final = re.compile(r"^\s*BEGIN:VCARD", re.IGNORECASE | re.MULTILINE)
_NUMBERED_CELL: Final = re.compile(r"\s*\d{1,4}[.)]?\t[^\t]*")
_LEAD: Final = re.compile(
    r"[\[(]?[ xXхХ✓✔]?[\])] ?|(?:\(?№? ?\d{1,4}[.)\]:](?!\d) ?|№ ?\d{1,4} |\d{1,4} (?=[^\W\d_]))"
    r"|[-–—−•*·‣▪◦●○►>✓✔☑✅➡️]+ ?|\+ (?=[^\W\d_])"
)
_EMAIL: Final = re.compile(r"[^\s,;:<>()«»\"]{1,64}@[^\s,;:<>()«»\"@]{1,255}")
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s,;<>«»\"]+"
    r"|(?<![\w.@])(?:t\.me|telegram\.me|telegram\.dog|vk\.com|vk\.ru|vkontakte\.ru|wa\.me|max\.ru|m\.vk\.com)/[^\s,;<>«»\"]+",
    re.IGNORECASE,
)
_AT: Final = re.compile(r"(?<![\w@.])@([A-Za-z]\w{2,31})(?![\w@])", re.ASCII)
_LABELLED: Final = re.compile(
    r"(?<!\w)(?:(?P<telegram>tg|тг|телега|телеграмм?|telegram)|(?P<vk>vk|вк|вконтакте))"
    r"(?: ?[:–—-] ?| )(?P<handle>[A-Za-z][A-Za-z0-9_.]{3,31})(?![\w@])",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"(?<!\w)(?:(?:tel|тел|моб|mob|phone|телефон|mail|e-mail|email|почта|tg|тг|телега|телеграмм?|telegram|vk|вк"
    r"|вконтакте|whatsapp|ватсап|вотсап)\.?|[тмtp](?=[.:])\.?) ?[:–—-]? ?(?=\x1f)",
    re.IGNORECASE,
)
_GAP: Final = r"[ ().–—-]{0,3}"
_RUSSIAN: Final = re.compile(rf"(?<![\w+])(?:\+?7|8){_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}(?!\d)")
_MOBILE: Final = re.compile(rf"(?<![\w+])\(?9\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{2}}{_GAP}\d{{2}}(?!\d)")
_FOREIGN: Final = re.compile(r"(?<![\w+])\+(?:\d[ ().–—-]{0,2}){7,14}\d(?!\d)")
_OTHER: Final = re.compile(r"(?<![\w+.,:])\(?\d[\d ().–—-]{5,20}\d(?![\w.,:]\d|\d)")
_DAY: Final = re.compile(r"\d{1,2}[.-]\d{1,2}[.-]\d{2,4}|\d{4}-\d{2}-\d{2}")
_COUNTED: Final = {
    "один": 1, "одна": 1, "одного": 1, "одну": 1, "one": 1, "два": 2, "две": 2, "двое": 2, "two": 2, "три": 3,
    "трое": 3, "three": 3, "четыре": 4, "четверо": 4, "four": 4, "пять": 5, "пятеро": 5, "five": 5,
}  # fmt: skip
_GUESTS: Final = re.compile(
    r"(?<![\w+])(?:\+ ?|(?:плюс|plus) )(?:(?P<number>\d{1,2})|(?P<word>" + "|".join(_COUNTED) + r"))"
    r"(?: ?(?:гость|гостя|гостей|чел\.?|человека?|guests?))?(?![\w@]|[-(. ]{0,2}\d)",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(r"(?:итого|всего|total)\b[^@\x1f]*", re.IGNORECASE)
_DASH: Final = re.compile(r" [-–—−]+ |(?<=\w)[–—] ?|^[-–—−]+ | [-–—−]+$")
_FIRM: Final = re.compile(r"(?:ООО|ОАО|ЗАО|ПАО|АО|ИП|НКО|АНО|ФГУП|ГУП|LLC|Ltd|Inc|GmbH)\b|[«\"“„]\w", re.IGNORECASE)
_NAME_WORD: Final = re.compile(r"[^\W\d_](?:[\w.'’ʼ`-]*[^\W_])?\.?")
_SMALL: Final = frozenset(
    ("оглы", "кызы", "фон", "де", "ван", "дер", "ибн", "бей", "заде", "аль", "эль", "von", "van", "de", "der", "den",
     "da", "di", "du", "la", "le", "al", "bin", "ibn")
)  # fmt: skip
_NO_NAME: Final = frozenset(
    ("от", "для", "без", "с", "со", "и", "а", "но", "на", "в", "во", "кто", "где", "когда", "как", "if", "and", "for",
     "with", "from", "the")
)  # fmt: skip
_INITIAL: Final = re.compile(r"(?:^|[ .])[^\W\d_]\.$")
_MOST_WORDS: Final = 5
_PROSE: Final = 3
"""One word and so many after it, with no contact, is a sentence and nobody's name."""
_FIRM_LENGTH: Final = 80
_SHOWN: Final = 300
"""So much of a line that is not taken is shown with its reason."""


@dataclass(frozen=True, slots=True)
class FreeLine:
    """A line read: the person, how many unnamed guests come too, and the line itself."""

    person: ImportedPerson
    guests: int = 0
    line: str = field(default="", repr=False)


def is_table(text: str) -> bool:
    """Whether a pasted text is a range of a spreadsheet, a CSV or cards, and not lines of a list."""
    if _CARD.search(text[:65_536]):
        return True
    lines = [line for line in text[:65_536].splitlines() if line.strip()]
    if not lines:
        return False
    if sum("\t" in line for line in lines) * 2 >= len(lines):
        return not all(_NUMBERED_CELL.fullmatch(line) for line in lines if "\t" in line)
    for delimiter in (";", ",", "|"):
        cells = lines[0].split(delimiter)
        if len(cells) > 1 and recognised(cells) >= 2:
            return True
    return len(lines) > 1 and _is_heading(lines[0])


def _is_heading(line: str) -> bool:
    return recognised([clean(line)]) == 1


def read_lines(text: str) -> Iterator[FreeLine | Reject]:
    """Every line that is not blank, as a person or a reject; lines are counted from 1, blank ones too."""
    for number, raw in enumerate(text.splitlines(), 1):
        if raw.strip():
            yield read_line(raw, Place(ROW, number, number))


def read_line(raw: str, place: Place) -> FreeLine | Reject:
    """One line that is not blank."""
    if len(raw) > limits.NOTE:
        return _too_long(raw, place, limits.NOTE)
    line = clean(raw)
    if line:
        line = unguarded(line)
    said = _without_lead(line)
    if not any(char.isalnum() for char in said):
        return Reject(place, "no_name_or_contact", cells=(line[:_SHOWN],))
    found = _Taken()
    rest = found.take(said)
    if not found.contacts and _TOTAL.fullmatch(said):
        return Reject(place, "total_row", (("value", said[:80]),), (line[:_SHOWN],))
    if not found.contacts and not found.guests and said.endswith(":"):
        return Reject(place, "title_row", (("value", said[:80]),), (line[:_SHOWN],))
    name, firm, note = _told(rest)
    nickname = ""
    if name and is_handle(name):
        name, nickname = "", name
    sentence = " " not in name and len(note.split()) >= _PROSE and not found.guests
    if not (name or nickname or found.contacts) or (name and sentence and not found.contacts):
        return Reject(place, "no_name_or_contact", cells=(line[:_SHOWN],))
    if len(name) > limits.NAME or any(len(one.raw) > limits.NAME for one in found.contacts if one.kind != "site"):
        return _too_long(line, place, limits.NAME)
    person = ImportedPerson(
        place, full_name=name, nickname=nickname, organisation=firm, note=note, contacts=tuple(found.contacts)
    )
    return FreeLine(person, found.guests, line)


def _too_long(line: str, place: Place, limit: int) -> Reject:
    return Reject(place, "too_long", (("field", i18n.text("Line")), ("limit", str(limit))), (line[:_SHOWN],))


def _without_lead(line: str) -> str:
    """The line without its number and its bullets."""
    while (lead := _LEAD.match(line)) and lead.end():
        # «8 (900)…» and «8.900…» begin with a number that is a part of the phone.
        if _RUSSIAN.match(line) or _MOBILE.match(line):
            break
        line = line[lead.end() :].lstrip()
    return line


class _Taken:
    """What is taken out of a line: contacts and guests."""

    def __init__(self) -> None:
        self.contacts: list[ImportedContact] = []
        self.guests = 0

    def take(self, line: str) -> str:
        """The line with a mark in the place of each of them."""
        line = _LINK.sub(self._link, line)
        line = _EMAIL.sub(self._email, line)
        line = _LABELLED.sub(self._labelled, line)
        line = _AT.sub(lambda found: self._keep("telegram", found[0]), line)
        # «+1, 8 900 …» and «+1 8 900 …» are a guest and a phone, «+1 212 …» is a phone.
        line = _RUSSIAN.sub(self._phone, line)
        line = _FOREIGN.sub(self._phone, line)
        line = _MOBILE.sub(self._phone, line)
        line = _GUESTS.sub(self._company, line)
        line = _OTHER.sub(self._phone, line)
        return _LABEL.sub("", line)

    def _keep(self, kind: str, raw: str) -> str:
        contact = ImportedContact(kind, raw)
        if contact not in self.contacts:
            self.contacts.append(contact)
        return _TAKEN

    def _link(self, found: re.Match[str]) -> str:
        whole = found[0]
        link = whole.rstrip(".,;:!?)»\"'")
        kind = kind_of_link(link)
        if kind != "site" and normal_handle(kind, link) is None:
            kind = "site"
        return self._keep(kind, link) + whole[len(link) :]

    def _email(self, found: re.Match[str]) -> str:
        whole = found[0]
        address = whole.strip(".'")
        if normal_email(address).normal is None:
            return whole
        before, _, after = whole.partition(address)
        return before + self._keep("email", address) + after

    def _labelled(self, found: re.Match[str]) -> str:
        kind = "telegram" if found["telegram"] else "vk"
        if normal_handle(kind, found["handle"]) is None:
            return found[0]
        return self._keep(kind, found["handle"])

    def _phone(self, found: re.Match[str]) -> str:
        whole = found[0]
        if _DAY.fullmatch(whole.strip(" ().–—-")):
            return whole
        number = digits(whole)
        valid = normal_phone(whole).e164 is not None
        if not valid and not (10 <= len(number) <= 15):
            return whole
        return self._keep("phone", whole.strip())

    def _company(self, found: re.Match[str]) -> str:
        count = int(found["number"]) if found["number"] else _COUNTED[found["word"].lower()]
        if not 0 < count <= MOST_GUESTS:
            return found[0]
        self.guests = min(self.guests + count, MOST_GUESTS)
        return _TAKEN


def _told(rest: str) -> tuple[str, str, str]:
    """Name, company and note of a line whose contacts are taken out."""
    parts = [(part, dashed) for part, dashed in _parts(rest) if any(char.isalnum() for char in part)]
    name, firm = "", ""
    notes: list[str] = []
    for place, (part, dashed) in enumerate(parts):
        if place == 0:
            name, more = _named(part)
            if more:
                notes.append(more)
        elif not firm and name and _is_firm(part, dashed=dashed):
            firm = part
        else:
            notes.append(part)
    return name, firm, ", ".join(notes)


def _parts(rest: str) -> Iterator[tuple[str, bool]]:
    """The parts between commas, dashes and brackets; True of one that a dash brought in."""
    for chunk in re.split(r"[,;|\x1f\t]+|[()\[\]]+", rest):
        for place, part in enumerate(_DASH.split(chunk)):
            yield _trimmed(part), place > 0 or bool(re.match(r"\s*[-–—−]", chunk))


def _trimmed(part: str) -> str:
    part = part.strip(" :\N{MIDDLE DOT}/+").lstrip(".")
    # The dot of «Е. А.» belongs to the name.
    return part if _INITIAL.search(part) else part.rstrip(" .")


def _is_firm(part: str, *, dashed: bool) -> bool:
    """«ООО Ромашка», «"Ромашка"»; after a dash anything that begins with a capital, as our own lists are copied."""
    if len(part) > _FIRM_LENGTH:
        return False
    return bool(_FIRM.match(part)) or (dashed and part[0].isupper())


def _named(part: str) -> tuple[str, str]:
    """The name a part begins with, and what follows it: «Иван Петров буду позже» → «Иван Петров», «буду позже»."""
    words = part.split()
    if len(words) == 1 and is_handle(part):
        return part, ""
    taken: list[str] = []
    lower = words[0][0].islower()
    if words[0].casefold() in _NO_NAME:
        return "", part
    for word in words:
        plain = word.strip(".,:!?\"'«»")
        if not _NAME_WORD.fullmatch(word) and not _NAME_WORD.fullmatch(plain):
            break
        small = plain.casefold() in _SMALL
        if not small and taken and word[0].islower() and not lower:
            break
        taken.append(word)
    if lower and len(taken) > 3:
        # «иван петров буду позже» tells nowhere where the name ends: two words are.
        taken = taken[:2]
    if len(taken) > _MOST_WORDS:
        return "", part
    return " ".join(taken), " ".join(words[len(taken) :])
