"""While the program gets up it makes a hundred thousand things that stay, and hardly any garbage."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Do not look for garbage within the block, and never again among what it made.

    Looking costs a tenth of the start; afterwards each full look would stop the window for tens of milliseconds.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
