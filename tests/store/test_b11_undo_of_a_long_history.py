"""B11: a small deed is undone at the same price in a young store and in one that has seen much."""

from __future__ import annotations

from crm.i18n import phrase
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

_COUNTED = 100


def _price(workspace: Workspace) -> int:
    """Steps of SQLite's machine, in hundreds, that the undo of one person takes."""
    workspace.write(phrase("Add"), lambda s: makers.phone(s, makers.person(s, NOON, "Последний"), "+79000000001").id)
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    with workspace._window.connect() as connection:
        driver = connection.connection.driver_connection
    # The window's thread has this one connection, and writes through it.
    assert driver is not None
    driver.set_progress_handler(count, _COUNTED)
    workspace.undo()
    driver.set_progress_handler(None, 0)
    return steps[0]


def test_b11_the_undo_of_a_small_deed_does_not_read_all_changes_there_ever_were(workspace: Workspace) -> None:
    young = _price(workspace)
    assert young
    for batch in range(5):
        workspace.write(
            phrase("Add"),
            lambda s, batch=batch: [
                makers.phone(s, makers.person(s, NOON, f"Ф{batch}-{n}"), f"+7901{batch}{n:06}").id for n in range(300)
            ],
        )
    assert _price(workspace) < 1.5 * young
