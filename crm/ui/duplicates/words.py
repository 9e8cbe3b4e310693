"""Why two people may be one, and what speaks against it, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from crm import i18n
from crm.i18n import mark
from crm.partial_date import PartialDate
from crm.services import person_fields, person_words
from crm.services.likeness import Likeness

_REASONS: Final = {
    "same_email": mark("same e-mail"),
    "same_phone": mark("same phone"),
    "same_telegram": mark("same Telegram"),
    "same_whatsapp": mark("same WhatsApp"),
    "same_vk": mark("same VK"),
    "same_max": mark("same MAX"),
    "same_name_birthday": mark("same name and birthday"),
    "similar_name_birthday": mark("similar name, same birthday"),
    "same_name": mark("same name"),
    "similar_name": mark("similar name"),
}
_AGAINST: Final = {
    "birthday": mark("other birthday"),
    "patronymic": mark("other middle name"),
    "contacts": mark("other contacts"),
    "names": mark("other name"),
}
_NAMES: Final = {
    "family_name": mark("Family name"),
    "given_name": mark("Given name"),
    "additional_name": mark("Middle name"),
    "nickname": mark("Nickname"),
    "prefix": mark("Title before the name"),
    "suffix": mark("Addition after the name"),
}
_WHY: Final = {
    "filled": mark("only one is filled"),
    "fuller": mark("the fuller one"),
    "newer": mark("the later one"),
}


def reason(key: str) -> str:
    """«та же почта»."""
    return i18n.text(_REASONS.get(key, key))


def reasons(found: Likeness) -> str:
    """«та же почта, то же имя; но другая дата рождения»."""
    said = ", ".join(reason(key) for key in found.reasons)
    against = ", ".join(i18n.text(_AGAINST[key]) for key in found.against)
    return i18n.text("{reasons}; but {against}", reasons=said, against=against) if against else said


def field(name: str) -> str:
    """What a field is called beside its two values."""
    return i18n.text(_NAMES[name]) if name in _NAMES else person_fields.field_title(name)


def why(key: str) -> str:
    """Why a value is suggested."""
    return i18n.text(_WHY.get(key, ""))


def value(name: str, held: Any) -> str:
    """A value as it stands in a profile; a dash for none."""
    if held in ("", None):
        return "\N{EM DASH}"
    shown: dict[str, Callable[[str], str]] = {
        "kind": person_words.person_kind,
        "gender": person_words.gender,
        "address_form": person_words.address_form,
        "preferred_channel": person_words.contact_kind,
    }
    if name in shown:
        return shown[name](held)
    if isinstance(held, PartialDate):
        day = i18n.birthday(held.month, held.day)
        return day if held.year is None else f"{day} {held.year}"
    return i18n.day(held) if name == "joined_on" else str(held)
