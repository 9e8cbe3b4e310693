"""The words of all names, and which of them a misspelt word may have been.

A word of a query is held against the words as they are, against their Latin spellings in several schemes, against
their sounds, and against the table of given names, so that a diminutive nobody bears is understood too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from crm.text import given_names
from crm.text.spelling import latin_spellings, sound_key

_SHORTEST_TYPO = 4
_SHORTEST_SOUND = 3
_LONG_WORD = 8
_MOST = 60
_LAST = "\U0010ffff"


class Lexicon:
    """Distinct folded words of names, and what is computed of them when first asked for."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words: list[str] = []
        self.learn(words)

    def learn(self, words: Iterable[str]) -> None:
        """Know these words and no others."""
        self.words = sorted(set(words))
        self._beginnings: dict[int, list[str]] = {}
        self._sounds: list[tuple[str, str]] = []
        self._latin: dict[str, list[str]] = {}
        self._latin_sorted: list[str] = []
        self._latin_beginnings: dict[int, dict[str, list[str]]] = {}

    def prepare(self) -> None:
        """Compute ahead what a search that finds nobody would wait for."""
        self._sounded()
        self._spelled()
        _table_spelled()

    def knows(self, beginning: str) -> bool:
        """Whether some word begins so."""
        place = bisect_left(self.words, beginning)
        return place < len(self.words) and self.words[place].startswith(beginning)

    def similar(self, word: str, *, short: bool = False) -> list[str]:
        """Words and beginnings of words at most one edit from `word` (two from eight letters on), nearest first.

        `short` allows for words under four letters too, whole ones only.
        """
        length = len(word)
        if not word.isalpha() or length < (2 if short else _SHORTEST_TYPO):
            return []
        if length < _SHORTEST_TYPO:
            pool = [one for one in self.words if abs(len(one) - length) <= 1 and len(one) > 1]
            return [form for form, _ in _near(word, pool)]
        found: dict[str, int] = {}
        for size in (length, length + 1, length - 1):
            known = self._beginnings.get(size)
            if known is None:
                known = self._beginnings[size] = list({one[:size] for one in self.words})
            for form, distance in _near(word, known):
                found.setdefault(form, distance)
        nearest = min(found.values(), default=0)
        return [form for form, distance in found.items() if distance == nearest][:_MOST]

    def sounding(self, word: str) -> list[str]:
        """Words that sound as `word` does, or begin so."""
        sound = sound_key(word, unfinished=True)
        if len(sound) < _SHORTEST_SOUND or word.isdecimal():
            return []
        sounds = self._sounded()
        place = bisect_left(sounds, (sound, ""))
        found: list[str] = []
        while place < len(sounds) and sounds[place][0].startswith(sound) and len(found) < _MOST:
            found.append(sounds[place][1])
            place += 1
        return found

    def spelled(self, word: str) -> list[tuple[str, bool]]:
        """Cyrillic words of which a Latin spelling begins with the Latin `word`, and whether it is the whole of it."""
        spellings, forms = self._spelled()
        place = bisect_left(forms, word)
        found: dict[str, bool] = {}
        while place < len(forms) and forms[place].startswith(word) and len(found) < _MOST:
            for one in spellings[forms[place]]:
                found[one] = found.get(one, False) or forms[place] == word
            place += 1
        return list(found.items())

    def nearly_spelled(self, word: str, *, short: bool = False) -> list[tuple[str, bool]]:
        """Cyrillic words of which a Latin spelling, or its beginning, is one edit from the Latin `word`, whole ones
        first; and whether it is the whole of it. Under four letters, with `short`, whole ones only.
        """
        if not word.isalpha() or len(word) < (3 if short else _SHORTEST_TYPO):
            return []
        found: dict[str, bool] = {}
        # ё is stored as е, and written yo.
        for typed in dict.fromkeys((word, word.replace("yo", "e"), word.replace("jo", "e"))):
            length = len(typed)
            for size in (length, length + 1, length - 1):
                for form, _ in _near(typed, pool := self._spelled_beginnings(size), farthest=1):
                    for one in pool[form]:
                        complete = form in self._latin and one in self._latin[form]
                        if complete or len(word) >= _SHORTEST_TYPO:
                            found[one] = found.get(one, False) or complete
        return sorted(found.items(), key=lambda pair: not pair[1])[:_MOST]

    def _sounded(self) -> list[tuple[str, str]]:
        if not self._sounds:
            self._sounds = sorted((sound_key(known), known) for known in self.words)
        return self._sounds

    def _spelled(self) -> tuple[dict[str, list[str]], list[str]]:
        if not self._latin_sorted:
            for word in self.words:
                for form in spellings_of(word):
                    self._latin.setdefault(form, []).append(word)
            self._latin_sorted = sorted(self._latin)
        return self._latin, self._latin_sorted

    def _spelled_beginnings(self, size: int) -> dict[str, list[str]]:
        known = self._latin_beginnings.get(size)
        if known is None:
            known = self._latin_beginnings[size] = {}
            for form, words in self._spelled()[0].items():
                if len(form) >= size - 1:
                    known.setdefault(form[:size], []).extend(words)
        return known


def spellings_of(word: str) -> tuple[str, ...]:
    """The Latin spellings of a Cyrillic word; nothing for any other."""
    return latin_spellings(word) if word.isalpha() and not word.isascii() else ()


def misspelt_names(word: str) -> list[str]:
    """Given names and diminutives of the table one edit from the folded `word`, whether anybody bears them or not."""
    return [name for name, _ in _near(word, _table())] if len(word) >= _SHORTEST_TYPO - 1 else []


def names_spelled(word: str) -> list[str]:
    """Given names and diminutives of the table of which a Latin spelling or the sound is that of the Latin `word`."""
    by_form, by_sound = _table_spelled()
    return list(dict.fromkeys((*by_form.get(word, ()), *by_sound.get(sound_key(word), ()))))


def names_nearly_spelled(word: str) -> list[str]:
    """Given names and diminutives of the table of which a Latin spelling is one edit from the Latin `word`."""
    if len(word) < _SHORTEST_TYPO:
        return []
    by_form, _ = _table_spelled()
    return list(dict.fromkeys(name for form, _ in _near(word, list(by_form)) for name in by_form[form]))


@cache
def _table() -> list[str]:
    return list(dict.fromkeys((*given_names.genders(), *given_names.full_names())))


@cache
def _table_spelled() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    by_form: dict[str, list[str]] = {}
    by_sound: dict[str, list[str]] = {}
    for name in _table():
        for form in spellings_of(name):
            by_form.setdefault(form, []).append(name)
        by_sound.setdefault(sound_key(name), []).append(name)
    return by_form, by_sound


def _near(word: str, pool: Iterable[str], farthest: int | None = None) -> Iterator[tuple[str, int]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if farthest is None:
        farthest = 2 if len(word) >= _LONG_WORD else 1
    choices = list(pool)
    for form, distance, _ in process.extract(word, choices, scorer=OSA.distance, score_cutoff=farthest, limit=None):
        yield form, int(distance)
