"""The open data of the version in service, served as files or as one archive: public part only.

A harvester knows a file by its whole address, which is asked for and never guessed: nothing is
served, nor offered, before ``OBSERVATORY_OPEN_DATA_URL`` says where. A demonstration is not served.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from observatory.errors import ObservatoryError
from observatory.french import dates
from observatory.french.vocabulary import DEMONSTRATION_WARNING
from observatory.settings import Settings
from observatory.versions import record, warehouse

ADDRESS = "/donnees/{name}"
LARGEST = 1_000
"""Communes beyond which the folder is left to the command line: a gap table of the country."""
MEGABYTES = 400
MEDIA = {
    ".csv": "text/csv; charset=utf-8", ".json": "application/json",
    ".jsonld": "application/ld+json", ".rdf": "application/rdf+xml",
}  # fmt: skip
NOT_HERE = "Aucune donnée ouverte n'est servie ici."
TOO_MANY = (
    f"Au-delà de {LARGEST} communes, les données ouvertes s'écrivent par « observatory export "
    "catalog »."
)
NOT_HARVESTED = f"{DEMONSTRATION_WARNING} Elles ne se moissonnent pas."
EPOCH = (1980, 1, 1, 0, 0, 0)
_making = Lock()


def why_not_served(settings: Settings) -> str:
    """Why the open data of the version in service are not served, in French; empty when they are.

    Raises
    ------
    VersionError
        When there is no version.
    """
    if not settings.open_data_url:
        return NOT_HERE
    with warehouse.in_service(settings) as con:
        if record.is_demonstration(con):
            return NOT_HARVESTED
        ((communes,),) = con.execute("SELECT count(*) FROM perimeter").fetchall()
    return TOO_MANY if communes > LARGEST else ""


def open_files(settings: Settings, day: date) -> Mapping[str, bytes]:
    """The files of the folder, by name; made once for a version, an address and a day.

    Raises
    ------
    ObservatoryError
        When the address is none of the web, or there is no version.
    """
    name = warehouse.current(settings.processed_dir)
    path = str(settings.processed_dir / name)
    with _making:  # who asks for a file while the folder is being made waits for it
        return _made(path, day, settings.open_data_url or "", settings.contact)


@lru_cache(maxsize=2)
def _made(path: str, day: date, address: str, contact: str | None) -> Mapping[str, bytes]:
    from observatory.files.catalog.open_catalog import open_catalog  # slow to load

    with warehouse.connect(Path(path), warehouse.within(MEGABYTES)) as con:
        return open_catalog(con, day, address, None, contact)


def archive(settings: Settings, day: date) -> bytes:
    """The folder as one file; the same bytes for the same version and day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in open_files(settings, day).items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()


def answer(request: Request) -> Response:
    """A file of the folder, by its name; 404 and a sentence where nothing is served."""
    settings, name = Settings.from_env(), request.path_params["name"]
    try:
        why = why_not_served(settings)
        content = None if why else open_files(settings, dates.today()).get(name)
    except ObservatoryError:
        why, content = NOT_HERE, None
    if content is None:
        return PlainTextResponse(why or NOT_HERE, 404)
    return Response(
        content,
        media_type=MEDIA[f".{name.rpartition('.')[2]}"],
        headers={"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"},
    )
