"""Views of the list: kept under a name, undone like any deed, read back whole or, from a stranger, as far as known."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from crm.models import SavedView, StoreNote
from crm.services import saved_views
from crm.services.people_order import PeopleFilter, Sort
from crm.services.saved_views import ListView, ViewNameless, ViewNameTaken, ViewUnknown

VIEW = ListView(
    columns=("name", "city", "phone"),
    widths=(("city", 140),),
    only=PeopleFilter(level="core", own=(3, "L"), birth_month=3, within=frozenset((1, 2))),
    sort=Sort("city", descending=True),
    group="city",
)
KEPT = ListView(VIEW.columns, VIEW.widths, PeopleFilter(level="core", own=(3, "L"), birth_month=3), VIEW.sort, "city")


def test_a_view_is_kept_renamed_arranged_and_taken_away_by_deeds(workspace, deed) -> None:
    one = deed(lambda s: saved_views.save_view(s, "Ядро Казани", VIEW))
    two = deed(lambda s: saved_views.save_view(s, "Спикеры", ListView()))
    assert [(view.name, view.view) for view in workspace.read(saved_views.views)] == [
        ("Ядро Казани", KEPT),
        ("Спикеры", ListView()),
    ]
    deed(lambda s: saved_views.arrange_views(s, (two, one)))
    assert [view.id for view in workspace.read(saved_views.views)] == [two, one]
    deed(lambda s: saved_views.rename_view(s, two, "Выступают"))
    deed(lambda s: saved_views.change_view(s, two, VIEW))
    assert workspace.read(saved_views.views)[0].view == KEPT
    deed(lambda s: saved_views.delete_view(s, two))
    workspace.undo()
    assert [view.name for view in workspace.read(saved_views.views)] == ["Выступают", "Ядро Казани"]
    with pytest.raises(ViewNameTaken):
        deed(lambda s: saved_views.save_view(s, "ЯДРО КАЗАНИ", VIEW))
    with pytest.raises(ViewNameless):
        deed(lambda s: saved_views.save_view(s, " ", VIEW))
    with pytest.raises(ViewUnknown):
        deed(lambda s: saved_views.delete_view(s, 99))


def test_the_last_view_is_noted_and_is_no_deed(workspace) -> None:
    assert workspace.read(saved_views.last_view) == (ListView(), None)
    workspace.maintain(lambda s: saved_views.remember_view(s, VIEW, 7))
    assert workspace.read(saved_views.last_view) == (KEPT, 7)


@given(kept=st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["columns", "widths", "only", "sort", "group", "view", "named", "own", "level", "x"]),
        inner, max_size=5,
    ),
    max_leaves=12,
))  # fmt: skip
def test_whatever_another_program_wrote_is_a_view(kept) -> None:
    view = saved_views._read(kept if isinstance(kept, dict) else {})
    assert view.columns[0] == "name"
    assert saved_views._read(saved_views._written(view)) == view


def test_a_spoilt_note_is_the_usual_view(workspace) -> None:
    for value in ("{", "[]", "null", json.dumps({"view": 5, "named": "x"})):
        workspace.maintain(lambda s, value=value: s.merge(StoreNote(key="people_view", value=value)))
        assert workspace.read(saved_views.last_view) == (ListView(), None)


def test_a_filter_of_a_later_program_is_left_out(workspace, deed) -> None:
    one = deed(lambda s: saved_views.save_view(s, "Завтра", VIEW))
    strange = {"columns": ["city", "moon"], "only": {"level": 5, "moon": "full", "city": "Омск"}, "sort": "up"}
    deed(lambda s: s.execute(update(SavedView).where(SavedView.id == one).values(view=strange)))
    (found,) = workspace.read(saved_views.views)
    assert found.view == ListView(columns=("name", "city", "moon"), only=PeopleFilter(city="Омск"))
