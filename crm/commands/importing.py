"""`krug import`: files in, every row accounted for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from crm import i18n
from crm.commands.front import Front
from crm.errors import CrmError
from crm.i18n import phrase, phrase_plural
from crm.importing import layout
from crm.importing.sources import open_sources
from crm.services import importing
from crm.services.importing_rows import FileOutcome, ImportOutcome


class MappingUnreadable(CrmError):
    """The file given to --mapping is no JSON."""

    code = "mapping_unreadable"
    message = i18n.mark("The mapping {file} can't be read as JSON.")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice(["auto", "people"]), default="auto", help="What the files hold.", expose_value=False
)
@click.option(
    "--mapping", "mapping_file", type=click.Path(readable=False, path_type=Path), help="Which column is which, as JSON."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.pass_obj
def import_files(front: Front, files: tuple[Path, ...], mapping_file: Path | None, dry_run: bool) -> None:
    """Bring people in from vCard, CSV, TSV and XLSX files, as one deed."""
    mapping = None if mapping_file is None else _mapping(mapping_file)
    label = (
        phrase("Import of {file}", file=files[0].name)
        if len(files) == 1
        else phrase_plural("Import of {count} file", "Import of {count} files", len(files))
    )

    def verb(session: Any) -> ImportOutcome:
        sources = open_sources(files, mapping, importing.silent, front.clock)
        return importing.import_people(session, sources, front.clock)

    with front.workspace(create=True) as workspace:
        if dry_run:
            outcome, deed = workspace.rehearse(label, verb), None
        else:
            done = workspace.write(label, verb, copy_first="before_import")
            outcome, deed = done.value, done.deed
    front.emit(
        {"files": [_document(file) for file in outcome.files], "deed": deed},
        lambda: "\n".join(_told(file) for file in outcome.files),
    )


def _mapping(path: Path) -> layout.Layout:
    try:
        return layout.from_json(json.loads(path.read_text("utf-8-sig")))
    except (OSError, ValueError) as error:
        raise MappingUnreadable(file=path.name) from error


def _document(file: FileOutcome) -> dict[str, Any]:
    return {
        "file": file.file,
        "kind": "people",
        "encoding": file.encoding,
        "read": file.read,
        "added": file.added,
        "updated": file.updated,
        "unchanged": file.unchanged,
        "rejected": [{"where": row.where, "code": row.code, "message": row.message} for row in file.rejected],
    }


def _told(file: FileOutcome) -> str:
    counts = i18n.text(
        "{file}: read {read}, added {added}, updated {updated}, unchanged {unchanged}, not taken {rejected}",
        file=file.file,
        read=i18n.number(file.read),
        added=i18n.number(file.added),
        updated=i18n.number(file.updated),
        unchanged=i18n.number(file.unchanged),
        rejected=i18n.number(len(file.rejected)),
    )
    return "\n".join([counts, *(f"  {row.shown_place}: {row.message}" for row in file.rejected)])
