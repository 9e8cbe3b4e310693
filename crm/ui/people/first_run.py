"""The page of a store with nobody in it: three ways to begin."""

from __future__ import annotations

from collections.abc import Callable

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.empty_states import EmptyState


def first_run(theme: Theme, navigate: Callable[[str, object], object], add: Callable[[], object]) -> EmptyState:
    """Bring people in, add the first one, look at the demo."""
    empty = EmptyState(
        theme,
        i18n.text("Gather your circle"),
        i18n.text("People will be here, with their events, their feedback and all you promised them."),
        foot=i18n.text("The data never leaves this computer"),
    )
    empty.add_way(
        "file-arrow-down",
        i18n.text("Bring a table or contacts"),
        i18n.text("Excel, CSV, vCard, or a list from a ticket service"),
        "Ctrl I",
        lambda: navigate("import", None),
        main=True,
    )
    empty.add_way(
        "user-plus", i18n.text("Add the first person"), i18n.text("A name is enough, the rest later"), "N", add
    )
    empty.add_way(
        "flask",
        i18n.text("Look at an example"),
        i18n.text("300 invented people, gone with one button"),
        "Ctrl D",
        lambda: navigate("demo", None),
    )
    empty.add_quiet_way(i18n.text("Protect it with a passphrase"), lambda: navigate("passphrase", None))
    return empty
