"""How else a query may have been meant: one answer for the index of the store and for the list of the desk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from crm.text.folding import words as words_of
from crm.text.naming import name_variants
from crm.text.spelling import other_layout, transliterations

Why = Literal["diminutive", "layout", "translit"]
Forms = tuple[tuple[str, ...], ...]
"""For each word of a query the folded forms that may stand for it, the likeliest first."""


def other_readings(query: str, words: Sequence[str], most_words: int | None = None) -> Iterator[tuple[Why, Forms]]:
    """Readings of `query`, whose own folded words are `words`, in the order in which they are to be believed.

    Other forms of a given name (саша, александр: whole names, not beginnings), the other keyboard layout, the other
    alphabet. A reading that says nothing new is left out; of each no more than `most_words` words are read.
    """
    variants = tuple((word, *name_variants(word)) for word in words)
    if any(len(forms) > 1 for forms in variants):
        yield "diminutive", variants
    layout = words_of(other_layout(query))[:most_words]
    if layout and layout != list(words):
        yield "layout", tuple((word, *name_variants(word)) for word in layout)
    spelled = tuple(_spellings(word) for word in words)
    if any(forms != (word,) for forms, word in zip(spelled, words, strict=True)):
        yield "translit", spelled


def _spellings(word: str) -> tuple[str, ...]:
    found = tuple(words_of(" ".join(transliterations(word))))
    variants = tuple(variant for form in found[:1] for variant in name_variants(form))
    return tuple(dict.fromkeys((*found, *variants))) or (word,)
