"""The ages of the assistants maternels of a whole territory, as a planner knows them.

A file of two columns, ``classe`` (« 55-59 ») and ``effectif``. Classes of fewer than five persons
are refused: they would tell of somebody.
"""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from observatory.errors import RequestError
from observatory.knowledge.outlook_rules import outlook_rules

CLASS = re.compile(r"\s*(\d{2})\s*(?:-|–|à)\s*(\d{2})\s*(?:ans)?\s*")
HEADINGS = ("classe", "effectif")
LARGEST = 100_000


@dataclass(frozen=True)
class AgeClass:
    """Persons of some ages: the first age, the first one beyond, how many."""

    first: int
    beyond: int
    persons: int


def read_pyramid(path: Path) -> tuple[AgeClass, ...]:
    """Read the classes of a file; nothing of it is kept.

    Raises
    ------
    RequestError
        When the file cannot be read, a class is none, overlaps another, or is too small.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(
            "la pyramide des âges ne peut pas être lue", where=path.name,
            mend="Donner un fichier CSV en UTF-8, aux colonnes classe et effectif.",
        ) from error  # fmt: skip
    return pyramid_of(text, path.name)


def pyramid_of(text: str, where: str = "") -> tuple[AgeClass, ...]:
    """The classes that a text holds; see ``read_pyramid``."""
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.DictReader(text.splitlines(), delimiter=delimiter))
    if not rows or not set(HEADINGS) <= {str(h).strip() for h in rows[0]}:
        raise RequestError(
            "il manque les colonnes classe et effectif", where=where,
            mend="Écrire « classe;effectif », puis par exemple « 55-59;12 ».",
        )  # fmt: skip
    classes = sorted(
        (_class(row, f"{where}, ligne {n}") for n, row in enumerate(rows, 2)),
        key=lambda one: one.first,
    )
    for before, after in itertools.pairwise(classes):
        if after.first < before.beyond:
            raise RequestError(
                f"deux classes se recouvrent à {after.first} ans", where=where,
                mend="Écrire des classes qui se suivent.",
            )  # fmt: skip
    return tuple(classes)


def _class(row: dict[str | None, str | None], where: str) -> AgeClass:
    found = CLASS.fullmatch(str(row.get("classe") or ""))
    count = str(row.get("effectif") or "").strip()
    least = outlook_rules().pyramid.least
    if not found or not count.isdigit() or not int(found[1]) <= int(found[2]):
        raise RequestError(
            "cette ligne n'est pas une classe d'âge et un effectif", where=where,
            mend="Écrire par exemple « 55-59;12 ».",
        )  # fmt: skip
    if not least <= int(count) <= LARGEST:
        raise RequestError(
            f"une classe a moins de {least} personnes, ou un effectif invraisemblable",
            where=where,
            mend="Regrouper des classes : une petite en dirait trop sur quelqu'un.",
        )
    return AgeClass(int(found[1]), int(found[2]) + 1, int(count))


def still_there(classes: tuple[AgeClass, ...], years: float, leaving: float) -> float:
    """Share of the persons who are not yet at the age of leaving after some years, nobody coming.

    Ages are spread evenly within a class; who is beyond that age already has stayed, and stays.
    """
    stays = 0.0
    for one in classes:
        width = one.beyond - one.first
        # Those between `leaving − years` and `leaving` reach that age meanwhile.
        gone = max(0.0, min(one.beyond, leaving) - max(one.first, leaving - years))
        stays += one.persons * (1 - gone / width)
    return stays / sum(one.persons for one in classes)
