"""Phones: E.164 out of whatever people and spreadsheets write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crm.text import clean

REGION: Final = "RU"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as read: E.164 or, where it cannot be a whole number, None; `spoiled` when a spreadsheet ate digits."""

    e164: str | None
    raw: str
    extension: str = ""
    spoiled: bool = False


_PHONE_SIGNS: Final = str.maketrans("", "", " ()-\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}")
_PLAIN_MOBILE: Final = re.compile(r"(?:\+7|7|8)?(9[0-9]{9})", re.ASCII)
_PHONE_START: Final = re.compile(r"(?:\+\s?|\(\s?)?[0-9]", re.ASCII)
_EXPONENT: Final = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eEеЕ]\+?([0-9]{1,2})", re.ASCII)
_WHOLE_FLOAT: Final = re.compile(r"([0-9]{6,})[.,]0+", re.ASCII)
_LONGEST_PHONE: Final = 100
_EXTENSION: Final = re.compile(
    r"[\s,;]*(?:;ext=|ext(?:ension|n)?\.?|доб(?:авочный|ав)?\.?|внутр?\.?|вн\.|#)[\s:.№#]*([0-9]{1,7})\s*$",
    re.IGNORECASE,
)
_EXTENSION_PIECE: Final = re.compile(r"\s*(?:ext|доб|внутр|вн\.|phone-context|isub)", re.IGNORECASE)
_SEPARATORS: Final = ",;/\n"
_FEWEST_DIGITS: Final = 5


def normal_phone(raw: str, region: str = REGION) -> Phone:
    """The phone in `raw`, national numbers read as of `region`.

    E.164 only for a number of a possible length (phonenumbers `is_possible_number`): «12-34-56» stays as typed.
    «79000000031.0» is the whole number a cell held; «7,90E+10» has lost digits and is `spoiled`. The extension
    («доб. 12», `;ext=12`) is told apart.
    """
    text = clean(raw)
    plain = _plain_mobile(text) if region == REGION else None
    if plain:
        return Phone(plain, raw)
    if not text or len(text) > _LONGEST_PHONE:
        return Phone(None, raw)
    whole = _WHOLE_FLOAT.fullmatch(text)
    if whole:
        return Phone(_parsed_phone(whole[1], region), raw)
    exponent = _EXPONENT.fullmatch(text)
    if exponent:
        digits = exponent[1] + (exponent[2] or "")
        exact = len(digits) == int(exponent[3]) + 1
        return Phone(_parsed_phone(digits, region) if exact else None, raw, spoiled=not exact)
    number, extension = text.removeprefix("tel:"), ""
    found = _EXTENSION.search(number)
    if found:
        number, extension = number[: found.start()], found[1]
    number = number.split(";", 1)[0]
    return Phone(_plain_mobile(number) or _parsed_phone(number, region), raw, extension)


def _plain_mobile(text: str) -> str | None:
    if not _PHONE_START.match(text):
        return None
    found = _PLAIN_MOBILE.fullmatch(text.translate(_PHONE_SIGNS))
    return "+7" + found[1] if found else None


@lru_cache(maxsize=4096)
def _parsed_phone(text: str, region: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def possible_phones(cell: str) -> list[str]:
    """The phones of one cell, as typed: parted at `, ; /`, line breaks and ` ::: ` outside brackets.

    An extension or a tail of fewer than five digits («45-67-89/90») stays with the phone before it; a number a
    spreadsheet spoiled («7,90E+10») stays whole.
    """
    text = clean(cell, multiline=True)
    if not text:
        return []
    if _EXPONENT.fullmatch(text) or _WHOLE_FLOAT.fullmatch(text):
        return [text]
    pieces: list[str] = []
    piece = ""
    depth = 0
    for char in text.replace(":::", "\n"):
        depth = max(0, depth + (char == "(") - (char == ")"))
        if char == "\n" or (depth == 0 and char in _SEPARATORS):
            pieces.append(piece)
            piece = "" if char == "\n" else char
            depth = 0
        else:
            piece += char
    pieces.append(piece)
    found: list[str] = []
    for one in pieces:
        bare = one.lstrip(_SEPARATORS).strip()
        tail = _EXTENSION_PIECE.match(bare) or 0 < sum(map(str.isdigit, bare)) < _FEWEST_DIGITS
        if found and tail and one[:1] in _SEPARATORS:
            found[-1] += one.rstrip()
        elif bare:
            found.append(bare)
    return found


def shown_phone(e164: str) -> str:
    """«+7 900 000-41-17»; numbers of other countries as they are written internationally; anything else as it is."""
    if len(e164) == 12 and e164.startswith("+7") and e164[1:].isdecimal():
        return f"+7 {e164[2:5]} {e164[5:8]}-{e164[8:10]}-{e164[10:]}"
    if e164.startswith("+") and e164[1:].isdecimal():
        return _international(e164)
    return e164


@lru_cache(maxsize=4096)
def _international(e164: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def digits(text: str) -> str:
    """The ASCII digits of `text`, nothing else."""
    return "".join(char for char in text if "0" <= char <= "9")


def reversed_digits(text: str) -> str:
    """The digits from the last to the first: a prefix search in them finds a phone by its end."""
    return digits(text)[::-1]
