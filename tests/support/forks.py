"""Children of a warmed-up interpreter: killed at a moment, or run to their end. A cold start would cost 0.6 s each."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

Say = Callable[[str], None]
Work = Callable[[Say], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a child said, line by line, how it ended (0, an exit code, or minus the signal), and its number."""

    lines: list[str]
    code: int
    process: int


def _say(writing: int, line: str) -> None:
    os.write(writing, f"{line}\n".encode())


@contextlib.contextmanager
def _child(work: Work) -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.close(reading)
            work(partial(_say, writing))
            code = 0
        except BaseException:  # noqa: BLE001 - a child never returns into its parent's code
            with contextlib.suppress(OSError):
                os.write(writing, f"!{traceback.format_exc()[-2000:]}".replace("\n", " | ").encode() + b"\n")
        finally:
            os._exit(code)
    os.close(writing)
    try:
        yield child, reading
    finally:
        os.close(reading)


def killed(work: Work, seconds: float, after: int = 1) -> Ended:
    """Run `work` in a child and kill it so many seconds after its line `after`; it may end before the blow."""
    with _child(work) as (child, reading):
        said = b""
        while said.count(b"\n") < after and (more := os.read(reading, 65_536)):
            said += more
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            # Read on meanwhile: a full pipe would hold the child up.
            if select.select([reading], [], [], left)[0]:
                more = os.read(reading, 65_536)
                if not more:
                    break
                said += more
        os.kill(child, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        while more := os.read(reading, 65_536):
            said += more
    return _ended(said, code, child)


def finished(work: Work) -> Ended:
    """Run `work` in a child to its end."""
    with _child(work) as (child, reading):
        said = b""
        while more := os.read(reading, 65_536):
            said += more
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return _ended(said, code, child)


def _ended(said: bytes, code: int, child: int) -> Ended:
    # A line without its end was not said: the blow came in the middle of it.
    whole = said[: said.rfind(b"\n") + 1].decode("utf-8", "replace")
    return Ended(whole.splitlines(), code, child)
