"""The part of a page that says how a figure is made: its steps, its sources, what counts in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from observatory.answers.explained.explained_change import (
    SinceFormer,
    since_former,
    since_sentences,
)
from observatory.answers.explained.explained_figure import ExplainedFigure, explain_figure
from observatory.answers.explained.explained_step import FigureStep
from observatory.french.vocabulary import NOTHING
from observatory.knowledge.question import Question
from observatory.maps.view import View
from observatory.settings import Settings
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.shell.fold import PagePart, on_demand
from observatory.ui.shell.kept import remembered
from observatory.ui.tables.narrow import wide_table

REACHED = "access_rate"
"""The figure whose places stand in the part of the sheet that tells what families reach."""


def offer_how_made(version: Version, view: View, code: str | None, *, key: str = "") -> None:
    """Offer how the figures of a place are made for the question in view, in a part that opens.

    Parameters
    ----------
    code : str, optional
        INSEE code of a commune; the territory when absent.
    key : str
        Tells this part from another one of the page.
    """
    part = how_made_part(version, view, code, key=key)
    on_demand(part.words, part.show, key=part.key)


def how_made_part(
    version: Version, view: View, code: str | None, *, which: str = "", key: str = ""
) -> PagePart:
    """The part that ``offer_how_made`` offers, for a bar of parts; ``which``: of what map."""
    words = f"Comment ce chiffre est fait : {which}" if which else "Comment ce chiffre est fait"
    return PagePart(words, partial(_show, version, view, code), f"calcul{key}")


@remembered("Calcul en cours de relecture…")
def explained(
    version: Version, question: Question, code: str | None
) -> tuple[ExplainedFigure, SinceFormer]:
    """How the figures of a place are made, and what moved in them since the version before."""
    table = data.access_table(version, question.for_every_need())
    figures = explain_figure(data.cursor(version), question, code, table=table)
    return figures, since_former(Settings.from_env().processed_dir, version.name, figures)


def _show(version: Version, view: View, code: str | None) -> None:
    figures, since = explained(version, view.question, code)
    show_steps(figures.name, figures.steps)
    for step in figures.steps:
        if step.figure == "deficit_count" and step.parts:
            blocks.table(
                "Chaque façon de compter le besoin",
                ["Façon de compter", "Ce qu'elle dit"],
                [[part.label, part.detail] for part in step.parts],
                words=True,
            )
    blocks.notes(since_sentences(since))


def show_steps(name: str, steps: Sequence[FigureStep], *, places: bool = True) -> None:
    """Each step of an explanation with its sum and its source, then what counts in them.

    Parameters
    ----------
    name : str
        Whose figures they are.
    places : bool
        Whether the establishments that count are listed too.
    """
    wide_table(
        f"{name} : chaque chiffre, son calcul et sa source",
        ["Chiffre", "Calcul", "Valeur", "Source", "Année ou date"],
        [
            [s.label, *(c or NOTHING for c in (s.expression, s.said, s.source, s.vintage))]
            for s in steps
        ],
        words={1, 2, 3, 4},
        dense=True,
    )
    if noted := [f"{s.label} : {' ; '.join(s.notes)}." for s in steps if s.notes]:
        blocks.notes(noted)
    if places:
        _places([s for s in steps if s.parts and s.figure in ("part", "supply")])


def _places(steps: list[FigureStep]) -> None:
    """The establishments that count, with what each brings."""
    if rows := [[p.label, p.detail, p.source or NOTHING] for s in steps for p in s.parts]:
        wide_table(
            "Les établissements qui comptent",
            ["Établissement", "Ce qui compte", "Source"],
            rows,
            words={1, 2},
            dense=True,
        )
