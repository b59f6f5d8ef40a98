"""``observatory access``: accessible supply of Parquet tables, on one machine or on several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.errors import RequestError
from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules

ENGINES = ("duckdb", "spark")
CHUNK = 1 << 20


def access_command(
    demand: Annotated[
        Path,
        typer.Option(help="Demande, Parquet : point, offer, children, et lon, lat sans trajets."),
    ],
    supply: Annotated[
        Path, typer.Option(help="Offre, Parquet : site, offer, places, et lon, lat sans trajets.")
    ],
    travel: Annotated[
        Path | None,
        typer.Option(
            help="Temps de trajet, Parquet : point, site, minutes ; à vol d'oiseau à défaut."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(callback=own_file, help="Fichier Parquet à écrire.")] = Path(
        "acces.parquet"
    ),
    engine: Annotated[
        str, typer.Option(help="Moteur : duckdb (une machine) ou spark (option à installer).")
    ] = "duckdb",
    master: Annotated[
        str | None,
        typer.Option(help="Adresse du maître Spark ; à défaut, les cœurs de cette machine."),
    ] = None,
    scheme: Annotated[str, typer.Option(help="Pondération des minutes.")] = DEFAULT_SCHEME,
    minutes: Annotated[
        float | None, typer.Option(help="Temps d'accès, en minutes ; 15 à défaut.")
    ] = None,
    force: Force = False,
) -> None:
    """Calculer l'offre accessible de tables Parquet : places par enfant, en chaque point."""
    from pipelines.kernel import engines  # slow to load
    from pipelines.kernel.kernel_tables import KernelTables

    if engine not in ENGINES:
        raise RequestError(
            f"moteur « {engine} » inconnu", mend=f"Choix possibles : {', '.join(ENGINES)}."
        )
    if master and engine != "spark":
        raise RequestError("--master ne sert qu'au moteur spark", mend="Ajouter --engine spark.")
    tables = KernelTables(demand, supply, travel)
    with engines.accessible_supply(
        tables,
        out.parent,
        engine="spark" if engine == "spark" else "duckdb",
        master=master or engines.LOCAL,
        scheme=scheme,
        reach=minutes,
    ) as found:
        own_writer(force)({out: _parts(found)})
    if travel is None:
        typer.echo(catchment_rules().explain_minutes(), err=True)


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield part
