"""What opened and closed since a day, in words and as a table."""

from __future__ import annotations

from datetime import date

import pandas as pd

from observatory.answers import deployment
from observatory.french import dates, numbers, vocabulary
from observatory.knowledge.nomenclature import nomenclature
from observatory.report import table_cells
from observatory.report.document import Block, table
from observatory.report.facts import Facts, service_of

OPENED, CLOSED = "opening", "closing"


def moved_words(moved: pd.DataFrame) -> str:
    """How many establishments opened and closed."""
    counts = {kind: int((moved["kind"] == kind).sum()) for kind in (OPENED, CLOSED)}
    parts = [
        numbers.plural(counts[OPENED], "ouverture") if counts[OPENED] else "",
        numbers.plural(counts[CLOSED], "fermeture") if counts[CLOSED] else "",
    ]
    return " et ".join(filter(None, parts)) or "aucune ouverture ni fermeture connue"


def openings(reading: Facts, since: date) -> pd.DataFrame:
    """What opened and closed after a day: one row per establishment and day, its effects in words.

    Returns
    -------
    DataFrame
        day, kind, name, commune, service, effect (in words, by type of day where there are some).
    """
    columns = ["day", "kind", "name", "commune", "service", "effect"]
    first = since + deployment.DAY
    if first > reading.request.as_of:
        return pd.DataFrame(columns=columns)
    found = deployment.movements(reading.con, first, reading.request.as_of)
    kept = found["code"].isin(list(reading.names)) & found["service"].isin(reading.counted)
    found = found[kept & found["kind"].isin([OPENED, CLOSED])]
    keys = ["day", "kind", "id", "name", "commune", "service"]
    rows = [
        {**dict(zip(keys, key, strict=True)), "effect": _effects(part)}
        for key, part in found.groupby(keys, sort=False, dropna=False)
    ]
    return pd.DataFrame(rows, columns=columns)


def openings_table(moved: pd.DataFrame) -> Block:
    """The same as a table, the latest first."""
    latest = moved.sort_values("day", ascending=False, kind="stable")
    return table(
        "Ouvertures et fermetures",
        ["Date", "Nature", "Établissement", "Commune", "Service", "Effet"],
        [
            [
                dates.short_date(r["day"]),
                vocabulary.MOVEMENTS[r["kind"]],
                str(r["name"]),
                table_cells.text(r["commune"]),
                service_of(r["service"]).short,
                r["effect"],
            ]
            for r in latest.to_dict("records")
        ],
        words=5,
        widths=[1.5, 1.5, 4, 2.1, 1.9, 1.6],
    )


def _effects(part: pd.DataFrame) -> str:
    """The effects of a movement on the known places, by type of day."""
    service, days = service_of(part["service"].iloc[0]), nomenclature().day_types
    said = []
    for row in part.to_dict("records"):
        amount = row["before"] if row["kind"] == CLOSED else row["after"]
        if pd.isna(amount):
            return vocabulary.CAPACITY_UNKNOWN
        day = f" ({days[row['day_type']]})" if isinstance(row["day_type"], str) else ""
        said.append(f"{numbers.gap(row['effect'], service.decimals)}{day}")
    one = len({words.partition(" (")[0] for words in said}) == 1
    told = said[0].partition(" (")[0] if one else " ; ".join(said)
    return f"{told} {service.unit}"
