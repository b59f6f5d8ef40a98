"""The command line: refresh, info, export, serve. Exit status 0, 1 (data or request), 2 (usage)."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from observatory import formats, record, warehouse
from observatory.census.cli import census_app
from observatory.diff_cli import diff_command
from observatory.errors import ObservatoryError, RequestError, VersionError
from observatory.export_cli import export_app
from observatory.reconciliation_files import reconcile_command
from observatory.report_cli import report_app
from observatory.settings import ROOT, Settings
from observatory.territory import DEFAULT, parse

app = typer.Typer(
    help="Observatoire de l'offre et du besoin des services aux familles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(export_app, name="export")
app.add_typer(report_app, name="report")
app.add_typer(census_app, name="census")
census_app.command("reconcile")(reconcile_command)
app.command("diff")(diff_command)


@app.command("refresh")
def refresh_command(
    territory: Annotated[
        str, typer.Option(help="Nom prévu, SIREN, codes Insee, département ou « france ».")
    ] = DEFAULT,
    membership: Annotated[
        str | None, typer.Option(help="Millésime de l'appartenance à l'EPCI, par exemple 2024.")
    ] = None,
    mirror: Annotated[
        Path | None, typer.Option(help="Dossier de fichiers publiés, un sous-dossier par source.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ne jamais ouvrir de connexion.")
    ] = False,
    if_missing: Annotated[
        bool,
        typer.Option("--if-missing", help="Ne rien faire quand une version est déjà en service."),
    ] = False,
) -> None:
    """Construire et publier une nouvelle version des données."""
    from pipelines.refresh import refresh  # the app never needs the pipeline

    settings = Settings.from_env()
    settings = dataclasses.replace(
        settings, mirror=mirror or settings.mirror, offline=offline or settings.offline
    )
    if settings.mirror and not settings.mirror.is_dir():
        raise RequestError(
            "le dossier miroir n'existe pas",
            where=str(settings.mirror),
            mend="Vérifier le chemin donné à --mirror ou à OBSERVATORY_MIRROR.",
        )
    if if_missing:
        try:
            warehouse.current(settings.processed_dir)
        except VersionError:
            pass
        else:
            return
    refresh(settings, parse(territory, membership), lambda line: typer.echo(line, err=True))


@app.command()
def info(
    as_json: Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")] = False,
) -> None:
    """Dire ce que contient la version en service et d'où elle vient."""
    con = warehouse.open_current(Settings.from_env().processed_dir)
    try:
        version = record.info(con)
    finally:
        con.close()
    if as_json:
        typer.echo(json.dumps(version, ensure_ascii=False, indent=2))
        return
    place = version["territory"]
    built = formats.long_moment(datetime.fromisoformat(version["built_at"]))
    typer.echo(f"Version {version['version']}, construite le {built}")
    typer.echo(
        f"{place['name']} : {formats.quantity(place['communes'], 'commune', 'communes')}, "
        f"{_known(place['population'])} habitants"
    )
    for source in version["sources"]:
        typer.echo(
            f"  {source['id']:<11} {source['vintage'] or '—':<11} {source['origin']:<9}"
            f"{source['rows']:>7} {'lignes' if source['rows'] >= 2 else 'ligne '}  {source['file']}"
        )
    typer.echo(f"Contrôles tenus : {len(version['checks']['passed'])}")
    if version["demonstration"]:
        typer.echo("L'offre est un recensement de démonstration.")


def _known(value: int | None) -> str:
    return "nombre inconnu d'" if value is None else f"{value:,}".replace(",", "\u202f")


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port d'écoute.")] = 8501,
    address: Annotated[str, typer.Option(help="Adresse d'écoute.")] = "localhost",
) -> None:
    """Servir l'application dans un navigateur."""
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        f"--server.port={port}",
        f"--server.address={address}",
    ]
    os.chdir(ROOT)
    os.execv(sys.executable, command)  # the same process: who stops the command stops the server


def _usage(error: typer.TyperException) -> str:
    """A usage error in French, from what the parser knows of it."""
    option = getattr(error, "option_name", None)
    if option and type(error).__name__ == "NoSuchOption":
        return f"l'option « {option} » n'existe pas"
    parameter = getattr(error, "param", None)
    name = parameter.opts[0] if parameter else option
    given = re.search(r"'([^']*)'", str(error))
    value = f" « {given.group(1)} »" if given else ""
    if type(error).__name__ == "MissingParameter":
        return f"il manque {name}"
    if isinstance(error, typer.BadParameter):
        return f"valeur{value} refusée pour {name}"
    return f"commande ou valeur{value} incorrecte" + (f" près de {name}" if name else "")


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and exit; every expected error is one French sentence."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may not have every French character
            stream.reconfigure(errors="replace")
    try:
        code = app(arguments, standalone_mode=False)
    except typer.TyperException as error:
        typer.echo(f"Erreur d'utilisation : {_usage(error)}. Aide : observatory --help", err=True)
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ObservatoryError as error:
        typer.echo(f"Erreur : {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except (OSError, duckdb.IOException) as error:
        name = getattr(error, "filename", None)
        place = f"{name} : " if name else ""
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        typer.echo(
            f"Erreur : {place}lecture ou écriture impossible ({reason}). "
            "Vérifier le chemin, les droits et la place sur le disque.",
            err=True,
        )
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
