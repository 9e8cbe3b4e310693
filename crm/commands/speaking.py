"""The command line in the language of the program: help texts, and what Click itself says.

Click takes its own words from gettext's default catalogue, which nobody fills. Here its rooms are given the program's
catalogue instead, so that there is one mechanism for words; what it has no entry for stays English.
"""

from __future__ import annotations

import copy
from typing import Final

import click
from click import core, decorators, exceptions, formatting, parser, types

from crm import i18n
from crm.i18n import mark

_ROOMS: Final = (core, decorators, exceptions, formatting, parser, types)
CLICK_SAYS: Final = (
    mark("Usage:"),
    mark("Options"),
    mark("Commands"),
    mark("default: {default}"),
    mark("Show the version and exit."),
    mark("Show this message and exit."),
    mark("Error: {message}"),
    mark("Try '{command} {option}' for help."),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("Missing argument"),
    mark("Missing option"),
    mark("Missing parameter"),
    mark("Missing command."),
    mark("No such option {name!r}."),
    mark("No such command {name!r}."),
    mark("Did you mean {possibility}?"),
    mark("(Did you mean one of: {possibilities}?)"),
    mark("Got unexpected extra argument ({args})"),
    mark("Got unexpected extra arguments ({args})"),
    mark("Option {name!r} requires an argument."),
    mark("Option {name!r} does not take a value."),
    mark("{value!r} is not {choice}."),
    mark("{value!r} is not one of {choices}."),
    mark("{value!r} is not a valid {number_type}."),
    mark("{value} is not in the range {range}."),
    mark("{name} {filename!r} does not exist."),
    mark("{name} {filename!r} is a file."),
    mark("{name} {filename!r} is a directory."),
    mark("file"),
    mark("directory"),
    mark("path"),
)
"""What Click may say to somebody who uses the command line."""


def teach_click() -> None:
    """Give Click the program's catalogue. Once is enough: each word is looked up when it is said."""
    for room in _ROOMS:
        for name, said in (("_", _say), ("ngettext", _say_one_or_many)):
            if hasattr(room, name):
                setattr(room, name, said)


def choose_language(words: list[str]) -> None:
    """The language of `--lang`, if the words hold it, before anything is parsed: help is said while parsing."""
    chosen = i18n.from_environment()
    for place, word in enumerate(words):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and place + 1 < len(words):
            value = words[place + 1]
        if value in i18n.LANGUAGES:
            chosen = value
    i18n.use(chosen)


def in_our_words(command: click.Command) -> click.Command:
    """`command` with its help in the language in use; the command itself keeps its English."""
    made = copy.copy(command)
    made.help = _told(command.help)
    made.params = [_option(one) for one in command.params]
    if isinstance(command, click.Group) and isinstance(made, click.Group):
        made.commands = {name: in_our_words(one) for name, one in command.commands.items()}
    return made


def one_line(told: str) -> str:
    """A help text as the catalogue knows it: paragraphs without line ends of their own."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in told.split("\n\n"))


def _told(told: str | None) -> str | None:
    return None if told is None else i18n.text(one_line(told))


def _option(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option):
        return parameter
    made = copy.copy(parameter)
    made.help = _told(parameter.help)
    return made


def _say(message: str) -> str:
    return i18n.text(message)


def _say_one_or_many(one: str, many: str, count: int) -> str:
    return i18n.text(one if count == 1 else many)
