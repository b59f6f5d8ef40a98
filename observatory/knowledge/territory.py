"""A perimeter: a named territory, an EPCI, a list of communes, a département, or France."""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from observatory.errors import RequestError
from observatory.french.numbers import plural
from observatory.french.spelling import plain
from observatory.knowledge.departement import departement_name, departement_words

PRESETS = Path(__file__).with_name("territories.toml")
DEFAULT = "arras"
COMMUNE = r"(?:\d{5}|2[AB]\d{3})"
DEPARTEMENT = r"(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8])"

MANY = 1_000  # communes, or EPCI: a list as long is not the embedded one
WHOLE_COUNTRY = 30_000  # communes: France has about 34,900, an extract far fewer
Kind = Literal["epci", "communes", "departement", "france"]


@dataclass(frozen=True)
class TerritoryRequest:
    """What was asked, before any file is read.

    Attributes
    ----------
    codes : tuple of str
        One SIREN (kind ``epci``), INSEE codes (``communes``), one département code, or nothing.
    name : str
        Name of a preset, empty otherwise.
    membership : str or None
        Vintage of the EPCI's membership; None is the latest there is.
    """

    kind: Kind
    codes: tuple[str, ...]
    name: str = ""
    membership: str | None = None


@dataclass(frozen=True)
class Territory:
    """A resolved perimeter, in the codes of the current COG."""

    name: str
    kind: Kind
    siren: str | None
    membership_vintage: str | None
    communes: tuple[str, ...]
    note: str = ""  # in French, when what is shown is not quite what was asked


def presets() -> dict[str, TerritoryRequest]:
    """The named territories."""
    entries = tomllib.loads(PRESETS.read_text(encoding="utf-8"))
    return {
        k: TerritoryRequest(e["kind"], tuple(e["codes"]), e["name"]) for k, e in entries.items()
    }


def parse(text: str, membership: str | None = None) -> TerritoryRequest:
    """Read a territory as a person types it.

    Raises
    ------
    RequestError
        When the text is no preset, SIREN, INSEE code, list of INSEE codes, département or
        ``france``; near presets are suggested.
    """
    if membership is not None and not re.fullmatch(r"(19|20)\d\d", membership):
        raise RequestError(
            f"le millésime « {membership} » n'est pas une année",
            mend="Écrire quatre chiffres, par exemple 2025.",
        )
    named = presets()
    called = {plain(name): key for key, r in named.items() for name in (r.name, key)}
    if preset := called.get(plain(text)):
        return dataclasses.replace(named[preset], membership=membership)
    if plain(text) == "france":
        return TerritoryRequest("france", (), "France", membership)
    code = text.strip().upper()
    if re.fullmatch(r"\d{9}", code):
        return TerritoryRequest("epci", (code,), membership=membership)
    codes = tuple(dict.fromkeys(c for c in re.split(r"[\s,;]+", code) if c))
    if codes and all(re.fullmatch(COMMUNE, c) for c in codes):
        return TerritoryRequest("communes", codes, membership=membership)
    if re.fullmatch(DEPARTEMENT, code):
        return TerritoryRequest("departement", (code,), membership=membership)
    wrong = [c for c in codes if not re.fullmatch(COMMUNE, c)]
    if len(codes) > 1 and len(wrong) < len(codes):
        raise RequestError(
            f"dans la liste de communes, « {' », « '.join(wrong)} » n'a pas la forme "
            "d'un code INSEE",
            mend="Un code INSEE a cinq caractères : 62041, 2A004, 01004.",
        )
    matches = difflib.get_close_matches(plain(text), called, n=3, cutoff=0.5)
    near = list(dict.fromkeys(called[m] for m in matches))
    hint = f"Vouliez-vous dire : {', '.join(near)} ? " if near else ""
    raise RequestError(
        f"le territoire « {text} » n'est pas connu",
        mend=f"{hint}Donner un nom prévu ({', '.join(named)}), le SIREN d'un EPCI, des codes INSEE "
        "séparés par des virgules, un code de département, ou « france ».",
    )


def written(request: TerritoryRequest) -> str:
    """A request's territory as text that ``parse`` reads back: a preset's name, else its codes."""
    asked = (request.kind, request.codes, request.name)
    named = (k for k, r in presets().items() if (r.kind, r.codes, r.name) == asked)
    return next(named, "") or ",".join(request.codes) or request.kind


def resolve(con: duckdb.DuckDBPyConnection, request: TerritoryRequest) -> Territory:
    """Find the communes of a request in ``stg.membership``, ``stg.commune`` and ``carry``.

    Old INSEE codes are carried to the current COG, and the perimeter is named after what it holds.

    Raises
    ------
    RequestError
        When the EPCI, the vintage, the département or a commune is unknown to the files at hand.
    """
    if request.kind == "epci":
        return _epci(con, request)
    if request.kind == "communes":
        return _communes(con, request)
    where = "dep = ?" if request.kind == "departement" else "true"
    rows = con.execute(f"SELECT code FROM stg.commune WHERE {where}", request.codes).fetchall()
    if not rows:
        raise RequestError(
            f"aucune commune connue dans le département {departement_words(request.codes[0])}",
            mend=_no_file(),
        )
    name = request.name or departement_name(request.codes[0])
    found = _territory(con, request, (r[0] for r in rows), name, None, None)
    known = con.execute("SELECT count(*) FROM stg.commune").fetchall()[0][0]
    if known >= WHOLE_COUNTRY:
        return found
    # An extract of the official list: named after what it holds, not after what was asked.
    held = plural(len(found.communes), "commune")
    dep = "" if request.kind == "france" else departement_words(request.codes[0])
    of = f"du département {dep}" if dep else "de France"
    note = f"la liste des communes n'en tient que {known} : {name} n'est pas entier. {_no_file()}"
    return dataclasses.replace(found, name=f"{held} {of}", note=note)


def _communes(con: duckdb.DuckDBPyConnection, request: TerritoryRequest) -> Territory:
    names = dict(con.execute("SELECT code, name FROM stg.commune").fetchall())
    carried = {
        old: (name, code)
        for old, name, code in con.execute("SELECT code_old, name_old, code FROM carry").fetchall()
    }
    parts = dict(con.execute("SELECT code, parent FROM stg.part_commune").fetchall())
    for code in request.codes:
        if code in parts:
            raise RequestError(
                f"{code} est un arrondissement de {names[parts[code]]} ({parts[code]})",
                mend=f"Demander la commune entière : {parts[code]}.",
            )
    known = {**names, **{old: name for old, (name, _) in carried.items()}}
    if unknown := [c for c in request.codes if c not in known]:
        raise RequestError(
            f"code de commune inconnu : {', '.join(unknown)}", mend=_suggest(unknown[0], known)
        )
    moved = {c: carried[c] for c in request.codes if c not in names}
    held = list(dict.fromkeys(moved[c][1] if c in moved else c for c in request.codes))
    note = " ".join(
        f"{old} ({name}) fait aujourd'hui partie de la commune {names[code]} ({code}), "
        "dont ce sont les chiffres."
        if name != names[code]
        else f"{old} est aujourd'hui {code} ({names[code]})."
        for old, (name, code) in moved.items()
    )
    more = len(held) - 3
    ending = f" et {more} autre{'s' if more > 1 else ''}" if more > 0 else ""
    title = ", ".join(names[c] for c in held[:3]) + ending
    found = _territory(con, request, request.codes, request.name or title, None, None)
    return dataclasses.replace(found, note=note)


def _epci(con: duckdb.DuckDBPyConnection, request: TerritoryRequest) -> Territory:
    siren = request.codes[0]
    vintages = [
        r[0]
        for r in con.execute(
            "SELECT DISTINCT vintage FROM stg.membership WHERE siren = ? ORDER BY 1 DESC", [siren]
        ).fetchall()
    ]
    if not vintages:
        known = dict(con.execute("SELECT DISTINCT siren, epci_name FROM stg.membership").fetchall())
        raise RequestError(
            f"l'EPCI {siren} n'est dans aucun fichier d'appartenance disponible "
            f"({len(known)} EPCI lus)",
            mend=_suggest(siren, known),
        )
    vintage = request.membership or vintages[0]
    if vintage not in vintages:
        raise RequestError(
            f"pas d'appartenance au millésime {vintage} pour l'EPCI {siren}",
            mend=f"Millésimes disponibles : {', '.join(vintages)}.",
        )
    rows = con.execute(
        "SELECT code, epci_name FROM stg.membership WHERE siren = ? AND vintage = ?",
        [siren, vintage],
    ).fetchall()
    return _territory(
        con, request, (r[0] for r in rows), request.name or rows[0][1], siren, vintage
    )


def _territory(
    con: duckdb.DuckDBPyConnection,
    request: TerritoryRequest,
    codes: Iterable[str],
    name: str,
    siren: str | None,
    vintage: str | None,
) -> Territory:
    carried = dict(con.execute("SELECT code_old, code FROM carry").fetchall())
    current = tuple(sorted({carried.get(c, c) for c in codes}))
    return Territory(name, request.kind, siren, vintage, current)


def _suggest(code: str, known: dict[str, str]) -> str:
    near = difflib.get_close_matches(code, known, n=3, cutoff=0.7)
    if not near:
        # Who gave a mirror needs no other: the code is wrong.
        return (
            _no_file() if len(known) < MANY else "Vérifier ce code : aucun autre n'en est proche."
        )
    return "Codes proches : " + ", ".join(f"{c} ({known[c]})" for c in near) + "."


def _no_file() -> str:
    return (
        "Les fichiers embarqués ne couvrent que la CU d'Arras : indiquer un miroir (--mirror) "
        "ou relancer avec le réseau."
    )
