"""Words: cleaning, folding, other spellings of a query, order and names. Pure functions, no state, no database.

Four rooms behind one door: `folding` (what is stored and compared), `spelling` (how else it may have been typed),
`naming` (family, given and additional names), `readings` (all that a query may mean).
"""

from crm.text.folding import (
    TextTooLong,
    clean,
    fold,
    sort_key,
    spans,
    words,
)
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
    Forms,
    other_readings,
)
from crm.text.spelling import (
    other_layout,
    sound_key,
    transliterations,
)

__all__ = [
    "Forms",
    "NameParts",
    "Output",
    "TextTooLong",
    "clean",
    "display_name",
    "fold",
    "full_name",
    "initials",
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
    "words",
]
