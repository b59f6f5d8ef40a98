"""What ``observatory travel build`` says of the table it wrote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from observatory.french.numbers import number, plural, short_number
from observatory.knowledge.catchment_rules import catchment_rules
from observatory.knowledge.road_rules import RoadRules
from observatory.roads.road_table import RoadTable

NAMED = 8  # places and trips named one by one; the others are counted
HEADINGS = ("À vol d'oiseau", "Trajets", "Par la route : un sur dix", "la moitié", "neuf sur dix")


def as_text(table: RoadTable, rules: RoadRules, written: Path) -> str:
    """Everything: how many trips, at which speeds, what is left out, both ways side by side."""
    mode, longest = rules.mode(table.mode), table.travel.max_minutes
    said = ", ".join(f"{c} {short_number(kmh)}" for c, kmh in mode.kmh.items())
    lines = [
        f"{plural(table.pairs, 'trajet')} {mode.label} d'au plus {longest:g} min, de "
        f"{plural(len(table.origins), 'origine')} à "
        f"{plural(len(table.destinations), 'destination')}.",
        f"{mode.source} En km/h : {said}.",
        *_left_out(table, rules),
        "",
        *_compared(table),
        "",
        f"Pour s'en servir : placer {written.name} dans le dossier « roads » d'un miroir, puis "
        "« observatory refresh --mirror DOSSIER ».",
        "Données © les contributeurs d'OpenStreetMap, licence ODbL.",
    ]
    return "\n".join(lines)


def _left_out(table: RoadTable, rules: RoadRules) -> list[str]:
    """Places on no road, and pairs that no road joins."""
    lines = []
    far = table.far
    if len(far):
        told = [
            f"{r['id']} ({number(r['metres'] / 1000, 1)} km)"
            for r in far.sort_values(["metres", "id"]).to_dict("records")
            if math.isfinite(r["metres"])
        ]
        lines.append(
            f"À plus de {number(rules.farthest_metres)} m d'une route : "
            f"{plural(len(far), 'lieu', 'lieux')}, qui gardent leurs temps à vol d'oiseau"
            f"{_named(told)}."
        )
    else:
        lines.append("Chaque lieu est près d'une route.")
    if table.without_road_count:
        told = [f"{start} → {end}" for start, end in table.without_road]
        lines.append(
            f"Sans aucun chemin, quoique proches à vol d'oiseau : "
            f"{plural(table.without_road_count, 'trajet')}, hors de portée{_named(told)}."
        )
    return lines


def _named(told: Sequence[str]) -> str:
    if not told:
        return ""
    return f" : {', '.join(told[:NAMED])}" + ("…" if len(told) > NAMED else "")


def _compared(table: RoadTable) -> list[str]:
    """The straight line beside the road, by bands, then what each alone puts within reach."""
    rules, longest = catchment_rules(), table.travel.max_minutes

    def minutes(value: float) -> str:
        return f"{number(value)} min" if math.isfinite(value) else f"plus de {longest:g} min"

    rows = [
        (
            f"{r['from']:g} à {r['to']:g} min"
            if math.isfinite(r["to"])
            else f"plus de {r['from']:g} min",
            number(r["pairs"]),
            *(minutes(r[c]) for c in ("low", "median", "high")),
        )
        for r in table.compared.bands().to_dict("records")
    ]
    widths = [max(len(line[n]) for line in [HEADINGS, *rows]) for n in range(len(HEADINGS))]
    reach = rules.reach.default
    within = table.compared.within(reach)
    return [
        rules.explain_minutes(),
        *(
            "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
            for line in [HEADINGS, *rows]
        ),
        f"À {reach:g} min : {plural(within['both'], 'trajet')} des deux façons, "
        f"{number(within['straight'])} à vol d'oiseau seulement, "
        f"{number(within['road'])} par la route seulement.",
    ]
