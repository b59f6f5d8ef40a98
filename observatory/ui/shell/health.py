"""Health of the served app: "ok" or "degraded" and why, for whoever watches over it.

Anyone may ask: it says what the foot of the pages says, names no folder and no figure.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse

from observatory.census.standing import why_degraded
from observatory.errors import VersionError
from observatory.settings import Settings
from observatory.versions import record, warehouse

ADDRESS = "/health"
NO_VERSION = (
    "L'observatoire n'a pas encore de données à montrer. Prévenir la personne qui l'exploite."
)
UNEXPECTED = (
    "L'état n'a pas pu être établi : une erreur inattendue est notée dans le journal du serveur."
)


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
    """

    status: str
    why: str | None
    version: str | None


def health(settings: Settings) -> Health:
    """The health of what is served now; the operator's words go to the log, not to the answer."""
    log = logging.getLogger("observatory")
    try:
        name = warehouse.current(settings.processed_dir)
        with warehouse.in_service(settings) as con:
            degraded = why_degraded(settings, record.census(con))
    except VersionError as error:
        log.error("%s", error)
        return Health("degraded", NO_VERSION, None)
    except Exception:
        log.exception("health failed")
        return Health("degraded", UNEXPECTED, None)
    if degraded is None:
        return Health("ok", None, name)
    log.warning("%s", degraded.operator)
    return Health("degraded", degraded.public, name)


def answer(request: Request) -> JSONResponse:
    """The answer of the address: 200 while pages are shown, 503 when none can be."""
    found = health(Settings.from_env())
    return JSONResponse(
        asdict(found), 200 if found.version else 503, headers={"Cache-Control": "no-store"}
    )
