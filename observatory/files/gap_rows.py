"""Rows of the gap table as a file says them: made in the database, and taken from it in batches.

A territory of any size is written within the same memory: one service at a time, or one offer,
where all of them would be too many rows, and a few thousand rows at a time from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import duckdb
import pandas as pd

from observatory.answers.access_gap_query import access_gap_query
from observatory.answers.gaps import FLAGS, asked_values, in_words
from observatory.answers.profile import YOUNG, born_before, retention
from observatory.answers.reach_query import reach_values, reached_rows
from observatory.answers.silent_services import silent_services
from observatory.errors import RequestError
from observatory.files.columns import columns
from observatory.french import numbers, vocabulary
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import CUSTOM, Question
from observatory.versions.frames import frame, lent

MOST_AT_ONCE = 300_000
"""Rows that the database prepares together, more or less."""
TOLD = ("public", "supply", "target", "need")
"""Figures of which the reliability says whether they are known."""
MADE = frozenset(
    {"definition_label", "unit", "rate_label", "as_of", "reliability", "births", "retention"}
    | {"situation"}
)
"""Columns that no answer gives: they are made here."""


@dataclass(frozen=True)
class Rows:
    """The prepared rows of some offers: the table ``gap_row``, in the order of the file."""

    con: duckdb.DuckDBPyConnection
    question: Question
    parts: int

    @property
    def several(self) -> bool:
        """Whether the whole file has several offers (service × type of day)."""
        query = "SELECT count(*) FROM (SELECT DISTINCT service, day_type FROM gap_row)"
        return self.parts > 1 or bool(self.con.execute(query).fetchall()[0][0] > 1)

    def frames(self, at_once: int | None = None) -> Iterator[pd.DataFrame]:
        """The rows as tables of so many rows, all in one when not said; one table at least."""
        count = self.con.execute("SELECT count(*) FROM gap_row").fetchall()[0][0]
        step = at_once or max(count, 1)
        for first in range(0, max(count, 1), step):
            table = frame(self.con, f"FROM gap_row LIMIT {step} OFFSET {first}")
            yield table.assign(as_of=self.question.as_of)


def gap_rows(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    codes: Sequence[str | None] | None = None,
) -> Iterator[Rows]:
    """The rows of the gap table, service after service where they are many, in the file's order.

    Parameters
    ----------
    question, codes
        As for ``gap_table.gap_table``.

    Raises
    ------
    RequestError
        As ``gap_table.gap_table``.
    """
    question.check_target()
    question.check()
    _refuse_strangers(con, codes)
    parts = _parts(con, question)
    for part in parts:
        with _prepared(con, part, codes):
            yield Rows(con, part, len(parts))


def _parts(con: duckdb.DuckDBPyConnection, question: Question) -> list[Question]:
    """The question itself, or one for each service, or each offer where a service is too much."""
    services, own = nomenclature().services, nomenclature().definitions_for()
    days: dict[str, list[str]] = {}
    for service, day in nomenclature().offers():
        if question.service in (None, service) and question.day_type in (None, day):
            days.setdefault(service, []).append(day or "")
    communes = con.execute("SELECT count(*) FROM perimeter").fetchall()[0][0]

    def fits(asked: Mapping[str, str | None]) -> bool:
        """Whether services, each with one of its definitions or all of them, are few rows."""
        rows = sum(
            len(days[s]) * (1 if one else len(services[s].definitions)) for s, one in asked.items()
        )
        return bool(communes * rows <= MOST_AT_ONCE)

    if fits(dict.fromkeys(days)):
        return [question]
    parts = []
    for service in sorted(days):
        if question.definition not in (None, *services[service].definitions):
            continue
        chosen = question.definition or (own[service] if question.service is None else None)
        of_service = replace(question, service=service, definition=chosen)
        apart = [replace(of_service, day_type=day or None) for day in sorted(days[service])]
        parts += [of_service] if fits({service: chosen}) else apart
    return parts or [question]


@contextmanager
def _prepared(
    con: duckdb.DuckDBPyConnection, question: Question, codes: Sequence[str | None] | None
) -> Iterator[None]:
    """The table ``gap_row`` of a question, for as long as it is read."""
    born = born_before(con)
    communes = con.execute("SELECT count(*) FROM perimeter").fetchall()[0][0]
    named = {
        "_offer": _offers(),
        "_definition": _definitions(),
        "_born": pd.DataFrame(list(born.items()), columns=["code", "births"]).astype(
            {"code": "str", "births": "float64"}
        ),
        "_chosen": _ranks(codes or ()),
        "_silent": pd.DataFrame({"service": sorted(silent_services(con))}, dtype="str"),
    }
    try:
        with lent(con, named):
            con.execute(
                "CREATE OR REPLACE TEMP TABLE asked_row AS "
                f"SELECT {_answered()}, {_told_key()} AS told "
                f"FROM ({access_gap_query(reached_rows())})",
                {**asked_values(question), **reach_values()},
            )
            with lent(con, {"_reliability": _reliability(con, question)}):
                con.execute(
                    f"CREATE OR REPLACE TEMP TABLE gap_row AS {_in_file_words(codes is not None)}",
                    {
                        "day": question.as_of,
                        "retention": retention(con),
                        # Of the whole territory: known when every commune is.
                        "births": sum(born.values()) if born and len(born) == communes else None,
                        "custom": question.custom is not None,
                        "asked": question.service is not None or codes is not None,
                        "every": question.service is not None or question.definition is not None,
                    },
                )
        con.execute("DROP TABLE asked_row")
        yield
    finally:
        with suppress(duckdb.ConnectionException):  # closed already, and they are gone with it
            con.execute("DROP TABLE IF EXISTS asked_row; DROP TABLE IF EXISTS gap_row")


def _offers() -> pd.DataFrame:
    """What a file says of each offer: one row per service × type of day (or none)."""
    names, deserts = nomenclature(), catchment_rules().deserts
    return pd.DataFrame(
        [
            {
                "service": id_,
                "day": day or "",
                "unit": service.unit,
                "rate_label": service.rate_label,
                "decimals": service.decimals,
                "own": names.definition_for(id_),
                "young": names.public_of(id_, day) == YOUNG,
                **{f"desert_{rule}": id_ in d.services for rule, d in deserts.items()},
            }
            for id_, day in names.offers()
            for service in (names.services[id_],)
        ]
    )


def _definitions() -> pd.DataFrame:
    """What a file says of each need definition; the mean of the territory is no need to lack of."""
    return pd.DataFrame(
        [
            {"definition": id_, "label": d.label, "shares_out": d.shares_out}
            for id_, d in nomenclature().definitions.items()
        ]
    )


def _ranks(codes: Sequence[str | None]) -> pd.DataFrame:
    """The place of each code in the file; an empty one for the territory's total."""
    given = list(dict.fromkeys(code or "" for code in codes))
    return pd.DataFrame({"code": given, "rank": range(len(given))}).astype(
        {"code": "str", "rank": "int64"}
    )


def _refuse_strangers(con: duckdb.DuckDBPyConnection, codes: Sequence[str | None] | None) -> None:
    inside = {code for (code,) in con.execute("SELECT code FROM perimeter").fetchall()}
    given = dict.fromkeys(code for code in codes or () if code)
    if strangers := [code for code in given if code not in inside]:
        raise RequestError(
            f"{numbers.quantity(len(strangers), 'commune', 'communes')} hors du territoire : "
            f"{', '.join(strangers[:5])}{'…' if len(strangers) > 5 else ''}",
            mend="Donner les codes Insee de communes de la version en service.",
        )


FACTS = ("code", *TOLD, *FLAGS)
"""What decides the reliability of a row: whether the first ones are unknown, the others true."""


def _answered() -> str:
    """The columns of the answer that a file has, or that decide one of them."""
    others = (
        "estimated", "masked", "suppressed", "access_suppressed", "unknown_parts",
        "definition_rank",
    )  # fmt: skip
    return ", ".join((*(name for name in columns() if name not in MADE), *others))


def _told_key() -> str:
    """A number for each way in which figures are weakened: there are few for many rows."""
    true = [f"coalesce({fact}, false)" if fact in FLAGS else f"{fact} IS NULL" for fact in FACTS]
    return " + ".join(f"{1 << n} * CAST({fact} AS INT)" for n, fact in enumerate(true))


def _reliability(con: duckdb.DuckDBPyConnection, question: Question) -> pd.DataFrame:
    """The reliability of each of them, in words: each one is put into words once."""
    ways = frame(con, "SELECT DISTINCT service, told, unknown_parts FROM asked_row")
    for n, fact in enumerate(FACTS):
        true = (ways["told"] // (1 << n) % 2 == 1).astype(bool)
        ways[fact] = true if fact in FLAGS else pd.Series(0.0, ways.index).mask(true)
    words = in_words(con, ways, question.as_of)
    return words[["service", "told", "unknown_parts", "reliability"]]


def _in_file_words(chosen: bool) -> str:
    """The query of ``gap_row``: the columns of the file, figures in full."""
    oui, non = (f"'{vocabulary.YES_NO[told]}'" for told in (True, False))
    made = {
        "definition_label": "d.label",
        "unit": "o.unit",
        "rate_label": "o.rate_label",
        "as_of": "CAST($day AS DATE)",
        "reliability": "r.reliability",
        "beyond": "100 * a.beyond",
        "imputed_share": "100 * a.imputed_share",
        "published_minutes_vintage": "TRY_CAST(a.published_minutes_vintage AS DOUBLE)",
        "public_vintage": "TRY_CAST(a.public_vintage AS DOUBLE)",
        "births": "CASE WHEN a.estimated AND o.young THEN coalesce(b.births, "
        "CASE WHEN a.code IS NULL THEN $births END) END",
        "situation": f"CASE WHEN a.gap IS NULL AND a.masked THEN '{vocabulary.MASKED}' "
        f"WHEN a.gap IS NULL THEN '{vocabulary.UNKNOWN}' "
        f"WHEN d.shares_out THEN '{vocabulary.SHARING}' "
        f"WHEN is_short(a.gap, o.decimals) THEN '{vocabulary.LACK}' "
        f"WHEN is_short(-a.gap, o.decimals) THEN '{vocabulary.SURPLUS}' "
        f"ELSE '{vocabulary.BALANCE}' END",
    }
    made["retention"] = f"CASE WHEN {made['births']} IS NOT NULL THEN $retention END"
    for counted in ("definition_count", "access_definition_count"):
        # Nothing could be told: that is not « 0 out of 0 ».
        short = counted.replace("definition_count", "deficit_count")
        for name in (short, counted):
            made[name] = f"CASE WHEN a.{counted} > 0 THEN CAST(a.{name} AS DOUBLE) END"
    for name in columns():
        if name.startswith("desert_"):
            made[name] = (
                f"CASE WHEN NOT o.{name} THEN '' WHEN a.{name} THEN {oui} "
                f"WHEN NOT a.{name} THEN {non} ELSE '{vocabulary.UNKNOWN}' END"
            )
        elif name.startswith("access_") and name.removeprefix("access_").isdecimal():
            made[name] = f"CASE WHEN NOT a.access_suppressed THEN a.{name} END"
    listed = ", ".join(f"{made.get(name, f'a.{name}')} AS {name}" for name in columns())
    rank = "c.rank" if chosen else "a.code NULLS LAST"
    return f"""
    SELECT {listed}
    FROM asked_row AS a
    JOIN _offer AS o ON o.service = a.service AND o.day = coalesce(a.day_type, '')
    JOIN _definition AS d ON d.definition = a.definition
    JOIN _reliability AS r ON r.service = a.service AND r.told = a.told
        AND coalesce(r.unknown_parts, '') = coalesce(a.unknown_parts, '')
    LEFT JOIN _born AS b ON b.code = a.code
    {"JOIN _chosen AS c ON c.code = coalesce(a.code, '')" if chosen else ""}
    WHERE ($custom OR a.definition <> '{CUSTOM}') AND ($every OR a.definition = o.own)
        -- Nothing is known of it: said once, of the territory.
        AND ($asked OR a.code IS NULL OR a.service NOT IN (SELECT service FROM _silent))
    ORDER BY a.service, a.day_type, a.definition_rank, {rank}
    """
