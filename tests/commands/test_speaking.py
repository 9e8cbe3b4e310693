"""The command line speaks the language it was asked in, its help and its refusals."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from crm import i18n
from crm.cli import COMMANDS, krug, run
from crm.commands.speaking import one_line


def helps(command: click.Command) -> Iterator[str]:
    """Every help text of a command and of the commands below it, as its author wrote it."""
    told = [command.help, *(one.help for one in command.params if isinstance(one, click.Option))]
    yield from (one_line(one) for one in told if one)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from helps(below)


@pytest.mark.parametrize("name", ["", *sorted(COMMANDS)])
def test_every_help_text_has_its_translation(name: str) -> None:
    i18n.use("en")
    command = krug.get_command(click.Context(krug), name) if name else krug
    assert command is not None
    for told in helps(command):
        i18n.use("ru")
        assert i18n.text(told) != told, told


def test_help_is_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "ru", "people", "--help"]) == 0
    russian = capsys.readouterr().out
    assert russian.startswith("Как пишется: krug people [OPTIONS] [QUERY]")
    assert "Только люди этого сегмента." in russian
    assert run(["--lang=en", "people", "--help"]) == 0
    english = capsys.readouterr().out
    assert english.startswith("Usage: krug people [OPTIONS] [QUERY]")
    assert "Only people of this segment." in english


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["нетакой"], "Ошибка: Команды 'нетакой' нет."),
        (["people", "--limit", "x"], "Ошибка: '--limit': 'x' — не число."),
        (["import"], "Ошибка: Не указано 'FILES...'."),
        (["people", "--nowhere"], "Ошибка: Настройки '--nowhere' нет."),
    ],
)
def test_usage_errors_are_in_the_language_asked_for(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "ru", *words]) == 2
    assert told in capsys.readouterr().err.replace(i18n.NBSP, " ")
