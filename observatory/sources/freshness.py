"""Whether a publication has moved since it was read: one question to its address, no download."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests
from urllib3.exceptions import HTTPError

from observatory.errors import SourceError
from observatory.sources import transfer
from observatory.sources.download import SIDECAR, cache_folder
from observatory.sources.transfer import TransferJob, TransferLimits

LIMITS = TransferLimits(total_seconds=30.0, retries=0)
NEWER = "plus récent"
YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


@dataclass(frozen=True)
class Freshness:
    """What the producer's server says of one address.

    Attributes
    ----------
    state : {'inchangé', 'plus récent', 'en ligne', 'injoignable'}
        ``plus récent`` than the copy in the cache, or, without one, than the version in service;
        ``en ligne`` when nothing says whether it is.
    published : str
        Day of the online file, ISO; empty when the server does not say.
    next_vintage : str
        Address of the following year's file, when it answers.
    note : str
        Why the address could not be asked, in French.
    """

    state: str
    published: str = ""
    next_vintage: str = ""
    note: str = ""

    @property
    def newer(self) -> bool:
        """Whether a refresh would find something newer."""
        return self.state == NEWER or bool(self.next_vintage)


def check(url: str, cache_dir: Path, limits: TransferLimits = LIMITS, built: str = "") -> Freshness:
    """Ask an address whether it holds something newer than the cached copy.

    Parameters
    ----------
    url : str
        A published address.
    cache_dir : Path
        Where the source's copies are kept.
    built : str
        Day of the version in service, ISO: of a file that came from elsewhere than the cache, what
        was published later is newer, and what was published before may be.
    """
    copy = _copy(url, cache_dir)
    asked = {"If-None-Match": copy.get("etag", ""), "If-Modified-Since": copy.get("modified", "")}
    try:
        status, published = _ask(url, cache_dir, {k: v for k, v in asked.items() if v}, limits)
    except SourceError as error:
        return Freshness("injoignable", note=str(error))
    following = _following(url, cache_dir, limits)
    if not copy:
        later = built and published > built
        return Freshness(NEWER if later else "en ligne", published, following)
    same = status == 304 or (published and published <= copy["day"])
    return Freshness("inchangé" if same else NEWER, published, following)


def copied_on(url: str, cache_dir: Path) -> str:
    """Day on which the cached copy of an address was downloaded, ISO; empty without one."""
    return _copy(url, cache_dir).get("day", "")


def _copy(url: str, cache_dir: Path) -> dict[str, str]:
    try:
        text = (cache_folder(url, cache_dir) / SIDECAR).read_text(encoding="utf-8")
        told = json.loads(text)
        day = datetime.fromisoformat(told["downloaded_at"]).astimezone(UTC).date().isoformat()
        return {"day": day, "etag": told["etag"], "modified": told["last_modified"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _ask(
    url: str, cache_dir: Path, known: dict[str, str], limits: TransferLimits
) -> tuple[int, str]:
    deadline = time.monotonic() + limits.total_seconds
    job = TransferJob(url, cache_dir, None, limits, deadline)
    try:
        with (
            transfer.open_session(limits) as session,
            transfer.ask(session, job, known) as response,
        ):
            if response.status_code != 304:
                transfer.refuse(response, job)
            return response.status_code, _day(response.headers.get("Last-Modified", ""))
    except (SourceError, HTTPError, requests.RequestException, OSError) as error:
        raise transfer.explain(error, url, cache_dir) from error


def _following(url: str, cache_dir: Path, limits: TransferLimits) -> str:
    """The same address, a year later, when it answers; empty when no year stands in it."""
    if not YEAR.search(url):
        return ""
    later = YEAR.sub(lambda year: str(int(year.group(1)) + 1), url)
    try:
        _ask(later, cache_dir, {}, limits)
    except SourceError:
        return ""
    return later


def _day(header: str) -> str:
    try:
        return parsedate_to_datetime(header).astimezone(UTC).date().isoformat()
    except (ValueError, TypeError):
        return ""
