"""`krug rekey`: another passphrase for the store and its copies, or none."""

from __future__ import annotations

from pathlib import Path

import click

from crm import i18n
from crm.commands import passphrases
from crm.commands.front import Front
from crm.services import community
from crm.store import copies


@click.command()
@click.option("--remove", is_flag=True, help="Take the passphrase away: whoever has the file can read it.")
@click.option("--delete-copies", is_flag=True, help="Delete the copies made so far instead of rewriting them.")
@click.option(
    "--recovery-sheet",
    "sheet",
    type=click.Path(readable=False, dir_okay=False, path_type=Path),
    help="A PDF to print: the recovery code, which opens the store when the passphrase is forgotten.",
)
@click.pass_obj
def rekey(front: Front, remove: bool, delete_copies: bool, sheet: Path | None) -> None:
    """Set, change or remove the passphrase of the store and of its copies."""
    if remove and sheet is not None:
        raise click.UsageError(i18n.text("Without a passphrase there is no recovery code to print."))
    with front.workspace() as workspace:
        key = None if remove else workspace.fresh_key(passphrases.new_one(front.store))
        if key is not None and sheet is not None:
            from crm.export.pdf.recovery_sheet import write_recovery_sheet

            # On paper before it is needed: a sheet that can't be written leaves the old passphrase in force.
            name = workspace.read(community.community_name)
            write_recovery_sheet(sheet, key.recovery_code(), name, str(front.store.absolute()), front.clock)
        done = workspace.change_key(key, _silent, delete_copies=delete_copies)
    for kept in copies.list_kept_bytes(copies.folder_of(front.store)):
        front.message(i18n.text("{path} did not read and stays as it is, under the key it has.", path=str(kept)))
    if done.copies:
        front.message(i18n.text("Copies in the second place follow when the window next reaches it."))
    for copy in done.left:
        front.message(i18n.text("{path} stays under an older passphrase: this one did not open it.", path=str(copy)))
    if sheet is not None:
        front.message(
            i18n.text("The recovery code is in {path}. Print it and keep it away from this computer.", path=str(sheet))
        )
    elif key is not None:
        front.message(
            i18n.text("A forgotten passphrase can't be recovered. --recovery-sheet OUT.pdf makes the code that can.")
        )
    front.emit(
        {"encrypted": key is not None, "backups_rewritten": done.copies},
        lambda: _told(encrypted=key is not None, rewritten=done.copies),
    )


def _told(*, encrypted: bool, rewritten: int) -> str:
    if encrypted:
        return i18n.plural(
            "New passphrase, {count} copy rewritten", "New passphrase, {count} copies rewritten", rewritten
        )
    return i18n.plural("No passphrase, {count} copy rewritten", "No passphrase, {count} copies rewritten", rewritten)


def _silent(step: int, of: int) -> None:
    """Nobody watches a command."""
