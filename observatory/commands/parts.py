"""``observatory export parts``: a large territory by its EPCI, départements or régions."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from observatory.answers.silent_services import silent_services
from observatory.answers.territory_parts import GRAINS, grains_of, parts_of
from observatory.commands.options import AsOf
from observatory.commands.overwriting import Force, own_file, own_writer
from observatory.errors import RequestError
from observatory.files.notes import file_metadata
from observatory.files.parts_csv import TITLE, parts_csv
from observatory.french.dates import today
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.settings import Settings
from observatory.versions import warehouse

MEGABYTES = 400
"""Memory of the database, whatever the territory."""


class Level(StrEnum):
    """Levels above the commune."""

    epci = "epci"
    dep = "dep"
    reg = "reg"


def parts_command(
    level: Annotated[
        Level, typer.Option(help="epci, dep (départements) ou reg (régions).")
    ] = Level.epci,
    service: Annotated[
        str | None, typer.Option(help="Un service de la nomenclature ; tous à défaut.")
    ] = None,
    definition: Annotated[
        str | None, typer.Option(help="Une définition du besoin ; toutes à défaut.")
    ] = None,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option(callback=own_file, help="Fichier à écrire ; à défaut la sortie standard."),
    ] = None,
    force: Force = False,
) -> None:
    """Écrire les sommes par EPCI, département ou région : besoin, offre, taux, démographie."""
    day = as_of.date() if as_of else today()
    asked = Question(service, definition=definition, as_of=day)
    asked.check()
    with warehouse.in_service(Settings.from_env(), megabytes=MEGABYTES) as con:
        if level.value not in grains_of(con, least=1):
            raise RequestError(
                f"le territoire ne tient aucun ensemble entier ({GRAINS[level.value].one})",
                mend="Actualiser un territoire plus large, par exemple --territory france.",
            )
        silent = silent_services(con, publics=False)
        names = nomenclature()
        wanted = [service] if service else [
            id_ for id_, one in names.services.items()
            if id_ not in silent and (definition is None or definition in one.definitions)
        ]  # fmt: skip
        content = parts_csv(
            parts_of(con, level.value, Question(id_, definition=definition, as_of=day))
            for id_ in wanted
        )
        if out is None:
            sys.stdout.buffer.write(content)
            return
        told = file_metadata(con, out.name, TITLE, day)
    beside = out.with_name(f"{out.name}-metadata.json")
    text = json.dumps(told, ensure_ascii=False, indent=2)
    own_writer(force)({out: content, beside: text.encode("utf-8")})
