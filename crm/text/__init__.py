"""Words: cleaning, folding, other spellings of a query, order and names. Pure functions, no state, no database.

Six rooms behind one door: `folding` (what is stored and compared), `spelling` (how else it may have been typed),
`naming` (family, given and additional names), `readings` (all that a query may mean), `lexicon` (the words of names
and what is near them), `guessing` (what a query that found nobody may have meant).
"""

from crm.text.folding import (
    TextTooLong,
    clean,
    fold,
    sort_key,
    spans,
    words,
)
from crm.text.given_names import is_known as is_given_name
from crm.text.guessing import Fit, Guess, Meaning, close_enough, guessed, half_met
from crm.text.lexicon import Lexicon
from crm.text.naming import (
    NameParts,
    Output,
    display_name,
    full_name,
    initials,
    list_name,
    name_for,
    name_variants,
    short_name,
    split_name,
    suggested_gender,
)
from crm.text.readings import (
    WAYS,
    Forms,
    Reading,
    initials_apart,
    is_patronymic,
    other_readings,
    without_legal_form,
)
from crm.text.spelling import (
    other_layout,
    sound_key,
    transliterations,
)

__all__ = [
    "WAYS",
    "Fit",
    "Forms",
    "Guess",
    "Lexicon",
    "Meaning",
    "NameParts",
    "Output",
    "Reading",
    "TextTooLong",
    "clean",
    "close_enough",
    "display_name",
    "fold",
    "full_name",
    "guessed",
    "half_met",
    "initials",
    "initials_apart",
    "is_given_name",
    "is_patronymic",
    "list_name",
    "name_for",
    "name_variants",
    "other_layout",
    "other_readings",
    "short_name",
    "sort_key",
    "sound_key",
    "spans",
    "split_name",
    "suggested_gender",
    "transliterations",
    "without_legal_form",
    "words",
]
