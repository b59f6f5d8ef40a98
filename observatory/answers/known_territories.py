"""The territories that the files of a version know: found by name, commune, postcode or code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from observatory.french.spelling import in_full
from observatory.knowledge.departement import departement_name, departements
from observatory.knowledge.territory import presets
from observatory.versions.warehouse import has_table

MOST = 12
"""Territories given for one search."""
WRITTEN = {
    "cu": "communaute urbaine", "ca": "communaute d agglomeration",
    "cc": "communaute de communes",
}  # fmt: skip
"""What the DGCL writes short at the head of the name of an EPCI."""
PLAIN = "trim(regexp_replace(strip_accents(lower(replace({}, 'œ', 'oe'))), '[^a-z0-9]+', ' ', 'g'))"
BY_COMMUNE = f"""
SELECT c.code, c.name, p.place, p.name
FROM known_commune AS c
LEFT JOIN epci_member AS m ON m.code = c.code
LEFT JOIN place_profile AS p ON p.level = 'epci' AND p.place = m.siren
WHERE c.code = $words OR starts_with({PLAIN.format("c.name")}, $words)
    OR c.code IN (SELECT code FROM postcode WHERE postcode = $words)
ORDER BY {PLAIN.format("c.name")} <> $words, p.population DESC NULLS LAST, c.code
LIMIT {4 * MOST}
"""


@dataclass(frozen=True)
class KnownTerritory:
    """A territory that may be asked for.

    Attributes
    ----------
    asked : str
        What ``knowledge.territory.parse`` reads.
    label : str
        Its name, with what tells it from another.
    """

    asked: str
    label: str


def found_territories(
    con: duckdb.DuckDBPyConnection, text: str, most: int = MOST
) -> list[KnownTerritory]:
    """The territories that some words may mean, the likeliest first; none in an older version.

    Parameters
    ----------
    text : str
        A name of an EPCI, in full or short, of one of its communes, of a département, a postcode,
        a SIREN, an INSEE code.
    """
    words = in_full(text)
    if not words or not has_table(con, "epci_member"):
        return []
    told: dict[str, KnownTerritory] = {}
    for one in (*_named(words), *_epci(con, words), *_communes(con, words)):
        told.setdefault(one.asked, one)
    return list(told.values())[:most]


def why_none(con: duckdb.DuckDBPyConnection, text: str) -> str:
    """One French sentence: why nothing was found for some words."""
    known = has_table(con, "postcode") and con.execute("SELECT 1 FROM postcode LIMIT 1").fetchone()
    if re.fullmatch(r"\d{5}", text.strip()) and not known:
        return (
            "Aucun territoire n'a ce code, et aucun code postal n'est connu des fichiers de cette "
            "version : chercher par un nom, ou déposer la table des codes postaux dans le dossier "
            "« codes_postaux » d'un miroir."
        )
    return "Aucun territoire de ce nom n'est connu des fichiers de cette version."


def known_epci(con: duckdb.DuckDBPyConnection) -> int:
    """EPCI that the files of the version know."""
    if not has_table(con, "place_profile"):
        return 0
    ((count,),) = con.execute("SELECT count(*) FROM place_profile WHERE level = 'epci'").fetchall()
    return int(count)


def _named(words: str) -> Iterator[KnownTerritory]:
    """The territories that need no file: France, those with a name of their own, a département."""
    if words == "france":
        yield KnownTerritory("france", "France")
    for key, preset in presets().items():
        if words in (in_full(preset.name), in_full(key)):
            asked = preset.codes[0] if preset.kind == "epci" else key
            yield KnownTerritory(asked, preset.name)
    for code, name in departements().items():
        if words in (code.lower(), in_full(name)):
            yield KnownTerritory(code, f"{departement_name(code)}, le département")
    if re.fullmatch(r"\d{9}", words):
        yield KnownTerritory(words, f"l'EPCI {words}")


def _epci(con: duckdb.DuckDBPyConnection, words: str) -> Iterator[KnownTerritory]:
    rows = con.execute(
        "SELECT place, name, dep FROM place_profile WHERE level = 'epci' "
        "ORDER BY population DESC NULLS LAST, place"
    ).fetchall()
    asked = words.split(" ")
    for siren, name, dep in rows:
        short = in_full(name)
        head, _, rest = short.partition(" ")
        known = set(f"{short} {WRITTEN.get(head, '')} {rest}".split(" "))
        if siren == words or all(any(k.startswith(a) for k in known) for a in asked):
            yield KnownTerritory(siren, f"{name} ({dep})" if dep else name)


def _communes(con: duckdb.DuckDBPyConnection, words: str) -> Iterator[KnownTerritory]:
    rows = con.execute(BY_COMMUNE, {"words": words}).fetchall()
    for _, name, siren, epci in rows:
        if siren:
            yield KnownTerritory(siren, f"{epci}, par sa commune {name}")
    for code, name, *_ in rows:
        yield KnownTerritory(code, f"{name} ({code}), la commune seule")
