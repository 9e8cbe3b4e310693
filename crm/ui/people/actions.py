"""What can be done with people from their list: each a dialog, a file or a deed with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase, phrase, phrase_plural
from crm.services import people, people_editing, tasks
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations, Said
from crm.ui.people import exporting
from crm.ui.people.dialogs import ConversationDialog, InviteDialog, SiteDialog, TagsDialog
from crm.ui.people.editor import PersonEditor
from crm.ui.theme import Theme


class PeopleActions(QObject):
    """The actions of the page, on whoever `chosen` gives. `person_wanted` asks the page to show somebody."""

    person_wanted = Signal(int)

    def __init__(
        self, theme: Theme, host: QWidget, operations: Operations, jobs: Jobs, chosen: Callable[[], list[int]]
    ) -> None:
        super().__init__(host)
        self._theme, self._host, self._operations, self._jobs = theme, host, operations, jobs
        self._chosen = chosen
        self.view_columns: Callable[[], Sequence[str]] = tuple
        """Keys of the columns the list shows, as `crm.export.people` calls them; the page says them."""

    def add(self, name: str = "") -> None:
        """A new person; `name` is a first guess at the name."""
        self._open(PersonEditor(self._theme, self._host, self._operations, name=name))

    def edit(self, person_id: int | None) -> None:
        """Change a person; nothing for nobody."""
        if person_id is not None:
            card = self._operations.read(lambda s: people.card(s, person_id))
            self._open(PersonEditor(self._theme, self._host, self._operations, card))

    def _open(self, editor: PersonEditor) -> None:
        editor.saved.connect(self.person_wanted)
        editor.person_chosen.connect(self.person_wanted)
        editor.open()

    def log(self) -> None:
        """Log a conversation."""
        ids = self._chosen()
        if ids:
            ConversationDialog(self._theme, self._host, self._operations, ids, self._called(ids)).open()

    def invite(self) -> None:
        """Invite to an event."""
        ids = self._chosen()
        if ids:
            InviteDialog(self._theme, self._host, self._operations, ids, self._called(ids)).open()

    def edit_tags(self) -> None:
        """The tags of one person, or more tags for several."""
        ids = self._chosen()
        if ids:
            TagsDialog(self._theme, self._host, self._operations, ids, self._called(ids)).open()

    def export(self) -> None:
        """Into a file."""
        ids = self._chosen()
        if ids:
            self.export_all(ids, self._called(ids))

    def export_all(self, ids: Sequence[int], name: str = "") -> None:
        """These people into a file."""
        exporting.ask_and_export(self._theme, self._host, self._operations, self._jobs, ids, name, self.view_columns())

    def show_code(self) -> None:
        """Contacts of one person as a code that a phone scans."""
        ids = self._chosen()
        if len(ids) == 1:
            from crm.ui.people.qr import CodeDialog

            card = self._operations.read(lambda s: people.card(s, ids[0]))
            CodeDialog(self._theme, self._host, self._operations, card).open()

    def archive(self, *, back: bool = False) -> None:
        """Out of the lists, or back into them."""
        ids = self._chosen()
        if ids:
            label = self._brought_back(ids) if back else self._archived(ids)
            clock = self._operations.clock
            self._operations.perform(label, lambda s: people_editing.archive_people(s, ids, clock, archived=not back))

    def delete(self) -> None:
        """Out of everything; the toast undoes it. Several at once are copied first, in a job."""
        ids, clock = self._chosen(), self._operations.clock
        if not ids:
            return
        label = self._deleted(ids)

        def verb(session: Any) -> int:
            return people_editing.delete_people(session, ids, clock)

        if len(ids) == 1:
            self._operations.perform(label, verb)
            return
        self._jobs.start(
            label,
            lambda report: self._operations.write(label, verb, copy_first="before_bulk_delete", report=report),
            lambda done: self._operations.said.emit(Said(label, done.deed)),
            self._refused,
        )

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    def finish_task(self, task_id: int) -> None:
        """Tick a task off."""
        clock = self._operations.clock
        self._operations.perform(phrase("Task done"), lambda s: tasks.finish_task(s, task_id, clock))

    def open_site(self, address: str) -> None:
        """Show an address from a card whole, and open it if the person says so."""
        dialog = SiteDialog(self._theme, self._host, address)
        dialog.accepted.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
        dialog.open()

    def tell_copied(self, what: str) -> None:
        """Say what is on the clipboard now."""
        self._operations.said.emit(Said(phrase("Copied: {what}", what=what), None, "copy"))

    # -- words ----------------------------------------------------------------------------------------------------

    def _called(self, ids: Sequence[int]) -> str:
        if len(ids) == 1:
            return self._operations.read(lambda s: people.rows(s, ids))[0].display_name
        return i18n.plural("{count} person", "{count} people", len(ids))

    def _archived(self, ids: Sequence[int]) -> Phrase:
        if len(ids) == 1:
            return phrase("Archived {name}", name=self._called(ids))
        return phrase_plural("Archived {count} person", "Archived {count} people", len(ids))

    def _brought_back(self, ids: Sequence[int]) -> Phrase:
        if len(ids) == 1:
            return phrase("Brought back {name}", name=self._called(ids))
        return phrase_plural("Brought back {count} person", "Brought back {count} people", len(ids))

    def _deleted(self, ids: Sequence[int]) -> Phrase:
        if len(ids) == 1:
            return phrase("Deleted {name}", name=self._called(ids))
        return phrase_plural("Deleted {count} person", "Deleted {count} people", len(ids))
