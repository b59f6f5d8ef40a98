"""Client of a batch geocoder of addresses; none is asked unless the operator sets its address.

Made for the CSV service of the Géoplateforme (``…/geocodage/search/csv``): addresses go by lots,
what is answered is kept on disk and never asked again, a server that asks to wait is waited for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import requests

from observatory import disk
from observatory.census.commune_codes import Communes
from observatory.census.place import metres_outside
from observatory.census.sheets import sheet
from observatory.errors import SourceError
from observatory.french.numbers import plural
from observatory.sources.transfer import TransferLimits, open_session
from observatory.workbook.cells import number_text, read_number
from observatory.workbook.results import Rows

LOT = 1_000  # addresses of one request
LEAST_SCORE = 0.5  # below, the address found is too far from the one asked
MAX_ANSWER = 20_000_000  # bytes
KEPT = ("adresse", "code_insee", "longitude", "latitude", "score", "trouve", "demande_le")
MEND = "Les établissements sans point sont montrés à la mairie ; recharger plus tard."
LIMITS = TransferLimits(read_seconds=60.0, retries=4, wait_seconds=30)


class Address(NamedTuple):
    """An address and the INSEE code of its commune."""

    address: str
    code: str


class Placed(NamedTuple):
    """What was found: degrees (WGS84), score from 0 to 1, the address in full."""

    lon: float | None
    lat: float | None
    score: float
    label: str


def place_by_address(
    rows: Rows,
    communes: Communes,
    url: str,
    cache_dir: Path,
    report: Callable[[str], None],
) -> int:
    """Give a point to establishments that have an address and no point of their own.

    A point is taken when its score is enough and it lies in the commune; the rows are changed in
    place, with position ``geocoded`` and the score.

    Returns
    -------
    int
        How many establishments were placed.
    """
    at = {name: n for n, name in enumerate(sheet("offre").stored)}
    placed = {r[0] for r in rows if r[at["position"]] != "approximate"}
    wanted = [
        (row, Address(row[at["adresse"]], row[at["code_insee"]]))
        for row in rows
        if row[0] not in placed and row[at["adresse"]]
    ]
    try:
        answers = geocode([asked for _, asked in wanted], url, cache_dir, report)
    except SourceError as error:
        report(str(error))
        return 0
    done = set()
    for row, asked in wanted:
        found = answers.get(asked)
        if not found or found.lon is None or found.lat is None or found.score < LEAST_SCORE:
            continue
        point = np.array([found.lon]), np.array([found.lat])
        if metres_outside([asked.code], *point, communes)[0] > 0:
            continue
        row[at["longitude"]], row[at["latitude"]] = number_text(found.lon), number_text(found.lat)
        row[at["position"]] = "geocoded"
        row[at["score_geocodage"]] = number_text(found.score, 2)
        done.add(row[0])
    return len(done)


def geocode(
    asked: Iterable[Address], url: str, cache_dir: Path, report: Callable[[str], None]
) -> dict[Address, Placed]:
    """Answers for addresses, from the copy on disk first, then from the geocoder.

    Raises
    ------
    SourceError
        When the geocoder cannot be reached or answers something else; what it had answered before
        is kept.
    """
    path = cache_dir / "geocodage" / "adresses.csv"
    known = _read_cache(path)
    missing = [a for a in dict.fromkeys(asked) if a not in known]
    if missing:
        report(f"géocodage : {plural(len(missing), 'adresse')} à demander")
    with open_session(LIMITS) as session:
        for scheme in ("http://", "https://"):
            adapter = session.get_adapter(scheme)
            adapter.max_retries = adapter.max_retries.new(allowed_methods={"POST"})  # type: ignore[attr-defined]
        for first in range(0, len(missing), LOT):
            known.update(_ask(session, url, missing[first : first + LOT]))
            _write_cache(path, known)
    return known


def _ask(session: requests.Session, url: str, lot: Sequence[Address]) -> dict[Address, Placed]:
    text = io.StringIO()
    csv.writer(text).writerows(
        [("n", "adresse", "code_insee"), *((n, *a) for n, a in enumerate(lot))]
    )
    try:
        response = session.post(
            url,
            files={"data": ("adresses.csv", text.getvalue().encode("utf-8"), "text/csv")},
            data={"columns": "adresse", "citycode": "code_insee"},
            timeout=(LIMITS.connect_seconds, LIMITS.read_seconds),
            stream=True,
        )
        with response:
            if response.status_code != 200:
                what = f"le géocodeur a répondu {response.status_code}"
                raise SourceError(what, where=url, mend=MEND)
            body = b""
            for chunk in response.iter_content(65_536):
                body += chunk
                if len(body) > MAX_ANSWER:
                    raise SourceError("la réponse du géocodeur est démesurée", where=url, mend=MEND)
    except requests.RequestException as error:
        raise SourceError("le géocodeur ne répond pas", where=url, mend=MEND) from error
    return _answers(body, url, lot)


def _answers(body: bytes, url: str, lot: Sequence[Address]) -> dict[Address, Placed]:
    found: dict[Address, Placed] = {}
    try:
        for line in csv.DictReader(io.StringIO(body.decode("utf-8-sig"))):
            asked = lot[int(line["n"])]
            if line.get("result_status", "ok") == "error":
                continue  # to be asked again
            found[asked] = _answer(asked, line)
    except (UnicodeDecodeError, csv.Error, KeyError, ValueError, IndexError, TypeError) as error:
        raise SourceError("la réponse du géocodeur est illisible", where=url, mend=MEND) from error
    return found


def _answer(asked: Address, line: dict[str, str]) -> Placed:
    lon, lat = read_number(line["longitude"] or ""), read_number(line["latitude"] or "")
    score = read_number(line.get("result_score") or "") or 0.0
    elsewhere = line.get("result_citycode") not in (None, "", asked.code)
    if lon is None or lat is None or elsewhere:
        return Placed(None, None, 0.0, "")
    return Placed(
        round(lon, 6), round(lat, 6), min(max(score, 0.0), 1.0), line.get("result_label") or ""
    )


def _read_cache(path: Path) -> dict[Address, Placed]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                Address(line["adresse"], line["code_insee"]): Placed(
                    read_number(line["longitude"]),
                    read_number(line["latitude"]),
                    read_number(line["score"]) or 0.0,
                    line["trouve"],
                )
                for line in csv.DictReader(file, delimiter=";")
            }
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, TypeError):
        return {}  # a copy that cannot be read is one that is not there


def _write_cache(path: Path, known: dict[Address, Placed]) -> None:
    today = datetime.now(UTC).date().isoformat()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(KEPT)
    for asked, a in known.items():
        place = ["" if v is None else number_text(v) for v in (a.lon, a.lat)]
        writer.writerow([*asked, *place, number_text(a.score, 4), a.label, today])
    disk.replace_file(path, text.getvalue().encode())
