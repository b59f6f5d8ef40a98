"""The reconciliation as a file for a French spreadsheet, and its command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from observatory import formats, warehouse
from observatory.export import BOM, french_number, safe_text
from observatory.files import write_file
from observatory.nomenclature import nomenclature
from observatory.reconciliation import headlines, reconcile
from observatory.settings import Settings

LEVELS = {"com": "commune", "epci": "EPCI"}
MEASURES = {"places": "places", "taux": "places pour 100 enfants", "aucune": "places"}
HEADINGS = {
    "level": "niveau",
    "code": "code",
    "name": "nom",
    "service": "mode",
    "year": "annee",
    "measure": "mesure",
    "published": "publie_caf",
    "census": "recensement_31_decembre",
    "difference": "ecart",
    "percent": "ecart_pour_cent",
    "bpe": "etablissements_bpe",
    "establishments": "etablissements_recenses",
    "explanation": "explication",
}
COUNTS = ("bpe", "establishments", "year")


def reconciliation_csv(table: pd.DataFrame) -> bytes:
    """Rows of ``reconcile`` as French CSV: UTF-8 with BOM, ``;``, decimal comma, CRLF."""
    words = table.assign(
        level=table["level"].map(LEVELS),
        measure=table["measure"].map(MEASURES),
        service=[nomenclature().services[s].label for s in table["service"]],
    )
    out = pd.DataFrame(index=table.index)
    for ours, heading in HEADINGS.items():
        if pd.api.types.is_numeric_dtype(words[ours]):
            decimals = 0 if ours in COUNTS else 1
            out[heading] = [french_number(v, decimals) for v in words[ours]]
        else:
            out[heading] = [safe_text(str(v)) if pd.notna(v) else "" for v in words[ours]]
    text: str = out.to_csv(sep=";", index=False, lineterminator="\r\n")
    return (BOM + text).encode("utf-8")


def reconcile_command(
    year: Annotated[
        int | None, typer.Option(help="Année publiée par la Caf ; toutes à défaut.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Fichier CSV à écrire.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
) -> None:
    """Rapprocher le recensement des chiffres de la Caf et de la BPE."""
    con = warehouse.open_current(Settings.from_env().processed_dir)
    try:
        table = reconcile(con, year)
    finally:
        con.close()
    if out is not None:
        write_file(out, reconciliation_csv(table))
        typer.echo(f"écrit : {out}", err=True)
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
    published = formats.number(values["published"], decimals)
    if values["measure"] == "aucune":
        published = "non publié"
    said = (
        f"  {nomenclature().services[values['service']].short} : publié {published}, "
        f"recensé {formats.number(values['census'], decimals)}"
    )
    if pd.notna(values["difference"]):
        said += f", écart {formats.gap(values['difference'], decimals)}"
        if pd.notna(values["percent"]):
            said += f" ({formats.gap(values['percent'], 1)} %)"
    if pd.notna(values["bpe"]):
        said += (
            f" ; établissements : BPE {formats.number(values['bpe'])}, "
            f"recensement {formats.number(values['establishments'])}"
        )
    return f"{said}\n    {values['explanation']}" if values["explanation"] else said
