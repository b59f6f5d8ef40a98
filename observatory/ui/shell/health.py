"""Health of the served app: "ok" or "degraded" and why, for whoever watches over it.

Anyone may ask: it says what the foot of the pages says, how old the version and its sources are,
and how much of the disk is free; it names no folder and no figure of the territory.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse

from observatory.census.standing import why_degraded
from observatory.errors import VersionError
from observatory.french.dates import today
from observatory.settings import Settings
from observatory.versions import record, warehouse

ADDRESS = "/health"
NO_VERSION = (
    "L'observatoire n'a pas encore de données à montrer. Prévenir la personne qui l'exploite."
)
UNEXPECTED = (
    "L'état n'a pas pu être établi : une erreur inattendue est notée dans le journal du serveur."
)
NO_ROOM = "Le disque de l'observatoire est presque plein : la prochaine collecte pourrait échouer."
LEAST_FREE_PCT = 5


@dataclass(frozen=True)
class SourceAge:
    """The newest vintage of a source in the version in service, and its age in years."""

    id: str
    vintage: str | None
    years: int | None


@dataclass(frozen=True)
class Health:
    """What the health address says.

    Attributes
    ----------
    status : str
        ``ok`` or ``degraded``.
    why : str or None
        One French sentence; None when all is well.
    version : str or None
        The version in service; None when no page can be shown.
    refreshed, hours : str and int, or None
        When that version was built, and how long ago.
    sources : tuple of SourceAge
        What it was built from, one per source.
    disk_free_pct : int or None
        Of the disk of the versions, in per cent.
    """

    status: str
    why: str | None
    version: str | None
    refreshed: str | None = None
    hours: int | None = None
    sources: tuple[SourceAge, ...] = ()
    disk_free_pct: int | None = None


def health(settings: Settings) -> Health:
    """The health of what is served now; the operator's words go to the log, not to the answer."""
    log = logging.getLogger("observatory")
    try:
        name = warehouse.current(settings.processed_dir)
        with warehouse.in_service(settings) as con:
            degraded = why_degraded(settings, record.census(con))
            built_at, vintages = record.built_at(con), record.vintages(con)
    except VersionError as error:
        log.error("%s", error)
        return Health("degraded", NO_VERSION, None)
    except Exception:
        log.exception("health failed")
        return Health("degraded", UNEXPECTED, None)
    free = _free_pct(settings.processed_dir)
    why = degraded.public if degraded else None
    if degraded:
        log.warning("%s", degraded.operator)
    elif free is not None and free < LEAST_FREE_PCT:
        log.warning("%s : %d %% de libre sur ce disque", settings.processed_dir, free)
        why = NO_ROOM
    built = datetime.fromisoformat(built_at)
    return Health(
        "degraded" if why else "ok",
        why,
        name,
        built_at,
        int((datetime.now(UTC) - built).total_seconds() // 3600),
        tuple(
            SourceAge(s, v or None, record.age_years(v, today().year)) for s, v in vintages.items()
        ),
        free,
    )


def _free_pct(folder: Path) -> int | None:
    try:
        disk = shutil.disk_usage(folder)
    except OSError:
        return None
    return int(100 * disk.free / disk.total)


def answer(request: Request) -> JSONResponse:
    """The answer of the address: 200 while pages are shown, 503 when none can be."""
    found = health(Settings.from_env())
    return JSONResponse(
        asdict(found), 200 if found.version else 503, headers={"Cache-Control": "no-store"}
    )
