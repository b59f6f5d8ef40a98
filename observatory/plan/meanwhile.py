"""What the département did meanwhile: the same service, the same measure, the same dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from observatory.plan.indicator_binding import Binding

COMPARED = "taux_publie"
"""The only bound figure that a version knows of a département: the rate that the Caf publishes."""


@dataclass(frozen=True)
class Meanwhile:
    """A figure of the département over the period of an indicator, or why there is none.

    Attributes
    ----------
    departement : str
        Its code; empty when there is not one, and one only.
    first, last : float or None
        The rate of each of the two years, in the unit of the indicator.
    first_year, last_year : int or None
        The years that the indicator itself rests on.
    why : str
        Why nothing is told, in words; empty when both are known.
    """

    departement: str = ""
    first: float | None = None
    last: float | None = None
    first_year: int | None = None
    last_year: int | None = None
    why: str = ""


def meanwhile(con: duckdb.DuckDBPyConnection, bound: Binding, first: date, last: date) -> Meanwhile:
    """The figure of the département, of the very years that the indicator rests on."""
    if bound.measure != COMPARED:
        return Meanwhile(why="du département, seul le taux publié par la Caf est connu")
    ((kind,),) = con.execute("SELECT kind FROM territory").fetchall()
    if not bound.codes and kind in ("departement", "france"):
        return Meanwhile(why="le territoire suivi n'est pas une partie du département")
    if len(bound.codes) > 1:
        return Meanwhile(why="le taux publié ne s'additionne pas sur plusieurs communes")
    found = con.execute(
        "SELECT DISTINCT dep FROM commune WHERE inside AND (len($codes) = 0 OR code IN $codes)",
        {"codes": list(bound.codes)},
    ).fetchall()
    if len(found) != 1:
        return Meanwhile(why="le territoire est sur plusieurs départements")
    ((dep,),) = found
    years = [_year(con, bound, day) for day in (first, last)]
    if None in years:
        return Meanwhile(dep, why="le taux du territoire n'est pas publié")
    if years[0] == years[1]:
        return Meanwhile(dep, why=f"une seule année est publiée, {years[0]}")
    rates = [_rate(con, bound.service, dep, year) for year in years]
    why = next(
        (f"le taux du département n'est pas publié pour {year}"
         for year, rate in zip(years, rates, strict=True) if rate is None), "",
    )  # fmt: skip
    return Meanwhile(dep, rates[0], rates[1], years[0], years[1], why)


def _year(con: duckdb.DuckDBPyConnection, bound: Binding, day: date) -> int | None:
    """The year whose published rate the indicator takes for a day."""
    code = bound.codes[0] if bound.codes else None
    row = con.execute(
        "SELECT year FROM published_as_of($day, $service) WHERE code IS NOT DISTINCT FROM $code",
        {"day": day, "service": bound.service, "code": code},
    ).fetchone()
    return None if row is None else int(row[0])


def _rate(con: duckdb.DuckDBPyConnection, service: str, dep: str, year: int | None) -> float | None:
    row = con.execute(
        "SELECT rate FROM published_rate WHERE level = 'dep' AND code = ? AND service = ? "
        "AND year = ?",
        [dep, service, year],
    ).fetchone()
    return None if row is None or row[0] is None else float(row[0])
