"""The figures that changed between two days of one version, each telling another fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from observatory.answers.gaps import gaps, public_of_row
from observatory.french import dates, numbers
from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.question import Question
from observatory.knowledge.shortfall import is_short
from observatory.report.document import Block, table
from observatory.report.facts import Facts, Row, day_of, service_of

FIVE = 5
DERIVED = frozenset({"rate"})
"""Measures told last: a rate moves with the supply and the public that it is made of."""


@dataclass(frozen=True)
class Moved:
    """One figure that changed.

    Attributes
    ----------
    fact : tuple of str
        What it tells: a family of services (or a public) and a measure. Two figures of one fact
        move together: a part with its whole, a type of day with another.
    size : float
        Its change over what it was.
    cells : list of str
        Its row.
    """

    fact: tuple[str, str]
    size: float
    cells: list[str]


def changed_table(reading: Facts, since: date) -> tuple[Block, int, bool]:
    """Five figures that changed and tell different facts, how many there are, whether any compared.

    Ranked by their change over what they were; of one family of services and one measure the one
    that changed most. A figure that is masked or unknown on one of the two days is not compared.
    """
    asked = Question(as_of=since)
    then = gaps(
        reading.con, asked, definitions={s: reading.definition(s) for s in reading.services}
    )
    every = [{str(k): v for k, v in row.items()} for row in then.to_dict("records")]
    before: dict[tuple[str, str | None], Row] = {
        (str(r["service"]), day_of(r)): r for r in every if pd.isna(r["code"])
    }
    moves: list[Moved] = []
    compared = False
    for s in reading.services:
        service, family = service_of(s), _families()[s]
        for day in service.day_types or (None,):
            old, new = before.get((s, day)), reading.total(s, day)
            if old is None:
                continue
            compared |= numbers.is_known(old["supply"]) and numbers.is_known(new["supply"])
            name = f"{service.label}, {nomenclature().day_types[day]}" if day else service.label
            per = f"pour {numbers.number(service.rate_per)}"
            supply, rate = f"Offre : {inside(name)}", f"Taux : {inside(name)}"
            decimals = service.decimals
            moves += _move((family, "supply"), supply, service.unit, old, new, decimals)
            if not any(s in one.parts for one in nomenclature().services.values()):
                moves += _move((family, "rate"), rate, per, old, new, 1)
            noun = public_of_row(new).label
            if service.public not in nomenclature().services:
                moves += _move((noun, "public"), noun, "personnes", old, new, 0)
            short = _short_communes(service, [r for r in every if _is_of(r, s, day)],
                                    reading.rows(s, day).to_dict("records"))  # fmt: skip
            label = f"Communes en manque : {inside(name)}"
            moves += _move((family, "short"), label, "communes", *short, 0)
    moves.sort(key=lambda move: -move.size)
    told = {move.fact: move for move in reversed(moves)}
    found = sorted(told.values(), key=lambda move: (move.fact[1] in DERIVED, -move.size))
    kept = sorted(found[:FIVE], key=lambda move: -move.size)
    headings = [
        "Chiffre", "Unité", f"Au {dates.short_date(since)}",
        f"Au {dates.short_date(reading.request.as_of)}", "Évolution",
    ]  # fmt: skip
    rows = [move.cells for move in kept]
    block = table("Chiffres qui ont changé", headings, rows, words=2, widths=[5, 1.8, 2, 2, 1.6])
    return block, len(told), compared


def _move(
    fact: tuple[str, str], label: str, unit: str, old: Mapping[Any, Any], new: Mapping[Any, Any],
    decimals: int,
) -> list[Moved]:  # fmt: skip
    """One figure that changed as it is shown; nothing when it did not, or cannot be compared."""
    column = fact[1]
    if column == "rate" and (old["suppressed"] or new["suppressed"]):
        return []
    first, last = (numbers.rounded(row[column], decimals) for row in (old, new))
    if first is None or last is None or first == last:
        return []
    move = last - first
    size = abs(move) / first if first else float("inf")
    cells = [label, unit, *(numbers.number(v, decimals) for v in (first, last))]
    return [Moved(fact, size, [*cells, numbers.gap(move, decimals)])]


def _is_of(row: Row, service: str, day: str | None) -> bool:
    return row["service"] == service and day_of(row) == day and not pd.isna(row["code"])


def _short_communes(
    service: Service, old: Sequence[Row], new: Sequence[Mapping[Any, Any]]
) -> tuple[Mapping[str, float | None], Mapping[str, float | None]]:
    """How many communes lack, of those whose gap is known on both days; a sharing out has none."""
    gaps_of = [{r["code"]: r["gap"] for r in rows if pd.notna(r["gap"])} for rows in (old, new)]
    both = gaps_of[0].keys() & gaps_of[1].keys()
    if not both or any(nomenclature().definitions[str(r["definition"])].shares_out for r in old):
        return {"short": None}, {"short": None}
    first, last = (
        float(sum(is_short(gap, service.decimals) for code, gap in one.items() if code in both))
        for one in gaps_of
    )
    return {"short": first}, {"short": last}


@cache
def _families() -> Mapping[str, str]:
    """The family of each service: all that have a part in common, whichever wholes hold it."""
    services = nomenclature().services
    found = {id_: id_ for id_ in services}
    for id_, service in services.items():
        joined = {found[id_], *(found[part] for part in service.parts)}
        found = {one: min(joined) if of in joined else of for one, of in found.items()}
    return found
