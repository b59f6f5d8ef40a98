"""One published file brought into the cache: conditional, verified, bounded in time and size.

The cache holds one folder per address. A content is named after its own sha256, and a sidecar,
replaced last and in one move, says which one is current: a download that is killed, cut or wrong
leaves the cached copy as it was.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import pooch
import requests
from requests import exceptions as broken
from requests.adapters import HTTPAdapter
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from observatory.errors import SourceError

SIDECAR = "copie.json"
RETRY_STATUSES = (429, 500, 502, 503, 504)
LEFTOVER_SECONDS = 3_600  # age at which what a killed download left behind is swept
HTML_START = re.compile(rb"\s*(<\?xml.*?>\s*)?(<!--.*?-->\s*)*<(!doctype\s+)?html\b", re.I | re.S)
HTML = "le serveur envoie une page web à la place du fichier"
MEND = "Relancer plus tard, ou déposer le fichier dans le dossier miroir."
MEND_ADDRESS = "Vérifier l'adresse dans source.toml, ou déposer le fichier dans le dossier miroir."
MEND_SUM = "Si la publication a changé, mettre à jour sha256 dans source.toml ; sinon, relancer."
MEND_DISK = "Vérifier la place et les droits du dossier de cache."
STATUSES = {
    401: ("le serveur refuse l'accès", MEND),
    403: ("le serveur refuse l'accès", MEND),
    404: ("le serveur ne trouve pas ce fichier", MEND_ADDRESS),
    410: ("le serveur ne publie plus ce fichier", MEND_ADDRESS),
    429: ("le serveur reçoit trop de demandes", MEND),
    **dict.fromkeys((500, 502, 503, 504), ("le serveur est en panne", MEND)),
}
REASONS: tuple[tuple[type[Exception], str, str], ...] = (
    (broken.SSLError, "le certificat du serveur n'est pas reconnu", MEND),
    (broken.ProxyError, "le relais (proxy) refuse la demande", MEND),
    (broken.Timeout, "le serveur ne répond pas, ou trop lentement", MEND),
    (broken.ConnectionError, "le serveur a cessé de répondre", MEND),
    (broken.ChunkedEncodingError, "le fichier reçu est incomplet", MEND),
    (broken.TooManyRedirects, "l'adresse renvoie sans fin à une autre", MEND_ADDRESS),
    (broken.InvalidSchema, "l'adresse mène hors de http et de https", MEND_ADDRESS),
    (broken.InvalidURL, "l'adresse n'est pas valide", MEND_ADDRESS),
    (broken.RequestException, "la réponse du serveur est illisible", MEND),
    (HTTPError, "la réponse du serveur est illisible", MEND),
    (OSError, "l'écriture dans le cache est impossible", MEND_DISK),
)


C = TypeVar("C", socket.socket, requests.Response)


@dataclass(frozen=True)
class Limits:
    """How far a download may go.

    Attributes
    ----------
    connect_seconds : float
        To find the server and open a connection, all its addresses together.
    read_seconds : float
        Longest silence of the server.
    total_seconds : float
        From the first attempt to the last byte, retries included.
    retries : int
        New attempts after a 429 or a 5xx: at once, then after 1, 2, 4... seconds, or after the
        time the server asks for.
    wait_seconds : int
        Longest wait between two attempts, even when the server asks for more.
    max_bytes : int
        Largest file accepted.
    """

    connect_seconds: float = 3.0
    read_seconds: float = 20.0
    total_seconds: float = 600.0
    retries: int = 2
    wait_seconds: int = 10
    max_bytes: int = 1_000_000_000


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

    def as_download(self, folder: Path, why: str) -> Download:
        note = f"{why} : copie du {_french_day(self.downloaded_at)} en cache"
        return Download(self.path(folder), "cache", self.sha256, note)


@dataclass(frozen=True)
class _Job:
    """What is asked: an address, where it is kept, and how far to go."""

    url: str
    folder: Path
    wanted: str | None
    limits: Limits
    deadline: float


def fetch(
    url: str,
    cache_dir: Path,
    *,
    offline: bool = False,
    sha256: str | None = None,
    limits: Limits | None = None,
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
    folder = cache_dir / f"{host}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    wanted = sha256.strip().lower().removeprefix("sha256:") if sha256 else None
    limits = limits or Limits()
    job = _Job(url, folder, wanted, limits, time.monotonic() + limits.total_seconds)
    copy, absence = _cached(job)
    if offline:
        if copy:
            return copy.as_download(folder, "hors ligne")
        mend = "Relancer avec le réseau, ou déposer le fichier dans le dossier miroir."
        raise SourceError(f"hors ligne, et {absence}", where=url, mend=mend)
    try:
        with _session(limits) as session, _ask(session, job, copy) as response:
            if copy and response.status_code == 304:
                _sweep(folder, copy)
                return copy.as_download(folder, "inchangé")
            _refuse(response, job)
            size = _length(response)
            title = f"{name} ({host})" + (f" : {_french_size(size)}" if size else "")
            if report:
                report(f"téléchargement de {title}")
            part = _receive(response, job, title if progress else "")
            return _keep(part, response, job, copy)
    except (SourceError, HTTPError, OSError) as error:  # requests' own errors are OSError
        failure = _explain(error, url, cache_dir)
        if copy is None:
            if failure is error:
                raise
            raise failure from error
    return copy.as_download(folder, failure.what)


def _cached(job: _Job) -> tuple[_Copy | None, str]:
    """Return the cached copy if it is intact, else None and why; a damaged one is deleted."""
    sidecar = content = job.folder / SIDECAR
    try:
        copy = _Copy(**json.loads(sidecar.read_text(encoding="utf-8")))
        content = copy.path(job.folder)
        _french_day(copy.downloaded_at)
        intact = copy.url == job.url and content.stat().st_size == copy.size
        if intact and pooch.file_hash(str(content)) == copy.sha256:
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


def _session(limits: Limits) -> requests.Session:
    """Build a session that retries what may pass, and follows a redirect to http(s) only."""
    retry = Retry(
        total=limits.retries,
        connect=0,
        read=0,
        other=0,
        status_forcelist=RETRY_STATUSES,
        backoff_factor=0.5,
        backoff_max=limits.wait_seconds,
        retry_after_max=limits.wait_seconds,
        raise_on_status=False,
    )
    session = requests.Session()
    session.max_redirects = 5
    session.headers["User-Agent"] = f"observatory {session.headers['User-Agent']!s}"
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _ask(session: requests.Session, job: _Job, copy: _Copy | None) -> requests.Response:
    """Send the conditional request; the body of the response is still to be read."""
    headers = {}
    if copy and copy.etag:
        headers["If-None-Match"] = copy.etag
    if copy and copy.last_modified:
        headers["If-Modified-Since"] = copy.last_modified
    _reach(job.url, job.limits.connect_seconds)
    timeout = (job.limits.connect_seconds, job.limits.read_seconds)
    return _within(
        job.deadline - time.monotonic(),
        lambda: session.get(job.url, headers=headers, stream=True, timeout=timeout),
    )


def _reach(url: str, seconds: float) -> None:
    """Fail soon when the server, or the proxy that leads to it, cannot be reached.

    Name resolution has no time limit of its own and a connection tries every address of a name in
    turn: without this, a machine whose packets are dropped would wait for minutes.
    """
    try:
        if urlsplit(url).scheme not in ("http", "https"):
            raise broken.InvalidSchema(url)
        proxy = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
        target = urlsplit(url if not proxy else proxy if "://" in proxy else f"http://{proxy}")
        place = (target.hostname or "", target.port or (443 if target.scheme == "https" else 80))
        if not place[0]:
            raise broken.InvalidURL(url)
        _within(seconds, lambda: socket.create_connection(place, seconds / 2)).close()
    except (broken.InvalidSchema, broken.InvalidURL):
        raise
    except ValueError as error:  # a port or a name that cannot be
        raise broken.InvalidURL(url) from error
    except ConnectionRefusedError as error:
        raise SourceError("le serveur refuse la connexion", where=url, mend=MEND) from error
    except OSError as error:
        raise SourceError("réseau injoignable", where=url, mend=MEND) from error


def _within(seconds: float, action: Callable[[], C]) -> C:
    """Run an action that may hang; past the time, leave it and close whatever it ends up with."""
    future: Future[C] = Future()

    def run() -> None:
        try:
            future.set_result(action())
        except BaseException as error:
            future.set_exception(error)

    def close(late: Future[C]) -> None:
        if not late.exception():
            late.result().close()

    threading.Thread(target=run, daemon=True).start()
    if wait([future], max(seconds, 0.0)).not_done:
        future.add_done_callback(close)
        raise broken.Timeout
    return future.result()


def _refuse(response: requests.Response, job: _Job) -> None:
    """Raise SourceError when status and headers are enough to know that this is not the file."""
    status = response.status_code
    if status != 200:
        what, mend = STATUSES.get(status, ("réponse inattendue du serveur", MEND))
        raise SourceError(f"{what} ({status})", where=job.url, mend=mend)
    if re.match(r"\s*(text/html|application/xhtml)", response.headers.get("Content-Type", "")):
        raise SourceError(HTML, where=job.url, mend=MEND_ADDRESS)
    _refuse_size(_length(response), job)


def _refuse_size(size: int, job: _Job) -> None:
    if size > job.limits.max_bytes:
        what = f"le fichier dépasse la taille admise ({_french_size(job.limits.max_bytes)})"
        raise SourceError(what, where=job.url, mend=MEND_ADDRESS)


def _receive(response: requests.Response, job: _Job, bar_title: str) -> Path:
    """Receive the body aside, through pooch, and return it once it is known to be the file."""

    def stream(_url: str, output: str, _pooch: object) -> None:
        with Path(output).open("w+b") as file, _bar(bar_title) as bar, _cut_at(job, response):
            task = bar.add_task(bar_title, total=_length(response) or None)
            for chunk in response.iter_content(65_536):
                file.write(chunk)
                bar.update(task, completed=response.raw.tell())
                _refuse_size(file.tell(), job)
            size = file.tell()
            file.seek(0)
            head = file.read(2_048).lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
        if not size:
            raise SourceError("le fichier reçu est vide", where=job.url, mend=MEND_ADDRESS)
        if HTML_START.match(head):
            raise SourceError(HTML, where=job.url, mend=MEND_ADDRESS)

    known = f"sha256:{job.wanted}" if job.wanted else None
    aside = f"{uuid4().hex}.part"
    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel(logging.WARNING)  # its own messages are in English
    try:
        return Path(pooch.retrieve(job.url, known, aside, job.folder, downloader=stream))
    except ValueError as error:  # pooch, when the sum differs
        what = "le fichier reçu n'a pas la somme de contrôle attendue"
        raise SourceError(what, where=job.url, mend=MEND_SUM) from error
    finally:
        logger.setLevel(level)


@contextmanager
def _cut_at(job: _Job, response: requests.Response) -> Iterator[None]:
    """Cut a body still on its way at the deadline, even in the middle of a read that waits."""

    def cut() -> None:
        with suppress(ValueError, RuntimeError, OSError):  # finished just before
            response.raw.shutdown()

    timer = threading.Timer(max(job.deadline - time.monotonic(), 0.0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except broken.RequestException as error:
        if time.monotonic() >= job.deadline:
            raise broken.Timeout from error
        raise
    finally:
        timer.cancel()
    if time.monotonic() >= job.deadline:
        raise broken.Timeout


def _keep(part: Path, response: requests.Response, job: _Job, previous: _Copy | None) -> Download:
    """Make the received file the current copy: its content first, then the sidecar."""
    copy = _Copy(
        url=job.url,
        sha256=pooch.file_hash(str(part)),
        size=part.stat().st_size,
        downloaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )
    part.replace(copy.path(job.folder))
    part.write_text(json.dumps(asdict(copy), indent=2), encoding="utf-8")
    part.replace(job.folder / SIDECAR)
    _sweep(job.folder, copy, *filter(None, [previous]))
    note = f"téléchargé ({_french_size(copy.size)})"
    return Download(copy.path(job.folder), "network", copy.sha256, note)


def _sweep(folder: Path, *kept: _Copy) -> None:
    """Delete what old, killed downloads left; the copy just replaced may still be being read."""
    names = {SIDECAR, *(copy.path(folder).name for copy in kept)}
    with suppress(OSError):
        for file in folder.iterdir():
            if file.name not in names and time.time() - file.stat().st_mtime > LEFTOVER_SECONDS:
                file.unlink()


def _explain(error: Exception, url: str, cache_dir: Path) -> SourceError:
    """Put a failure into one French line."""
    if isinstance(error, SourceError):
        return error
    what, mend = next((what, mend) for kind, what, mend in REASONS if isinstance(error, kind))
    return SourceError(what, where=str(cache_dir) if mend is MEND_DISK else url, mend=mend)


def _bar(title: str) -> Progress:
    """Build a progress bar for standard error, or a silent one without a title."""
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    name = TextColumn("{task.description}", markup=False)
    return Progress(name, *columns, console=Console(stderr=True), disable=not title)


def _length(response: requests.Response) -> int:
    """Return the bytes announced, 0 when they are not."""
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0


def _place(url: str) -> tuple[str, str]:
    """Return the server and the file name of an address, both fit for a file name."""
    path = re.split(r"[?#]", url)[0].partition("://")[2].rstrip("/")
    parts = [re.sub(r"[^\w.-]+", "_", unquote(part)) for part in path.split("/")]
    return parts[0][-80:] or "serveur", parts[-1][-80:]


def _french_size(size: float) -> str:
    for scale, unit in ((1e9, "Go"), (1e6, "Mo"), (1e3, "ko")):
        if size >= scale:
            return f"{size / scale:.{0 if size >= 10 * scale else 1}f} {unit}".replace(".", ",")
    return f"{size:.0f} octets"


def _french_day(moment: str) -> str:
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    day = datetime.fromisoformat(moment).astimezone()
    return f"{'1er' if day.day == 1 else day.day} {months.split()[day.month - 1]} {day.year}"
