"""Legal duties of a commune as organising authority, and who exercises them.

Who exercises a competence is what the planner wrote in the census; nothing written is unknown,
never « not transferred ».
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from observatory.errors import RequestError
from observatory.french import vocabulary
from observatory.french.dates import today
from observatory.knowledge.law import Competence, law
from observatory.versions.records import records
from observatory.versions.warehouse import has_table

__all__ = ["COLUMNS", "duties", "duties_of_territory", "law"]

COLUMNS = (
    "code",
    "name",
    "competence",
    "label",
    "duty",
    "applies",
    "exercised_by",
    "since",
    "source",
    "source_date",
    "met",
    "demonstration",
    "population",
    "population_vintage",
    "counted",
    "counted_total",
    "to_check",
    "reference",
)


def duties(con: duckdb.DuckDBPyConnection, code: str, on: date | None = None) -> pd.DataFrame:
    """What the law asks of one commune, one row per competence in the order of the law.

    Parameters
    ----------
    code : str
        INSEE code of a commune of the perimeter.
    on : date, optional
        Day looked at; today when absent.

    Returns
    -------
    DataFrame
        See ``duties_of_territory``.

    Raises
    ------
    RequestError
        When the commune is not one of the perimeter.
    """
    table = _duties(con, {code}, on)
    if table.empty:
        raise RequestError(
            f"la commune « {code} » n'est pas dans le territoire",
            mend="Choisir l'une de ses communes.",
        )
    return table


def duties_of_territory(
    con: duckdb.DuckDBPyConnection,
    on: date | None = None,
    codes: Collection[str] | None = None,
) -> pd.DataFrame:
    """What the law asks of each commune of the perimeter, one row per commune × competence.

    Parameters
    ----------
    on : date, optional
        Day looked at; today when absent.
    codes : collection of str, optional
        INSEE codes of the communes asked for; by default all of them.

    Returns
    -------
    DataFrame
        code, name, competence, label; ``duty``, a French sentence; ``applies``: whether it is
        compulsory that day, True, False or None (unknown); ``exercised_by``: an id of
        ``law().holders``, None when the planner has not said; since, source, source_date of that;
        ``met``: where data can tell, whether a compulsory duty is met, else None, and
        ``demonstration`` whether that rests on demonstration data; ``population``: municipal
        population of the commune and its vintage, ``counted``: the inhabitants that the threshold
        is compared with (with those of the other communes that transferred the competence to the
        same body; NaN when not all are known), ``counted_total`` the same with the total
        population; ``to_check``: the threshold stands between the two; ``reference``: the article.
    """
    return _duties(con, codes, on)


def applies_words(row: Mapping[Any, Any]) -> str:
    """Whether a duty of ``duties`` is compulsory, in words."""
    return vocabulary.TO_CHECK if row["to_check"] else vocabulary.yes_no(row["applies"])


@dataclass(frozen=True)
class _Transfer:
    """Who exercises a competence in a commune on the day, as the planner wrote it."""

    holder: str
    since: date | None
    source: str | None
    source_date: date | None


def _duties(
    con: duckdb.DuckDBPyConnection, codes: Collection[str] | None, on: date | None
) -> pd.DataFrame:
    day = on or today()
    asked = law()
    communes = records(con, "FROM commune")
    siren = records(con, "SELECT siren FROM territory")[0]["siren"]
    transfers = _transfers(con, day)
    served = {
        c.served_by: _served(con, c.served_by, day)
        for c in asked.competences.values()
        if c.served_by
    }
    found = []
    for id_, competence in asked.competences.items():
        pools = _Pools(communes, transfers, id_, siren, "population")
        totals = _Pools(communes, transfers, id_, siren, "total_population")
        for commune in communes:
            if not commune["inside"] or (codes is not None and commune["code"] not in codes):
                continue
            transfer = transfers.get((commune["code"], id_))
            counted, least = pools.counted(commune)
            counted_total, _ = totals.counted(commune)
            applies = _applies(competence, day, counted, least)
            to_check = applies is False and _between(competence, day, counted_total)
            applies = None if to_check else applies
            met, demonstration = served.get(competence.served_by, {}).get(
                commune["code"], (None, False)
            )
            found.append(
                {
                    **commune,
                    "competence": id_,
                    "label": competence.label,
                    "duty": competence.duty,
                    "applies": applies,
                    "exercised_by": transfer.holder if transfer else None,
                    "since": transfer.since if transfer else None,
                    "source": transfer.source if transfer else None,
                    "source_date": transfer.source_date if transfer else None,
                    "met": met if applies else None,
                    "demonstration": bool(applies and met is not None and demonstration),
                    "counted": counted,
                    "counted_total": counted_total,
                    "to_check": to_check,
                    "reference": competence.reference,
                }
            )
    rank = {id_: n for n, id_ in enumerate(asked.competences)}
    found.sort(key=lambda r: (r["name"], r["code"], rank[r["competence"]]))
    # Plain Python values, so that unknown stays None beside True and False.
    table = pd.DataFrame(found, columns=list(COLUMNS), dtype=object)
    return table.astype(
        {
            **dict.fromkeys(("population", "counted", "counted_total"), float),
            **dict.fromkeys(("demonstration", "to_check"), bool),
        }
    )


def _applies(
    competence: Competence, day: date, counted: float | None, least: float | None
) -> bool | None:
    """Whether a competence is compulsory; ``least`` is how many inhabitants there are at least."""
    if day < competence.since:
        return False
    if not competence.above or (least is not None and least > competence.above):
        return True
    return None if counted is None else False


def _between(competence: Competence, day: date, total: float | None) -> bool:
    """Whether the total population passes a threshold that the municipal one does not."""
    return day >= competence.since and total is not None and total > competence.above > 0


class _Pools:
    """The inhabitants that count together for one competence."""

    def __init__(
        self,
        communes: list[dict[str, Any]],
        transfers: dict[tuple[str, str], _Transfer],
        competence: str,
        siren: str | None,
        column: str,
    ) -> None:
        self.siren = siren
        self.column = column
        self.known: dict[tuple[str, str], tuple[float | None, float | None]] = {}
        self.holders = {c: t.holder for (c, of), t in transfers.items() if of == competence}
        self.communes = communes

    def counted(self, commune: dict[str, Any]) -> tuple[float | None, float | None]:
        """Inhabitants compared with the threshold, when known, and how many there are at least."""
        own = commune.get(self.column)  # older versions lack the total population
        id_ = self.holders.get(commune["code"], "")
        holder = law().holders.get(id_)
        if holder is None or not holder.pools:
            return own, own
        body = commune[holder.known_by] if holder.known_by else None
        if body is None:
            return None, own
        if (id_, body) not in self.known:
            self.known[id_, body] = self._pooled(id_, holder.known_by, body)
        return self.known[id_, body]

    def _pooled(self, id_: str, column: str, body: str) -> tuple[float | None, float | None]:
        members = [c for c in self.communes if c[column] == body]
        pooled = [c.get(self.column) for c in members if self.holders.get(c["code"]) == id_]
        least = sum(p for p in pooled if p is not None)
        # All of the body's communes are at hand only where it is the territory itself.
        whole = body == self.siren and all(c["code"] in self.holders for c in members)
        return (least if whole and None not in pooled else None), least


def _transfers(con: duckdb.DuckDBPyConnection, day: date) -> dict[tuple[str, str], _Transfer]:
    """Who exercises what on a day; nothing in versions built before the table."""
    if not has_table(con, "competence"):
        return {}
    rows = records(
        con,
        "SELECT code, competence, holder, since, source, source_date FROM competence "
        "WHERE holder IS NOT NULL AND (since IS NULL OR since <= ?)",
        [day],
    )
    told = {
        (r["code"], r["competence"]): _Transfer(
            r["holder"], r["since"], r["source"], r["source_date"]
        )
        for r in rows
    }
    taken_along = {
        (code, id_): replace(told[code, competence.follows], source=_along(competence.follows))
        for id_, competence in law().competences.items()
        if competence.follows
        for code, followed in told
        if followed == competence.follows
    }
    return taken_along | told


def _along(competence: str) -> str:
    return f"suit la compétence « {law().competences[competence].label} »"


def _served(
    con: duckdb.DuckDBPyConnection, service: str, day: date
) -> dict[str, tuple[bool, bool]]:
    """Whether an establishment of a service serves each commune, and on whose word (demonstration).

    A commune of which nobody says anything is absent.
    """
    rows = records(
        con,
        """
        SELECT code, bool_or(met) AS met, bool_or(demonstration) AS demonstration
        FROM (
            SELECT a.code, true AS met, o.demonstration
            FROM open_capacity(?) AS o
            JOIN allocation AS a ON a.establishment = o.establishment
            WHERE o.service = ?
            UNION ALL
            SELECT code, false, demonstration FROM known_offer
            WHERE service = ? AND (since IS NULL OR since <= ?)
        )
        GROUP BY code
        """,
        [day, service, service, day],
    )
    return {r["code"]: (bool(r["met"]), bool(r["demonstration"])) for r in rows}
