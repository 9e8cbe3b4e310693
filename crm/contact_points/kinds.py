"""The kinds of contact as data, and what may be done with a contact of any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from crm import i18n
from crm.contact_points.emails import normal_email
from crm.contact_points.handles import max_handle, site_address, telegram_handle, vk_handle, whatsapp_handle
from crm.contact_points.phones import REGION, normal_phone, shown_phone
from crm.text import clean

_FEWEST_DIGITS: Final = 5


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """Any contact as read: what to store, by what to match, and whether it passed its kind's check."""

    kind: str
    value: str
    typed: str
    key: str | None
    valid: bool
    extension: str = ""
    spoiled: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of contact: `label` is a catalogue entry; `normal`, `shown` and `link` work on one value."""

    name: str
    label: str
    normal: Callable[[str], str | None]
    shown: Callable[[str], str]
    link: Callable[[str], str] | None


def _phone(raw: str) -> str | None:
    return normal_phone(raw).e164


def _email(raw: str) -> str | None:
    return normal_email(raw).normal


def _nothing(raw: str) -> str | None:  # noqa: ARG001 - a kind of its own has no form to check
    return None


def _as_typed(value: str) -> str:
    return value


def _at(value: str) -> str:
    return value if value.startswith(("u/", "@")) else "@" + value


def _without_scheme(value: str) -> str:
    return value.partition("://")[2] or value


def _email_link(value: str) -> str:
    return "mailto:" + quote(value, safe="@!$*+-._~'=")


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("phone", i18n.mark("Phone"), _phone, shown_phone, lambda value: f"tel:{value}"),
        Kind("email", i18n.mark("E-mail"), _email, _as_typed, _email_link),
        Kind("telegram", i18n.mark("Telegram"), telegram_handle, _at, lambda value: f"https://t.me/{value}"),
        Kind("vk", i18n.mark("VK"), vk_handle, _as_typed, lambda value: f"https://vk.com/{value}"),
        Kind(
            "whatsapp", i18n.mark("WhatsApp"), whatsapp_handle, shown_phone, lambda value: f"https://wa.me/{value[1:]}"
        ),
        Kind("max", i18n.mark("MAX"), max_handle, _as_typed, lambda value: f"https://max.ru/{value}"),
        Kind("site", i18n.mark("Website"), site_address, _without_scheme, _as_typed),
        Kind("other", i18n.mark("Other"), _nothing, _as_typed, None),
    )
}
"""Kinds in the order in which they are offered."""
_HANDLES: Final = frozenset(("telegram", "vk", "whatsapp", "max"))


def normal_handle(kind: str, raw: str) -> str | None:
    """The handle in `raw` for telegram, vk, max (without @, in the case typed) or whatsapp (E.164); else None.

    Reads «@name», «name», https://t.me/name, `tg://resolve?domain=name`, vk.com/id123, wa.me/79000000031 and the
    like. An invitation to a chat, a post, a group's wall are no handles.
    """
    known = KINDS.get(kind)
    return known.normal(raw) if known and kind in _HANDLES else None


def read(kind: str, raw: str, region: str = REGION) -> ContactPoint:
    """`raw` as a contact of `kind`: the one call for a form or an importer.

    `value` is the normal form or, if the kind's check failed (`valid` False), the cleaned text as typed. Contacts of
    kind «other» have nothing to check and are always valid. Raises KeyError for an unknown kind.
    """
    typed = clean(raw)
    if kind == "phone":
        phone = normal_phone(raw, region)
        return ContactPoint(
            kind, phone.e164 or typed, typed, phone.e164, phone.e164 is not None, phone.extension, phone.spoiled
        )
    normal = KINDS[kind].normal(raw)
    valid = normal is not None or kind == "other"
    return ContactPoint(kind, normal or typed, typed, _key_of(kind, normal), valid)


def key(kind: str, raw: str, region: str = REGION) -> str | None:
    """What two contacts of a kind must share to be the same: E.164, address or handle in one case; else None."""
    return read(kind, raw, region).key


def _key_of(kind: str, normal: str | None) -> str | None:
    if normal is None or kind in {"phone", "whatsapp"} or (kind == "max" and "/" in normal):
        return normal
    if kind == "site":
        host, slash, path = normal.partition("://")[2].removeprefix("www.").partition("/")
        return (host + slash + path).rstrip("/")
    return normal.casefold()


def shown(kind: str, value: str) -> str:
    """A stored value as people read it: «+7 900 000-41-17», «@name», an address without https://."""
    known = KINDS.get(kind)
    if known is None or known.normal(value) is None:
        return value
    return known.shown(value)


def link(kind: str, value: str) -> str | None:
    """The address that opens a contact (tel:, mailto:, https://t.me/…), or None if `value` is not of its kind.

    A site's own address is the one link not made by Krug: only http and https, and shown in full before it opens.
    """
    known = KINDS.get(kind)
    if known is None or known.link is None:
        return None
    normal = known.normal(value)
    return None if normal is None else known.link(normal)


def guessed_kind(raw: str) -> str:
    """The kind of a contact pasted into one field: by its address, its @ or its digits; «other» if nothing tells."""
    text = clean(raw)
    if not text:
        return "other"
    if "/" in text or text.lower().startswith(("tg:", "whatsapp:")):
        hosts = (("whatsapp", "wa.me"), ("whatsapp", "whatsapp"), ("telegram", "t"), ("vk", "vk"), ("max", "max"))
        found = next((kind for kind, hint in hosts if hint in text.lower() and KINDS[kind].normal(text)), None)
        return found or ("site" if site_address(text) else "other")
    if text.startswith("@") and telegram_handle(text):
        return "telegram"
    if "@" in text:
        return "email" if _email(text) else "other"
    if sum(map(str.isdigit, text)) >= _FEWEST_DIGITS and _phone(text):
        return "phone"
    return "site" if site_address(text) else "other"
