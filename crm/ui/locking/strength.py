"""How strong a passphrase is, in words: its length is what counts, and more than one sort of sign."""

from __future__ import annotations

from typing import Final, NamedTuple

from crm import i18n

_WEAK, _FAIR, _GOOD = 8, 12, 16
_SPREAD: Final = 6
"""Different signs below which a passphrase is a pattern («аааааааа»)."""


class Strength(NamedTuple):
    """`level` from 0 (too short) to 3 (strong) and what to say about it."""

    level: int
    words: str


def strength_of(passphrase: str) -> Strength:
    """The strength of a passphrase that is being thought up."""
    length = len(passphrase)
    if not length:
        return Strength(0, i18n.text("Several words are easier to remember and harder to guess than one"))
    if length < _WEAK or len(set(passphrase)) < _SPREAD:
        return Strength(0, i18n.text("Weak: guessed in minutes. Take several words"))
    if length < _FAIR:
        return Strength(1, i18n.text("Fair: add one or two words"))
    if length < _GOOD:
        return Strength(2, i18n.text("Good"))
    return Strength(3, i18n.text("Strong"))
