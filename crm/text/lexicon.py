"""The words of all names, and which of them a misspelt word may have been.

A word of a query is held against the words as they are, against their Latin spellings in several schemes, against
their sounds, and against the table of given names, so that a diminutive nobody bears is understood too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

from crm.text import given_names
from crm.text.spelling import latin_spellings, sound_key

_SHORTEST_TYPO = 4
_SHORTEST_PAIR = 2
_SHORTEST_SOUND = 3
_LONG_WORD = 8
_MOST = 60


class _Pool:
    """Forms that a word may be one edit from, in buckets by their first two letters."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._buckets: dict[str, list[str]] = {}
        for form in forms:
            self._buckets.setdefault(form[:2], []).append(form)

    def near(self, word: str, farthest: int) -> list[tuple[str, int]]:
        """Forms at most so many edits from `word`, with their distance.

        One edit leaves one of the first two letters where it was or a place beside, so most buckets need no look; a
        second edit at the same end is not worth one.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        start = word[:2]
        pool: list[str] = []
        for pair, forms in self._buckets.items():
            if pair[0] in start or pair[-1] in start:
                pool += forms
        found = process.extract(word, pool, scorer=OSA.distance, score_cutoff=farthest, limit=None)
        return [(form, int(distance)) for form, distance, _ in found]


class Lexicon:
    """Distinct folded words of names, and what is computed of them when first asked for."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words: list[str] = []
        self.learn(words)

    def learn(self, words: Iterable[str]) -> None:
        """Know these words and no others."""
        self.words = sorted(set(words))
        self._sounds: list[tuple[str, str]] = []
        self._latin: dict[str, tuple[str, ...]] = {}
        self._latin_sorted: list[str] = []
        self._pools: dict[tuple[str, int], _Pool] = {}

    def preparing(self) -> tuple[Callable[[], object], ...]:
        """What a search that finds nobody would wait for, in parts to be called one by one in idle moments."""
        return self._sounded, self._spelled, _table_spelled, self._warm_up

    def knows(self, beginning: str) -> bool:
        """Whether some word begins so."""
        place = bisect_left(self.words, beginning)
        return place < len(self.words) and self.words[place].startswith(beginning)

    def similar(self, word: str, *, several: bool = False) -> list[tuple[str, int]]:
        """Words and beginnings of words at most one edit from `word` (two from eight letters on), and how many.

        Only the nearest are given, unless there are `several` words that narrow each other: then all, and words under
        four letters are taken too, whole ones only.
        """
        length = len(word)
        if not word.isalpha() or length < (_SHORTEST_PAIR if several else _SHORTEST_TYPO):
            return []
        farthest = 2 if length >= _LONG_WORD else 1
        found = self._near(word, "", farthest, several=several)
        return _nearest(found, several=several)[:_MOST]

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
        found: dict[str, bool] = {}
        for form in _beginning(forms, word):
            for one in spellings[form]:
                found[one] = found.get(one, False) or form == word
            if len(found) >= _MOST:
                break
        return list(found.items())

    def nearly_spelled(self, word: str, *, several: bool = False) -> list[tuple[str, bool, int]]:
        """Cyrillic words of which a Latin spelling, or its beginning, is one edit from the Latin `word` (two from eight
        letters on); whether it is the whole of it, and how many edits. As with `similar` the nearest or all.
        """
        if not word.isalpha() or len(word) < (_SHORTEST_TYPO - several):
            return []
        spellings, forms = self._spelled()
        farthest = 2 if len(word) >= _LONG_WORD else 1
        near: dict[str, int] = {}
        # ё is stored as е, and written yo.
        for typed in dict.fromkeys((word, word.replace("yo", "e"), word.replace("jo", "e"))):
            for form, distance in self._near(typed, "latin", farthest, several=several).items():
                near[form] = min(distance, near.get(form, distance))
        found: dict[str, tuple[bool, int]] = {}
        for form, distance in _nearest(near, several=several):
            for one in spellings.get(form, ()):
                found.setdefault(one, (True, distance))
            for longer in _beginning(forms, form) if len(word) >= _SHORTEST_TYPO else ():
                for one in spellings[longer]:
                    found.setdefault(one, (False, distance))
                if len(found) >= _MOST:
                    break
        return [(one, complete, distance) for one, (complete, distance) in found.items()]

    def _near(self, word: str, kind: str, farthest: int, *, several: bool) -> dict[str, int]:
        length = len(word)
        found: dict[str, int] = {}
        for size in (length, length + 1, length - 1):
            for form, distance in self._pool(f"{kind} whole" if several else kind, size).near(word, farthest):
                found.setdefault(form, distance)
        if several and length >= _SHORTEST_TYPO:
            for form, distance in self._pool(kind, length).near(word, farthest):
                found.setdefault(form, distance)
        return found

    def _warm_up(self) -> None:
        # Any words will do: what they are held against stays.
        self.similar("абвг", several=True)
        self.nearly_spelled("abcd", several=True)

    def _pool(self, kind: str, size: int) -> _Pool:
        """Beginnings of that many letters, of words or of their Latin spellings; or those that are no longer."""
        known = self._pools.get((kind, size))
        if known is None:
            forms = self._spelled()[1] if kind.startswith("latin") else self.words
            if kind.endswith("whole"):
                by_length: dict[int, list[str]] = {size: []}
                for form in forms:
                    by_length.setdefault(len(form), []).append(form)
                self._pools.update(((kind, length), _Pool(those)) for length, those in by_length.items())
                known = self._pools[kind, size]
            else:
                known = self._pools[kind, size] = _Pool({form[:size] for form in forms if len(form) >= size})
        return known

    def _sounded(self) -> list[tuple[str, str]]:
        if not self._sounds:
            self._sounds = sorted((sound_key(known), known) for known in self.words)
        return self._sounds

    def _spelled(self) -> tuple[dict[str, tuple[str, ...]], list[str]]:
        if not self._latin_sorted:
            found: dict[str, list[str]] = {}
            for word in self.words:
                for form in spellings_of(word):
                    found.setdefault(form, []).append(word)
            # Tuples of texts alone are nothing for the collector to walk through again and again.
            self._latin = {form: tuple(words) for form, words in found.items()}
            self._latin_sorted = sorted(self._latin)
        return self._latin, self._latin_sorted


def _nearest(found: dict[str, int], *, several: bool) -> list[tuple[str, int]]:
    farthest = max(found.values(), default=0) if several else min(found.values(), default=0)
    return sorted((pair for pair in found.items() if pair[1] <= farthest), key=lambda pair: pair[1])


def _beginning(forms: Sequence[str], start: str) -> Iterator[str]:
    place = bisect_left(forms, start)
    while place < len(forms) and forms[place].startswith(start):
        yield forms[place]
        place += 1


def spellings_of(word: str) -> tuple[str, ...]:
    """The Latin spellings of a Cyrillic word; nothing for any other."""
    return latin_spellings(word) if word.isalpha() and not word.isascii() else ()


def misspelt_names(word: str) -> list[str]:
    """Given names and diminutives of the table one edit from the folded `word`, whether anybody bears them or not."""
    if len(word) < _SHORTEST_PAIR:
        return []
    return [name for name, _ in _table_pool().near(word, 2 if len(word) >= _LONG_WORD else 1)]


def names_beginning(start: str) -> list[str]:
    """Given names and diminutives of the table that begin with the folded `start`, of three letters at least."""
    return [name for name in _table() if name.startswith(start)] if len(start) >= _SHORTEST_SOUND else []


def names_spelled(word: str) -> list[str]:
    """Given names and diminutives of the table of which a Latin spelling or the sound is that of the Latin `word`."""
    by_form, by_sound = _table_spelled()
    return list(dict.fromkeys((*by_form.get(word, ()), *by_sound.get(sound_key(word), ()))))


def names_nearly_spelled(word: str) -> list[str]:
    """Given names and diminutives of the table of which a Latin spelling is one edit from the Latin `word`."""
    if len(word) < _SHORTEST_TYPO:
        return []
    by_form, _ = _table_spelled()
    near = _table_latin_pool().near(word, 1)
    return list(dict.fromkeys(name for form, _ in near for name in by_form[form]))


@cache
def _table() -> list[str]:
    return list(dict.fromkeys((*given_names.genders(), *given_names.full_names())))


@cache
def _table_pool() -> _Pool:
    return _Pool(_table())


@cache
def _table_latin_pool() -> _Pool:
    return _Pool(_table_spelled()[0])


@cache
def _table_spelled() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    by_form: dict[str, list[str]] = {}
    by_sound: dict[str, list[str]] = {}
    for name in _table():
        for form in spellings_of(name):
            by_form.setdefault(form, []).append(name)
        by_sound.setdefault(sound_key(name), []).append(name)
    return by_form, by_sound
