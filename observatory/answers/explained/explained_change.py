"""What moved in the figures of a place since the version before; nothing of what one masks."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from observatory.answers.explained.explained_figure import ExplainedFigure
from observatory.answers.explained.explained_material import Row, plain_rows
from observatory.answers.explained.explained_step import figure_words
from observatory.answers.gaps import gaps
from observatory.answers.masked_cells import is_masked
from observatory.errors import VersionError
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions import warehouse

FIGURES = ("public", "target", "need", "supply", "gap", "rate")
LEAST = 0.05
"""Under it, what is shown with one decimal did not move."""


@dataclass(frozen=True)
class MovedFigure:
    """A figure in the version before, and now; None is unknown on that side."""

    figure: str
    label: str
    before: float | None
    now: float | None


@dataclass(frozen=True)
class SinceFormer:
    """What moved since a version.

    Attributes
    ----------
    former : str
        Its name; empty where there is none to compare with.
    note : str
        Why nothing, or not everything, is compared, in French; empty where all is.
    moved : tuple of MovedFigure
        In the order of the steps.
    """

    former: str
    note: str
    moved: tuple[MovedFigure, ...] = ()


def since_former(processed_dir: Path, version: str, explained: ExplainedFigure) -> SinceFormer:
    """What moved in explained figures since the version before.

    Parameters
    ----------
    version : str
        Name of the version that the explanation is of.
    """
    before = [v for v in warehouse.versions(processed_dir) if v < version]
    if not before:
        return SinceFormer("", "aucune version plus ancienne n'est gardée")
    former = before[-1]
    try:
        with (
            closing(warehouse.connect(processed_dir / former)) as old,
            closing(warehouse.connect(processed_dir / version)) as new,
        ):
            perimeter = "SELECT list(code ORDER BY code) FROM perimeter"
            if old.execute(perimeter).fetchone() != new.execute(perimeter).fetchone():
                return SinceFormer(former, "le périmètre n'était pas le même")
            codes = None if explained.code is None else [explained.code]
            sides = [_row(gaps(con, explained.question, codes=codes)) for con in (old, new)]
    except VersionError as error:
        return SinceFormer(former, error.what)
    was, now = sides
    if was is None or now is None:
        return SinceFormer(former, "cette façon de compter n'y était pas")
    if was["demonstration"] != now["demonstration"]:
        return SinceFormer(former, "l'un des deux recensements est de démonstration")
    labels = {s.figure: s.label for s in explained.steps}
    kept = [f for f in FIGURES if f in labels and not _withheld(f, was, now)]
    return SinceFormer(former, "", tuple(_moved(labels, kept, was, now)))


def _row(table: pd.DataFrame) -> Row | None:
    """The last row: a commune's only one, or the territory's."""
    rows = plain_rows(table)
    return rows[-1] if rows else None


def _withheld(figure: str, was: Row, now: Row) -> bool:
    """Whether one version masks what the other tells, or may do so."""
    if any(is_masked(row, figure) for row in (was, now)):
        return True
    own = figure in ("supply", "gap", "rate")
    if own and (was["masked"] or now["masked"]):
        return True
    # A figure that is on one side alone may be hidden on the other.
    services = nomenclature().services
    service = services[was["service"]]
    secret = [*(service.parts or (was["service"],)), *({service.public} & set(services))]
    one_side = (was[figure] is None) != (now[figure] is None)
    return one_side and any(services[s].masked_below for s in secret)


def _moved(
    labels: dict[str, str], figures: Iterable[str], was: Row, now: Row
) -> Iterable[MovedFigure]:
    for figure in figures:
        before, after = was[figure], now[figure]
        same = before is after or (
            before is not None and after is not None and abs(after - before) < LEAST
        )
        if not same:
            yield MovedFigure(figure, labels[figure], before, after)
    vintages = was["public_vintage"], now["public_vintage"]
    if None not in vintages and vintages[0] != vintages[1]:
        yield MovedFigure("public_vintage", "Millésime de l'effectif", *map(float, vintages))


def since_sentences(since: SinceFormer) -> list[str]:
    """What moved since the version before, a sentence a figure."""
    if not since.former:
        return [f"{capital(since.note)}."]
    head = f"Depuis la version du {warehouse.spoken(since.former)}"
    if since.note:
        return [f"{head}, rien n'est comparé : {since.note}."]
    if not since.moved:
        return [f"{head}, rien n'a changé."]
    return [
        f"{head} : {one.label}, de {figure_words(one.before)} à {figure_words(one.now)}."
        for one in since.moved
    ]
