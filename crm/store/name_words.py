"""The distinct words of all names: what a query that found nobody is held against."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.orm import Session

from crm import text

_SHORTEST_TYPO: Final = 4
_SHORTEST_SOUND: Final = 3
_LONG_WORD: Final = 8
_MOST_SIMILAR: Final = 60


@dataclass(slots=True)
class NameWords:
    """The distinct words of names, kept between searches and read again when their number has changed."""

    words: list[str] = field(default_factory=list)
    _count: int = -1
    _by_length: dict[int, list[str]] = field(default_factory=dict)
    _sounds: list[tuple[str, str]] = field(default_factory=list)

    def follow(self, session: Session) -> None:
        """Bring the words in step with the store."""
        connection = session.connection()
        count = connection.exec_driver_sql("SELECT count(*) FROM name_word").scalar_one()
        if count != self._count:
            self._count = count
            stored = connection.exec_driver_sql("SELECT group_concat(word, ' ') FROM name_word").scalar()
            # A double surname is stored whole; the index knows its halves.
            self.words = sorted(set(text.words(stored or "")))
            self._by_length.clear()
            self._sounds.clear()

    def prepare(self, session: Session) -> None:
        """Do ahead, in an idle moment, what the first search that finds nobody would wait for."""
        self.follow(session)
        self.sounding("prepare")

    def similar(self, word: str) -> list[str]:
        """Words and beginnings of words at most one edit from `word` (two from eight letters on), nearest first."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        length = len(word)
        if length < _SHORTEST_TYPO or word.isdecimal():
            return []
        farthest = 2 if length >= _LONG_WORD else 1
        found: dict[str, float] = {}
        for size in (length, length + 1, length - 1):
            for form, distance, _ in process.extract_iter(
                word, self._beginnings(size), scorer=OSA.distance, score_cutoff=farthest
            ):
                found.setdefault(form, distance)
        nearest = min(found.values(), default=0)
        return [form for form, distance in found.items() if distance == nearest][:_MOST_SIMILAR]

    def sounding(self, word: str) -> list[str]:
        """Words that sound as `word` does, or begin so."""
        sound = text.sound_key(word, unfinished=True)
        if len(sound) < _SHORTEST_SOUND or word.isdecimal():
            return []
        if not self._sounds:
            self._sounds = sorted((text.sound_key(known), known) for known in self.words)
        place = bisect_left(self._sounds, (sound, ""))
        found = []
        while place < len(self._sounds) and self._sounds[place][0].startswith(sound):
            found.append(self._sounds[place][1])
            place += 1
        return found[:_MOST_SIMILAR]

    def _beginnings(self, size: int) -> list[str]:
        known = self._by_length.get(size)
        if known is None:
            known = self._by_length[size] = list({word[:size] for word in self.words})
        return known
