"""What the steps of the one visible ladder are called."""

from __future__ import annotations

from crm import i18n


def level_word(level: str) -> str:
    """«Ядро», «Актив», «Участник», «Новичок», «Затихает», «Ещё не был»."""
    return {
        "core": i18n.in_context("level", "Core"),
        "active": i18n.in_context("level", "Active"),
        "member": i18n.in_context("level", "Member"),
        "new": i18n.in_context("level", "Newcomer"),
        "fading": i18n.in_context("level", "Going quiet"),
        "none": i18n.in_context("level", "Not been yet"),
    }.get(level, level)
