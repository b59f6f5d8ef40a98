"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Date de l'offre, AAAA-MM-JJ ; aujourd'hui à défaut."),
]
Custom = Annotated[float | None, typer.Option(help="Objectif choisi, dans l'unité du taux.")]
Who = Annotated[str, typer.Option(help="Qui fait ce changement, pour le journal : un rôle suffit.")]
Why = Annotated[str, typer.Option(help="Pourquoi, pour le journal.")]
NoRefresh = Annotated[
    bool, typer.Option("--no-refresh", help="Ne pas reconstruire la version en service.")
]
