"""Why a search found somebody, as the list shows it: in a few words beside the name, whole where there is room."""

from __future__ import annotations

from typing import Final

from crm import i18n, text
from crm.contact_points import digits
from crm.i18n import mark
from crm.services.cards import PersonRow

_SHOWN_DIGITS: Final = 4
_WAYS: Final = {
    "layout": (mark("other layout"), "keyboard"),
    "translit": (mark("other alphabet"), "translate"),
    "diminutive": (mark("form of the name"), "user-switch"),
    "similar": (mark("similar"), "approximate-equals"),
}
"""How a query was read where it was not taken as typed: the word for it and the sign."""
_PLACES: Final = {
    "phone": "phone",
    "handle": "envelope-simple",
    "city": "map-pin",
    "job": "buildings",
    "skill": "wrench",
    "language": "chat-circle-text",
    "motive": "heart",
    "custom": "list-dashes",
    "offers": "lightbulb",
    "seeks": "lightbulb",
    "note": "note-pencil",
}
"""What was hit, and the sign of it."""


def said(row: PersonRow) -> str:
    """Why, in full: «раскладка», «похоже: Ильич», «Размер: XXL»; empty when the row shows it by itself."""
    if row.reason == "offers":
        return i18n.text("can help: {what}", what=row.found_in)
    if row.reason == "seeks":
        return i18n.text("looks for: {what}", what=row.found_in)
    if row.reason == "note":
        return i18n.text("in the note")
    if row.reason in _PLACES or row.reason == "name":
        return _phone_part(row.found_in, row.matched) if row.reason == "phone" else row.found_in
    why = ", ".join(i18n.text(_WAYS[way][0]) for way in row.reason.split() if way in _WAYS)
    return i18n.text("{why}: {what}", why=why, what=row.found_in) if why and _is_hidden(row) else why


def chip(row: PersonRow) -> tuple[tuple[str, ...], str]:
    """The signs and the words beside the name; of two ways at once, or of a name that stands in no column, less is said
    in words and the rest by the signs.
    """
    ways = tuple(_WAYS[way][1] for way in row.reason.split() if way in _WAYS)
    if ways:
        return ways, row.found_in if _is_hidden(row) else said(row)
    if row.reason == "custom":
        return (_PLACES["custom"],), row.found_in.partition(": ")[2] or row.found_in
    signs = (_PLACES[row.reason],) if row.reason in _PLACES else ()
    return signs, row.found_in if row.reason in {"offers", "seeks"} else said(row)


def _is_hidden(row: PersonRow) -> bool:
    seen = " ".join((row.display_name, row.organisation, *(name for name, _ in row.tags)))
    return bool(row.found_in) and not text.spans(seen, text.words(row.found_in))


def _phone_part(phone: str, needles: tuple[str, ...]) -> str:
    """The end of a phone when the end was looked for: «…41-17»; else the phone as it begins."""
    number = digits(phone)
    end = next((needle for needle in needles if needle.isdecimal() and number.endswith(needle)), "")
    if not end:
        return phone
    place = len(phone)
    while len(digits(phone[place:])) < max(len(end), _SHOWN_DIGITS):
        place -= 1
    return "…" + phone[place:] if place else phone
