"""The coming years of a place in a few sentences: always conditional, always a range."""

from __future__ import annotations

import pandas as pd

from observatory.french import numbers
from observatory.french.balance import balance, span
from observatory.french.numbers import rounded
from observatory.french.spelling import capital, inside
from observatory.french.vocabulary import NOTHING, SUPPLY_MASKED, SUPPLY_UNKNOWN
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.outlook_rules import SIMULATED
from observatory.knowledge.shortfall import is_short
from observatory.outlook.territory_outlook import TerritoryOutlook, turning

UNTOLD = "ce qui manquera ne se dit pas"
NO_CHILDREN = "naissances, âges ou rétention inconnus"
NOT_SIMULATED = "le public des années à venir ne se simule pas"


def outlook_sentences(
    outlook: TerritoryOutlook, code: str | None, service: Service, noun: str
) -> list[str]:
    """What the coming years hold for a place.

    Parameters
    ----------
    noun : str
        The public, in the plural: « enfants de moins de 3 ans ».
    """
    rows = outlook.of(code)
    first, last = rows.iloc[0], rows.iloc[-1]
    told = [] if pd.isna(last["public_mid"]) else [_public(rows, noun, outlook.counted)]
    if not told:
        told.append(f"{NOT_SIMULATED} : {outlook.silent or NO_CHILDREN}.")
    if pd.isna(first["supply_mid"]):
        why = SUPPLY_MASKED if first["masked"] else SUPPLY_UNKNOWN
        told.append(f"{capital(why)} : {UNTOLD}.")
    elif pd.notna(last["gap_mid"]):
        shared = nomenclature().definitions[str(outlook.question.definition)].shares_out
        told += [_kept(rows, service)] if shared else _gap(rows, service, outlook.counted)
    return told


def turning_words(rows: pd.DataFrame, decimals: int) -> str:
    """The years the gap of a place changes side: « 2029, dès 2027 au pire »; a dash for none."""
    turns = turning(rows, decimals)
    today = rows["gap_mid"].iloc[0]
    opens = pd.isna(today) or not is_short(float(today), decimals)
    soonest = turns["low" if opens else "high"]
    if turns["mid"] and soonest and soonest < turns["mid"]:
        return f"{turns['mid']}, dès {soonest} {_case(opens)}"
    if turns["mid"]:
        return str(turns["mid"])
    return f"{soonest} {_case(opens)}" if soonest else NOTHING


def _public(rows: pd.DataFrame, noun: str, counted: int | None) -> str:
    first, last = rows.iloc[0], rows.iloc[-1]
    bounds = [rounded(last[f"public_{side}"]) or 0.0 for side in ("low", "high")]
    least, most = (numbers.number(one) for one in bounds)
    between = least if least == most else f"entre {least} et {most}"
    when = f" en {counted}" if counted is not None else ""
    now = f"{numbers.number(first['public_mid'])} {noun} comptés{when}"
    return f"{now}, {between} en {int(last['year'])} ({inside(SIMULATED)})."


def _kept(rows: pd.DataFrame, service: Service) -> str:
    """What the mean of today would ask: no need, so that nothing lacks."""
    last = rows.iloc[-1]

    def bounds(figure: str) -> str:
        low, high = (max(float(last[f"{figure}_{side}"]), 0.0) for side in ("low", "high"))
        return span(low, high, service.unit, service.decimals)

    return (
        f"Pour garder la moyenne d'aujourd'hui, une répartition et pas un besoin, il faudrait "
        f"{bounds('need')} en {int(last['year'])} ; l'offre connue en donnerait {bounds('supply')}."
    )


def _gap(rows: pd.DataFrame, service: Service, counted: int | None) -> list[str]:
    """Today's balance, the range of the last year, and when it changes side."""
    first, last = rows.iloc[0], rows.iloc[-1]

    def said(value: float) -> str:
        return balance(value, service.unit, service.decimals)

    worst, best = said(last["gap_low"]), said(last["gap_high"])
    year = int(last["year"])
    range_ = f"{worst}" if worst == best else f"au pire {worst}, au mieux {best}"
    of = f", pour les enfants comptés en {counted}," if counted is not None else ""
    told = [f"Aujourd'hui{of} {said(first['gap_mid'])} ; en {year}, {range_}."]
    turns = turning(rows, service.decimals)
    opens = not is_short(float(first["gap_mid"]), service.decimals)
    middle = turns["mid"]
    soonest = turns["low" if opens else "high"]
    verb = "Le besoin dépasserait l'offre" if opens else "L'offre couvrirait le besoin"
    if middle:
        before = f", dès {soonest} {_case(opens)}" if soonest and soonest < middle else ""
        told.append(f"{verb} en {middle}{before}.")
    elif soonest:
        told.append(
            f"{verb} en {soonest} {_case(opens)} ; pas d'ici {year} selon l'hypothèse du milieu."
        )
    elif opens:
        told.append(f"L'offre couvrirait le besoin jusqu'en {year}, même au pire.")
    else:
        told.append(f"L'offre ne couvrirait pas le besoin d'ici {year}, même au mieux.")
    return told


def _case(opens: bool) -> str:
    return "au pire" if opens else "au mieux"
