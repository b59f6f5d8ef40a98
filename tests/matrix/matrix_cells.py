"""The cells of the matrix: census shape × territory × date × output, by pairs, from one seed."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Place:
    """Where the tiny territory is laid: what its codes become, and where its points go.

    ``asked`` is what the refresh is asked for, in the tiny territory's own codes.
    """

    asked: str
    codes: Mapping[str, str] = field(default_factory=dict)  # beginning of a code → another
    dep: str = "62"
    reg: str = "32"
    origin: tuple[float, float] = (2.70, 50.30)

    def text(self, content: str) -> str:
        """A file of the tiny territory, laid here."""
        for old, new in self.codes.items():
            content = re.sub(rf"\b{old}(?=\d{{{5 - len(new)}}}\b)|\b{old}\b", new, content)
        content = re.sub(r"(?m)^(COM,\w+),32,62,", rf"\1,{self.reg},{self.dep},", content)
        content = content.replace(";reg;32;", f";reg;{self.reg};")
        content = content.replace(";dep;62;", f";dep;{self.dep};")
        east, north = self.origin[0] - 2.70, self.origin[1] - 50.30
        content = re.sub(r"\b2\.[78]\d?\b", lambda m: f"{float(m[0]) + east:.4f}", content)
        return re.sub(r"\b50\.[23]\d?\b", lambda m: f"{float(m[0]) + north:.4f}", content)


LYON = {"62001": "69123", "62002": "69149", "62003": "69152", "62004": "69163", "62009": "69194"}
PLACES = {
    "EPCI": Place(tiny.SIREN),
    "commune": Place("62001"),
    "list": Place("62002,62003"),
    "département": Place("62"),
    "merged": Place("62009"),
    "Corse": Place(tiny.SIREN, {"620": "2A0"}, "2A", "94", (8.70, 41.90)),
    "La Réunion": Place(tiny.SIREN, {"620": "974"}, "974", "04", (55.45, -21.10)),
    "Lyon": Place(tiny.SIREN, LYON, "69", "84", (4.83, 45.75)),
}
"""The tiny territory as others are: Corsica, overseas, a city of arrondissements."""
TERRITORIES = tuple(PLACES)
DATES = (date(1990, 1, 1), date(2019, 12, 31), date(2023, 12, 31), date(2029, 1, 1))
OUTPUTS = (
    "csv", "csv-international", "xlsx", "geojson", "gpkg", "svg", "png",
    "sheet", "atlas", "diff", "reconcile", "page",
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


QUICK = 26


def quick() -> list[Cell]:
    """A few cells on eight versions, each shape on one territory: those that cover the most pairs.

    The first ones hold each output and each shape; every pair is in the campaign.
    """
    homes = dict(zip(SHAPES, TERRITORIES, strict=True))
    found = pairwise([list(SHAPES), list(DATES), list(OUTPUTS)])
    chosen = sorted(found[:QUICK], key=repr)
    cells = [Cell(str(s), homes[str(s)], d, str(o)) for s, d, o in chosen]  # type: ignore[arg-type]
    return sorted(cells, key=lambda c: c not in telling(cells))


def telling(cells: Sequence[Cell]) -> list[Cell]:
    """Cells that hold each output, each shape and each date of them all, taken one by one."""
    kept, left = list[Cell](), {v for c in cells for v in (c.output, c.shape, c.day)}
    while left:
        kept.append(max(cells, key=lambda c: len({c.output, c.shape, c.day} & left)))
        left -= {kept[-1].output, kept[-1].shape, kept[-1].day}
    return kept


def campaign() -> list[Cell]:
    """Every pair of the four axes."""
    found = pairwise([list(SHAPES), list(TERRITORIES), list(DATES), list(OUTPUTS)])
    return [Cell(*values) for values in sorted(found, key=repr)]  # type: ignore[arg-type]


def files(shape: str, territory: str) -> dict[str, str | None]:
    """The tiny territory laid in a place, with the census of a shape instead of its own."""
    offer, totals = SHAPES[shape]
    place = PLACES[territory]
    given: dict[str, str | None] = {
        **tiny.FILES,
        "census/offre.csv": HEADING + offer if offer else None,
        "census/totaux_communaux.csv": TOTAL_HEADING + totals if totals else None,
        "census/communes_desservies.csv": None,
    }
    return laid(given, place)


def laid(given: Mapping[str, str | None], place: Place) -> dict[str, str | None]:
    """Files laid in a place; those of a city of arrondissements tell them beside the whole."""
    found = {name: text and place.text(text) for name, text in given.items()}
    if place.dep == "69":
        ages = str(found["rp_age/ages_rp2023.csv"])
        parts = "".join(
            f"{code};ARM;{band};_T;POP;A;{amount};2023\n"
            for code, amount in (("69381", 300), ("69382", 100))
            for band in ("Y0T4", "Y5T9", "Y10T14", "Y15T19")
        )
        found["rp_age/ages_rp2023.csv"] = ages + parts
        found["cog/v_commune_2026.csv"] = str(found["cog/v_commune_2026.csv"]) + "".join(
            f"ARM,{code},84,69,Arrondissement,69123\n" for code in ("69381", "69382")
        )
    return found


def asked(territory: str) -> str:
    """What the refresh is asked for, in the codes of the place."""
    place = PLACES[territory]
    return place.text(place.asked)
