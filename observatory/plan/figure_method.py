"""The method of a figure in one version: a digest of what computes it, to see when it changes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import duckdb

from observatory.knowledge.catchment_rules import catchment_rules
from observatory.plan.indicator_binding import Binding
from observatory.plan.plan_words import bound_measures
from observatory.versions.frames import frame

SERVICE = """
SELECT id, public, unit, rate_per, grain, site_rule, allocate_by, masked_below, catchment
FROM service WHERE id = $service OR id IN (SELECT part FROM service_part WHERE service = $service)
ORDER BY id
"""
DEFINITION = """
SELECT definition, kind, level, public, years, fixed_target FROM definition
WHERE service = $service AND definition = $definition
"""
PUBLIC = """
SELECT p.* FROM public AS p WHERE p.id IN (SELECT public FROM offer WHERE service = $service)
OR p.id = (SELECT public FROM service WHERE id = $service) ORDER BY p.id
"""
LENGTH = 16  # hexadecimal signs of a digest: two methods in 2^64 bear the same


def method_of(con: duckdb.DuckDBPyConnection, bound: Binding) -> str:
    """The digest of the macros that compute a bound figure, and of the entries they read.

    Parameters
    ----------
    con : DuckDBPyConnection
        The version whose method it is: it carries its own macros and nomenclature.
    """
    measure = bound_measures()[bound.measure]
    roots = [*measure.roots]
    if len(bound.codes) > 1:
        roots.append("reach_sum_of" if measure.reach else "sum_of")
    values = {"service": bound.service, "definition": bound.definition}
    entries = [_rows(con, SERVICE, values), _rows(con, PUBLIC, values)]
    if measure.asked:
        entries.append(_rows(con, DEFINITION, values))
    if measure.reach:
        entries += [_rows(con, f"FROM {table}", {}) for table in sorted(catchment_rules().tables())]
    told = json.dumps([_called(con, roots), entries], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:LENGTH]


def _called(con: duckdb.DuckDBPyConnection, roots: list[str]) -> list[tuple[str, str]]:
    """Some macros and all that they call, each as the database writes it."""
    found = frame(
        con,
        "SELECT function_name AS name, string_agg(macro_definition, ';' ORDER BY macro_definition) "
        "AS text FROM duckdb_functions() WHERE NOT internal AND macro_definition IS NOT NULL "
        "GROUP BY function_name",
    )
    texts: Mapping[str, str] = dict(zip(found["name"], found["text"], strict=True))
    known: dict[str, str] = {}
    asked = [r for r in roots if r in texts]
    while asked:
        name = asked.pop()
        if name in known:
            continue
        known[name] = texts[name]
        asked += [w for w in re.findall(r"(\w+)\(", texts[name]) if w in texts]
    return sorted(known.items())


def _rows(con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> list[str]:
    """Rows as text, in no order of theirs."""
    used = {k: v for k, v in values.items() if f"${k}" in sql}
    return sorted(map(str, con.execute(sql, used).fetchall()))
