"""What every test may use: a real store in a folder of its own, a clock that stands still, Russian as the language."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TZ", "Europe/Moscow")
if hasattr(time, "tzset"):
    time.tzset()

from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.i18n import phrase
from crm.store.workspace import Workspace

pytest_plugins = ["pytester"]
T = TypeVar("T")
NOON = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
"""The moment of tests: Thursday, 12 November 2026, 12:00 in Moscow."""


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KRUG_HOME", str(tmp_path / "home"))
    if hasattr(time, "tzset"):
        # A test that lived in another zone took its variable back, not what the C library had read of it.
        time.tzset()
    i18n.use("ru")
    yield
    i18n.use("ru")


@pytest.fixture
def clock() -> clocks.Clock:
    return clocks.fixed(NOON)


@pytest.fixture
def workspace(tmp_path: Path, clock: clocks.Clock) -> Iterator[Workspace]:
    store = Workspace.create(tmp_path / "community.krug", clock)
    yield store
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        # Windows go before their store, as in the program: a page's timer may not ask a store that is closed.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    store.close()


@pytest.fixture
def deed(workspace: Workspace) -> Callable[[Callable[[Session], T]], T]:
    """Run a verb as a deed and give what it returned."""

    def run(verb: Callable[[Session], T]) -> T:
        return workspace.write(phrase("Test"), verb).value

    return run
