"""A full disk in ten places: a sentence, nothing half done, what stood before stands, and the second try works."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import importing
from crm.store import copies, derived, migrating
from crm.store.workspace import Workspace
from tests.support import old_files
from tests.support.soundness import digest, faults
from tests.torture import stores, within
from tests.torture.kills import warm_up
from tests.torture.mixture import Mixture, cards
from tests.torture.small_disk import Place, Squeeze, on_full_disk, under_limit
from tests.torture.tally import Tally


def _in_store(folder: Path, squeeze: Squeeze, work: Callable[[Workspace], object], *, may_pass: bool = False) -> str:
    """`work` on a store while the disk is full, and again when it is not; the store is looked at in between."""
    store = stores.make(folder, "plain")
    with stores.opened(store, "plain") as workspace:
        before = digest(workspace)
        said = ""
        with squeeze():
            try:
                work(workspace)
            except CrmError as error:
                said = error.code
        if said != "disk_full" and not (may_pass and not said):
            return f"said {said or 'nothing'}"
        if digest(workspace) != before:
            return "half done"
        if wrong := faults(workspace):
            return "; ".join(wrong)
        work(workspace)
        after = digest(workspace)
    with stores.opened(store, "plain") as workspace:
        if wrong := faults(workspace):
            return "; ".join(wrong)
        return "" if digest(workspace) == after else "what was acknowledged after it is gone"


def deed(folder: Path, squeeze: Squeeze) -> str:
    """A person is added."""
    # The window's thread has its place in the log already; a deed larger than what is left of it meets the end.
    return _in_store(
        folder, squeeze, lambda w: w.write(phrase("Add"), lambda s: [Mixture(w, n).add(s) for n in range(40)])
    )


def importing_cards(folder: Path, squeeze: Squeeze) -> str:
    """A file of cards is imported."""
    return _in_store(
        folder,
        squeeze,
        lambda w: w.write(phrase("Import"), lambda s: importing.import_people(s, [cards(400, 1, 1)], stores.CLOCK)),
    )


def photo(folder: Path, squeeze: Squeeze) -> str:
    """A card with a photo is imported."""
    from PIL import Image

    file = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(file, "JPEG", quality=95)

    def work(workspace: Workspace) -> object:
        source = cards(2, 1, 1, file.getvalue())
        return workspace.write(phrase("Photo"), lambda s: importing.import_people(s, [source], stores.CLOCK))

    return _in_store(folder, squeeze, work)


def checkpoint(folder: Path, squeeze: Squeeze) -> str:
    """The log is to go into the file; where it does not fit, it stays a log."""
    store = stores.make(folder, "plain")
    with stores.opened(store, "plain") as workspace:
        workspace.write(phrase("Import"), lambda s: importing.import_people(s, [cards(600, 1, 1)], stores.CLOCK))
        before = digest(workspace)
        with squeeze():
            try:
                workspace.rest()
            except CrmError as error:
                if error.code != "disk_full":
                    return f"said {error.code}"
        if digest(workspace) != before:
            return "rows are gone"
        workspace.rest()
        if workspace.unrested:
            return "the second try left a log"
    with stores.opened(store, "plain") as workspace:
        return "; ".join(faults(workspace)) or ("" if digest(workspace) == before else "rows are gone")


def _export(number: int) -> Place:
    def place(folder: Path, squeeze: Squeeze) -> str:
        name, write = within.exports(stores.make(folder, "plain", 120))[number]
        target = folder / name
        target.write_bytes(b"old")
        code = ""
        # What a library writes aside must meet the end of the disk as well.
        tempfile.tempdir = str(folder)
        with squeeze():
            try:
                write(target)
            except CrmError as error:
                code = error.code
        if code != "disk_full":
            return f"said {code or 'nothing'}"
        if target.read_bytes() != b"old":
            return "the old file is gone"
        left = [path.name for path in folder.iterdir() if path.name not in ("plain", name)]
        if left:
            return f"left behind: {left}"
        write(target)
        return "" if within.is_whole(name, target.read_bytes()) else "the second try is no whole file"

    return place


def copy(folder: Path, squeeze: Squeeze) -> str:
    """A copy is made beside the store: the one before stays valid, and no half of a new one is left."""
    store = stores.make(folder, "plain")
    with stores.opened(store, "plain") as workspace:
        copies.make_copy(workspace, "by_hand")
        there = sorted(path.name for path in copies.folder_of(store).iterdir())
        code = ""
        with squeeze():
            try:
                copies.make_copy(workspace, "by_hand")
            except CrmError as error:
                code = error.code
        if code != "copy_disk_full":
            return f"said {code or 'nothing'}"
        if sorted(path.name for path in copies.folder_of(store).iterdir()) != there:
            return "what stood in the folder of copies is not what stood there before"
        copies.make_copy(workspace, "by_hand")
        if wrong := faults(workspace):
            return "; ".join(wrong)
    found = copies.list_copies(copies.folder_of(store))
    sound = [each for each in found if copies.check_copy(each, None, stores.CLOCK).verdict == "sound"]
    return "" if len(sound) == len(found) == 2 else f"{len(sound)} of {len(found)} copies are sound"


def migration(folder: Path, squeeze: Squeeze) -> str:
    """An old store is opened: the copy before does not fit, then the migration itself; the file stays as it was."""
    (packed, *_) = old_files.all_files()
    store = old_files.take_out(packed, folder)
    before, version = old_files.row_hashes(store), old_files.version_of(store)
    for step, expected in (("_copy_first", "store_not_copied"), ("_migrate_one", "disk_full")):
        work = getattr(migrating, step)

        def squeezed(*given: Any, work: Callable[..., Any] = work, **named: Any) -> Any:
            # Only from here on: with no room from the beginning the file would not even be connected to.
            with squeeze():
                return work(*given, **named)

        setattr(migrating, step, squeezed)
        code = ""
        try:
            Workspace.open(store, stores.CLOCK).close()
        except CrmError as error:
            code = error.code
        setattr(migrating, step, work)
        if code != expected:
            return f"said {code or 'nothing'}, not {expected}"
        if (old_files.version_of(store), old_files.row_hashes(store)) != (version, before):
            return "rows are gone"
    with Workspace.open(store, stores.CLOCK) as workspace:
        # Its scores are those of the day it was kept on; the program counts them anew on every other day.
        workspace.maintain(lambda s: derived.rescore_everyone(s.connection(), stores.CLOCK().date()))
        if wrong := faults(workspace):
            return "; ".join(wrong)
    return "" if old_files.row_hashes(store) == before else "rows are gone after the second try"


def settings(folder: Path, squeeze: Squeeze) -> str:
    """The window's own settings: the old ones stand, and the program goes on."""
    from PySide6.QtCore import QByteArray

    from crm.ui.preferences import Preferences

    file = folder / "settings" / "window.ini"
    preferences = Preferences(file)
    preferences.language = "en"
    preferences.geometry = QByteArray(b"." * 20_000)
    preferences.keep()
    before = file.read_bytes()
    with squeeze():
        preferences.language = "ru"
        if preferences.keep():
            return "said that it was kept"
    if file.read_bytes() != before:
        return "the old settings are gone"
    return "" if preferences.keep() and b"language=ru" in file.read_bytes() else "the second try was not kept"


PLACES: dict[str, Place] = {
    "deed": deed,
    "import": importing_cards,
    "photo": photo,
    "checkpoint": checkpoint,
    "vCard": _export(0),
    "XLSX": _export(1),
    "PDF": _export(2),
    "copy": copy,
    "migration": migration,
    "settings": settings,
}


def in_places(times: int, seed: int) -> Tally:
    """Every place once (`times` of them), on a disk that is full and under a limit on the size of files."""
    tally = Tally("full disk")
    skipped: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        warm_up(Path(home))
        # Imported and compiled once here: a child on a full disk should meet it, not slow imports.
        for _, write in within.exports(stores.make(Path(home), "plain")):
            write(Path(home) / "warm-up.file")
        for number, (name, place) in enumerate(list(PLACES.items())[:times]):
            for way, run in (("full", on_full_disk), ("limit", under_limit)):
                folder = Path(home) / f"{number}-{way}"
                folder.mkdir(mode=0o700)
                fault = run(folder, place)
                if fault.startswith("skipped"):
                    skipped.add(fault)
                    continue
                tally.count(f"{name}, {way}: {fault}" if fault else "", lost="gone" in fault)
    tally.note = "; ".join(sorted(skipped))
    return tally
