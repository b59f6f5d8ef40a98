"""Heading detection: the line of the headings, the sheet they belong to, unused columns."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from observatory.french.numbers import plural
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, text_of
from observatory.workbook.contract import (
    HELP_SHEET,
    LISTS_SHEET,
    TO_CORRECT,
    Contract,
    Sheet,
    SheetColumn,
)
from observatory.workbook.problems import Problem, short
from observatory.workbook.raw import FileLimits, Line, RawTable, is_blank, letter

SEARCHED = 10  # rows in which the headings are looked for
OVERFLOW = "en_trop"  # heading of a cell that stood beyond the last column


@dataclass
class Table:
    """A table whose headings are known: rows are still to be read.

    Attributes
    ----------
    headings : list of str
        As they stand in the file.
    places : dict of str to int
        Where each column of the contract is; a column that is not there is absent.
    extra : dict of str to int
        Headings that the contract does not know, and where they are.
    of_it : str
        « du recensement »: what the table is part of.
    corrected : bool
        Whether the table is one of rows that were rejected and corrected.
    """

    raw: RawTable
    sheet: Sheet
    headings: list[str]
    places: dict[str, int]
    extra: dict[str, int]
    of_it: str
    lines: Iterator[Line]
    notes: list[str] = field(default_factory=list)
    corrected: bool = False


def score(contract: Contract, cells: list[str]) -> int:
    """How much a row looks like headings of a contract: columns recognised, less those missing."""
    return max(_score(s, _columns(s, cells)) for s in contract.sheets)


def find_headings(
    contract: Contract, raw: RawTable, limits: FileLimits
) -> tuple[Table | None, list[Problem]]:
    """Find the headings of a table within its first rows.

    Returns
    -------
    tuple
        The table, or None when it holds none of the contract; what makes it unreadable as a whole.
    """
    first = [
        line
        for line in itertools.islice(raw.lines, SEARCHED)
        if not is_blank(line.cells) or line.broken
    ]
    named = next(
        (s for s in contract.sheets if plain(raw.title) in (plain(s.title), plain(s.name))), None
    )
    best, place, sheet = -99, -1, contract.sheets[0]
    for number, line in enumerate(first):
        texts = texts_of(line.cells[: limits.max_columns])
        for candidate in [named] if named else contract.sheets:
            points = _score(candidate, _columns(candidate, texts))
            if points > best and _recognised(candidate, texts) >= 2:
                best, place, sheet = points, number, candidate
    if place < 0:
        return None, _no_headings(contract, raw, named, bool(first))
    return _table(contract, raw, sheet, first, place, limits)


def _table(
    contract: Contract,
    raw: RawTable,
    sheet: Sheet,
    first: list[Line],
    place: int,
    limits: FileLimits,
) -> tuple[Table | None, list[Problem]]:
    line = first[place]
    width = max((n + 1 for n, c in enumerate(line.cells) if text_of(c).strip()), default=0)
    if width > limits.max_columns:
        what = f"le tableau a {plural(width, 'colonne')}, plus que les {limits.max_columns} admises"
        hint = f"Supprimer les colonnes qui ne sont pas {contract.of_it}."
        return None, [Problem(raw.where, line.number, "", "", what, hint)]
    headings = texts_of(line.cells[:width])
    found = _columns(sheet, headings)
    always = {c: v for c, v in sheet.always.items() if c not in found.values()}
    problems = _missing(contract, raw, sheet, set(found.values()), line.number, headings)
    counts = Counter(found.values())
    for name in (n for n, count in counts.items() if count > 1):
        letters = " et ".join(letter(n) for n, c in found.items() if c == name)
        what = f"la colonne « {name} » est là {counts[name]} fois ({letters})"
        problems.append(Problem(raw.where, line.number, name, "", what, "N'en garder qu'une."))
    if problems:
        return None, problems
    notes = list(raw.notes)
    if place:
        notes.append(f"titres des colonnes trouvés ligne {line.number} ; au-dessus, rien n'est lu")
    rest = first[place + 1 :]
    while rest and _is_headings(sheet, texts_of(rest[0].cells)):
        notes.append(f"ligne {rest[0].number} : seconde ligne de titres, ignorée")
        rest = rest[1:]
    extra = {
        h: n
        for n, h in enumerate(headings)
        if n not in found and h and plain(h) != plain(TO_CORRECT)
    }
    return (
        Table(
            raw=raw,
            sheet=sheet,
            headings=[*headings, *always],
            places={name: n for n, name in found.items()}
            | {name: width + n for n, name in enumerate(always)},
            extra=extra,
            of_it=contract.of_it,
            lines=_with(list(always.values()), width, itertools.chain(rest, raw.lines)),
            notes=notes,
            corrected=any(plain(h) == plain(TO_CORRECT) for h in headings),
        ),
        [],
    )


def _with(always: list[Cell], width: int, lines: Iterator[Line]) -> Iterator[Line]:
    """The rows, with what all of them hold in the columns that the table lacks."""
    if not always:
        return lines
    return (
        line
        if is_blank(line.cells)
        else line._replace(cells=[*_wide(line.cells, width), *always, *line.cells[width:]])
        for line in lines
    )


def _wide(cells: list[Cell], width: int) -> list[Cell]:
    return [*cells[:width], *[None] * (width - len(cells))]


def texts_of(cells: list[Cell]) -> list[str]:
    """Headings as they are compared: one space between words, nothing around."""
    return [" ".join(text_of(c).replace("\ufeff", "").split()) for c in cells]


def _columns(sheet: Sheet, headings: list[str]) -> dict[int, str]:
    """The column of the contract at each place that bears one."""
    return {n: name for n, h in enumerate(headings) if h and (name := sheet.column_of(h))}


def _recognised(sheet: Sheet, texts: list[str]) -> int:
    return len(set(_columns(sheet, texts).values()))


def _is_headings(sheet: Sheet, texts: list[str]) -> bool:
    """Whether a row that follows the headings is one more row of them."""
    return max(2.0, sum(map(bool, texts)) / 2) <= _recognised(sheet, texts)


def _score(sheet: Sheet, found: dict[int, str]) -> int:
    names = set(found.values())
    return len(names) - len(sheet.missing(names))


def _missing(
    contract: Contract, raw: RawTable, sheet: Sheet, found: set[str], row: int, headings: list[str]
) -> list[Problem]:
    hint = contract.template_hint[:1].lower() + contract.template_hint[1:]

    def likely(c: SheetColumn) -> str:
        near = [h for h in headings if plain(h) in c.likely - sheet.left_out]
        return f"Est-ce {short(near[0])} ? " if near else ""

    return [
        Problem(
            raw.where,
            row,
            "",
            "",
            f"la colonne « {c.name} » manque",
            f"{likely(c)}L'ajouter ({c.title.lower()}), ou {hint} {contract.mapping_hint}",
        )
        for c in sheet.missing(found)
    ]


def _no_headings(
    contract: Contract, raw: RawTable, named: Sheet | None, filled: bool
) -> list[Problem]:
    """What to say of a table without headings: nothing, when it is not one of the contract's."""
    if raw.title and (not filled or not named):
        if not named and plain(raw.title) not in (plain(HELP_SHEET), plain(LISTS_SHEET)):
            what = f"cette feuille n'est pas {contract.of_it} : elle est ignorée"
            return [Problem(raw.where, 0, "", "", what, "", warning=True)]
        return []
    wanted = ", ".join(c.name for c in (named or contract.sheets[0]).columns if c.required)
    what = (
        f"les titres des colonnes sont introuvables dans les {SEARCHED} premières lignes"
        if filled
        else "le fichier est vide"
    )
    hint = (
        f"La première ligne doit porter au moins : {wanted}. {contract.template_hint} "
        f"{contract.mapping_hint}"
    )
    return [Problem(raw.where, 0, "", "", what, hint)]
