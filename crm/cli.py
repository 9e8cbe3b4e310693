"""The command line: `krug [--store FILE] [--lang ru|en] COMMAND`; without a command, the window.

Exit 0 done; 1 a person can put it right; 2 usage; 3 the store cannot be opened; 70 a mistake of ours, of which only
its sort and its place are told, never its message: that may hold somebody's data. Nothing here opens a window.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from crm import __version__, i18n, paths, starting, temporary
from crm.commands.front import Front
from crm.commands.speaking import choose_language, in_our_words, teach_click
from crm.errors import CrmError, report_of

MISTAKE: Final = 70
"""The exit code of an error nobody foresaw; Python's own 1 would say that a person can put it right."""
COMMANDS: Final = {
    "demo": "crm.commands.community:demo",
    "tour": "crm.commands.community:tour",
    "import": "crm.commands.importing:import_files",
    "people": "crm.commands.people:people",
    "duplicates": "crm.commands.duplicates:duplicates",
    "export": "crm.commands.exporting:export",
    "events": "crm.commands.events:events",
    "event": "crm.commands.events:event",
    "checkin": "crm.commands.events:checkin",
    "segments": "crm.commands.segments:segments",
    "segment": "crm.commands.segments:segment",
    "figures": "crm.commands.reports:figures",
    "report": "crm.commands.reports:report",
    "backup": "crm.commands.copies:backup",
    "restore": "crm.commands.copies:restore",
    "undo": "crm.commands.people:undo",
    "redo": "crm.commands.people:redo",
    "history": "crm.commands.people:history",
    "rekey": "crm.commands.rekeying:rekey",
    "check": "crm.commands.checking:check",
}
"""Where each command lives; a room is imported only when its command is asked for."""


class LateGroup(click.Group):
    """Imports a command's room when it is called, so that `krug people` never pays for reportlab."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place} is not a command")
        return in_our_words(command)


@click.group(cls=LateGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="krug")
@click.option("--store", type=click.Path(readable=False, path_type=Path), help="The community file to work on.")
@click.option("--lang", type=click.Choice(i18n.LANGUAGES), help="The language to answer in.")
@click.pass_context
def krug(context: click.Context, store: Path | None, lang: str | None) -> None:
    """Krug: an offline CRM for a community manager."""
    front = context.ensure_object(Front)
    context.with_resource(temporary.private_temporary_folder())
    front.store = store or paths.default_store()
    i18n.use(lang or i18n.from_environment())
    if context.invoked_subcommand is None:
        if front.json:
            raise click.UsageError(i18n.text("--json needs a command."))
        with starting.without_collecting():
            from crm.app import open_window

        context.exit(open_window(store, lang))


def run(arguments: Sequence[str]) -> int:
    """Run the command line and give its exit code; `--json` may stand anywhere after the options of `krug`."""
    front = Front()
    words = list(arguments)
    teach_click()
    choose_language(words)
    if "--" not in words and "--json" in words:
        words = [word for word in words if word != "--json"]
        front.json = True
    try:
        outcome: Any = in_our_words(krug).main(args=words, prog_name="krug", standalone_mode=False, obj=front)
    except click.ClickException as error:
        error.show(sys.stderr)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(i18n.text("Stopped. Nothing was changed."), err=True)
        return 1
    except CrmError as error:
        _tell(front, error.code, error.text())
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - Python would print the message, and a person's name with it
        _tell(front, "mistake", i18n.text("Krug made a mistake. What was saved is safe; this report holds no data."))
        click.echo(report_of(error), err=True, nl=False)
        return MISTAKE
    return outcome if isinstance(outcome, int) else 0


def _tell(front: Front, code: str, words: str) -> None:
    if front.json and not front.answered:
        click.echo(json.dumps({"error": code, "message": words}, ensure_ascii=False))
    click.echo(words, err=True)
