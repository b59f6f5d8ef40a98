"""``observatory census reconcile``: the census beside the published figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from observatory.answers.reconciliation import headlines, reconcile
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.files.reconciliation_csv import HEADINGS, reconciliation_csv
from observatory.french import numbers
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import Settings
from observatory.versions import warehouse


def reconcile_command(
    year: Annotated[
        int | None, typer.Option(help="Année publiée par la Caf ; toutes à défaut.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(callback=own_file, help="Fichier CSV à écrire.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
    force: Force = False,
) -> None:
    """Rapprocher le recensement des chiffres de la Caf et de la BPE."""
    with warehouse.in_service(Settings.from_env()) as con:
        table = reconcile(con, year)
    if out is not None:
        own_writer(force)({out: reconciliation_csv(table)})
    if as_json:
        records = table.astype(object).where(table.notna(), None).to_dict("records")
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
    elif out is None:
        typer.echo(_as_text(table))


def _as_text(table: pd.DataFrame) -> str:
    if table.empty:
        return "La Caf ne publie rien de ce territoire : il n'y a rien à rapprocher."
    lines = [f"{sentence}." for sentence in headlines(table)]
    for (year, name), rows in table.groupby(["year", "name"], sort=False):
        lines += ["", f"{name}, {year} (recensement au 31 décembre)"]
        lines += [_line(row) for row in rows.itertuples(index=False)]
    return "\n".join(lines)


def _line(row: tuple[object, ...]) -> str:
    values = pd.Series(row, index=list(HEADINGS))
    decimals = 1 if values["measure"] == "taux" else 0
    published = numbers.number(values["published"], decimals)
    if values["measure"] == "aucune":
        published = "non publié"
    said = (
        f"  {nomenclature().services[values['service']].short} : publié {published}, "
        f"recensé {numbers.number(values['census'], decimals)}"
    )
    if pd.notna(values["difference"]):
        said += f", écart {numbers.gap(values['difference'], decimals)}"
        if pd.notna(values["percent"]):
            said += f" ({numbers.gap(values['percent'], 1)} %)"
    if pd.notna(values["bpe"]):
        said += (
            f" ; établissements : BPE {numbers.number(values['bpe'])}, "
            f"recensement {numbers.number(values['establishments'])}"
        )
    return f"{said}\n    {values['explanation']}" if values["explanation"] else said
