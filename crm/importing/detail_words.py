"""Words that a table has for what a person's card keeps as a key: «Женский», «на вы», «Партнёр», «Телеграм»."""

from __future__ import annotations

from functools import cache
from typing import Final

from crm.text import fold

_WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "gender": {
        "female": ("женский", "жен", "жен.", "ж", "ж.", "женщина", "female", "f", "woman"),
        "male": ("мужской", "муж", "муж.", "м", "м.", "мужчина", "male", "m", "man"),
    },
    "address_form": {
        "informal": ("на «ты»", "на ты", "ты", "on first-name terms", "informal"),
        "formal": ("на «вы»", "на вы", "вы", "address formally", "formal"),
    },
    "kind": {
        "member": ("участник", "участница", "member"),
        "partner": ("партнёр", "partner"),
        "media": ("медиа", "media"),
        "client": ("клиент", "client"),
        "team": ("команда", "team"),
    },
    "preferred_channel": {
        "phone": ("телефон", "phone"),
        "email": ("почта", "эл. почта", "e-mail", "email"),
        "telegram": ("телеграм", "telegram"),
        "vk": ("вк", "вконтакте", "vk"),
        "whatsapp": ("ватсап", "whatsapp"),
        "max": ("max", "макс"),
        "site": ("сайт", "site", "website"),
    },
}
"""In both languages whichever is in use: a table may come from a colleague."""


@cache
def _keys(field: str) -> dict[str, str]:
    return {fold(word): key for key, words in _WORDS.get(field, {}).items() for word in words}


def key_of(field: str, cell: str) -> str:
    """The key that `cell` is a word for in the column `field`; the cell itself where it is none."""
    return _keys(field).get(fold(cell), cell)
