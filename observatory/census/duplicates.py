"""Probable duplicates: establishments alike in service and name, within 100 metres.

Nearly linear: names are compared with their next neighbours only, in cells of 200 metres laid four
times over, half a cell apart, so that two points within 100 metres always share one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from math import cos, floor, radians

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
# Words that many names share: they say what a place is, not which one.
EMPTY_WORDS = frozenset((
    "le", "les", "la", "l", "de", "des", "du", "d", "un", "une", "et", "a", "au", "aux", "en",
    "creche", "micro", "multi", "accueil", "halte", "garderie", "structure", "associative",
    "familiale", "collective", "municipal", "municipale", "communal", "communale",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Site:
    """One establishment: its first row, its place in metres (None without a point), its words."""

    number: int
    id: str
    name: str
    words: str
    group: str
    code: str
    x: float | None
    y: float | None
    opened: str
    closed: str


def possible_duplicates(table: CheckedTable) -> list[Problem]:
    """Warn of pairs of establishments that may be the same, at the second of the two."""
    sites = _sites(table)
    told: set[tuple[str, str]] = set()
    warnings = []
    for one, other in _neighbours(sites):
        pair = (min(one.id, other.id), max(one.id, other.id))
        if pair in told:
            continue
        told.add(pair)
        if not _alike(one, other):
            continue
        first, second = sorted((one, other), key=lambda s: s.number)
        what = (
            f"{short(second.name)} ressemble à {short(first.name)} "
            f"({first.id}, ligne {first.number}), à moins de {NEAR_M:.0f} m"
            if second.x is not None
            else f"{short(second.name)} ressemble à {short(first.name)} "
            f"({first.id}, ligne {first.number}), dans la même commune"
        )
        hint = "Si c'est le même établissement, n'en garder qu'un."
        warnings.append(
            Problem(table.where, second.number, "nom", second.name, what, hint, warning=True)
        )
    return sorted(warnings, key=lambda p: p.row)


def _sites(table: CheckedTable) -> list[_Site]:
    at = {name: n for n, name in enumerate(sheet("offre").stored)}
    found: dict[str, _Site] = {}
    for number, row in zip(table.numbers, table.accepted, strict=True):
        id_ = row[at["identifiant"]]
        if id_ in found:
            continue
        lon, lat = row[at["longitude"]], row[at["latitude"]]
        y = float(lat) if lat else 0.0
        found[id_] = _Site(
            number,
            id_,
            row[at["nom"]],
            _words(row[at["nom"]]),
            _group(row[at["service"]]),
            row[at["code_insee"]],
            float(lon) * DEGREE_M * cos(radians(y)) if lon else None,
            y * DEGREE_M if lat else None,
            row[at["ouverture"]],
            row[at["fermeture"]],
        )
    return list(found.values())


def _neighbours(sites: list[_Site]) -> Iterator[tuple[_Site, _Site]]:
    """Pairs that share a cell and stand side by side in the order of the names."""
    for dx, dy in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)):
        cells: dict[str, list[_Site]] = defaultdict(list)
        for s in sites:
            if s.x is not None and s.y is not None:
                cells[f"{floor(s.x / CELL_M + dx)}|{floor(s.y / CELL_M + dy)}|{s.group}"].append(s)
            elif not dx and not dy:
                cells[f"{s.code}|{s.group}"].append(s)
        for members in cells.values():
            if len(members) == 1:
                continue
            members.sort(key=lambda s: s.words)
            for i, one in enumerate(members):
                for other in members[i + 1 : i + 1 + COMPARED]:
                    yield one, other


def _alike(one: _Site, other: _Site) -> bool:
    if one.closed and other.opened and one.closed <= other.opened:
        return False  # one took the other's place
    if other.closed and one.opened and other.closed <= one.opened:
        return False
    if one.x is not None and one.y is not None and other.x is not None and other.y is not None:
        if (one.x - other.x) ** 2 + (one.y - other.y) ** 2 > NEAR_M**2:
            return False
    elif one.words != other.words:
        return False  # without a point, the same name in the same commune
    return one.words == other.words or _same_words(one.words, other.words)


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
