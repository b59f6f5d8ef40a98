"""What the headings and the words of a list of one's own seem to mean, ready to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from observatory.census.amounts import service_names
from observatory.census.row_privacy import names_childminder
from observatory.census.sheets import choices
from observatory.french.spelling import plain
from observatory.french.vocabulary import SPOKEN_STATUSES
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature
from observatory.workbook.cells import near_choice
from observatory.workbook.contract import Contract, Sheet
from observatory.workbook.likeness import Proposal, propose
from observatory.workbook.mapping import HeadingMapping, SheetMapping
from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import FileLimits
from observatory.workbook.reading import read_raw

State = Literal["read", "proposed", "unknown", "private"]
PRIVATE = "refusé ligne par ligne : seulement en totaux communaux"
UNKNOWN = "à compléter"


@dataclass(frozen=True)
class Meaning:
    """What a word seems to mean: a value of the list, and how sure it is.

    Attributes
    ----------
    state : State
        ``read``: understood as it is; ``private``: an assistant maternel, which no value may name.
    """

    value: str
    state: State


def proposals(
    contract: Contract, files: Sequence[Path], limits: FileLimits, names: Sequence[str] = ()
) -> list[Proposal]:
    """What the tables of files seem to be; those that look like none are left out.

    Raises
    ------
    WorkbookError
        When a file cannot be read, or looks like nothing of the census.
    """
    found = []
    for n, file in enumerate(files):
        name = names[n] if n < len(names) else file.name
        tables = read_raw(contract, file, limits, name, likely=True)
        likely = [p for raw in tables if (p := propose(contract, raw))]
        if not likely:
            what = "aucun titre ne ressemble à ceux du recensement"
            raise WorkbookError(what, where=name, mend=contract.template_hint)
        found += likely
    return found


def proposed_mapping(found: Sequence[Proposal]) -> HeadingMapping:
    """The mapping that confirms every proposal; what is understood without it is left out."""
    whole = HeadingMapping()
    for one in found:
        headings = {h: c for h, c in one.columns.items() if h not in one.known}
        words = {
            column: {
                word: meant.value
                for word in counted
                if (meant := meaning(column, word, one.sheet)).state in ("proposed", "unknown")
            }
            for column, counted in one.words.items()
        }
        own = SheetMapping(headings, {c: w for c, w in words.items() if w}, missing_columns(one))
        whole = HeadingMapping({one.sheet.name: own}).over(whole)
    return whole


def missing_columns(one: Proposal) -> dict[str, str]:
    """Columns that a list lacks and that may be the same on every row, empty until it is said."""
    lacking = one.sheet.missing(set(one.columns.values()))
    return {c.name: "" for c in lacking if c.name not in one.sheet.key}


def comments(found: Sequence[Proposal]) -> dict[str, str]:
    """What stands beside the headings and the words that are to be completed or left alone."""
    told = {h: "laissée de côté" for p in found for h, c in p.columns.items() if not c}
    told |= {c: "pour toutes les lignes : à compléter" for p in found for c in missing_columns(p)}
    for one in found:
        for column, counted in one.words.items():
            told |= {
                word: UNKNOWN
                for word in counted
                if meaning(column, word, one.sheet).state == "unknown"
            }
    return told


def refuse_private(mapping: HeadingMapping, where: str) -> None:
    """Refuse a mapping that would make an establishment of an assistant maternel.

    Raises
    ------
    WorkbookError
        When a word of theirs is given a value.
    """
    for own in mapping.sheets.values():
        for word, value in own.words.get("service", {}).items():
            if value in choices("service") and names_childminder(word):
                raise WorkbookError(privacy.WHAT, where=where, mend=privacy.MEND)


def meaning(column: str, word: str, sheet: Sheet) -> Meaning:
    """What a word of a column with a list seems to mean, or was said to mean."""
    if (said := sheet.spoken.get(column, {}).get(plain(word))) is not None:
        return Meaning(said, "read")
    if column == "service":
        return _service(word)
    if column == "statut":
        return _status(word)
    near = near_choice(word, choices(_LISTS.get(column, "")))
    return Meaning(near[0], "read" if near[1] else "proposed") if near else Meaning("", "unknown")


_LISTS = {"jour": "day_type", "demonstration": "yes", "position": "position"}


def _service(word: str) -> Meaning:
    said = plain(word)
    if said in (known := service_names("establishment")):
        return Meaning(known[said], "read")
    if names_childminder(word) or service_names("commune").get(said) == privacy.SERVICE:
        return Meaning("", "private")
    within = [s for s in _spoken() if f" {s} " in f" {said} "]
    if within:
        return Meaning(_spoken()[max(within, key=len)], "proposed")
    near = near_choice(word, choices("service"))
    return Meaning(near[0], "proposed") if near else Meaning("", "unknown")


def _status(word: str) -> Meaning:
    said = plain(word)
    if said in SPOKEN_STATUSES or said in (known := {plain(i): i for i in choices("status")}):
        return Meaning(SPOKEN_STATUSES.get(said, said), "read")
    parts = {SPOKEN_STATUSES.get(w) or known.get(w) for w in said.split()} - {None}
    if len(parts) == 1:
        return Meaning(str(parts.pop()), "proposed")
    near = near_choice(word, choices("status"))
    return Meaning(near[0], "proposed") if near else Meaning("", "unknown")


@cache
def _spoken() -> dict[str, str]:
    """Services by the words that people use for them, plainly written."""
    return {plain(w): i for i, s in nomenclature().services.items() for w in s.spoken}
