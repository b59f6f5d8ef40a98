"""Sums of a selection of communes, ranks of communes, and the neighbours' figures.

A selection is added up as the territory is, by the macros ``sum_of`` and ``reach_sum_of`` of the
version: publics, needs and supplies are summed and the rates computed anew; rates are never
averaged. What is unknown, or masked, in one commune is unknown in the sum. So no difference between
two selections tells a masked figure: each of them either leaves that commune out, or is unknown;
only the whole territory has a total of its own, which hides at least two communes
(``docs/decisions/0009-masking.md``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import duckdb
import pandas as pd

from observatory.answers.gaps import reliability
from observatory.errors import RequestError
from observatory.knowledge.shortfall import PLACES
from observatory.versions.frames import frame, lent
from observatory.versions.warehouse import has_table

SLOT = ["service", "day_type", "definition"]
EXTRA = ["communes", "public_unknown", "supply_unknown"]
SMALLEST_FIRST = ("gap", "access_gap")
"""Columns ranked from the smallest: the largest shortfall comes first."""
IN_ORDER = """
JOIN definition AS f ON f.service = s.service AND f.definition = s.definition
ORDER BY s.service, s.day_type, f.rank
"""
SUM = f"SELECT s.* FROM sum_of('_rows', $codes) AS s {IN_ORDER}"
SUM_REACHED = f"""
SELECT s.*, r.* EXCLUDE (service, day_type, definition)
FROM sum_of('_rows', $codes) AS s
JOIN reach_sum_of('_rows', $codes) AS r ON r.service = s.service
    AND r.day_type IS NOT DISTINCT FROM s.day_type AND r.definition = s.definition
{IN_ORDER}
"""


def add_up(
    con: duckdb.DuckDBPyConnection,
    table: pd.DataFrame,
    codes: Collection[str],
    *,
    name: str = "Sélection",
    whole: bool | None = None,
) -> pd.DataFrame:
    """Add up some communes of a gap table, as the territory's row is made.

    Parameters
    ----------
    con : DuckDBPyConnection
        The version that the table is of.
    table : DataFrame
        Given by ``gaps`` or ``access_gaps``; with every need definition, for the counts of those
        in deficit to be right.
    codes : collection of str
        INSEE codes of communes of the table, each counted once.
    name : str
        Name of the rows.
    whole : bool, optional
        Whether they are the whole perimeter; by default, whether they are the whole table.

    Returns
    -------
    DataFrame
        One row per service × day type × definition, with the columns of ``gaps`` (``code`` null,
        ``published_rate`` unknown unless the selection is one commune or the whole perimeter),
        those of accessible supply that can be added up when the table has them, and: ``communes``,
        how many; ``public_unknown`` and ``supply_unknown``, names of those whose public, or
        supply, is unknown or masked. One of them makes the sum unknown.

    Raises
    ------
    RequestError
        When a code is not in the table, or there is none.
    """
    wanted = set(codes)
    inside = set(table["code"].dropna())
    if not wanted or wanted - inside:
        raise RequestError(
            f"commune absente du territoire : {', '.join(sorted(wanted - inside))}"
            if wanted
            else "aucune commune à additionner",
            mend="Choisir des communes du territoire.",
        )
    reached = "access_supply" in table.columns
    rows = table.drop(columns=[c for c in table if str(c).startswith("desert_")])
    with lent(con, {"_rows": rows}):
        summed = frame(con, SUM_REACHED if reached else SUM, {"codes": sorted(wanted)})
    for unknown in ("public_unknown", "supply_unknown"):
        summed[unknown] = [tuple(names) for names in summed[unknown]]
    summed = summed.assign(name=name, reliability=reliability(summed))
    columns = [c for c in table.columns if c in summed.columns]
    # The perimeter's own row knows more: its totals are made before any commune is masked.
    if wanted == inside if whole is None else whole:
        own = table.loc[table["code"].isna(), columns].assign(name=name)
        return summed[[*SLOT, *EXTRA]].merge(own, on=SLOT, how="left")[[*columns, *EXTRA]]
    return summed[[*columns, *EXTRA]]


def rank(table: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Rank of each row by a column: 1, 2, 2, 4; equal figures share the better rank.

    Parameters
    ----------
    table : DataFrame
        Rows to rank against each other.
    column : str
        A gap is ranked from the largest shortfall, anything else from the largest figure.

    Returns
    -------
    Series of Int64
        Missing where the figure is unknown, or withheld because the public is too small.
    """
    figures = pd.to_numeric(table[column]).astype("float64").round(PLACES)
    ranks = figures.rank(method="min", ascending=column in SMALLEST_FIRST)
    return ranks.astype("Int64")


def neighbours(con: duckdb.DuckDBPyConnection, codes: Iterable[str]) -> tuple[str, ...]:
    """Codes of the communes of the perimeter that border some others, these left out, by name.

    A version made before the relation existed knows no neighbour.
    """
    if not has_table(con, "neighbour"):
        return ()
    wanted = sorted(set(codes))
    rows = con.execute(
        "SELECT DISTINCT c.code, c.name FROM neighbour AS n JOIN commune AS c "
        "ON c.code = n.neighbour WHERE list_contains($codes, n.code) "
        "AND NOT list_contains($codes, c.code) ORDER BY c.name, c.code",
        {"codes": wanted},
    ).fetchall()
    return tuple(code for code, _ in rows)
