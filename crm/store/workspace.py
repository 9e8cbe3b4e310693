"""The one open store: reading, deeds, housekeeping. Whoever opens a transaction closes it, and only this room does."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, Literal, Self, TypeVar, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import paths
from crm.clock import Clock
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase
from crm.models import new_uid
from crm.store import copies, derived, folders, journal, looking, rekeying
from crm.store.beside import beside, drop_logs, size_of
from crm.store.copies import Report, Snapshot, make_copy, silent
from crm.store.copy_check import state_of
from crm.store.doorstep import look
from crm.store.driver import (
    BEGIN,
    WINDOW_CACHE,
    WORKER_CACHE,
    connect,
    driver_errors,
    make_engine,
    make_private_file,
    mark_file,
)
from crm.store.errors import (
    DiskFull,
    NothingToRedo,
    NothingToUndo,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreExists,
    StoreForeign,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreNoRights,
    StoreTampered,
    UndoRefused,
)
from crm.store.key import Key, Secret, new_salt
from crm.store.lock import StoreLock
from crm.store.schema import SCHEMA_VERSION, create_schema, is_newer, schema_rank, seed
from crm.store.telling import told, told_by_driver

WINDOW_PATIENCE: Final = 0.15
"""Seconds the window's thread waits for its turn to write."""
CLOSING_PATIENCE: Final = 10.0
"""Seconds that closing waits for a task that was asked to stop."""

T = TypeVar("T")
Verb = Callable[[Session], T]
Changed = Callable[[frozenset[str]], None]
Saving = Literal["begun", "saved", "refused", "failed"]
"""How a deed goes: begun; committed; refused by its verb, so that nothing was to be saved; not saved."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What a deed gave back, its number (None when it changed nothing), and the tables it touched."""

    value: T
    deed: int | None
    tables: frozenset[str]


class _Rehearsed(Exception):
    """Carries what a rehearsed deed gave out of its transaction, which is rolled back by it."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class Workspace:
    """An open store. Made by `create`, `open` or `open_or_create`; `close` it, or use it as a context manager.

    The thread that opened it has a connection with a large cache; every other thread shares a second, smaller one.
    Writes queue behind each other. `changed` holds callables told, after each commit and on the thread that wrote,
    which tables were touched; `saving` those told how each deed goes, before and after it, on the same thread.
    """

    def __init__(self, path: Path, lock: StoreLock, clock: Clock, key: Key | None = None) -> None:
        self.path = path
        self.clock = clock
        self.place = folders.kind_of(path)
        self.encrypted = key is not None
        self.changed: list[Changed] = []
        self.saving: list[Callable[[Saving], None]] = []
        self._lock = lock
        self._home = threading.get_ident()
        self._writing = threading.RLock()
        self._worker_reading = threading.RLock()
        self._window_reading = threading.RLock()
        self._key = key
        self._window = self._make_engine(WINDOW_CACHE)
        self._worker: Engine | None = None
        self._closed = False
        self._locked = False

    def _make_engine(self, cache_kib: int) -> Engine:
        return make_engine(self.path, cache_kib, self._key, shared=self.place.shared)

    # -- life -----------------------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, path: Path, clock: Clock = clocks.now, *, demo: bool = False, secret: Secret | None = None
    ) -> Workspace:
        """Make a new store at `path`, encrypted where a `secret` is given.

        Raises StoreExists where any file already is.
        """
        key = None if secret is None else secret(new_salt())
        paths.private_folder(path.parent)
        lock = StoreLock(path)
        lock.take()
        try:
            try:
                make_private_file(path)
            except FileExistsError as error:
                raise StoreExists(path=str(path)) from error
            except OSError as error:
                raise StoreNoRights(path=str(path)) from error
            workspace = cls(path, lock, clock, key)
            notes = {"uid": new_uid(), "made_at": clock().isoformat(), "demo": "1" if demo else "0"}
            notes |= derived.notes()
            try:
                with told_by_driver(path):
                    mark_file(path, key)
                with workspace._transaction(write=True) as session:
                    create_schema(session.connection())
                    seed(session.connection(), notes)
                workspace._checkpoint()
            except BaseException:
                workspace._window.dispose()
                drop_logs(path)
                path.unlink(missing_ok=True)
                raise
            return workspace
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path, clock: Clock = clocks.now, secret: Secret | None = None) -> Workspace:
        """Open the store at `path`, migrating an older one; a file that is not sound is never touched.

        Raises StoreMissing, StoreForeign, StoreNewer, StoreDamaged, StoreTampered, StoreHeld, StoreNoRights; of an
        encrypted store StoreLocked without a `secret` and PassphraseWrong with one that does not fit; StoreNotCopied
        where an older one could not be copied first.
        """
        if not path.exists():
            raise StoreMissing(path=str(path))
        lock = StoreLock(path)
        # The lock comes first: reading the file beside an open connection of this process would drop SQLite's locks.
        lock.take()
        try:
            key, version = look(path, secret)
            if is_newer(version):
                raise StoreNewer(path=str(path), found=schema_rank(version)[0], known=schema_rank(SCHEMA_VERSION)[0])
            _finish_rekeying(path, key, clock)
            if schema_rank(looking.examine(path, key)) < schema_rank(SCHEMA_VERSION):
                from crm.store.migrating import migrate

                try:
                    migrate(path, key, clock)
                except DatabaseError as error:
                    raise told(error, path) from error
                looking.examine(path, key)
            workspace = cls(path, lock, clock, key)
            try:
                # The file is connected to here, so that what keeps it from being written is told by the opening.
                workspace.read(lambda session: session.connection().exec_driver_sql("SELECT 1 FROM open_deed").one())
                if not workspace.read(lambda session: derived.noted(session.connection())):
                    # A full disk keeps nobody from reading; the next opening tries again.
                    with contextlib.suppress(DiskFull):
                        workspace.maintain(lambda session: derived.catch_up(session.connection(), clocks.today(clock)))
            except BaseException:
                workspace._window.dispose()
                raise
            return workspace
        except (StoreForeign, StoreNewer, StoreDamaged, StoreTampered):
            lock.release(forget=True)
            raise
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open_or_create(cls, path: Path, clock: Clock = clocks.now, secret: Secret | None = None) -> Workspace:
        """Open the store at `path`, or make it where there is no file at all."""
        return cls.open(path, clock, secret) if path.exists() else cls.create(path, clock, secret=secret)

    def close(self) -> None:
        """Write everything into the one file and let go of it.

        A task that does not end within some seconds keeps its connection, and then the lock beside the store with it:
        another program must not open what is still written.
        """
        self._closed = True
        with contextlib.ExitStack() as alone:
            for turn in (self._writing, self._worker_reading):
                if not turn.acquire(timeout=CLOSING_PATIENCE):
                    return
                alone.callback(turn.release)
            if not self._locked:
                self._let_go()
            self._lock.release()

    def _let_go(self) -> None:
        if self._worker is not None:
            self._worker.dispose()
            self._worker = None
        with contextlib.suppress(DatabaseError, driver_errors()):
            self._checkpoint()
        self._window.dispose()

    @property
    def locked(self) -> bool:
        """True between `lock` and `unlock`."""
        return self._locked

    def lock(self) -> None:
        """Put an encrypted store away while its manager is: everything in the file, no connection, no key in memory.

        What asks it meanwhile gets StoreLocked. Nobody else can open it: the lock beside the store stays ours.
        """
        if not self.encrypted or self._locked or self._closed:
            return
        with self._writing, self._worker_reading, self._window_reading:
            self._locked = True
            try:
                self._let_go()
            finally:
                self._key = None
                self._window = self._make_engine(WINDOW_CACHE)

    def unlock(self, secret: Secret) -> None:
        """Go on where `lock` left off; raises PassphraseWrong, and the store stays locked."""
        if not self._locked:
            return
        key, _ = look(self.path, secret)
        with self._writing, self._worker_reading, self._window_reading:
            self._key, self._worker = key, None
            self._window = self._make_engine(WINDOW_CACHE)
            self._locked = False

    @property
    def warning(self) -> CrmError | None:
        """What to tell of the folder the store lies in; None where there is nothing to."""
        return folders.warning_of(self.place)

    @property
    def unrested(self) -> bool:
        """True while a copy of the one file alone would lack something: what stands in the log beside it."""
        return size_of(beside(self.path, "-wal")) > 0

    def rest(self) -> None:
        """Write the log beside the store into the one file, so that a copy of it alone is whole. For a quiet moment.

        Raises DiskFull and StoreBusy; what was committed stays committed, in the log.
        """
        if self._closed or self._locked:
            return
        with (
            told_by_driver(self.path),
            contextlib.closing(connect(self.path, self._key, shared=self.place.shared)) as connection,
        ):
            # Most of it goes over while others may write; only the last step keeps them waiting.
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            with self._alone(here=threading.get_ident() == self._home):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def secret(self) -> Secret | None:
        """What opens this store once more, for whoever closes and opens it; None while plain or locked."""
        key = self._key
        return None if key is None else lambda _: key

    @property
    def salt(self) -> bytes | None:
        """The salt of the key in memory; None while plain or locked."""
        return None if self._key is None else self._key.salt

    def fresh_key(self, secret: Secret) -> Key:
        """The key that `secret` would give this store: on the salt it has, or on a new one."""
        return secret(new_salt() if self._key is None else self._key.salt)

    def fits(self, secret: Secret) -> bool:
        """Whether `secret` gives the key this store is open with."""
        return self._key is not None and secret(self._key.salt) == self._key

    def change_key(
        self, new: Key | None, report: Callable[[int, int], None], *, delete_copies: bool = False
    ) -> rekeying.Rekeyed:
        """Put the store and its copies under the `new` key (None: readable by anyone); reading goes on meanwhile.

        `delete_copies` deletes them instead. Raises RoomMissing, DiskFull, NotRekeyed, StoreBusy and what `report`
        raises, with everything as it was.
        """
        with self._writing, self._worker_reading:
            if self._locked:
                raise StoreLocked(path=str(self.path))
            there = copies.list_copies(copies.folder_of(self.path))
            taken = [] if delete_copies else [copy.path for copy in there]
            done = rekeying.prepare(self.path, self._key, new, taken, report)
            with self._window_reading:
                self._let_go()
                try:
                    rekeying.commit(self.path)
                    self._key, self.encrypted = new, new is not None
                except Exception:
                    rekeying.give_up(self.path, taken)
                    raise
                finally:
                    self._window = self._make_engine(WINDOW_CACHE)
            _finish_rekeying(self.path, self._key, self.clock)
            if delete_copies:
                for copy in there:
                    rekeying.drop(copy.path)
                    copies.remove_copy(copy)
            return done

    def _checkpoint(self) -> None:
        with self._window.connect() as connection:
            raw = connection.connection.dbapi_connection
            if raw is not None:
                cursor = raw.cursor()
                for pragma in ("analysis_limit = 400", "optimize", "wal_checkpoint(TRUNCATE)"):
                    cursor.execute(f"PRAGMA {pragma}")
                cursor.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One picture of the store on a connection of its own, for copies; any thread. The key stays on this floor.

        Raises StoreLocked, and what opening a connection may; `lock` waits until the block ends.
        """
        with (
            self._window_reading if threading.get_ident() == self._home else self._worker_reading,
            contextlib.ExitStack() as ending,
        ):
            if self._locked or self._closed:
                raise StoreLocked(path=str(self.path))
            with told_by_driver(self.path):
                connection = connect(self.path, self._key, shared=self.place.shared)
                ending.callback(connection.close)
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            yield Snapshot(connection, self._key)

    def state(self) -> str:
        """A short digest that changes with everything that is saved; equal to that of a copy of the same moment."""
        with self.snapshot() as picture:
            return state_of(picture.connection)

    # -- work -----------------------------------------------------------------------------------------------------

    def read(self, verb: Verb[T]) -> T:
        """Run `verb` on one consistent picture of the store."""
        with self._transaction(write=False) as session:
            return verb(session)

    def write(self, label: Phrase, verb: Verb[T], *, copy_first: str = "", report: Report = silent) -> Done[T]:
        """A deed: run `verb`, journal what it changed under `label`, bring what follows in step, commit.

        Anything `verb` raises rolls all of it back. Raises DiskFull and StoreBusy besides. `copy_first` is the reason
        of a copy made before («before_import»), of which `report` hears; where it can't be made, its error is raised
        and nothing is done.
        """
        if copy_first:
            make_copy(self, copy_first, report)
        with self._followed(), self._transaction(write=True) as session:
            connection = session.connection()
            number = journal.open_deed(connection, label, self.clock())
            value = verb(session)
            session.flush()
            tables = journal.close_deed(connection, number)
            derived.follow(connection, clocks.today(self.clock), tables)
        self._tell(tables)
        return Done(value, number if tables else None, tables)

    def rehearse(self, label: Phrase, verb: Verb[T]) -> T:
        """What a deed would do: `verb` runs as `write` runs it, and all of it is rolled back; nobody hears of it."""
        try:
            with self._transaction(write=True) as session:
                journal.open_deed(session.connection(), label, self.clock())
                raise _Rehearsed(verb(session))
        except _Rehearsed as over:
            return cast("T", over.value)

    def maintain(self, verb: Verb[T]) -> T:
        """Housekeeping: derived rows, records and logs. A change of a fact in here fails: facts belong to deeds."""
        with self._transaction(write=True) as session:
            value = verb(session)
            session.flush()
            return value

    def undo(self, deed: int | None = None) -> journal.Turned:
        """Turn back `deed`, or the newest one that stands. Raises NothingToUndo or UndoRefused."""
        return self._turn(deed, redo=False)

    def redo(self) -> journal.Turned:
        """Do again what was undone last. Raises NothingToRedo or UndoRefused."""
        return self._turn(None, redo=True)

    def _turn(self, deed: int | None, *, redo: bool) -> journal.Turned:
        with self._followed(), self._transaction(write=True) as session:
            connection = session.connection()
            turned = journal.turn_back(connection, self.clock(), deed, redo=redo)
            derived.follow(connection, clocks.today(self.clock), turned.tables)
        self._tell(turned.tables)
        return turned

    def _tell(self, tables: frozenset[str]) -> None:
        if tables:
            for listener in list(self.changed):
                listener(tables)

    @contextlib.contextmanager
    def _followed(self) -> Iterator[None]:
        """Tell how a deed goes: «saved» is said after the commit and never before."""
        self._say("begun")
        try:
            yield
        except (StoreBusy, UndoRefused, NothingToUndo, NothingToRedo, Cancelled):
            self._say("refused")
            raise
        except BaseException as error:
            self._say("failed" if isinstance(error, _UNSAVED) or not isinstance(error, CrmError) else "refused")
            raise
        self._say("saved")

    def _say(self, how: Saving) -> None:
        for listener in list(self.saving):
            listener(how)

    @contextlib.contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Session]:
        here = threading.get_ident() == self._home
        with (
            self._alone(here=here) if write else contextlib.nullcontext(),
            self._window_reading if here else self._worker_reading,
        ):
            # Asked here and not before: while one waited for one's turn the store may have been locked.
            if self._closed:
                raise RuntimeError("the store was closed")
            if self._locked:
                raise StoreLocked(path=str(self.path))
            mode: Literal["IMMEDIATE", "DEFERRED"] = "IMMEDIATE" if write else "DEFERRED"
            try:
                with (
                    self._engine(here=here).connect().execution_options(**{BEGIN: mode}) as connection,
                    Session(bind=connection, expire_on_commit=False) as session,
                    session.begin(),
                ):
                    yield session
            except DatabaseError as error:
                raise told(error, self.path) from error
            except ValueError as error:
                if looking.is_garbled(error):
                    raise StoreDamaged(path=str(self.path)) from error
                raise

    @contextlib.contextmanager
    def _alone(self, *, here: bool) -> Iterator[None]:
        """Be the one writer. The window's thread does not wait for a long deed of the worker: it is told."""
        if not self._writing.acquire(timeout=WINDOW_PATIENCE if here else -1):
            raise StoreBusy
        try:
            yield
        finally:
            self._writing.release()

    def _engine(self, *, here: bool) -> Engine:
        if here:
            return self._window
        if self._worker is None:
            self._worker = self._make_engine(WORKER_CACHE)
        return self._worker


_UNSAVED: Final = (StoreError, DiskFull)


def _finish_rekeying(path: Path, key: Key | None, clock: Clock) -> None:
    def reseal(copy: Path) -> None:
        # What is only beside the copy; the copy itself was examined when it was written.
        with contextlib.suppress(OSError, CrmError):
            copies.reseal(copy, key, clock)

    rekeying.finish(path, key, copies.folder_of(path), reseal)
