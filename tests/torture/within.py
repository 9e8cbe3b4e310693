"""A hundred blows within one long piece of work: it is done or not begun, and what stood before stands."""

from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from crm.export.pdf.month import write_month
from crm.export.people import write_people
from crm.export.vcard import write_vcards
from crm.i18n import phrase
from crm.services import importing, people, reports
from crm.services.cards import PersonCard
from crm.store.driver import connect
from crm.store.search import find
from tests.support.forks import Say, finished, killed
from tests.support.soundness import digest, faults
from tests.torture import stores
from tests.torture.kills import warm_up
from tests.torture.mixture import cards
from tests.torture.tally import Tally

PEOPLE = 120
Export = Callable[[list[PersonCard], Path], object]


def _every_card(store: Path, kind: str) -> list[PersonCard]:
    with stores.opened(store, kind) as workspace:
        return workspace.read(lambda session: list(people.cards(session, find(session, "", limit=10**6).ids)))


def _month(store: Path, target: Path) -> None:
    with stores.opened(store, "plain") as workspace:
        today = stores.CLOCK().date()
        report = workspace.read(lambda session: reports.month_report(session, today.replace(day=1), stores.CLOCK))
    write_month(report, target)


def exports(store: Path) -> tuple[tuple[str, Callable[[Path], object]], ...]:
    """What is exported from `store`, each into a file: three sorts of writing."""
    everyone = _every_card(store, "plain")
    return (
        ("people.vcf", lambda target: write_vcards(everyone, target, clock=stores.CLOCK)),
        ("people.xlsx", lambda target: write_people(everyone, target, "xlsx")),
        ("month.pdf", lambda target: _month(store, target)),
    )


def in_exports(times: int, seed: int) -> Tally:
    """Kill within vCard, XLSX and PDF: the file asked for is the old one or a whole new one."""
    tally, chance = Tally("kills in export"), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        kinds = exports(stores.make(Path(home), "plain", PEOPLE))
        for name, write in kinds:
            # Once here, so that the blows fall into writing and not into imports.
            write(Path(home) / name)
        lengths = [_length(partial(write, Path(home) / name)) for name, write in kinds]
        for number in range(times):
            (name, write), length = kinds[number % len(kinds)], lengths[number % len(kinds)]
            target = Path(home) / name
            target.write_bytes(b"old")

            def work(say: Say, write: Callable[[Path], object] = write, target: Path = target) -> None:
                say("begun")
                write(target)
                say("done")

            ended = killed(work, chance.uniform(0, length))
            found = target.read_bytes()
            whole = found == b"old" or is_whole(name, found)
            acknowledged = "done" in ended.lines
            fault = "" if whole else f"{name}: {len(found)} bytes that are no whole file"
            if acknowledged and found == b"old":
                fault = f"{name}: written and not there"
            tally.count(fault or _broken(ended.lines), lost=acknowledged and found == b"old")
        for name, write in kinds:
            write(Path(home) / name)
        if left := [path.name for path in Path(home).glob(".*")]:
            tally.count(f"left behind by the killed and not swept by the next: {left}")
    return tally


def is_whole(name: str, found: bytes) -> bool:
    """True of a file that its kind of program reads to the end."""
    if name.endswith(".vcf"):
        return found.count(b"BEGIN:VCARD") == found.count(b"END:VCARD\r\n") > 0 and found.endswith(b"END:VCARD\r\n")
    if name.endswith(".xlsx"):
        return found.startswith(b"PK") and b"PK\x05\x06" in found[-100:]
    return found.startswith(b"%PDF") and found.rstrip().endswith(b"%%EOF")


def _broken(lines: list[str]) -> str:
    return next((line for line in lines if line.startswith("!")), "")


def in_import(times: int, seed: int) -> Tally:
    """Kill within an import of hundreds of cards: all of them are there or none."""

    def work(store: Path, kind: str) -> None:
        with stores.opened(store, kind) as workspace:
            source = cards(2 * PEOPLE, seed, 1)
            workspace.write(phrase("Import"), lambda s: importing.import_people(s, [source], stores.CLOCK))

    return _in_store("kills in import", times, seed, work)


def in_vacuum(times: int, seed: int) -> Tally:
    """Kill within VACUUM: the same rows, and sound."""

    def work(store: Path, kind: str) -> None:
        secret = stores.secret_of(kind)
        key = None if secret is None else secret(store.read_bytes()[:16])
        with contextlib.closing(connect(store, key, shared=kind == "cloud")) as connection:
            connection.execute("VACUUM")

    return _in_store("kills in vacuum", times, seed, work, same=True)


def in_rest(times: int, seed: int) -> Tally:
    """Kill while the log goes into the file: nothing of it is lost."""

    def work(store: Path, kind: str) -> None:
        workspace = stores.opened(store, kind)
        source = cards(60, seed, 2)
        workspace.write(phrase("Import"), lambda s: importing.import_people(s, [source], stores.CLOCK))
        workspace.rest()

    return _in_store("kills in checkpoint", times, seed, work)


def _in_store(name: str, times: int, seed: int, work: Callable[[Path, str], None], *, same: bool = False) -> Tally:
    """Kill within `work` on a copy of a store: its facts are those of before or of after it, and it is sound."""
    tally, chance = Tally(name), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="krug-torture-") as home:
        warm_up(Path(home))
        start: dict[str, tuple[Path, str, str, float]] = {}
        for kind in stores.KINDS[:times]:
            store = stores.make(Path(home), kind, PEOPLE)
            copy = stores.copy_of(store, "after")
            length = _length(partial(work, copy, kind))
            with stores.opened(store, kind) as before, stores.opened(copy, kind) as after:
                start[kind] = (store, digest(before, _CHANCE), digest(after, _CHANCE), length)
        for number in range(times):
            kind = stores.KINDS[number % len(stores.KINDS)]
            store, before_it, after_it, length = start[kind]
            copy = stores.copy_of(store, "killed")

            def child(say: Say, copy: Path = copy, kind: str = kind) -> None:
                say("begun")
                work(copy, kind)
                say("done")

            ended = killed(child, chance.uniform(0, length))
            fault, lost = _broken(ended.lines), False
            try:
                with stores.opened(copy, kind) as workspace:
                    found, wrong = digest(workspace, _CHANCE), faults(workspace)
            except Exception as error:  # noqa: BLE001 - whatever it is, the store does not open
                fault = fault or f"does not open: {type(error).__name__}"
            else:
                lost = "done" in ended.lines and found != after_it
                half = found not in ((before_it,) if same else (before_it, after_it))
                fault = fault or "; ".join(wrong) or ("acknowledged and gone" if lost else "half done" if half else "")
            tally.count(f"{kind}, kill {number}: {fault}" if fault else "", lost=lost)
            shutil.rmtree(copy.parent)
    return tally


_CHANCE = frozenset({"uid", "ticket_code"})


def _length(work: Callable[[], object]) -> float:
    """Seconds the work takes undisturbed, in a child like those that are killed."""
    began = time.perf_counter()
    ended = finished(lambda _: work() and None)
    if ended.code:
        raise AssertionError(f"the work itself fails: {ended.lines}")
    return time.perf_counter() - began
