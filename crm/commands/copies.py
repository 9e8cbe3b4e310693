"""`krug backup` and `krug restore`: a checked copy of the store, and the way back."""

from __future__ import annotations

from pathlib import Path

import click

from crm import i18n
from crm.commands import passphrases
from crm.commands.front import Front
from crm.store import restoring
from crm.store.copies import copy_out, make_copy
from crm.store.copy_errors import CopyIsStore, CopyUnsound
from crm.store.key import Secret


@click.command()
@click.argument("out", required=False, type=click.Path(readable=False, path_type=Path))
@click.pass_obj
def backup(front: Front, out: Path | None) -> None:
    """Make a checked copy of the store, and bring it to OUT, a file or a folder."""
    if out is not None and out.exists() and front.store.exists() and out.samefile(front.store):
        raise CopyIsStore(path=str(out))
    with front.workspace() as workspace:
        copy = make_copy(workspace, "by_hand")
    if copy is None:
        raise CopyUnsound
    file = copy.path if out is None else copy_out(copy, out)
    people = copy.people or 0
    front.emit(
        {"file": str(file), "people": people, "verified": copy.verdict == "sound"},
        lambda: i18n.plural(
            "{file}: checked, {count} person", "{file}: checked, {count} people", people, file=str(file)
        ),
    )


@click.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@click.pass_obj
def restore(front: Front, file: Path) -> None:
    """Put the copy FILE in the place of the store; today's file is kept first."""
    done = restoring.restore(front.store, file, front.clock, _secret(front, file))
    kept = None if done.kept is None else str(done.kept)

    def told() -> str:
        back = i18n.plural(
            "{file}: {count} person is back", "{file}: {count} people are back", done.people, file=str(front.store)
        )
        return back if kept is None else "\n".join((back, i18n.text("Today's file is kept as {file}", file=kept)))

    front.emit({"file": str(front.store), "kept": kept, "people": done.people}, told)


def _secret(front: Front, file: Path) -> Secret | None:
    """What opens the copy, or today's file where only that has a passphrase; asked for as everywhere."""

    def silently(_: str) -> None:
        """One of the two may well have none."""

    return passphrases.asked_for(file, silently) or passphrases.asked_for(front.store, silently)
