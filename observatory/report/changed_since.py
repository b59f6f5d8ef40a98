"""The figures that changed most between two days of one version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from observatory.answers.gaps import gaps, public_of_row
from observatory.french import dates, numbers
from observatory.french.spelling import inside
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.question import Question
from observatory.report.document import Block, table
from observatory.report.facts import Facts, Row, day_of, service_of

FIVE = 5


def changed_table(reading: Facts, since: date) -> tuple[Block, int, bool]:
    """The five figures that changed most, how many changed, whether any supply was compared.

    Ranked by their change over what they were. A figure that is masked or unknown on one of the
    two days is not compared; a part that moved as its whole did is not told twice.
    """
    asked = Question(as_of=since)
    then = gaps(
        reading.con, asked, definitions={s: reading.definition(s) for s in reading.services}
    )
    then = then[then["code"].isna()]
    before: dict[tuple[str, str | None], Row] = {
        (str(r["service"]), day_of(r)): r
        for r in ({str(k): v for k, v in row.items()} for row in then.to_dict("records"))
    }
    moves: list[tuple[float, list[str], Service, float]] = []
    publics: set[str] = set()
    compared = False
    for s in reading.services:
        service = service_of(s)
        for day in service.day_types or (None,):
            old, new = before.get((s, day)), reading.total(s, day)
            if old is None:
                continue
            compared |= numbers.is_known(old["supply"]) and numbers.is_known(new["supply"])
            name = f"{service.label}, {nomenclature().day_types[day]}" if day else service.label
            moves += _move(f"Offre : {inside(name)}", service.unit, old, new, "supply", service)
            noun = public_of_row(new).label
            if noun not in publics and service.public not in nomenclature().services:
                publics.add(noun)
                moves += _move(noun, "personnes", old, new, "public", service)
    told: list[tuple[float, list[str], Service, float]] = []
    for move in moves:
        parents = [m for m in told if move[2].label != m[2].label and _is_part(move[2], m[2])]
        if not any(abs(m[3] - move[3]) < 1e-6 for m in parents):
            told.append(move)
    told.sort(key=lambda move: -move[0])
    headings = [
        "Chiffre", "Unité", f"Au {dates.short_date(since)}",
        f"Au {dates.short_date(reading.request.as_of)}", "Évolution",
    ]  # fmt: skip
    rows = [row for _, row, _, _ in told[:FIVE]]
    block = table("Chiffres qui ont changé", headings, rows, words=2, widths=[5, 1.8, 2, 2, 1.6])
    return block, len(told), compared


def _move(
    label: str, unit: str, old: Mapping[Any, Any], new: Mapping[Any, Any], column: str,
    service: Service,
) -> list[tuple[float, list[str], Service, float]]:  # fmt: skip
    """One figure that changed as it is shown; nothing when it did not, or cannot be compared."""
    decimals = service.decimals if column == "supply" else 0
    first, last = (numbers.rounded(row[column], decimals) for row in (old, new))
    if first is None or last is None or first == last:
        return []
    move = last - first
    size = abs(move) / first if first else float("inf")
    cells = [label, unit, *(numbers.number(v, decimals) for v in (first, last))]
    return [(size, [*cells, numbers.gap(move, decimals)], service, move)]


def _is_part(one: Service, whole: Service) -> bool:
    """Whether a service is a part of another, at any depth."""
    parts = [nomenclature().services[p] for p in whole.parts]
    return any(part.label == one.label or _is_part(one, part) for part in parts)
