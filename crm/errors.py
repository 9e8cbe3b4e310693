"""Two sorts of trouble: a `CrmError` a person can put right; anything else is ours.

A `CrmError` carries a stable `code` for programs and a text for people. The text is a catalogue entry that says
what happened, where, and what comes next; it is translated when it is shown, so one error serves every language.
"""

from __future__ import annotations

import traceback
from typing import Any, ClassVar

from crm import i18n


class CrmError(Exception):
    """Something a person can put right.

    Subclasses set `code` (stable, snake_case) and `message` (a catalogue entry with `{named}` places filled from
    the keyword arguments). `exit_code` is what the command line ends with: 1, or 3 for a store that won't open.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = ""
    exit_code: ClassVar[int] = 1

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code)
        self.details = details

    def text(self) -> str:
        """The sentence for a person, in the language in use now."""
        return i18n.text(self.message, **self.details)

    def __str__(self) -> str:
        return self.text()


def report_of(error: BaseException) -> str:
    """Of what sort a mistake of ours is and where it happened. Its message and values may hold somebody's data."""
    where = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    return f"{type(error).__module__}.{type(error).__qualname__}\n{where}"


class Cancelled(Exception):
    """The person pressed Stop; the work was rolled back."""
