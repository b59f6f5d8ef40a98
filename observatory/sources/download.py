"""Download of one published file into the cache, with the server's validators.

The cache holds one folder per address. A content is named after its own sha256, and a sidecar,
replaced last and in one move, says which one is current: a download that is killed, cut or wrong
leaves the cached copy as it was.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import requests
from urllib3.exceptions import HTTPError

from observatory import disk
from observatory.errors import SourceError
from observatory.french.dates import long_date
from observatory.sources import transfer
from observatory.sources.transfer import TransferJob, TransferLimits

__all__ = ["Download", "TransferLimits", "fetch"]

SIDECAR = "copie.json"
LEFTOVER_SECONDS = 3_600  # age at which what a killed download left behind is swept


@dataclass(frozen=True)
class Download:
    """A file ready to be read.

    Attributes
    ----------
    path : Path
        The content, in the cache; its name ends like the published one.
    origin : {'cache', 'network'}
        ``network`` when these bytes have just been received; unchanged (304) is ``cache``.
    sha256 : str
        Of the content, in hexadecimal.
    note : str
        Where it comes from and why: one French line.
    """

    path: Path
    origin: Literal["cache", "network"]
    sha256: str
    note: str


@dataclass(frozen=True)
class _Copy:
    """What the sidecar says of the cached content."""

    url: str
    sha256: str
    size: int
    downloaded_at: str
    etag: str = ""
    last_modified: str = ""

    def path(self, folder: Path) -> Path:
        return folder / f"{self.sha256[:16]}-{_place(self.url)[1]}"

    def conditions(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}

    def as_download(self, folder: Path, why: str) -> Download:
        note = f"{why} : copie du {_french_day(self.downloaded_at)} en cache"
        return Download(self.path(folder), "cache", self.sha256, note)


def fetch(
    url: str,
    cache_dir: Path,
    *,
    offline: bool = False,
    sha256: str | None = None,
    limits: TransferLimits | None = None,
    report: Callable[[str], object] | None = None,
    progress: bool = False,
) -> Download:
    """Bring one published file into the cache and say where it is.

    Online, the server is asked whether the cached copy is still current. Whatever goes wrong, an
    intact cached copy is returned with a note; bad content never takes its place.

    Parameters
    ----------
    url : str
        An http or https address.
    cache_dir : Path
        Created if needed; several runs may share it.
    offline : bool
        Never open a connection: the cached copy or an error.
    sha256 : str, optional
        The sum the content must have; a cached copy with another sum does not count.
    limits : Limits, optional
        Time, attempts and size.
    report : callable, optional
        Receives one French line before the body is downloaded: the file and its size.
    progress : bool
        Show a progress bar on standard error.

    Raises
    ------
    SourceError
        No valid copy, neither from the network nor in the cache.
    """
    host, name = _place(url)
    folder = cache_folder(url, cache_dir)
    wanted = sha256.strip().lower().removeprefix("sha256:") if sha256 else None
    limits = limits or TransferLimits()
    job = TransferJob(url, folder, wanted, limits, time.monotonic() + limits.total_seconds)
    copy, absence = _cached(job)
    if offline:
        if copy:
            return copy.as_download(folder, "hors ligne")
        mend = "Relancer avec le réseau, ou déposer le fichier dans le dossier miroir."
        raise SourceError(f"hors ligne, et {absence}", where=url, mend=mend)
    try:
        known = copy.conditions() if copy else {}
        with (
            transfer.open_session(limits) as session,
            transfer.ask(session, job, known) as response,
        ):
            if copy and response.status_code == 304:
                _sweep(folder, copy)
                return copy.as_download(folder, "inchangé")
            transfer.refuse(response, job)
            size = transfer.length(response)
            title = f"{name} ({host})" + (f" : {transfer.french_size(size)}" if size else "")
            if report:
                report(f"téléchargement de {title}")
            part = transfer.receive(response, job, title if progress else "")
            return _keep(part, response, job, copy)
    except (SourceError, HTTPError, OSError) as error:  # requests' own errors are OSError
        failure = transfer.explain(error, url, cache_dir)
        if copy is None:
            if failure is error:
                raise
            raise failure from error
    return copy.as_download(folder, failure.what)


def cache_folder(url: str, cache_dir: Path) -> Path:
    """Where the copy of an address is kept."""
    return cache_dir / f"{_place(url)[0]}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def _cached(job: TransferJob) -> tuple[_Copy | None, str]:
    """Return the cached copy if it is intact, else None and why; a damaged one is deleted."""
    sidecar = content = job.folder / SIDECAR
    try:
        copy = _Copy(**json.loads(sidecar.read_text(encoding="utf-8")))
        content = copy.path(job.folder)
        _french_day(copy.downloaded_at)
        if transfer.sha256_of(content) == copy.sha256:
            if job.wanted in (None, copy.sha256):
                return copy, ""
            return None, "la copie en cache n'a pas la somme de contrôle attendue"
    except (OSError, ValueError, TypeError):
        if not sidecar.exists():
            return None, "aucune copie en cache"
    for damaged in (sidecar, content):
        with suppress(OSError):
            damaged.unlink()
    return None, "la copie en cache était abîmée : elle a été écartée"


def _keep(
    part: Path, response: requests.Response, job: TransferJob, previous: _Copy | None
) -> Download:
    """Make the received file the current copy: its content first, then the sidecar."""
    copy = _Copy(
        url=job.url,
        sha256=transfer.sha256_of(part),
        size=part.stat().st_size,
        downloaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )
    disk.adopt_file(part, copy.path(job.folder))
    disk.replace_file(job.folder / SIDECAR, json.dumps(asdict(copy), indent=2).encode())
    _sweep(job.folder, copy, *filter(None, [previous]))
    note = f"téléchargé ({transfer.french_size(copy.size)})"
    return Download(copy.path(job.folder), "network", copy.sha256, note)


def _sweep(folder: Path, *kept: _Copy) -> None:
    """Delete what old, killed downloads left; the copy just replaced may still be being read."""
    names = {SIDECAR, *(copy.path(folder).name for copy in kept)}
    with suppress(OSError):
        for file in folder.iterdir():
            if file.name not in names and time.time() - file.stat().st_mtime > LEFTOVER_SECONDS:
                file.unlink()


def _place(url: str) -> tuple[str, str]:
    """Return the server and the file name of an address, both fit for a file name."""
    path = re.split(r"[?#]", url)[0].partition("://")[2].rstrip("/")
    parts = [re.sub(r"[^\w.-]+", "_", unquote(part)) for part in path.split("/")]
    return parts[0][-80:] or "serveur", parts[-1][-80:]


def _french_day(moment: str) -> str:
    return long_date(datetime.fromisoformat(moment).astimezone())
