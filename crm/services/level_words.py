"""What the steps of the one visible ladder are called."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm.i18n import mark

_WORDS: Final = {
    "core": mark("Core"),
    "active": mark("Active"),
    "member": mark("Member"),
    "new": mark("Newcomer"),
    "fading": mark("Going quiet"),
    "none": mark("Not been yet"),
}


def level_word(level: str) -> str:
    """«Ядро», «Актив», «Участник», «Новичок», «Затихает», «Ещё не был»."""
    return i18n.in_context("level", _WORDS.get(level, level))
