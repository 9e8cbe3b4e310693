"""Reading in a process of its own, with limits of time and memory: a hostile file can hurt nothing but that process.

Entries come through a pipe in batches. The child is spawned, never forked, so that it holds neither window nor store.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections.abc import Iterator
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any, Final

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.importing import errors, reading
from crm.importing.errors import FileUnreadable, TookTooLong
from crm.importing.layout import Layout
from crm.importing.reading import Report
from crm.importing.rows import Entry, Stream

IN_PROCESS_LIMIT: Final = 1_048_576
"""Plain text up to this many bytes is read where it is asked for: starting a process costs more than reading."""
_BATCH: Final = 400
_TICK: Final = 0.1
_SILENCE: Final = 60.0
"""Seconds without a word after which the child is given up."""
_MEMORY: Final = 512 * 1_048_576


def _no_report(_position: int, _size: int) -> None:
    return None


def open_people(
    path: Path, mapping: Layout | None = None, report: Report = _no_report, clock: Clock = clocks.now
) -> Stream:
    """Like `reading.open_people`, in a child process unless the file is small plain text.

    `report` is called at least every tenth of a second while the child works and may raise Cancelled; the child is
    ended then, as it is when the stream is closed. Raises FileUnreadable, also while entries are walked.
    """
    if reading.size_of(path) <= IN_PROCESS_LIMIT and reading.recognise(path) not in (reading.XLSX, reading.ODS):
        stream = reading.open_people(path, mapping, clock)
        stream.entries = _reported(stream.entries, stream, report)
        return stream
    return _spawned(path, mapping, report, clock)


def _reported(entries: Iterator[Entry], stream: Stream, report: Report) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        if number % _BATCH == 0:
            report(stream.position, stream.size)
        yield entry
    report(stream.size, stream.size)


def _spawned(path: Path, mapping: Layout | None, report: Report, clock: Clock) -> Stream:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(theirs, str(path), mapping, i18n.current(), clock()), name="reading", daemon=True
    )
    process.start()
    theirs.close()
    try:
        first = _next_message(ours, path, lambda: report(0, 0))
    except BaseException:
        _end(process, ours)
        raise
    kind, encoding, guessed, layout, size, columns, sample = first[1:]
    stream = Stream(path.name, kind, encoding, guessed, layout, size, columns=columns, sample=sample)
    stream.entries = _received(process, ours, stream, path, report)
    return stream


def _received(process: BaseProcess, ours: Connection, stream: Stream, path: Path, report: Report) -> Iterator[Entry]:
    try:
        while True:
            message = _next_message(ours, path, lambda: report(stream.position, stream.size))
            if message[0] == "done":
                break
            stream.position = message[2]
            report(stream.position, stream.size)
            yield from message[1]
        report(stream.size, stream.size)
    finally:
        _end(process, ours)


def _next_message(ours: Connection, path: Path, tick: Any) -> tuple[Any, ...]:
    """The child's next word; raises what the child raised, or TookTooLong when it died or fell silent."""
    waiting_since = monotonic()
    while not ours.poll(_TICK):
        tick()
        if monotonic() - waiting_since > _SILENCE:
            raise TookTooLong(file=path.name)
    try:
        message: tuple[Any, ...] = ours.recv()
    except (EOFError, OSError):
        raise TookTooLong(file=path.name) from None
    if message[0] == "error":
        raise _error(message[1], message[2])
    return message


def _error(name: str, details: dict[str, Any]) -> FileUnreadable:
    found: type[FileUnreadable] = getattr(errors, name, FileUnreadable)
    return found(**details)


def _end(process: BaseProcess, ours: Connection) -> None:
    ours.close()
    process.join(0.2)
    if process.is_alive():
        process.terminate()
        process.join(2)
    if process.is_alive():
        process.kill()
        process.join()
    process.close()


def _work(
    theirs: Connection, path: str, mapping: Layout | None, language: str, moment: datetime
) -> None:  # pragma: no cover - runs in the child, where no coverage is taken
    """The child's whole life: read, send, end."""
    i18n.use(language)
    file = Path(path)
    _limit(file.stat().st_size)
    try:
        stream = reading.open_people(file, mapping, clocks.fixed(moment))
        known = (stream.kind, stream.encoding, stream.encoding_guessed, stream.mapping, stream.size)
        theirs.send(("opened", *known, stream.columns, stream.sample))
        batch: list[Entry] = []
        for entry in stream.entries:
            batch.append(entry)
            if len(batch) >= _BATCH:
                theirs.send(("batch", batch, stream.position))
                batch = []
        theirs.send(("batch", batch, stream.position))
        theirs.send(("done",))
    except FileUnreadable as problem:
        theirs.send(("error", type(problem).__name__, problem.details))
    except MemoryError:
        theirs.send(("error", "TookTooLong", {"file": file.name}))
    except BrokenPipeError:
        pass
    finally:
        with contextlib.suppress(OSError):
            theirs.close()


def _limit(size: int) -> None:  # pragma: no cover - in the child
    """Memory and processor time by the size of the file, where the system knows such limits."""
    if sys.platform == "win32":
        return
    import resource

    memory = _MEMORY + 10 * size
    seconds = 60 + size // 262_144
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
