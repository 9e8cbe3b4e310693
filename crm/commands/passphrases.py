"""Where a command's passphrase comes from: a file the environment names, or a prompt on a terminal; never an argument.

Arguments stand in the list of processes and in the history of the shell, where everybody may read them.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Final

import click

from crm import i18n
from crm.errors import CrmError
from crm.i18n import mark
from crm.store.key import Secret, new_secret_of, salt_of, secret_of

OLD: Final = "KRUG_PASSPHRASE_FILE"
NEW: Final = "KRUG_NEW_PASSPHRASE_FILE"


class PassphraseFileUnreadable(CrmError):
    """The file that an environment variable names does not read as text."""

    code: ClassVar[str] = "passphrase_file_unreadable"
    message: ClassVar[str] = mark(
        "{variable} names {path}, which can't be read as text. Check the name and your rights."
    )


class PassphrasesDiffer(CrmError):
    """The new passphrase was not typed the same way twice."""

    code: ClassVar[str] = "passphrases_differ"
    message: ClassVar[str] = mark("The two passphrases differ. Nothing was changed; try again.")


class NewPassphraseMissing(CrmError):
    """A new passphrase is needed and there is nobody to ask."""

    code: ClassVar[str] = "new_passphrase_missing"
    message: ClassVar[str] = mark(
        "No new passphrase was given. Put it into a file and name that file in {variable}, or add --remove to take the "
        "passphrase away."
    )


def asked_for(store: Path, tell: Callable[[str], None]) -> Secret | None:
    """The secret of an encrypted `store`, a passphrase or its recovery code; None where the store needs none.

    Without a file and without a terminal there is none either: opening then says that one is missing. Raises
    PassphraseFileUnreadable, PassphraseMissing, RecoveryCodeWrong.
    """
    try:
        encrypted = store.is_file() and salt_of(store) is not None
    except OSError:
        return None
    words = _from_file(OLD)
    if not encrypted:
        if words is not None and store.is_file():
            tell(i18n.text("{path} is not encrypted: the passphrase was not needed.", path=str(store)))
        return None
    if words is None and sys.stdin.isatty():
        words = _prompted(i18n.text("Passphrase or recovery code"))
    # A command may open several files; half a second for each salt is enough.
    return None if words is None else functools.cache(secret_of(words))


def new_from_file() -> Secret | None:
    """The secret of a store to be made, None where nobody named a file. Errors as those of `new_one`."""
    words = _from_file(NEW)
    return None if words is None else new_secret_of(words)


def new_one(store: Path) -> Secret:
    """A new passphrase: from its file, or typed twice. Raises NewPassphraseMissing, PassphrasesDiffer,
    PassphraseMissing, PassphraseLikeCode, PassphraseFileUnreadable."""
    words = _from_file(NEW)
    if words is None:
        if not sys.stdin.isatty():
            raise NewPassphraseMissing(variable=NEW)
        words = _prompted(i18n.text("New passphrase for {name}", name=store.name))
        if words != _prompted(i18n.text("The same once more")):
            raise PassphrasesDiffer
    return new_secret_of(words)


def _prompted(question: str) -> str:
    # On stderr: stdout carries the answer.
    words: str = click.prompt(question, hide_input=True, default="", show_default=False, err=True)
    return words


def _from_file(variable: str) -> str | None:
    """The first line of the file that `variable` names."""
    named = os.environ.get(variable)
    if not named:
        return None
    try:
        text = Path(named).read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseFileUnreadable(variable=variable, path=named) from error
    return text.split("\n", 1)[0].removesuffix("\r")
