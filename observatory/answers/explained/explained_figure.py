"""Explain the figures of a place: how each one is made, from what, and what is not told.

Every step is worked out apart from the macros of the version, then compared with what they answer:
an explanation that would not give the figure again is refused, never shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import pandas as pd

from observatory.answers.accessible import access_gaps, reachable
from observatory.answers.explained.explained_facts import fact_steps, unmet_step
from observatory.answers.explained.explained_material import (
    Material,
    Place,
    Row,
    read_material,
)
from observatory.answers.explained.explained_need import need_step, target_step
from observatory.answers.explained.explained_public import public_step
from observatory.answers.explained.explained_rank import rank_steps
from observatory.answers.explained.explained_step import (
    FigurePart,
    FigureStep,
    Terms,
    figure_words,
    known_step,
    silent_step,
    withheld,
)
from observatory.answers.explained.explained_supply import supply_steps
from observatory.answers.gaps import communes
from observatory.answers.masked_cells import is_masked
from observatory.errors import RequestError, VersionError
from observatory.french import numbers
from observatory.french.balance import balance
from observatory.french.vocabulary import MASKED_MEANS
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.question import Question
from observatory.versions.frames import records

CLOSE = 1e-9
"""How far a step may be from the answer, relative to it."""
PUBLISHED = "Cnaf, taux de couverture publié"


@dataclass(frozen=True)
class ExplainedFigure:
    """The figures of one place for one question, step by step.

    Attributes
    ----------
    question : Question
        Settled: one service, one type of day, one definition.
    code : str or None
        INSEE code; None is the territory.
    name : str
        Of the place.
    steps : tuple of FigureStep
        In the order they are made: the public, the need, the supply, the gap, the rate…
    reliability : str
        What weakens the figures, in French.
    """

    question: Question
    code: str | None
    name: str
    steps: tuple[FigureStep, ...]
    reliability: str

    def step(self, figure: str) -> FigureStep | None:
        """The step of a figure; None where it has no sense."""
        return next((s for s in self.steps if s.figure == figure), None)


def explain_figure(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    code: str | None = None,
    *,
    table: pd.DataFrame | None = None,
) -> ExplainedFigure:
    """How the figures of a place are made.

    Parameters
    ----------
    question : Question
        One service at least; the rest is settled.
    code : str, optional
        INSEE code of a commune of the perimeter; the territory when absent.
    table : DataFrame, optional
        What ``gaps`` or ``access_gaps`` answers to the settled question for every need, the whole
        territory: who has it at hand spares asking again.

    Raises
    ------
    RequestError
        When the commune is not in the perimeter, or as ``Question.settled``.
    VersionError
        When the version's own arithmetic is older, so that a step would not give its figure.
    """
    settled = question.settled()
    if code is not None and code not in communes(con):
        raise RequestError(
            f"commune absente du territoire : {code}", mend="Choisir une commune du territoire."
        )
    if table is None:
        table = access_gaps(con, settled.for_every_need())
    material = read_material(con, settled, table, code)
    explained = explained_from(material, code, str(settled.definition))
    more = [*_access(con, material, code), *fact_steps(con, material, code)]
    return replace(explained, steps=(*explained.steps, *more))


def explained_from(material: Material, place: Place, definition: str) -> ExplainedFigure:
    """The same from what was read, without what is reached: one definition, one place.

    Raises
    ------
    RequestError
        When the territory voted no target and it is asked for.
    VersionError
        As ``explain_figure``.
    """
    if (place, definition) not in material.rows:
        raise RequestError(
            "le territoire n'a voté aucun objectif en vigueur ce jour pour ce service",
            mend="Choisir une autre définition.",
        )
    row, service = material.rows[place, definition], material.service
    steps = [
        public_step(material, row, place),
        need_step(material, row, place),
        *supply_steps(material, place),
    ]
    made = {s.figure: s for s in steps}
    if target := target_step(material, made["need"], row):
        steps.insert(2, target)
    steps += [
        _gap(service, made, row),
        _rate(service, made, row),
        *_counted(service, [r for (of, _), r in material.rows.items() if of == place]),
        *_published(material, row),
        *unmet_step(material, row),
        *rank_steps(material, place, definition),
    ]
    _prove(steps, row)
    asked = replace(material.question, definition=definition)
    return ExplainedFigure(asked, place, str(row["name"]), tuple(steps), str(row["reliability"]))


def _gap(service: Service, made: dict[str, FigureStep], row: Row) -> FigureStep:
    supply, need = made["supply"].value, made["need"].value
    label = "Ce qui manque, ou ce qu'il y a de plus"
    if row["gap"] is None or supply is None or need is None:
        why = "il faut l'offre et le besoin"
        return withheld("gap", label, service.unit, row, why)
    said = balance(supply - need, service.unit, service.decimals)
    if nomenclature().definitions[row["definition"]].shares_out:  # no need: nothing lacks
        label = "Offre, moins la part à la moyenne du territoire"
        said = f"{numbers.gap(supply - need, service.decimals)} {service.unit}"
    words = f"{figure_words(supply)} − {figure_words(need)}"
    terms: Terms = ((supply,), (-1.0, need))
    return known_step("gap", label, words, service.unit, terms, words=said)


def _rate(service: Service, made: dict[str, FigureStep], row: Row) -> FigureStep:
    supply, public = made["supply"].value, made["public"].value
    if row["suppressed"]:
        small = f"moins de {nomenclature().least_public} personnes : pas de taux"
        return silent_step("rate", "Taux", service.rate_label, "too_small", small)
    if row["rate"] is None or supply is None or not public:
        why = "il faut l'offre et l'effectif"
        return withheld("rate", "Taux", service.rate_label, row, why)
    words = f"{figure_words(supply)} ÷ {figure_words(public)} × {numbers.number(service.rate_per)}"
    terms: Terms = ((service.rate_per, supply, 1 / public),)
    return known_step("rate", "Taux", words, service.rate_label, terms)


def _access(con: duckdb.DuckDBPyConnection, material: Material, code: Place) -> list[FigureStep]:
    """What the commune's children reach, place by place; nothing for a service without reach."""
    question, service = material.question, material.service
    row = material.rows[code, str(question.definition)]
    if code is None or "access_rate" not in row or not service.catchment:
        return []
    minutes = catchment_rules().reach.default
    label = f"Offre accessible à {minutes:g} minutes"
    unit = service.rate_label
    value = row["access_rate"]
    if row["access_suppressed"]:
        return [silent_step("access_rate", label, unit, "too_small", "trop peu d'habitants")]
    if value is None:
        lacking = "une offre à portée est inconnue"
        if row["public"] is None:
            lacking = "l'effectif de la commune est inconnu"
        return [silent_step("access_rate", label, unit, "unknown", lacking)]
    found = reachable(con, code, str(question.service), as_of=question.as_of)
    if question.day_type:
        found = found[found["day_type"] == question.day_type]
    brought = records(found[found["contribution"] > 0])
    parts = tuple(
        FigurePart(
            label=", ".join(str(r[c]) for c in ("name", "place_name") if isinstance(r[c], str)),
            detail=_brings(r),
            value=float(r["contribution"]),
        )
        for r in brought
    )
    terms: Terms = tuple((float(r["contribution"]),) for r in brought)
    words = f"somme de ce qu'apporte chaque lieu ({numbers.plural(len(brought), 'lieu', 'lieux')})"
    note = "chaque lieu partage ses places entre les enfants qui l'atteignent, plus proches d'abord"
    step = known_step("access_rate", label, words, unit, terms, parts=parts, notes=(note,))
    _prove([step], row)
    return [step]


def _brings(row: Row) -> str:
    minutes, weight = numbers.number(row["minutes"]), numbers.number(row["weight"], 2)
    return f"à {minutes} min, poids {weight} : {numbers.number(row['contribution'], 2)}"


def _published(material: Material, row: Row) -> list[FigureStep]:
    """The rate that the Caf publishes, as it comes; nothing where it publishes none."""
    value = row["published_rate"]
    if value is None:
        return []
    words = figure_words(value)
    return [
        known_step(
            "published_rate",
            PUBLISHED,
            words,
            material.service.rate_label,
            ((value,),),
            source=material.sources.get("caf", PUBLISHED),
            vintage=str(int(row["published_year"])),
            notes=("tel qu'il est publié, jamais recalculé",),
        )
    ]


def _counted(service: Service, rows: list[Row]) -> list[FigureStep]:
    """How many ways of counting the need call the place short, each with its gap."""
    names = nomenclature().definitions
    counted = [r for r in rows if names[r["definition"]].counted]
    label, unit = "Façons de compter qui disent un manque", ""
    known = [r for r in counted if r["gap"] is not None]
    if not known:  # « 0 of 0 » is no count
        masked = any(is_masked(r, "gap") for r in counted)
        silent = silent_step("deficit_count", label, unit, "masked", MASKED_MEANS)
        return [silent] if masked else []
    least = 1e-9 - 0.5 * 10**-service.decimals
    parts = tuple(
        FigurePart(
            label=names[r["definition"]].label,
            detail=balance(r["gap"], service.unit, service.decimals),
            value=float(r["gap"] < least),
        )
        for r in known
    )
    terms: Terms = tuple((p.value,) for p in parts if p.value is not None)
    words = f"sur {numbers.number(len(known))} dont le besoin est connu"
    return [known_step("deficit_count", label, words, unit, terms, parts=parts)]


def _prove(steps: list[FigureStep], row: Row) -> None:
    """Refuse steps that are not what the version answers.

    Raises
    ------
    VersionError
        When one of them is not.
    """
    for step in steps:
        # « 0 of 0 » is no count: it stands as unknown.
        if step.figure not in row or (step.figure == "deficit_count" and step.value is None):
            continue
        answer = row[step.figure]
        same = (
            answer is None
            if step.value is None
            else answer is not None and abs(step.value - answer) <= CLOSE * max(1.0, abs(answer))
        )
        if not same:
            raise VersionError(
                f"le calcul de cette version ne se retrouve pas ({step.label})",
                mend="Relancer « observatory refresh ».",
            )
