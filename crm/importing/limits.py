"""How much of anything a file may bring (reliability §2); over a limit is a named reject, never a cut."""

from typing import Final

FILE: Final = 200 * 1_048_576
"""Bytes of a file of people."""
NAME: Final = 200
"""Characters of a name, title, organisation, contact or tag."""
LINK: Final = 2_000
"""Characters of a web address."""
NOTE: Final = 200_000
"""Characters of a note, answer or comment."""
ROWS: Final = 500_000
COLUMNS: Final = 200
CELL: Final = 1_000_000
"""Characters of one cell of a text table."""
LINE: Final = 1_048_576
"""Bytes of an unfolded vCard line."""
PHOTO_LINE: Final = 7 * 1_048_576
"""The same for a photo in base64."""
PHOTO: Final = 5 * 1_048_576
"""Bytes of a photo."""
UNPACKED: Final = 200 * 1_048_576
"""Bytes of all members of a workbook."""
RATIO: Final = 100
"""Unpacked bytes to packed ones."""
