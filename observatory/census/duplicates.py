"""Probable duplicates: establishments alike in service and name, within 100 metres.

Nearly linear: names are compared with their next neighbours only, in cells of 200 metres laid four
times over, half a cell apart, so that two points within 100 metres always share one.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from observatory.census.sheets import sheet
from observatory.french.spelling import plain
from observatory.knowledge.nomenclature import nomenclature
from observatory.workbook.problems import Problem, short
from observatory.workbook.results import CheckedTable

NEAR_M = 100.0
CELL_M = 200.0
DEGREE_M = 111_320.0
ALIKE = 0.8
COMPARED = 4  # neighbours in the order of the names
READ = (
    "identifiant", "nom", "service", "code_insee", "longitude", "latitude", "ouverture",
    "fermeture",
)  # fmt: skip
Pairs = NDArray[Any]
# Words that many names share: they say what a place is, not which one.
EMPTY_WORDS = frozenset((
    "le", "les", "la", "l", "de", "des", "du", "d", "un", "une", "et", "a", "au", "aux", "en",
    "creche", "micro", "multi", "accueil", "halte", "garderie", "structure", "associative",
    "familiale", "collective", "municipal", "municipale", "communal", "communale",
))  # fmt: skip


def possible_duplicates(table: CheckedTable) -> list[Problem]:
    """Warn of pairs of establishments that may be the same, at the second of the two."""
    sites = _sites(table)
    pairs = _alike(sites, _neighbours(sites))
    told = ["number", "identifiant", "nom", "x"]
    first, second = (sites[told].iloc[pairs[n]].itertuples(index=False) for n in (0, 1))
    warnings = []
    for one, other in zip(first, second, strict=True):
        where = "dans la même commune" if isnan(other.x) else f"à moins de {NEAR_M:.0f} m"
        what = (
            f"{short(other.nom)} ressemble à {short(one.nom)} "
            f"({one.identifiant}, ligne {one.number}), {where}"
        )
        hint = "Si c'est le même établissement, n'en garder qu'un."
        warnings.append(
            Problem(table.where, other.number, "nom", other.nom, what, hint, warning=True)
        )
    return sorted(warnings, key=lambda p: p.row)


def _sites(table: CheckedTable) -> pd.DataFrame:
    """One establishment a row, as its first row in the file says it.

    Its columns of the contract, its ``number`` in the file, its ``words`` and its ``group``; ``x``
    and ``y`` in metres, NaN without a point.
    """
    stored = sheet("offre").stored
    at = {name: stored.index(name) for name in READ}
    cells = {name: [row[n] for row in table.accepted] for name, n in at.items()}
    every = pd.DataFrame({"number": table.numbers, **cells}, dtype=object)
    sites = every.drop_duplicates("identifiant", ignore_index=True)
    for made, of, name in (("words", _words, "nom"), ("group", _group, "service")):
        sites[made] = sites[name].map({value: of(value) for value in sites[name].unique()})
    lon, lat = (
        np.array([float(v) if v else np.nan for v in sites[name]])
        for name in ("longitude", "latitude")
    )
    return sites.assign(x=lon * DEGREE_M * np.cos(np.radians(lat)), y=lat * DEGREE_M)


def _neighbours(sites: pd.DataFrame) -> Pairs:
    """Pairs that share a cell and stand side by side in the order of the names, each once.

    Those without a point share a commune instead.
    """
    pointed = sites[sites["x"].notna()]
    found = [_side_by_side(sites[sites["x"].isna()], ["code_insee", "group"])]
    for dx, dy in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)):
        column, row = np.floor(pointed["x"] / CELL_M + dx), np.floor(pointed["y"] / CELL_M + dy)
        cells = pointed.assign(column=column, row=row)
        found.append(_side_by_side(cells, ["column", "row", "group"]))
    pairs = pd.DataFrame(np.sort(np.concatenate(found), axis=1))
    return pairs.drop_duplicates().to_numpy().T


def _side_by_side(sites: pd.DataFrame, cell: list[str]) -> Pairs:
    """Two by two, the places of the sites of one cell that are at most so many names apart."""
    cells = sites.groupby(cell, sort=False).ngroup().to_numpy()
    order = np.lexsort((pd.factorize(sites["words"], sort=True)[0], cells))
    one = np.repeat(np.arange(len(order)), COMPARED)
    other = one + np.tile(np.arange(1, COMPARED + 1), len(order))
    one, other = one[other < len(order)], other[other < len(order)]
    together = cells[order[one]] == cells[order[other]]
    places = sites.index.to_numpy()[order]
    return np.column_stack([places[one[together]], places[other[together]]])


def _alike(sites: pd.DataFrame, pairs: Pairs) -> Pairs:
    """Those of the pairs that may be one establishment, the first of the file before the other."""
    x, y = (sites[axis].to_numpy()[pairs] for axis in ("x", "y"))
    apart = (x[0] - x[1]) ** 2 + (y[0] - y[1]) ** 2 > NEAR_M**2
    pairs = pairs[:, ~apart]
    compared = ["words", "ouverture", "fermeture", "x"]
    one, other = (sites[compared].iloc[places].reset_index(drop=True) for places in pairs)
    kept = one["words"].eq(other["words"]).to_numpy(bool, copy=True)
    # Without a point, the same name in the same commune.
    spelled = np.flatnonzero(~kept & one["x"].notna().to_numpy(bool))
    names = zip(one["words"].iloc[spelled], other["words"].iloc[spelled], strict=True)
    same_words = cache(_same_words)  # the same names come back from place to place
    kept[spelled] = [same_words(*pair) for pair in names]
    return pairs[:, kept & ~_followed(one, other) & ~_followed(other, one)]


def _followed(one: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the other took the place of the one."""
    closed, opened = one["fermeture"], other["ouverture"]
    return (closed.ne("") & opened.ne("") & closed.le(opened)).to_numpy(bool)


def _words(name: str) -> str:
    """The words by which a name is compared, in the order of the alphabet."""
    words = plain(name[:80]).split()
    return " ".join(sorted(w for w in words if w not in EMPTY_WORDS) or words)


def _same_words(one: str, other: str) -> bool:
    """Whether each word that is not in both has one nearly the same on the other side."""
    left, right = set(one.split()), set(other.split())
    alone, facing = sorted((left - right, right - left), key=len)
    if len(facing) > len(alone) + 1 or any(w.isdigit() for w in alone | facing):
        return False  # « Crèche 1 » and « Crèche 2 » are two
    if not alone:
        return len(facing) <= len(left & right)
    return all(any(_close(w, v) for v in facing) for w in alone)


def _close(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


@cache
def _group(service: str) -> str:
    """Services that are one in a larger one made of establishments alone (EAJE), else itself."""
    known = nomenclature().services
    for id_, s in known.items():
        if service in s.parts and all(known[p].grain == "establishment" for p in s.parts):
            return id_
    return service
