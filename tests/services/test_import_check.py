"""The check of an import: the import itself, rolled back; what a person wishes of it; layouts remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from crm import clock as clocks
from crm.i18n import phrase
from crm.importing import layout as layouts
from crm.importing.layout import Layout
from crm.importing.sources import Origin, sources_of
from crm.services import import_layouts, importing
from crm.services.importing import silent
from crm.services.importing_rows import ImportOutcome, RowResult, Wishes
from crm.store.workspace import Workspace

FIRST = "ФИО;Телефон;Город;Теги\nЁлкина Анна;+79000000041;;BI\nКим Пётр;+79000000042;Тула;\n"
SECOND = """ФИО;Телефон;Город;Теги
Ёлкина Анна;+79000000041;Омск;SQL
Ким Пётр;+79000000042;Пермь;
Ли Вера;+79000000043;;
;;Псков;
"""
COUNTS = "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM contact_point), (SELECT count(*) FROM deed)"


def pasted(words: str, layout: Layout | None = None) -> Origin:
    return Origin("list", pasted=words, layout=layout)


def bring(workspace: Workspace, origin: Origin, wishes: Wishes = importing.AS_ALWAYS) -> ImportOutcome:
    return workspace.write(
        phrase("Import"),
        lambda s: importing.import_people(
            s, sources_of([origin], silent, workspace.clock), workspace.clock, silent, wishes
        ),
    ).value


def check(workspace: Workspace, origin: Origin, **wishes: object) -> list[RowResult]:
    rows: list[RowResult] = []
    told = Wishes(tell=rows.append, **wishes)  # type: ignore[arg-type]
    outcome = workspace.rehearse(
        phrase("Import"),
        lambda s: importing.import_people(
            s, sources_of([origin], silent, workspace.clock), workspace.clock, silent, told
        ),
    )
    assert outcome.files[0].read == len(rows)
    return rows


def stands(workspace: Workspace) -> tuple[int, ...]:
    return workspace.read(lambda s: tuple(s.execute(text(COUNTS)).one()))


def test_a_check_writes_nothing_and_tells_what_the_import_then_does(workspace: Workspace) -> None:
    bring(workspace, pasted(FIRST))
    before = stands(workspace)
    rows = check(workspace, pasted(SECOND))
    assert stands(workspace) == before
    assert [row.result for row in rows] == ["updated", "updated", "added", "rejected"]
    outcome = bring(workspace, pasted(SECOND))
    assert (outcome.updated, outcome.added, outcome.rejected) == (2, 1, 1)


def test_what_changes_is_told_field_by_field(workspace: Workspace) -> None:
    bring(workspace, pasted(FIRST))
    filled, beside, *_ = check(workspace, pasted(SECOND))
    assert filled.changes == (("Город", "", "Омск"), ("Метки", "", "SQL"))
    assert beside.changes == (("Заметка", "", "Город: Пермь (list)"),)
    replaced = check(workspace, pasted(SECOND), matches="update")[1]
    assert replaced.changes == (("Город", "Тула", "Пермь"),)


@pytest.mark.parametrize(
    ("matches", "city", "updated"), [("fill", "Тула", 2), ("update", "Пермь", 2), ("skip", "Тула", 0)]
)
def test_matches_are_done_with_as_wished(workspace: Workspace, matches: str, city: str, updated: int) -> None:
    bring(workspace, pasted(FIRST))
    wishes = Wishes(matches)  # type: ignore[arg-type]
    assert bring(workspace, pasted(SECOND), wishes).updated == updated
    cities = workspace.read(lambda s: list(s.scalars(text("SELECT city FROM person ORDER BY id"))))
    assert cities[1] == city
    again = bring(workspace, pasted(SECOND), wishes)
    assert (again.added, again.updated) == (0, 0)


def test_a_row_left_out_is_not_taken_and_is_accounted_for(workspace: Workspace) -> None:
    outcome = bring(workspace, pasted(SECOND), Wishes(left_out=frozenset({(0, "row 2"), (0, "row 5")})))
    assert (outcome.added, outcome.left_out, outcome.rejected, outcome.files[0].read) == (2, 2, 0, 4)


def test_a_refused_row_keeps_its_cells_and_is_taken_once_mended(workspace: Workspace) -> None:
    refused = check(workspace, pasted(SECOND))[-1]
    assert (refused.number, refused.cells) == (5, ("", "", "Псков", ""))
    mended = Layout(mended=(("", 5, ("Щукин Олег", "", "Псков", "")),))
    assert [row.result for row in check(workspace, pasted(SECOND, mended))] == ["added"] * 4


def test_a_shape_met_before_is_read_as_it_was_then(workspace: Workspace) -> None:
    stream = pasted(FIRST).open(silent, clocks.now)
    wanted = replace(stream.mapping, columns=(*stream.mapping.columns[:2], ("Город", "note"), ("Теги", "ignored")))
    signature = layouts.signature_of(stream.columns)

    def keep() -> frozenset[str]:
        verb = lambda s: import_layouts.remember(s, signature, "list", wanted.as_json(), workspace.clock)  # noqa: E731
        return workspace.write(phrase("Import"), verb).tables

    assert keep()
    assert not keep(), "what is kept already is not written again: an undo of the first would be refused"
    later = pasted(SECOND.replace(";", "\t")).open(silent, clocks.now)
    assert layouts.signature_of(later.columns) == signature
    known = layouts.from_json(workspace.read(lambda s: import_layouts.remembered(s, signature)))
    assert (known.columns, known.delimiter) == (wanted.columns, "")
    rows = check(workspace, pasted(SECOND.replace(";", "\t"), known))
    assert [row.result for row in rows] == ["added", "added", "added", "rejected"]


def test_p05_a_stopped_check_leaves_nothing(workspace: Workspace) -> None:
    before = stands(workspace)

    def stop(_row: RowResult) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        workspace.rehearse(
            phrase("Import"),
            lambda s: importing.import_people(
                s, sources_of([pasted(FIRST)], silent, workspace.clock), workspace.clock, silent, Wishes(tell=stop)
            ),
        )
    assert stands(workspace) == before


def test_a_file_and_a_pasted_table_are_one_and_the_same(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, pasted(FIRST))
    path = tmp_path / "list.csv"
    path.write_text(FIRST, encoding="utf-8")
    assert {row.result for row in check(workspace, Origin(path.name, path))} == {"unchanged"}
