"""Statements compiled once for all stores of a run: otherwise a blow would mostly fall into compiling, not writing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine

from crm.store import driver

_shared: dict[str, Any] = {}


def _engine(*words: Any, **options: Any) -> Engine:
    made = create_engine(*words, **options)
    if not _shared:
        _shared.update(dialect=made.dialect, cache=made._compiled_cache)
    made.dialect, made._compiled_cache = _shared["dialect"], _shared["cache"]
    return made


def share_statements() -> None:
    """From here on every engine of this process and of its children knows what any of them has compiled."""
    driver.create_engine = _engine
