"""Who lives in the territory, by commune, age and sex: the margins that a version has at hand.

A class of ages is read from its own words (« 26-45 ans », « Plus de 65 ans »); the five-year bands
of the census that its limits cut are spread evenly over their years, which makes an estimate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from observatory.french.spelling import plain
from observatory.versions.frames import frame

COMMUNES = "Insee, populations de référence de la version en service"
RESIDENTS = "Insee, recensement {year}, habitants de {first} ans et plus{part} ; bandes de cinq ans"
CUT = ", réparties au prorata des âges (estimation)"
ADULT = 18
"""Age from which residents are counted, as questionnaires to families ask adults."""
OLDEST = 120
WOMEN = re.compile(r"(?:une )?(?:femmes?|f|feminin)")
MEN = re.compile(r"(?:un )?(?:hommes?|h|m|masculin)")
BESIDE = " × "
"""Between the age and the sex of a class that is both."""

Margin = tuple[str, str, float, str]
"""Role, class, people, source."""


@dataclass(frozen=True)
class Residents:
    """Residents by sex and five-year band, over the communes that tell them.

    Attributes
    ----------
    bands : tuple of tuple
        Sex (F, M), first age, age after the last one, people.
    communes, all_communes : int
        Those that tell, of those of the territory.
    """

    bands: tuple[tuple[str, int, int, float], ...] = ()
    communes: int = 0
    all_communes: int = 0
    year: str = ""

    def people(self, ages: range, sexes: str = "FM") -> float:
        """People of these ages: a band takes part by the share of its years that is asked."""
        return sum(
            people * max(0, min(after, ages.stop) - max(first, ages.start)) / (after - first)
            for sex, first, after, people in self.bands
            if sex in sexes
        )

    def source(self, ages: Sequence[range]) -> str:
        """Where the people of these classes come from, in words."""
        part = ""
        if self.communes < self.all_communes:
            part = f", {self.communes} communes sur {self.all_communes}"
        limits = {age for _, first, after, _ in self.bands for age in (first, after)}
        cut = any(not {one.start, one.stop} <= limits for one in ages)
        told = RESIDENTS.format(year=self.year, first=ADULT, part=part)
        return told + (CUT if cut else "")


@dataclass(frozen=True)
class Inhabitants:
    """Who lives in the territory: people by commune, and residents by age and sex."""

    communes: tuple[tuple[str, float], ...] = ()
    residents: Residents = field(default_factory=Residents)


NOBODY = Inhabitants()
"""What is known without a version."""


def inhabitants(con: duckdb.DuckDBPyConnection) -> Inhabitants:
    """Read who lives in the territory of a version."""
    communes = frame(
        con, "SELECT name, population FROM commune WHERE inside AND population > 0 ORDER BY name"
    )
    bands = frame(
        con,
        "SELECT sex, first_age, next_age, people, communes, vintage, "
        "(SELECT count(*) FROM perimeter) AS all_communes FROM resident",
    )
    residents = Residents()
    if len(bands):
        residents = Residents(
            tuple(
                (str(sex), int(first), int(after), float(people))
                for sex, first, after, people in zip(
                    bands["sex"], bands["first_age"], bands["next_age"], bands["people"],
                    strict=True,
                )
            ),
            int(bands["communes"].iloc[0]),
            int(bands["all_communes"].iloc[0]),
            str(bands["vintage"].max()),
        )  # fmt: skip
    return Inhabitants(
        tuple(
            (str(name), float(people))
            for name, people in zip(communes["name"], communes["population"], strict=True)
        ),
        residents,
    )


def margins_at_hand(
    living: Inhabitants, ages: Sequence[str] = (), sexes: Sequence[str] = ()
) -> list[Margin]:
    """Margins by commune, and by the classes of ages and sexes whose words say what they are.

    Parameters
    ----------
    ages, sexes : sequence of str
        The classes of a questionnaire. When one of them cannot be read, none of its kind is given:
        shares among some classes alone would be wrong.
    """
    margins = [("commune", name, people, COMMUNES) for name, people in living.communes]
    residents = living.residents
    by_age = {name: ages_of(name) for name in ages}
    by_sex = {name: sex_of(name) for name in sexes}
    # A class of minors stands beside no adults; it keeps its part of the sample.
    read = {name: years for name, years in by_age.items() if years is not None and len(years)}
    known_ages = bool(read) and all(years is not None for years in by_age.values())
    known_sexes = sorted(s for s in by_sex.values() if s) == ["F", "M"]
    if not residents.bands:
        return margins
    source = residents.source(list(read.values()))
    adults = range(ADULT, OLDEST)
    if known_ages:
        margins += [("age", n, residents.people(years), source) for n, years in read.items()]
    if known_sexes:
        told = residents.source([adults])
        margins += [("sexe", n, residents.people(adults, s), told) for n, s in by_sex.items() if s]
    if known_ages and known_sexes:
        margins += [
            ("age_sexe", f"{age}{BESIDE}{sex}", residents.people(years, letter), source)
            for age, years in read.items()
            for sex, letter in by_sex.items()
            if letter
        ]
    return [margin for margin in margins if margin[2] > 0]


def ages_of(name: str) -> range | None:
    """The ages of adults that a class names; None when it is not understood.

    Empty for minors, and for those who do not say.
    """
    words = plain(name)
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    if not numbers and re.search(r"\b(?:ne|non|sans|nsp|autre)\b", words):
        return range(0)
    if not numbers or len(numbers) > 2 or max(numbers) >= OLDEST:
        return None
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 2:
        return range(max(first, ADULT), max(last + 1, ADULT)) if first < last else None
    if re.search(r"\b(?:moins|avant|under)\b", words):
        return range(ADULT, max(first, ADULT))
    if re.search(r"\b(?:et|ou) (?:plus|au dela)\b", words):
        return range(max(first, ADULT), OLDEST)
    if re.search(r"\b(?:plus|apres|au dela)\b", words):
        return range(max(first + 1, ADULT), OLDEST)
    return None


def sex_of(name: str) -> str:
    """F or M for a class that says so; empty for any other."""
    words = plain(name)
    if WOMEN.fullmatch(words):
        return "F"
    return "M" if MEN.fullmatch(words) else ""
