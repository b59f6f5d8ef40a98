"""Need against supply in the coming years, place by place, and the year the gap opens or closes.

The need is the target of today on the public of that year; the supply is what the census knows of
that day. Both are ranges: the gap is short at worst when the need is high and the supply low.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.gaps import gaps
from observatory.french import numbers
from observatory.french.dates import long_date
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.outlook_rules import OutlookRules, outlook_rules
from observatory.knowledge.question import Question
from observatory.knowledge.shortfall import is_short
from observatory.outlook.age_pyramid import AgeClass
from observatory.outlook.coming_children import (
    SIDES,
    WHOLE,
    KnownChildren,
    births_trend,
    coming_children,
    known_children,
    retention_of,
)
from observatory.outlook.coming_supply import AM, coming_supply, remaining

FIGURES = ("public", "need", "supply", "gap")
COLUMNS = ["code", "name", "year", *(f"{f}_{s}" for f in FIGURES for s in SIDES), "new", "masked"]
NO_TOTAL = "la population de tous âges n'est pas simulée"
NO_COUNTED = "les effectifs qu'une publication compte ne sont pas simulés"
NO_PUPILS = "les élèves comptés par le recensement de l'offre ne sont pas simulés"


@dataclass(frozen=True)
class TerritoryOutlook:
    """The coming years of every place, for one question.

    Attributes
    ----------
    question : Question
        Settled.
    table : DataFrame
        One row per place × year: code (``WHOLE`` is the territory), name, year, and ``low``,
        ``mid``, ``high`` of the public, the need, the supply and the gap (supply − need), NaN where
        unknown or masked; ``new``, what opens meanwhile; ``masked``. The first row is what the
        tables say on the day asked, without a range. Where its public was counted in a year before,
        it bears that year, and the public aged to the year asked comes next, against the supply of
        the day asked.
    counted : int or None
        Year of the count that the first row bears; None where it bears the year asked.
    silent : str
        Why the public is not simulated, in French; empty where it is.
    notes : tuple of str
        What the simulation supposes here, in French.
    demonstration : bool
        Whether the census is the demonstration one.
    """

    question: Question
    table: pd.DataFrame
    counted: int | None
    silent: str
    notes: tuple[str, ...]
    demonstration: bool

    def of(self, code: str | None) -> pd.DataFrame:
        """The years of one place, in order; the territory's for None."""
        return self.table[self.table["code"] == (code or WHOLE)].reset_index(drop=True)


def territory_outlook(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    *,
    pyramid: tuple[AgeClass, ...] = (),
    rules: OutlookRules | None = None,
) -> TerritoryOutlook:
    """Simulate the coming years of a question.

    Parameters
    ----------
    pyramid : tuple of AgeClass
        Ages of the assistants maternels of the territory, when its planners know them.

    Raises
    ------
    RequestError
        As ``Question.settled``, and ``gaps``.
    """
    rules = rules or outlook_rules()
    question = question.settled()
    service, day = str(question.service), question.as_of
    years = [day.year + n for n in range(1, rules.years + 1)]
    today = gaps(con, question)
    today = today.assign(code=today["code"].fillna(WHOLE)).set_index("code")
    known = known_children(con)
    supply = coming_supply(con, service, question.day_type, day, years, pyramid, rules)
    counted = _counted_before(known, today, question)
    if counted is not None:
        there = today["supply"].astype("float64")
        of_the_day = pd.DataFrame(dict.fromkeys(SIDES, there)).assign(new=0.0, year=day.year)
        supply = pd.concat([of_the_day.rename_axis("code").reset_index(), supply])
        years = [day.year, *years]
    public, silent = _public(known, today, question, years, rules)
    rate_per = nomenclature().services[service].rate_per
    target = (today["target"] / rate_per).rename("share")
    coming = public.merge(supply, on=["code", "year"], suffixes=("_p", "_s")).join(target, "code")
    rows = coming[["code", "year", "new"]].copy()
    for side in SIDES:
        rows[f"public_{side}"] = coming[f"{side}_p"]
        rows[f"need_{side}"] = coming[f"{side}_p"] * coming["share"]
        rows[f"supply_{side}"] = coming[f"{side}_s"]
    rows["gap_low"] = rows["supply_low"] - rows["need_high"]
    rows["gap_mid"] = rows["supply_mid"] - rows["need_mid"]
    rows["gap_high"] = rows["supply_high"] - rows["need_low"]
    first = day.year if counted is None else counted
    now = today.reset_index()[["code"]].assign(year=first, new=0.0)
    for figure in FIGURES:
        for side in SIDES:
            now[f"{figure}_{side}"] = today[figure].to_numpy(dtype=np.float64, na_value=np.nan)
    table = pd.concat([now, rows], ignore_index=True)
    table = table.join(today[["name", "masked"]], on="code")
    order = {code: n for n, code in enumerate(today.index)}
    table = table.sort_values(
        ["code", "year"], key=lambda c: c.map(order) if c.name == "code" else c
    )
    return TerritoryOutlook(
        question,
        table[COLUMNS].reset_index(drop=True),
        counted,
        silent,
        (*_first_rows(counted, day), *_notes(known, question, pyramid, rules)),
        bool(today["demonstration"].any()),
    )


def _public(
    known: KnownChildren,
    today: pd.DataFrame,
    question: Question,
    years: list[int],
    rules: OutlookRules,
) -> tuple[pd.DataFrame, str]:
    """The public of each place in the coming years, and why it is not simulated."""
    names = nomenclature()
    service = names.services[str(question.service)]
    id_ = names.public_of(str(question.service), question.day_type)
    public = names.publics[id_]
    silent = ""
    if id_ == AM:
        spent = [(y, (date(y, 1, 1) - question.as_of).days / 365.25) for y in years]
        heads = today["public"].astype("float64")
        parts = [
            pd.DataFrame({side: heads * left for side, left in remaining(n, (), rules).items()})
            .assign(year=y).rename_axis("code").reset_index()
            for y, n in spent
        ]  # fmt: skip
        return pd.concat(parts, ignore_index=True), ""
    if public.schooled and not today["resident"].all():
        silent = NO_PUPILS
    ages = public.ages if public.ages else names.publics[service.public].ages
    if not ages:
        silent = NO_COUNTED
    elif ages[1] > 18:
        silent = NO_TOTAL
    if silent:
        every = pd.MultiIndex.from_product([today.index, years], names=["code", "year"])
        return pd.DataFrame(np.nan, every, list(SIDES)).reset_index(), silent
    first, beyond = (int(age) for age in ages)
    return coming_children(known, (first, beyond), years, rules), ""


def _counted_before(known: KnownChildren, today: pd.DataFrame, question: Question) -> int | None:
    """The year when the public of the tables was counted, when it is simulated and older."""
    names = nomenclature()
    public = names.publics[names.public_of(str(question.service), question.day_type)]
    vintages = {str(one) for one in today["public_vintage"].dropna()}
    year = known.counted
    aged = bool(public.ages) and public.ages[1] <= 18
    if year is None or not aged or vintages != {str(year)} or year >= question.as_of.year:
        return None
    return year if not public.schooled or today["resident"].all() else None


def _first_rows(counted: int | None, day: date) -> list[str]:
    """What stands in the rows that are not a 1 January to come."""
    if counted is None:
        return []
    return [
        f"{counted} : enfants comptés cette année-là, face à l'offre au {long_date(day)}, comme "
        f"sur les fiches ; {day.year} : les mêmes, vieillis jusqu'au 1er janvier {day.year}"
    ]


def _notes(
    known: KnownChildren, question: Question, pyramid: tuple[AgeClass, ...], rules: OutlookRules
) -> list[str]:
    """What the simulation supposes, for this question."""
    names = nomenclature()
    service = names.services[str(question.service)]
    parts = service.parts or (str(question.service),)
    told = []
    years = sorted(int(y) for y in known.births.columns)
    if names.publics[service.public].ages and years:
        trend, own = births_trend(known, rules)
        moved = numbers.number(100 * (trend - 1), 1, signed=True)
        span = f"de {years[0]} à {years[-1]}" if len(years) > 1 else f"de {years[0]} seulement"
        whose = (
            "la tendance du territoire"
            if own
            else f"la tendance de la France ({rules.births.source})"
        )
        told.append(
            f"naissances connues {span} ; ensuite entre leur maintien et {whose}, {moved} % par an"
        )
        kept = retention_of(known, rules).loc[WHOLE].to_dict()
        if np.isfinite(kept["mid"]):
            estimated = "" if kept["years"] == 3 else (
                f", estimée : naissances connues pour {int(kept['years'])} des 3 années d'avant"
            )  # fmt: skip
            told.append(
                f"rétention du territoire : {numbers.number(100 * kept['mid'])} enfants recensés à "
                f"0-2 ans en {known.counted} pour 100 naissances{estimated}"
            )
        told.append("enfants de 3 ans et plus : ceux du recensement, qui vieillissent sur place")
    if AM in parts or service.public == AM:
        least, most = (numbers.number(100 * n, 1) for n in rules.childminders.net_exits)
        told.append(
            "assistants maternels du territoire : départ à "
            f"{rules.pyramid.leaving[1]:g} ans, ou à {rules.pyramid.leaving[0]:g} ans, sans arrivée"
            if pyramid
            else f"assistants maternels : de {least} à {most} % de places en moins par an "
            f"({rules.childminders.source}) ; {rules.childminders.warning}"
        )
    if set(parts) & set(rules.never_open.services):
        risk = numbers.number(100 * rules.never_open.share)
        told.append(f"places à ouvrir : risque de {risk} % en moins ({rules.never_open.source})")
    told.append("besoin : la cible d'aujourd'hui, appliquée aux enfants de chaque année")
    return told


def turning(outlook: pd.DataFrame, decimals: int) -> dict[str, int | None]:
    """The first year, if any, whose gap is not of the side of today's, for each bound.

    Parameters
    ----------
    outlook : DataFrame
        The years of one place, the day asked first.

    Returns
    -------
    dict
        ``low``, ``mid``, ``high``: the year the gap opens, or closes, by that bound; None where it
        does not within the years, or is unknown.
    """
    found: dict[str, int | None] = {}
    for side in SIDES:
        gaps_ = outlook[f"gap_{side}"].tolist()
        short = [None if pd.isna(g) else is_short(g, decimals) for g in gaps_]
        other = [
            int(year)
            for year, one in zip(outlook["year"], short, strict=True)
            if None not in (one, short[0]) and one != short[0]
        ]
        found[side] = other[0] if other else None
    return found
