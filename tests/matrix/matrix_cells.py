"""The cells of the matrix: census shape × territory × date × output, by pairs, from one seed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import tiny

SEED = 20261126
HEADING = tiny.OFFER.splitlines()[0] + "\n"
TOTAL_HEADING = tiny.TOTALS.splitlines()[0] + "\n"
OPENED = date(2020, 1, 1)
CLOSED = "2021-01-01"
CODES = ("62001", "62002", "62003", "62004")


def row(
    id_: str,
    service: str,
    code: str,
    amount: str,
    *,
    day: str = "",
    closed: str = "",
) -> str:
    """A line of a census: an establishment opened on ``OPENED``."""
    return f"{id_};Lieu {id_};{service};public;Ville;{code};;;;{day};{amount};;{OPENED};{closed};Enquête;2024-06-30;non\n"  # noqa: E501


def total(service: str, code: str, places: str, headcount: str = "") -> str:
    return f"{code};{service};{headcount};{places};{OPENED};Enquête;2024-06-30;non\n"


SHAPES: Mapping[str, tuple[str, str]] = {
    "one service": ("".join(row(f"E{n}", "eaje_psu", c, "20") for n, c in enumerate(CODES)), ""),
    "totals alone": ("", "".join(total("garde_domicile", c, "6") for c in CODES[:3])),
    "one type of day": (row("A1", "alsh", "62001", "40", day="mercredi"), ""),
    "all unknown": ("".join(row(f"E{n}", "eaje_psu", c, "") for n, c in enumerate(CODES)), ""),
    "all closed": (
        "".join(
            row(f"E{n}", "eaje_psu", c, "20", closed="2021-01-01") for n, c in enumerate(CODES)
        ),
        "",
    ),
    "one commune": (
        row("E1", "eaje_psu", "62001", "20") + row("L1", "laep", "62001", "90"),
        total("assistants_maternels", "62001", "120", "40"),
    ),
    "one row": (row("E1", "eaje_hors_psu", "62002", "12"), ""),
    "5 000 rows": (
        "".join(row(f"E{n}", "eaje_psu", CODES[n % 4], str(n % 60)) for n in range(5_000)),
        "",
    ),
}
"""Lines of establishments and of totals by shape of census."""
TERRITORIES = {
    "EPCI": tiny.SIREN,
    "commune": "62001",
    "list": "62002,62003",
    "département": "62",
    "merged": "62009",
}
DATES = (date(1990, 1, 1), date(2019, 12, 31), date(2023, 12, 31), date(2029, 1, 1))
OUTPUTS = (
    "csv", "csv-international", "xlsx", "geojson", "gpkg", "svg", "png",
    "sheet", "atlas", "diff", "reconcile",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One question put to one version."""

    shape: str
    territory: str
    day: date
    output: str

    @property
    def name(self) -> str:
        return f"{self.shape}, {self.territory}, {self.day}, {self.output}"


def pairwise(axes: Sequence[Sequence[object]], seed: int = SEED) -> list[tuple[object, ...]]:
    """Rows such that each pair of values of two axes stands in one of them at least."""
    chance = random.Random(seed)
    left = {
        ((a, x), (b, y))
        for a, b in itertools.combinations(range(len(axes)), 2)
        for x in axes[a]
        for y in axes[b]
    }
    rows = []
    while left:
        tried = [tuple(chance.choice(axis) for axis in axes) for _ in range(60)]
        # One row at least covers a pair that is left.
        (a, x), (b, y) = min(left, key=repr)
        tried.append(tuple({a: x, b: y}.get(n, chance.choice(v)) for n, v in enumerate(axes)))
        best = max(tried, key=lambda r: len(_pairs(r) & left))
        left -= _pairs(best)
        rows.append(best)
    return rows


def _pairs(values: tuple[object, ...]) -> set[tuple[tuple[int, object], tuple[int, object]]]:
    return set(itertools.combinations(enumerate(values), 2))


def quick() -> list[Cell]:
    """At most 60 cells on eight versions: each shape on one territory, dates × outputs by pairs."""
    names = list(TERRITORIES)
    homes = {shape: names[n % len(names)] for n, shape in enumerate(SHAPES)}
    found = pairwise([list(SHAPES), list(DATES), list(OUTPUTS)])
    chosen = sorted(found[:60], key=repr)
    return [Cell(str(s), homes[str(s)], d, str(o)) for s, d, o in chosen]  # type: ignore[arg-type]


def campaign() -> list[Cell]:
    """Every pair of the four axes."""
    found = pairwise([list(SHAPES), list(TERRITORIES), list(DATES), list(OUTPUTS)])
    return [Cell(*values) for values in sorted(found, key=repr)]  # type: ignore[arg-type]


def files(shape: str) -> dict[str, str | None]:
    """The census of a shape, in the place of the tiny territory's own."""
    offer, totals = SHAPES[shape]
    return {
        "census/offre.csv": HEADING + offer if offer else None,
        "census/totaux_communaux.csv": TOTAL_HEADING + totals if totals else None,
        "census/communes_desservies.csv": None,
    }
