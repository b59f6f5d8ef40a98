"""Contours of a version: one per commune, of the best kind that the files at hand allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from observatory.french import numbers
from observatory.knowledge.departement import departement_of, departement_words
from observatory.projection import WGS84
from observatory.versions.frames import frame
from observatory.zones import away
from pipelines import contours
from pipelines.kept_sheet import unreadable
from pipelines.load import Loaded
from pipelines.opening import kind_of
from pipelines.places import refuse_implausible, to_wgs84

COVERAGE = 0.95
"""Share of the perimeter that a kind of contour must cover to be used at all."""
KINDS = {"official": "officiel", "generalised": "généralisé"}
FOLDERS = {"official": "contours", "generalised": "national"}
NAMED = 10
"""Communes named in a message; the others are counted."""
TOLERANCES_M = ((150, 15.0), (1500, 60.0), (1_000_000, 200.0))
"""Simplification by number of communes: what the eye no longer sees at the map's scale."""


def build_outlines(
    con: duckdb.DuckDBPyConnection, loaded: Sequence[Loaded], report: Callable[[str], None]
) -> None:
    """Fill ``contour``, ``contour_overlap`` and ``stg.contour_read`` for the perimeter.

    The first kind that covers the perimeter is used alone, so that neighbours fit; without one the
    contours are schematic, drawn from the town halls. Contours that a picture of France moves next
    to the mainland cover nothing; beside others, they are kept for the screen alone.
    """
    wanted = {c for (c,) in con.execute("SELECT code FROM perimeter").fetchall()}
    carry = dict(
        con.execute("SELECT code_old, code FROM carry SEMI JOIN perimeter USING (code)").fetchall()
    )
    chosen, kind = gpd.GeoDataFrame(), "schematic"
    for kind in KINDS:
        files = [f for f in loaded if f.source.kind == kind and kind_of(f.path) == "geometry"]
        chosen = _newest(files, wanted | set(carry), carry)
        moved = [away(c, g.bounds) for c, g in zip(chosen["code"], chosen.geometry, strict=True)]
        if len(chosen) - sum(moved) >= COVERAGE * len(wanted):
            break
        if any(moved):
            report(_moved(sum(moved), sorted(chosen["code"][moved])))
            chosen = chosen[~np.array(moved)]
        if len(chosen):
            report(_incomplete(con, kind, sorted(wanted - set(chosen["code"]))))
    else:
        kind = "schematic"
        halls = frame(
            con, "SELECT code, lon, lat, area_km2 FROM commune WHERE inside AND lon IS NOT NULL"
        )
        chosen = contours.schematic_contours(halls).assign(
            vintage="", source="", read=halls["code"]
        )
    missing = sorted(wanted - set(chosen["code"]))
    if missing:
        report(
            f"{numbers.quantity(len(missing), 'commune', 'communes')} sans contour : "
            f"{', '.join(missing[:5])}"
            f"{'…' if len(missing) > 5 else ''}"
        )
    pairs = zip(chosen["source"], chosen["read"], strict=True)
    read = sorted({(source, code) for source, codes in pairs for code in codes.split(",")})
    con.register("_read", pd.DataFrame(read, columns=["source", "code_read"], dtype="str"))
    con.execute("CREATE TABLE stg.contour_read AS SELECT source, code_read FROM _read")
    _write(con, chosen, kind, report)


def in_use(con: duckdb.DuckDBPyConnection, loaded: Sequence[Loaded]) -> list[Loaded]:
    """The files that a version is made of: of contours, those alone that it shows."""
    shown = set(con.execute("SELECT DISTINCT source, vintage FROM contour").fetchall())
    return [f for f in loaded if f.source.kind not in KINDS or (f.source.id, f.vintage) in shown]


def _moved(count: int, codes: Sequence[str]) -> str:
    """Which contours are not where their communes are, and the file that would bring them."""
    deps = _departements(codes)
    many = numbers.quantity(count, "commune est dessinée", "communes sont dessinées")
    return (
        f"contours généralisés : {many} près de la métropole, loin de leur vraie place "
        f"(département {', '.join(deps)}) ; ces contours ne sont pas utilisés. Déposer dans le "
        f"dossier {FOLDERS['official']}/ du miroir les contours officiels de ces communes."
    )


def _incomplete(con: duckdb.DuckDBPyConnection, kind: str, missing: Sequence[str]) -> str:
    """Which communes have no contour of a kind, and the file that would bring them."""
    names = dict(con.execute("SELECT code, name FROM commune WHERE inside").fetchall())
    shown = ", ".join(f"{names.get(c, c)} ({c})" for c in missing[:NAMED])
    more = f" et {len(missing) - NAMED} autres" if len(missing) > NAMED else ""
    deps = _departements(missing)
    of = f"du département {deps[0]}" if len(deps) == 1 else f"des départements {', '.join(deps)}"
    return (
        f"{numbers.quantity(len(missing), 'commune', 'communes')} sans contour "
        f"{KINDS[kind]} : {shown}{more}. Il manque les contours des communes {of} "
        f"(GeoJSON ou GeoPackage, en WGS 84), à déposer dans le dossier {FOLDERS[kind]}/ du "
        f"miroir ; en attendant, aucun contour {KINDS[kind]} n'est utilisé."
    )


def _departements(codes: Sequence[str]) -> list[str]:
    """The départements of some communes, in people's words."""
    return [departement_words(d) for d in sorted({departement_of(c) for c in codes})]


def _newest(files: Sequence[Loaded], codes: set[str], carry: dict[str, str]) -> gpd.GeoDataFrame:
    """For each commune, its contour in the most recent file that has it, old codes dissolved."""
    result: list[gpd.GeoDataFrame] = []
    done: set[str] = set()
    for file in sorted(files, key=lambda f: (f.vintage, f.path.name), reverse=True):
        wanted = {carry.get(c, c) for c in codes} - done
        if not wanted:  # the older files have nothing more to bring
            break
        frame = _read(file, codes)
        read: dict[str, list[str]] = {}
        for old in frame["code"]:
            read.setdefault(carry.get(old, old), []).append(old)
        whole = contours.dissolve(frame, carry)
        whole = whole[[code in wanted for code in whole["code"]]]
        if whole.empty:
            continue
        told = [",".join(read[code]) for code in whole["code"]]
        result.append(whole.assign(vintage=file.vintage, source=file.source.id, read=told))
        done |= set(whole["code"])
    columns = ["code", "geometry", "vintage", "source", "read"]
    if not result:
        return gpd.GeoDataFrame({c: [] for c in columns}, geometry="geometry", crs=WGS84)
    return gpd.GeoDataFrame(pd.concat(result, ignore_index=True), crs=WGS84)


def _read(file: Loaded, codes: set[str]) -> gpd.GeoDataFrame:
    """The features of some communes, as code and geometry in WGS84."""
    try:
        fields = [str(f) for f in pyogrio.read_info(file.path)["fields"]]
        (heading,) = (file.publication.match(fields) or {})["code"]
        # A long list of codes costs more than reading the whole file.
        listed = ", ".join(f"'{c}'" for c in sorted(codes)) if len(codes) < 5_000 else ""
        frame = gpd.read_file(
            file.path, columns=[heading], where=f'"{heading}" IN ({listed})' if listed else None
        )
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        ValueError,
        KeyError,
    ) as error:
        raise unreadable(file.path, "les contours y sont abîmés, ou incomplets") from error
    frame = to_wgs84(frame.rename(columns={heading: "code"}))
    frame = frame.loc[[code in codes for code in frame["code"]], ["code", "geometry"]]
    if file.source.kind == "official":  # overseas, the generalised ones are moved on purpose
        refuse_implausible(frame, file.path.name)
    return frame


def _write(
    con: duckdb.DuckDBPyConnection,
    chosen: gpd.GeoDataFrame,
    kind: str,
    report: Callable[[str], None],
) -> None:
    repaired = contours.repair(chosen)
    if repaired.repaired:
        report(
            f"contours réparés : {', '.join(repaired.repaired[:5])}"
            f"{'…' if len(repaired.repaired) > 5 else ''}"
        )
    tolerance = next(t for n, t in TOLERANCES_M if len(chosen) <= n)
    drawn = repaired.contours
    if kind == "official":
        drawn = contours.simplify(drawn, tolerance)
    overlaps = contours.overlaps(drawn)
    table = pd.DataFrame(
        {
            "code": drawn["code"],
            "kind": kind,
            "vintage": drawn["vintage"],
            "source": drawn["source"],
            "valid": drawn.geometry.is_valid,
            "wkb": drawn.geometry.to_wkb(),
            "geojson": contours.to_geojson_texts(drawn.geometry.to_numpy()),
        }
    )
    con.register("_contour", table)
    con.execute("CREATE TABLE contour AS SELECT * FROM _contour ORDER BY code")
    con.register("_overlap", overlaps)
    con.execute(
        "CREATE TABLE contour_overlap AS SELECT CAST(code_a AS TEXT) AS code_a, "
        "CAST(code_b AS TEXT) AS code_b, CAST(area_m2 AS DOUBLE) AS area_m2, "
        "CAST(share AS DOUBLE) AS share FROM _overlap"
    )
