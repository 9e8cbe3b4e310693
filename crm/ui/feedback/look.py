"""Tints and signs of feedback, as the guide has them."""

from __future__ import annotations

from typing import Final

ABOUT_TONES: Final = {"product": "blue", "service": "teal", "support": "amber", "event": "grey", "community": "plum"}
KIND_ICONS: Final = {
    "idea": "lightbulb",
    "problem": "warning-circle",
    "praise": "star",
    "question": "question",
}
STATUS_ICONS: Final = {
    "new": ("circle-dashed", "text2"),
    "considering": ("circle", "accent_text"),
    "in_progress": ("circle-half", "accent_text"),
    "done": ("check-circle-fill", "ok"),
    "told": ("paper-plane-tilt-fill", "ok"),
    "declined": ("minus-circle", "text2"),
}
MOOD_TONES: Final = {1: "green", 0: "grey", -1: "red"}
