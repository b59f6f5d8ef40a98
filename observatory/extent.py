"""How far a worksheet goes, told from its XML as it is read: two cells can make billions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

LONGEST_TAG = 1 << 23  # bytes; beyond, it is no tag, and is not held
CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})(\d{1,12})""")
ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["'](\d{1,12})""")


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
        cells = CELL.findall(xml)
        letters, rows = {c for c, _ in cells}, {r for _, r in cells}
        met = letters - self._letters
        self._letters |= met
        self.columns = max([self.columns, *map(column_place, met)])
        rows.update(ROW.findall(xml))  # either may be the one that lies
        self.rows = max([self.rows, *map(int, rows)])


class RepeatedExtent:
    """The same of OpenDocument sheets, whose rows and cells say how many times they are there.

    Attributes
    ----------
    rows, columns : int
        Of the largest sheet met so far, up to its last row and column that hold something.
    """

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._place = self._width = self._filled = 0
        self._repeated = 1
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    @property
    def cells(self) -> int:
        """Rows × columns, empty cells included."""
        return self.rows * self.columns

    def add(self, xml: bytes) -> None:
        """Look at a part of the content, cut anywhere.

        Raises
        ------
        ValueError
            When it is no XML.
        """
        try:
            self._parser.Parse(xml, False)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from error

    def _start(self, tag: str, given: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "table":
            self._place = 0
        elif name == "table-row":
            self._width = self._filled = 0
            self._repeated = _times(given, "table:number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self._width += _times(given, "table:number-columns-repeated")
            if any(a.startswith("office:") for a in given):
                self._filled = self._width
        elif name == "p":  # the text of a cell
            self._filled = self._width

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "table-row":
            return
        self._place += self._repeated
        if self._filled:
            self.rows = max(self.rows, self._place)
            self.columns = max(self.columns, self._filled)


def _times(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "1")
    return max(int(text), 1) if text.isdigit() and len(text) < 12 else 1


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
