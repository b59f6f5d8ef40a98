"""One HTTP transfer, aside and verified: retries, redirects, bounds in time and size."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import requests
from requests import exceptions as broken
from requests.adapters import HTTPAdapter
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from observatory.errors import SourceError
from observatory.french.numbers import number

RETRY_STATUSES = (429, 500, 502, 503, 504)
HTML_START = re.compile(
    rb"\s*(<\?xml.*?>\s*)?(?><!--.*?-->\s*)*+<(!doctype\s+)?html\b", re.I | re.S
)
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
class TransferLimits:
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
class TransferJob:
    """What is asked: an address, where it is kept, and how far to go."""

    url: str
    folder: Path
    wanted: str | None
    limits: TransferLimits
    deadline: float


def open_session(limits: TransferLimits) -> requests.Session:
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


def ask(session: requests.Session, job: TransferJob, known: Mapping[str, str]) -> requests.Response:
    """Send the request, with what makes it conditional; the body is still to be read."""
    _reach(job.url, job.limits.connect_seconds)
    timeout = (job.limits.connect_seconds, job.limits.read_seconds)
    return _within(
        job.deadline - time.monotonic(),
        lambda: session.get(job.url, headers=known, stream=True, timeout=timeout),
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


def refuse(response: requests.Response, job: TransferJob) -> None:
    """Raise SourceError when status and headers are enough to know that this is not the file."""
    status = response.status_code
    if status != 200:
        what, mend = STATUSES.get(status, ("réponse inattendue du serveur", MEND))
        raise SourceError(f"{what} ({status})", where=job.url, mend=mend)
    if re.match(r"\s*(text/html|application/xhtml)", response.headers.get("Content-Type", "")):
        raise SourceError(HTML, where=job.url, mend=MEND_ADDRESS)
    _refuse_size(length(response), job)


def _refuse_size(size: int, job: TransferJob) -> None:
    if size > job.limits.max_bytes:
        what = f"le fichier dépasse la taille admise ({french_size(job.limits.max_bytes)})"
        raise SourceError(what, where=job.url, mend=MEND_ADDRESS)


def receive(response: requests.Response, job: TransferJob, bar_title: str) -> Path:
    """Receive the body aside, and return it once it is known to be the file."""
    aside = job.folder / f"{uuid4().hex}.part"
    job.folder.mkdir(parents=True, exist_ok=True)
    try:
        _stream(response, aside, job, bar_title)
        if job.wanted and sha256_of(aside) != job.wanted:
            what = "le fichier reçu n'a pas la somme de contrôle attendue"
            raise SourceError(what, where=job.url, mend=MEND_SUM)
    except BaseException:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    return aside


def _stream(response: requests.Response, aside: Path, job: TransferJob, bar_title: str) -> None:
    with aside.open("w+b") as file, _bar(bar_title) as bar, _cut_at(job, response):
        task = bar.add_task(bar_title, total=length(response) or None)
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


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _cut_at(job: TransferJob, response: requests.Response) -> Iterator[None]:
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


def explain(error: Exception, url: str, cache_dir: Path) -> SourceError:
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


def length(response: requests.Response) -> int:
    """Return the bytes announced, 0 when they are not."""
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0


def french_size(size: float) -> str:
    """Write a number of bytes for people, in decimal units."""
    for scale, unit in ((1e9, "Go"), (1e6, "Mo"), (1e3, "ko")):
        if size >= scale:
            return f"{number(size / scale, 0 if size >= 10 * scale else 1)} {unit}"
    return f"{size:.0f} octets"
