"""Addresses of messengers and networks told from plain sites."""

from __future__ import annotations

import re
from typing import Final

KNOWN: Final = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(t\.me|telegram\.me|telegram\.dog|vk\.com|vk\.ru|vkontakte\.ru|wa\.me|max\.ru)/\S",
    re.IGNORECASE,
)
_LINK_KINDS: Final = {
    "t.me": "telegram", "telegram.me": "telegram", "telegram.dog": "telegram", "vk.com": "vk", "vk.ru": "vk",
    "vkontakte.ru": "vk", "wa.me": "whatsapp", "max.ru": "max",
}  # fmt: skip


def kind_of_link(address: str) -> str:
    """telegram, vk, whatsapp or max for an address of theirs, else site."""
    found = KNOWN.match(address)
    return _LINK_KINDS[found[1].lower()] if found else "site"
