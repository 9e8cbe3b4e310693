"""The front door of the window: one store, one theme, one worker, the pages. Nothing else knows all of them.

SQLAlchemy is imported before PySide6, on purpose: the other order costs 170 ms of CPU (shiboken's import hook).
"""

import sqlalchemy.orm  # noqa: F401 - before Qt, see above

from crm.app.desktop import Desktop
from crm.app.opened import Opened, make_window
from crm.app.opening import open_window

__all__ = ["Desktop", "Opened", "make_window", "open_window"]
