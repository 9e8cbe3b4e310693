"""Handles and sites: the name behind «@name», a link or a share address, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from crm.contact_points.phones import digits, normal_phone
from crm.text import clean

_TELEGRAM_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,31}", re.ASCII)
_TELEGRAM_HOSTS: Final = frozenset(("t.me", "telegram.me", "telegram.dog"))
_TELEGRAM_PLACES: Final = frozenset(("joinchat", "addstickers", "addlist", "share", "proxy", "socks", "login", "iv"))
_VK_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{1,31}", re.ASCII)
_VK_HOSTS: Final = frozenset(("vk.com", "m.vk.com", "vk.ru", "m.vk.ru", "vkontakte.ru", "vk.me"))
_VK_PLACES: Final = re.compile(
    r"(?:wall|photo|video|audio|album|topic|doc|club|public|event|app|market)-?[0-9_]+.*|"
    r"feed|im|friends|groups|search|away\.php|share\.php|settings|video|music|join|login",
    re.IGNORECASE,
)
_MAX_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{2,63}|u/[A-Za-z0-9_-]{4,200}", re.ASCII)
_MAX_HOSTS: Final = frozenset(("max.ru", "web.max.ru"))
_WHATSAPP_HOSTS: Final = frozenset(("wa.me", "api.whatsapp.com", "whatsapp.com"))
_HOST: Final = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]")
_SITE_REST: Final = re.compile(r"[^\s<>\"'\\^`{|}\x00-\x20]*")
_LONGEST_LINK: Final = 2000


def _address(raw: str) -> tuple[str, list[str], Mapping[str, list[str]]] | None:
    """Host, path pieces and query of `raw` if it looks like an address, with or without https://."""
    text = clean(raw)
    if not text or len(text) > _LONGEST_LINK or " " in text:
        return None
    try:
        parts = urlsplit(text if "://" in text else "https://" + text)
        host = (parts.hostname or "").removeprefix("www.")
        query = parse_qs(parts.query, max_num_fields=20)
    except ValueError:
        return None
    return host, [piece for piece in parts.path.split("/") if piece], query


def telegram_handle(raw: str) -> str | None:
    """The Telegram name in `raw`: not an invitation, a sticker set or a user number."""
    text = clean(raw)
    address = _address(text) if "/" in text or ".me" in text.lower() else None
    name: str | None = text.removeprefix("@")
    if address:
        host, pieces, query = address
        if text.lower().startswith("tg:"):
            name = query.get("domain", [""])[0] if host == "resolve" else None
        elif host.removesuffix(".t.me") != host:
            name = host.removesuffix(".t.me")
        elif host in _TELEGRAM_HOSTS and pieces:
            name = pieces[1] if pieces[0] == "s" and len(pieces) > 1 else pieces[0].removeprefix("@")
            name = None if name.lower() in _TELEGRAM_PLACES else name
        else:
            name = None
    return name if name and _TELEGRAM_NAME.fullmatch(name) else None


def vk_handle(raw: str) -> str | None:
    """The VK name in `raw` (a bare number is id…): not a wall, a post or a group."""
    text = clean(raw)
    name = text.removeprefix("@")
    if "/" in text:
        address = _address(text)
        if not address or address[0] not in _VK_HOSTS or len(address[1]) != 1:
            return None
        name = address[1][0].removeprefix("@")
    if name.isdecimal() and name.isascii():
        name = "id" + name
    return name if _VK_NAME.fullmatch(name) and not _VK_PLACES.fullmatch(name) else None


def max_handle(raw: str) -> str | None:
    """The MAX name in `raw`, or `u/…` of a personal link."""
    text = clean(raw)
    name = text.removeprefix("@")
    if "/" in text and not text.startswith("u/"):
        address = _address(text)
        if not address or address[0] not in _MAX_HOSTS:
            return None
        name = "/".join(address[1])
    return name if _MAX_NAME.fullmatch(name) else None


def whatsapp_handle(raw: str) -> str | None:
    """The phone behind `raw` in E.164."""
    text = clean(raw)
    if "/" in text:
        address = _address(text)
        if address and (address[0] in _WHATSAPP_HOSTS or text.lower().startswith("whatsapp:")):
            number = address[2].get("phone", address[1])
            return normal_phone("+" + digits(number[0])).e164 if number else None
    return normal_phone(text).e164


def site_address(raw: str) -> str | None:
    """The http or https address in `raw`, https:// added where none was typed; no user names in it."""
    text = clean(raw)
    if not text or len(text) > _LONGEST_LINK:
        return None
    scheme, parted, rest = text.partition("://")
    scheme, rest = (scheme.lower(), rest) if parted else ("https", text)
    host, slash, path = rest.partition("/")
    bare, _, port = host.partition(":")
    if scheme not in {"http", "https"} or not _HOST.fullmatch(bare) or not _SITE_REST.fullmatch(path):
        return None
    if port and not (port.isdecimal() and port.isascii() and int(port) < 65536):
        return None
    return f"{scheme}://{host.lower()}{slash}{path}" if path else f"{scheme}://{host.lower()}"
