"""Columns proposed for the headings of one's own, by likeness with those of the contract."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell
from observatory.workbook.cells import clean
from observatory.workbook.contract import TO_CORRECT, Contract, Sheet
from observatory.workbook.headings import SEARCHED, texts_of
from observatory.workbook.raw import RawTable, is_blank

SURE, LIKELY, ALIKE = 3.0, 2.0, 0.82
MOST_HEADINGS = 200  # columns that are looked at
MOST_WORDS = 60  # different words of a column that are looked at; beyond, it is no list


@dataclass(frozen=True)
class Proposal:
    """What the headings of a table seem to mean.

    Attributes
    ----------
    columns : dict of str to str
        Name of the column by heading; empty for one that seems to mean none.
    known : set of str
        Headings that are understood without any mapping.
    words : dict
        How many rows have each word, in the columns that have a list of values.
    """

    sheet: Sheet
    where: str
    columns: dict[str, str]
    known: set[str]
    words: dict[str, Counter[str]] = field(default_factory=dict)


def propose(contract: Contract, raw: RawTable) -> Proposal | None:
    """Find the likely headings of a table, and the words of its lists; None without any."""
    first = [line for line in itertools.islice(raw.lines, SEARCHED) if not is_blank(line.cells)]
    best, place, sheet = 0.0, -1, contract.sheets[0]
    for number, line in enumerate(first):
        headings = texts_of(line.cells[:MOST_HEADINGS])
        for candidate in contract.sheets:
            found = likely_columns(candidate, headings)
            points = len(set(found.values())) - len(candidate.missing(set(found.values()))) / 2
            if len(found) >= 2 and points > best:
                best, place, sheet = points, number, candidate
    if place < 0:
        return None
    stood = texts_of(first[place].cells[:MOST_HEADINGS])
    headings = [h for h in stood if h and plain(h) != plain(TO_CORRECT)]
    found = likely_columns(sheet, headings)
    known = {h for h in headings if sheet.column_of(h)}
    rows = (line.cells for line in itertools.chain(first[place + 1 :], raw.lines))
    listed = {c.name for c in sheet.columns if c.choices}
    at = {column: n for n, h in enumerate(stood) if (column := found.get(h, "")) in listed}
    return Proposal(
        sheet, raw.where, {h: found.get(h, "") for h in headings}, known, _words(rows, at)
    )


def likely_columns(sheet: Sheet, headings: Sequence[str]) -> dict[str, str]:
    """The column that each heading seems to mean, one heading a column, the likeliest first."""
    scored = sorted(
        ((score, -n, h, c) for n, h in enumerate(headings) if h for c, score in _scores(sheet, h)),
        reverse=True,
    )
    found: dict[str, str] = {}
    for _, _, heading, column in scored:
        if heading not in found and column not in found.values():
            found[heading] = column
    return found


def _scores(sheet: Sheet, heading: str) -> Iterator[tuple[str, float]]:
    word = plain(heading[:100])
    if word in sheet.left_out:
        return
    for column in sheet.columns:
        if word in column.words:
            yield column.name, SURE
        elif word in column.likely:
            yield column.name, LIKELY
        else:
            near = max(_likeness(word, w) for w in column.words | column.likely)
            if near >= ALIKE:
                yield column.name, near


@lru_cache(maxsize=65_536)  # every heading of a wide table against every word of the contract
def _likeness(one: str, other: str) -> float:
    """How near two headings are; one whose words are all in the other is near as well."""
    mine, theirs = set(one.split()), set(other.split())
    if len(other) > 3 and mine and (theirs < mine or mine < theirs):
        return ALIKE + 0.1 * len(mine & theirs) / len(mine | theirs)
    if 2 * min(len(one), len(other)) < ALIKE * (len(one) + len(other)):
        return 0.0  # too unlike in length, which costs less to see than the rest
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _words(rows: Iterator[list[Cell]], at: dict[str, int]) -> dict[str, Counter[str]]:
    words: dict[str, Counter[str]] = {column: Counter() for column in at}
    for cells in rows:
        for column, place in at.items():
            if place < len(cells) and (word := clean(cells[place])):
                words[column][word[:200]] += 1
    return {c: w for c, w in words.items() if w and len(w) <= MOST_WORDS}
