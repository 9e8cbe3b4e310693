"""How else a query may have been meant: one answer for the index of the store and for the list of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crm.text.folding import words as words_of
from crm.text.naming import name_variants
from crm.text.spelling import other_layout, transliterations

Forms = tuple[tuple[str, ...], ...]
"""For each word of a query the folded forms that may stand for it, the likeliest first."""

WAYS: Final = ("layout", "translit", "diminutive", "similar")
"""The ways a word may stand for another, in the order in which a reason names them: «layout similar»."""

_LEGAL_FORMS: Final = frozenset(
    ("ооо", "оао", "зао", "пао", "ао", "нко", "ано", "ип", "тоо", "гк", "llc", "ltd", "inc", "gmbh", "corp")
)
_STUCK_LETTERS: Final = (2, 3)
_SHORTEST_NAME: Final = 2
_SHORTEST_SPELLED: Final = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query: why, and for each of its words the folded forms looked for.

    `reason` is empty for a query taken as typed, else one or more of `WAYS` with blanks between. A form is the
    beginning of a word, unless it is among `wholes`.
    """

    reason: str
    words: Forms
    wholes: frozenset[str] = frozenset()

    @property
    def needles(self) -> tuple[str, ...]:
        """All forms looked for, for underlining."""
        return tuple(dict.fromkeys(form for forms in self.words for form in forms))


def other_readings(query: str, words: Sequence[str], most_words: int | None = None) -> Iterator[Reading]:
    """Readings of `query`, whose own folded words are `words`, in the order in which they are to be believed.

    Other forms of a given name (саша, александр: whole names, not beginnings), the other keyboard layout, the other
    alphabet, and two of them at once. A reading that says nothing new is left out; of each no more than `most_words`
    words are read.
    """
    yield from _with_variants("diminutive", words)
    layout = words_of(other_layout(query))[:most_words]
    if layout and layout != list(words):
        yield Reading("layout", tuple((word,) for word in layout))
        yield from _with_variants("layout diminutive", layout)
        if max(map(len, layout)) >= _SHORTEST_SPELLED:
            yield from _in_other_alphabet("layout translit", layout)
    yield from _in_other_alphabet("translit", words)


def without_legal_form(words: Sequence[str]) -> Reading | None:
    """The words of a firm's name without its legal form, to be tried when nobody was found by all of them."""
    bare = [word for word in words if word not in _LEGAL_FORMS]
    return Reading("", tuple((word,) for word in bare)) if bare and len(bare) < len(words) else None


def initials_apart(words: Sequence[str]) -> Reading | None:
    """«Щёголев ПИ» as Щёголев П И, to be tried when nobody was found by the words themselves."""
    apart = [list(word) if len(word) in _STUCK_LETTERS and word.isalpha() else [word] for word in words]
    split = sum(len(letters) > 1 for letters in apart)
    rest = max((len(letters[0]) for letters in apart if len(letters) == 1), default=0)
    if split != 1 or rest <= _SHORTEST_NAME:
        return None
    return Reading("", tuple((letter,) for letters in apart for letter in letters))


def is_patronymic(word: str) -> bool:
    """Whether the folded `word` looks like a patronymic: петрович, ильинична, petrovich."""
    return _PATRONYMIC.fullmatch(word) is not None


_PATRONYMIC: Final = re.compile(
    r".{2,}(?:ович|евич|[ьктм]ич|овна|евна|ична|ovich|evich|yevich|ovna|evna|yevna|ichna)|оглы|кызы"
)


def _with_variants(reason: str, words: Sequence[str]) -> Iterator[Reading]:
    variants = [name_variants(word) for word in words]
    if any(variants):
        forms = tuple((word, *others) for word, others in zip(words, variants, strict=True))
        yield Reading(reason, forms, frozenset(one for others in variants for one in others).difference(words))


def _in_other_alphabet(reason: str, words: Sequence[str]) -> Iterator[Reading]:
    spelled = [tuple(words_of(" ".join(transliterations(word)))) or (word,) for word in words]
    if all(forms == (word,) for forms, word in zip(spelled, words, strict=True)):
        return
    yield Reading(reason, tuple(spelled))
    variants = [tuple(one for form in forms for one in name_variants(form)) for forms in spelled]
    if any(variants):
        forms = tuple((*own, *others) for own, others in zip(spelled, variants, strict=True))
        beginnings = {form for own in spelled for form in own}
        wholes = frozenset(one for others in variants for one in others).difference(beginnings)
        yield Reading(f"{reason} diminutive", forms, wholes)
