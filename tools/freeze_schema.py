"""Write the tables and indexes of today as the SQL that the first revision runs; later ones are written by hand."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from crm.store import schema
from crm.store.workspace import Workspace

SEPARATOR = ";\n\n"


def statements() -> list[str]:
    """Every CREATE TABLE and CREATE INDEX of a new store, tables first; triggers are generated, not frozen."""
    with tempfile.TemporaryDirectory() as folder, Workspace.create(Path(folder) / "a.krug") as workspace:
        rows = workspace.read(
            lambda session: (
                session.connection()
                .exec_driver_sql(
                    "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL "
                    "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'person_search_%' AND name <> 'alembic_version' "
                    "ORDER BY type DESC, CASE type WHEN 'table' THEN rowid ELSE name END"
                )
                .all()
            )
        )
    return [" ".join(line.rstrip() for line in row[0].splitlines() if line.strip()) for row in rows]


def main() -> int:
    """Freeze the schema of version 1."""
    target = Path(schema.__file__).parent / "migrations" / "versions" / f"{schema.REVISION}.sql"
    target.write_text(SEPARATOR.join(statements()) + ";\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
