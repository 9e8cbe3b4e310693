"""What two spellings of an organisation share: «ООО «Ладога»», «Ладога, ООО» and «ладога» are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz, process

from crm import text

KEY_LIMIT: Final = 200
ALIKE: Final = 88.0
"""From this likeness of two keys on, 0 to 100, two organisations are offered as one."""

_SPELLED_OUT: Final = (
    "общество с ограниченной ответственностью",
    "непубличное акционерное общество",
    "публичное акционерное общество",
    "открытое акционерное общество",
    "закрытое акционерное общество",
    "акционерное общество",
    "автономная некоммерческая организация",
    "некоммерческая организация",
    "индивидуальный предприниматель",
    "группа компаний",
    "limited liability company",
)
_SHORT: Final = (
    "ооо", "оао", "зао", "пао", "нао", "ао", "нко", "ано", "чоу", "ноу", "ип", "тоо", "гк", "кфх", "фгуп", "муп", "гуп",
    "llc", "llp", "ltd", "limited", "inc", "incorporated", "gmbh", "corp", "corporation", "co", "plc", "ag", "sarl",
    "ooo", "oao", "zao", "pao",
)  # fmt: skip
_SCHOOLS: Final = r"(?:фгб|фга|фгк|мб|ма|мк|гб|га|гк)п?оу(?: (?:впо|во|дпо|спо|дод|до))?|фгбу|фгку|фгау|гбу|мбу|гку|мку"
"""Of state and town: ФГБОУ ВО, ФГАОУ, МБОУ, ГБОУ ДПО and the like."""
_LEGAL_FORM: Final = re.compile(r"\b(?:" + "|".join((*_SPELLED_OUT, _SCHOOLS, *_SHORT)) + r")\b\.?")
_FORMER_FORM: Final = re.compile(
    r"\b(?:ооо|оао|зао|пао|ао|нко|ано|ип|тоо|гк|фгбоу|фгуп|мбоу|гбоу|llc|ltd|inc|gmbh|corp|co)\b\.?"
)
"""The forms that stores made before the list was complete left out of their keys."""
_QUOTES: Final = re.compile(r"[«»‹›\"'“”„‟‘’‚`\u2032\u2033]")
_BLANKS: Final = re.compile(r"[\s,]+")


def organisation_key(name: str) -> str:
    """What two spellings of an organisation share: no quotes, no legal form (ООО, ltd), one case, ё as е.

    A name that is nothing but a legal form is its own key.
    """
    return _key(name, _LEGAL_FORM)


def keys_of(name: str) -> tuple[str, ...]:
    """The keys a store may hold for this name: today's, and the one written before the list of forms was complete."""
    return tuple(dict.fromkeys((organisation_key(name), _key(name, _FORMER_FORM))))


def alike(names: Iterable[tuple[int, str]]) -> list[tuple[int, int, float]]:
    """Pairs of (id, name) that are likely one organisation, the likeliest first: ids and likeness, 0 to 100.

    The keys are compared; those of the same beginning only, so that thousands of names take no time.
    """
    keys = [(one, organisation_key(name)) for one, name in names]
    blocks: dict[str, list[tuple[int, str]]] = {}
    for one, key in keys:
        blocks.setdefault(key[:2], []).append((one, key))
    pairs: list[tuple[int, int, float]] = []
    for block in blocks.values():
        words = [key for _, key in block]
        for place, (one, key) in enumerate(block):
            rest = words[place + 1 :]
            found = process.extract(key, rest, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
            same = [(where, score) for other, score, where in found if _digits(key) == _digits(other)]
            pairs.extend((one, block[place + 1 + where][0], score) for where, score in same)
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def _digits(key: str) -> list[str]:
    """Numbers tell schools apart: «Лицей 12» and «Лицей 112» are two."""
    return re.findall(r"\d+", key)


def _key(name: str, forms: re.Pattern[str]) -> str:
    folded = _QUOTES.sub(" ", text.fold(name))
    bare = _BLANKS.sub(" ", forms.sub(" ", folded)).strip(" .-")
    return (bare or _BLANKS.sub(" ", folded).strip() or text.fold(name))[:KEY_LIMIT]
