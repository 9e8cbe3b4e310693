"""What one cell of a table holds: several phones or addresses, a label, a guarded formula (interop §5)."""

from __future__ import annotations

import re
from typing import Final

from crm.contact_points import possible_emails, possible_phones

_INTEGRAL: Final = re.compile(r"(\d{7,15})[.,]0+")
_QUOTED_FORMULA: Final = re.compile(r'="(.*)"')
_ANGLE: Final = re.compile(r"<([^<>@\s]+@[^<>\s]+)>")
_SIGNS_GUARDED: Final = "=+-@\t\r＝＋－＠"
_LABEL_WORDS: Final = (
    ("fax", "fax"), ("факс", "fax"), ("pager", "pager"), ("пейдж", "pager"), ("mobile", "mobile"),
    ("cell", "mobile"), ("мобил", "mobile"), ("сотов", "mobile"), ("work", "work"), ("рабоч", "work"),
    ("работа", "work"), ("home", "home"), ("домаш", "home"), ("личн", "home"), ("main", "main"), ("основн", "main"),
    ("other", "other"), ("друг", "other"), ("unknown", ""), ("internet", ""),
)  # fmt: skip


def label_of(text: str) -> str:
    """A label as files word it («* Home», «Рабочий») as one of ours; words of the file's own stay."""
    plain = text.removeprefix("*").strip()
    low = plain.casefold()
    return next((label for word, label in _LABEL_WORDS if word in low), plain)


def phones(cell: str) -> list[str]:
    """The phones of a cell; a numeric cell is its whole number, a formula's sign is no part of a phone."""
    if not any(sign in cell for sign in ",;/\n:."):
        return [cell.lstrip("= ")]
    if found := _INTEGRAL.fullmatch(cell):
        return [found[1]]
    return [phone.lstrip("= ") for phone in possible_phones(cell)]


def emails(cell: str) -> list[str]:
    """The addresses of a cell, «Name <address>» opened."""
    if "<" in cell and (found := _ANGLE.findall(cell)):
        return found
    return [email.removeprefix("mailto:") for email in possible_emails(cell)]


def unguarded(cell: str) -> str:
    """One apostrophe before a sign that starts a formula is a guard (T12); `="text"` is Excel's way of text."""
    if cell[0] == "'" and len(cell) > 1 and (cell[1] in _SIGNS_GUARDED or cell[1] == "'"):
        return cell[1:]
    if found := _QUOTED_FORMULA.fullmatch(cell):
        return found[1]
    return cell


def is_handle(name: str) -> bool:
    """«kisa_2000» or «@anna» is no name of a person."""
    return " " not in name and (name.startswith("@") or "_" in name or any(char.isdigit() for char in name))
