"""A scenario and what it would change, as a terminal or a program reads it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from observatory.french import numbers
from observatory.french.vocabulary import SUPPLY_IS_DEMONSTRATION
from observatory.scenario.compared_scenarios import MOVED, money_line
from observatory.scenario.scenario_in_words import Toponyms, need_words, said
from observatory.scenario.what_if import SIMULATION, WhatIf

NAMED = 12  # communes named one by one; the others are counted


def as_record(found: WhatIf, names: Toponyms) -> dict[str, Any]:
    """Everything, for a program; unknown or masked is null."""
    question = found.question

    def plain(cell: Any) -> Any:
        if cell is None or pd.isna(cell):
            return None
        return cell.item() if hasattr(cell, "item") else cell

    return {
        "scenario": found.scenario.name,
        "service": question.service,
        "day_type": question.day_type,
        "definition": question.definition,
        "as_of": question.as_of.isoformat(),
        "minutes": found.minutes,
        "sentence": said(found, names),
        "notes": list(found.notes),
        "demonstration": found.demonstration,
        "money": [
            {
                "amount": m.amount,
                "service": m.service,
                "when": m.when,
                "places": m.places,
                "low_euros": m.low,
                "high_euros": m.high,
                "source": m.source,
                "year": m.year,
                "given": m.given,
                "why": m.why,
            }
            for m in found.money
        ],
        "communes": [
            {str(k): plain(v) for k, v in row.items()} for row in found.table.to_dict("records")
        ],
    }


def as_lines(found: WhatIf, names: Toponyms) -> list[str]:
    """A scenario as a terminal shows it."""
    lines = [
        f"{found.scenario.name}. {need_words(found)}. {SIMULATION}.",
        *([f"{SUPPLY_IS_DEMONSTRATION}."] if found.demonstration else []),
        *found.notes,
        "",
        said(found, names),
    ]
    rows = found.communes
    moves = rows.assign(size=rows["reached_more"].abs().fillna(0) + rows["supply_more"].abs())
    moves = moves[moves["size"] >= MOVED].sort_values("size", ascending=False)
    lines += ["", "Communes qui bougent :"] if len(moves) else []
    for row in moves.head(NAMED).to_dict("records"):
        here = numbers.number(row["supply_more"], 1, signed=True)
        reached = numbers.number(row["reached_more"], 1, signed=True)
        before, after = (
            f"{numbers.number(row[f'deficit_count_{s}'])} sur "
            f"{numbers.number(row[f'definition_count_{s}'])}"
            for s in ("before", "after")
        )
        ways = f" ; en manque selon {before} façons de compter" + (
            f", puis {after}" if before != after else ""
        )
        lines.append(f"  {row['name']} : offre {here}, à la portée {reached}{ways}")
    if len(moves) > NAMED:
        rest = numbers.number(moves["reached_more"].iloc[NAMED:].sum(), 1, signed=True)
        lines.append(f"  {len(moves) - NAMED} autres : à la portée {rest}")
    for when, title in (("opening", "À l'ouverture, une fois :"), ("year", "Chaque année :")):
        some = [m for m in found.money if m.when == when]
        lines += ["", title] if some else []
        lines += [f"  {money_line(m)}" for m in some]
    return lines
