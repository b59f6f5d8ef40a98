"""How far a worksheet goes, told from its XML as it is read: two cells can make billions."""

from __future__ import annotations

import re

LONGEST_TAG = 1 << 23  # bytes; beyond, it is no tag, and is not held
COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})\d""")
ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["'](\d{1,12})""")
CELL_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]{1,7}(\d{1,12})""")


class Extent:
    """The lowest row and the widest column met so far in a worksheet.

    Attributes
    ----------
    rows, columns : int
        From 1; as the references of its rows and cells say, which may lie.
    """

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._letters: set[bytes] = set()

    @property
    def cells(self) -> int:
        """Rows × columns, empty cells included."""
        return self.rows * self.columns

    def add(self, xml: bytes) -> None:
        """Look at a part of the sheet that cuts no tag in two."""
        met = set(COLUMN.findall(xml)) - self._letters
        self._letters |= met
        self.columns = max([self.columns, *map(column_place, met)])
        rows = {*ROW.findall(xml), *CELL_ROW.findall(xml)}  # either may be the one that lies
        self.rows = max([self.rows, *map(int, rows)])


def whole_tags(held: bytes, chunk: bytes) -> tuple[bytes, bytes]:
    """Split what was read where no tag is cut: the part to look at now, and the part to hold."""
    seen = held + chunk
    cut = seen.rfind(b"<")
    if not chunk or cut < 0 or len(seen) > LONGEST_TAG:
        return seen, b""
    return seen[:cut], seen[cut:]


def column_place(letters: bytes) -> int:
    """The place of a column, from its letters: A is 1."""
    place = 0
    for sign in letters.upper():
        place = 26 * place + sign - 64
    return place
