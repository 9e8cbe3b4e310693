"""What every command is given: the store it works on, the language, and where its answer goes."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from crm import clock as clocks
from crm import paths
from crm.clock import Clock
from crm.i18n import NBSP
from crm.store.key import Secret
from crm.store.workspace import Workspace


@dataclass
class Front:
    """The front door as commands see it. `json` prints one document on stdout; messages go to stderr."""

    store: Path = field(default_factory=paths.default_store)
    json: bool = False
    clock: Clock = clocks.now
    answered: bool = False
    """The one document was printed: what fails after it is told on stderr alone."""

    @functools.cached_property
    def secret(self) -> Secret | None:
        """What opens the store, from a file or a prompt; asked for once. None where the store has no passphrase."""
        from crm.commands import passphrases

        return passphrases.asked_for(self.store, self.message)

    @contextlib.contextmanager
    def workspace(self, *, create: bool = False) -> Iterator[Workspace]:
        """The store, open for the length of the block; only demo, import, restore and tour may `create` it."""
        from crm.commands import passphrases

        if create and not self.store.exists():
            opened = Workspace.create(self.store, self.clock, secret=passphrases.new_from_file())
        else:
            opened = Workspace.open(self.store, self.clock, self.secret)
        with opened as workspace:
            if workspace.warning is not None:
                self.message(workspace.warning.text())
            yield workspace

    def emit(self, answer: Any, human: Callable[[], str] | str = "") -> None:
        """The command's answer: the JSON document, or the text for a person."""
        if self.json:
            # Made before it is marked: what has no JSON form has printed nothing.
            document = json.dumps(answer, ensure_ascii=False, default=_plain)
            self.answered = True
            click.echo(document)
        else:
            text = human if isinstance(human, str) else human()
            if text:
                click.echo(text)

    def message(self, text: str) -> None:
        """A remark beside the answer, on stderr."""
        click.echo(text, err=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def columns(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows as aligned columns for a terminal; control characters are shown, not sent."""
    if not rows:
        return ""
    shown = [tuple(_visible(cell) for cell in row) for row in rows]
    widths = [max(len(row[place]) for row in shown) for place in range(len(shown[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in shown
    )


def _visible(text: str) -> str:
    plain = text.replace(NBSP, " ")
    return "".join(char if char.isprintable() else "\N{SYMBOL FOR SUBSTITUTE FORM TWO}" for char in plain)
