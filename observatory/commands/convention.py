"""``observatory convention``: template, check and show the convention of the territory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from observatory.answers.period import convention
from observatory.census import census_store
from observatory.commands.frame import Commands
from observatory.commands.options import Who, Why
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.errors import RequestError
from observatory.french.dates import long_date, long_month
from observatory.knowledge.convention import FILE_NAME, Convention, read_convention
from observatory.settings import Settings
from observatory.versions import warehouse

convention_app = Commands(
    help="La convention territoriale globale (Ctg) du territoire.", no_args_is_help=True
)
TEMPLATE = """\
# La convention territoriale globale (Ctg) du territoire. Les lignes qui commencent par # sont des
# explications ou des exemples : les compléter et retirer le #. Ce qui n'est pas connu reste absent.

name = "Ctg de …"
territory = ""             # SIREN de l'EPCI, ou codes Insee des communes séparés par des virgules
# start = 2023-01-01       # premier jour
# end = 2026-12-31         # dernier jour
# signed = "2022-11"       # année et mois de la signature
# signatories = ["Caf de …", "CC de …"]
# covers = ["62041"]       # communes concernées, quand ce n'est pas tout le territoire
# axes = ["Accès aux droits", "Enfance et famille"]
# axis_services = { "Accès aux droits" = ["france_services", "ccas"] }   # services de chaque axe
# contact_role = "Chargé de coopération Ctg"   # une fonction, jamais le nom d'une personne
# contact = "ctg@exemple.fr"
# source = "Convention signée le …"

# [[theme]]
# label = "Petite enfance"
# services = ["eaje_psu", "rpe"]
# since = 2023-01-01       # date d'entrée du thème dans la convention
"""


@convention_app.command("template")
def template_command(
    out: Annotated[Path, typer.Option("--out", callback=own_file, help="Fichier à écrire.")] = Path(
        FILE_NAME
    ),
    force: Force = False,
) -> None:
    """Écrire une convention vide, à remplir."""
    own_writer(force)({out: TEMPLATE.encode()})


@convention_app.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Convention à contrôler.")],
) -> None:
    """Contrôler une convention sans rien charger."""
    found = _read(file)
    typer.echo(f"{found.name} : la convention est lisible.")


@convention_app.command("load")
def load_command(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Convention à charger.")],
    who: Who = "",
    why: Why = "",
) -> None:
    """Ranger une convention avec le recensement ; le prochain « refresh » la reprend."""
    found = _read(file)
    state = census_store.write_convention(
        Settings.from_env().census_dir, file.read_bytes(), who, why or f"convention : {found.name}"
    )
    typer.echo(
        f"{found.name} : rangée, génération {state.sequence} (observatory census history, undo). "
        "Relancer « observatory refresh » pour la montrer."
    )


@convention_app.command("show")
def show_command() -> None:
    """Dire la convention que suit la version en service."""
    with warehouse.in_service(Settings.from_env()) as con:
        found = convention(con)
    if found is None:
        typer.echo("La version en service ne suit aucune convention décrite.")
        return
    typer.echo(found["name"])
    for label, value in (
        ("du", found["start"] and long_date(found["start"])),
        ("au", found["end"] and long_date(found["end"])),
        ("signée en", found["signed"] and long_month(found["signed"])),
        ("source", found["source"]),
    ):
        if value:
            typer.echo(f"  {label} {value}" if label != "source" else f"  source : {value}")
    for part in found["parts"]:
        since = f" (depuis le {long_date(part['since'])})" if part["since"] else ""
        typer.echo(f"  {part['kind']} : {part['label']}{since}")


def _read(file: Path) -> Convention:
    if not file.is_file():
        raise RequestError("le fichier n'existe pas", where=str(file), mend="Vérifier le chemin.")
    return read_convention(file)
