"""``observatory diff``: the differences between two versions."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

import pandas as pd
import typer

from observatory.answers.changes import Changes, compare
from observatory.answers.wording_of_changes import (
    SOURCES,
    TARGETS,
    TOTALS,
    service_words,
    side,
    summary,
    target_value,
    version_words,
)
from observatory.french import dates, numbers
from observatory.french.balance import balance, moved
from observatory.french.vocabulary import CHANGES, MASKED, NOTHING
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import Settings

SHOWN = 40  # lines of a section on a terminal; --json gives them all


def diff_command(
    old: Annotated[
        str | None, typer.Option("--from", help="Version de départ ; celle d'avant à défaut.")
    ] = None,
    new: Annotated[
        str | None, typer.Option("--to", help="Version d'arrivée ; celle en service à défaut.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Date de ce qui manque, AAAA-MM-JJ ; aujourd'hui à défaut."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
) -> None:
    """Dire ce qui a changé d'une version publiée à une autre."""
    day = as_of.date() if as_of else None
    changes = compare(Settings.from_env().processed_dir, old, new, day)
    typer.echo(
        json.dumps(as_records(changes), ensure_ascii=False, indent=2)
        if as_json
        else "\n".join(as_lines(changes))
    )


def as_records(changes: Changes) -> dict[str, Any]:
    """The changes ready for JSON: dates in ISO form, unknown or masked as null."""
    tables = {
        name: [{str(k): _plain(v) for k, v in row.items()} for row in table.to_dict("records")]
        for name, table in (
            ("establishments", changes.establishments),
            ("totals", changes.totals),
            ("gaps", changes.gaps),
            ("sources", changes.sources),
            ("perimeter", changes.perimeter),
            ("targets", changes.targets),
        )
    }
    return {
        "from": changes.old,
        "to": changes.new,
        "as_of": changes.as_of.isoformat(),
        "summary": summary(changes),
        "notes": changes.notes,
        **tables,
    }


def _plain(cell: Any) -> Any:
    if pd.isna(cell):
        return None
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return cell.item() if hasattr(cell, "item") else cell


def as_lines(changes: Changes) -> list[str]:
    """The changes as a terminal shows them."""
    lines = [
        f"De {version_words(changes.old)}",
        f"à {version_words(changes.new)}",
        *changes.notes,
        summary(changes),
    ]
    sections = {
        "Établissements": [
            f"{CHANGES[str(r['kind'])]} : {r['name']} ({service_words(r['service'], None)}, "
            f"{r['commune']}), {r['column']} : {_text(r['old'])} → {_text(r['new'])}"
            for r in changes.establishments.to_dict("records")
        ],
        "Totaux communaux": [
            f"{_text(r['commune'])}, {service_words(r['service'], None)}, "
            f"{TOTALS[str(r['column'])]} au {dates.long_date(r['valid_from'])} : "
            + (
                MASKED
                if r["masked"]
                else f"{numbers.number(r['old'])} → {numbers.number(r['new'])}"
            )
            for r in changes.totals.to_dict("records")
        ],
        f"Ce qui manque au {dates.long_date(changes.as_of)}": [
            _gap_line(r) for r in changes.gaps.to_dict("records")
        ],
        "Objectifs du territoire": [
            f"{CHANGES[str(r['kind'])]} : {service_words(r['service'], _none(r['day_type']))}, "
            f"depuis le {dates.long_date(r['valid_from'])}, {TARGETS[str(r['column'])]} : "
            f"{target_value(r['service'], r['column'], _none(r['old']))} → "
            f"{target_value(r['service'], r['column'], _none(r['new']))}"
            for r in changes.targets.to_dict("records")
        ],
        "Sources": [
            f"{r['id']}, {r['publication']}, {SOURCES[str(r['column'])]} : "
            f"{side(r['column'], _none(r['old']))} → "
            f"{side(r['column'], _none(r['new']))}"
            for r in changes.sources.to_dict("records")
        ],
        "Périmètre": [
            f"{'entrée' if r['kind'] == 'added' else 'sortie'} : {r['commune']} ({r['code']})"
            for r in changes.perimeter.to_dict("records")
        ],
    }
    for title, rows in sections.items():
        if rows:
            lines += ["", title, *(f"  {row}" for row in rows[:SHOWN])]
            if len(rows) > SHOWN:
                lines.append(f"  … et {len(rows) - SHOWN} autres, à lire avec --json")
    return lines


def _gap_line(row: dict[Any, Any]) -> str:
    decimals = nomenclature().services[row["service"]].decimals
    place = row["commune"] if pd.notna(row["code"]) else f"{row['commune']} (territoire)"
    head = f"{place}, {service_words(row['service'], _none(row['day_type']))} : "
    if row["masked"]:
        return head + MASKED
    old, new = (balance(row[c], decimals=decimals) for c in ("old_gap", "new_gap"))
    return f"{head}{old} → {new}" + (
        "" if pd.isna(row["move"]) else f" ({moved(row['move'], decimals)})"
    )


def _none(cell: Any) -> Any:
    return None if pd.isna(cell) else cell


def _text(cell: Any) -> str:
    return NOTHING if pd.isna(cell) else str(cell)
