"""The front door: `krug`, `python -m crm`, and the bundle's program."""

from __future__ import annotations

import multiprocessing
import sys

from crm import starting


def main() -> None:
    """Run the command line, or open the window when no command is given."""
    # Files are parsed in a spawned child; in a bundle that child starts here.
    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    with starting.without_collecting():
        from crm.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
