"""Commune codes in a census: old codes brought to today's, likely corrections of mistyped ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import duckdb
import shapely

from observatory.census.commune_names import PROPOSED, CommuneNames
from observatory.versions import warehouse
from observatory.versions.record import moved_contours
from observatory.workbook.problems import refused, short

FORM = re.compile(r"\d{5}|2[AB]\d{3}")
DEPARTEMENT = re.compile(r"0[1-9]|1\d|2[1-9]|[3-8]\d|9[0-5]|2[AB]|97[1-8]|98[4-9]")
MEND = "Écrire les cinq caractères du code Insee, par exemple 62041, 01004 ou 2A004."
SIGNS = "0123456789AB"
CITIES = (
    (re.compile(r"751(?:0[1-9]|1\d|20)"), "75056", "Paris"),
    (re.compile(r"132(?:0[1-9]|1[0-6])"), "13055", "Marseille"),
    (re.compile(r"6938[1-9]"), "69123", "Lyon"),
)
"""The municipal arrondissements, and the commune that they are parts of."""
LONG_AGO = date(1970, 1, 1)
"""The départements of 1968 (Seine, Seine-et-Oise) and the borders moved around Lyon are older."""


class Found(NamedTuple):
    """What a code was read as.

    Attributes
    ----------
    code : str
        Five characters, as given.
    current : str
        The commune of today; differs from ``code`` when it was carried.
    padded : bool
        The leading zero was put back.
    """

    code: str
    current: str
    padded: bool


@dataclass(frozen=True)
class Communes:
    """The communes known to the version in service; all may be empty when there is none.

    Attributes
    ----------
    names : Mapping[str, str]
        Name of each current commune by INSEE code.
    carried : Mapping[str, str]
        Current code of each code that is no longer a commune.
    inside : frozenset[str]
        Codes of the territory.
    halls : Mapping[str, tuple[float, float]]
        Town halls: longitude, latitude (WGS84).
    outside_epci : frozenset[str]
        Codes of communes known to be members of no EPCI.
    contours : Mapping[str, Any]
        Official contours (WGS84 geometries) of the territory's communes; empty otherwise.
    generalised : Mapping[str, Any]
        Generalised contours of those drawn at their true place; empty otherwise.
    postcodes : Mapping[str, tuple[str, ...]]
        INSEE codes by postcode; empty when the version was built without that table.
    moved_long_ago : frozenset[str]
        Old codes whose commune changed département before 1970: lists of today hold none.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    halls: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    outside_epci: frozenset[str] = frozenset()
    contours: Mapping[str, Any] = field(default_factory=dict)
    generalised: Mapping[str, Any] = field(default_factory=dict)
    postcodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moved_long_ago: frozenset[str] = frozenset()
    _read: dict[str, Found] = field(default_factory=dict, repr=False, compare=False)
    _covered: set[str] = field(default_factory=set, repr=False, compare=False)

    @cached_property
    def by_name(self) -> CommuneNames:
        """The same, by name and by postcode."""
        return CommuneNames(self.names, self.postcodes, self.inside)

    def __post_init__(self) -> None:
        self._covered.update(departement_of(c) for c in self.names)

    def find(self, text: str, name: str = "", postcode: str = "") -> Found:
        """Read the code of a commune; the row's name and postcode tell which to propose.

        A code of a département that this list does not hold at all is taken as it is; the others
        must be known, today or before a merger.

        Raises
        ------
        PydanticCustomError
            When it has not the form of a code, or names no commune; near ones are suggested.
        """
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self._find(text, name, postcode)
        return found

    def _find(self, text: str, name: str, postcode: str) -> Found:
        code = text.upper().replace(" ", "")
        padded = bool(re.fullmatch(r"[1-9]\d{3}", code))
        code = "0" + code if padded else code
        if not FORM.fullmatch(code) or not DEPARTEMENT.match(code):
            corsica = " La Corse s'écrit 2A ou 2B." if re.fullmatch(r"20\d{3}", code) else ""
            mend = self._offered(text, name, postcode) or MEND + corsica
            raise refused(f"{short(text)} n'est pas un code de commune", mend)
        if code in self.names:
            return Found(code, code, padded)
        if city := city_of(code):
            return Found(code, city[0], padded)
        if code in self.carried:
            return Found(code, self.carried[code], padded)
        if departement_of(code) not in self._covered and not (padded and self.names):
            return Found(code, code, padded)
        slips = [c for c in (text + s for s in SIGNS) if c in self.names] if padded else []
        near = [f"{c} ({self.names[c]})" for c in [*slips, *self._near(code)][:3]]
        hint = f"Codes proches : {', '.join(near)}."
        offered = self._offered(code, name, postcode)
        if offered or not near:
            hint = f"Vérifier que ce n'est pas un code postal. {offered}".strip()
        raise refused(f"{short(text)} n'est le code d'aucune commune connue", hint)

    def _offered(self, text: str, name: str = "", postcode: str = "") -> str:
        """« Vouliez-vous dire : 82025 (Bressols) ? » for a name or a postcode, else nothing."""
        names = self.by_name
        beside = postcode or (text if names.of_postcode(text) else "")
        codes = names.named(name, beside) if name else []
        codes = codes or names.of_postcode(text) or names.named(text, postcode)
        codes = codes or names.like(name or text, beside)
        if not codes:
            return ""
        return f"Vouliez-vous dire : {', '.join(map(self.name, codes[:PROPOSED]))} ?"

    def resolve(self, name: str, postcode: str) -> Found:
        """Read a commune by its name, its postcode, or both.

        Raises
        ------
        PydanticCustomError
            When they name no commune, or several; those likely are suggested.
        """
        names = self.by_name
        said = " ".join(filter(None, (postcode, name)))
        codes = names.named(name, postcode) if name else names.of_postcode(postcode)
        alone = [c for c in codes if c in self.inside] or codes
        if len(alone) == 1 and (name or postcode in self.postcodes):
            return Found(alone[0], alone[0], False)
        if not codes:
            codes = names.like(name, postcode) if name else []
        if not codes:
            table = "" if self.postcodes or name else " (aucune table des codes postaux ici)"
            raise refused(f"{short(said)} n'est aucune commune connue{table}", MEND)
        what = "peut être plusieurs communes" if len(alone) > 1 else "n'est pas une commune connue"
        told = ", ".join(map(self.name, codes[:PROPOSED]))
        raise refused(f"{short(said)} {what}", f"Vouliez-vous dire : {told} ?")

    def name(self, code: str) -> str:
        """« 62041 (Arras) », or the code alone when the commune is not known."""
        return f"{code} ({self.names[code]})" if code in self.names else code

    def _near(self, code: str) -> list[str]:
        """Known codes one slip away: a sign replaced, two neighbours swapped."""
        slips = [code[:i] + s + code[i + 1 :] for i in (4, 3, 2, 1, 0) for s in SIGNS]
        swaps = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(4)]
        known = [c for c in dict.fromkeys(swaps + slips) if c in self.names]
        return sorted(known, key=lambda c: c not in self.inside)[:3]


def city_of(code: str) -> tuple[str, str] | None:
    """Code and name of the commune of a municipal arrondissement; None for any other code."""
    return next(((whole, name) for form, whole, name in CITIES if form.fullmatch(code)), None)


def departement_of(code: str) -> str:
    """The département of an INSEE code: two characters, three overseas."""
    return code[:3] if code[:2] in ("97", "98") else code[:2]


def communes_of_version(con: duckdb.DuckDBPyConnection) -> Communes:
    """The communes that a published version knows: the whole list that it was built with."""
    around = _rows(con, "SELECT code, name, inside, lon, lat FROM commune")
    known = [(c, n, x, y) for c, n, _, x, y in around]
    if warehouse.has_table(con, "known_commune"):
        known += _rows(con, "SELECT code, name, lon, lat FROM known_commune")
    carried, alone = (
        _rows(con, f"SELECT {columns} FROM {table}") if warehouse.has_table(con, table) else []
        for table, columns in (("carry", "code_old, code, ended"), ("outside_epci", "code"))
    )
    long_ago = (
        old
        for old, code, ended in carried
        if ended and ended < LONG_AGO and departement_of(old) != departement_of(code)
    )
    postcodes: dict[str, tuple[str, ...]] = {}
    if warehouse.has_table(con, "postcode"):
        listed = "SELECT postcode, list(code ORDER BY code) FROM postcode GROUP BY postcode"
        postcodes = {p: tuple(codes) for p, codes in _rows(con, listed)}
    moved = moved_contours(con)
    official, generalised = (
        {
            code: shapely.from_wkb(bytes(wkb))
            for code, wkb in _rows(con, f"SELECT code, wkb FROM contour WHERE kind = '{kind}'")
            if code not in moved
        }
        for kind in ("official", "generalised")
    )
    return Communes(
        names={c: n for c, n, _, _ in known},
        carried={old: code for old, code, _ in carried},
        inside=frozenset(c for c, _, inside, _, _ in around if inside),
        halls={c: (x, y) for c, _, x, y in known if x is not None and y is not None},
        outside_epci=frozenset(c for (c,) in alone),
        contours=official,
        generalised=generalised,
        postcodes=postcodes,
        moved_long_ago=frozenset(long_ago),
    )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    rows: Iterable[Any] = con.execute(query).fetchall()
    return list(rows)
