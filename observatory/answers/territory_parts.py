"""A large territory by its EPCI, départements or régions: each the sum of its communes.

Need, supply and gap of a place are made from those of its communes by the macro ``sums_of`` of the
version, as the sum of a selection is; only the published rate is the producer's own. What is
unknown, or masked, in one commune is so in its sum: nothing is told of a masked commune that its
neighbours in the table did not tell (``docs/decisions/0009-masking.md``).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd

from observatory.answers.gaps import gaps, in_words
from observatory.knowledge.departement import departement_name, region_name
from observatory.knowledge.question import Question
from observatory.versions.frames import frame, lent
from observatory.versions.warehouse import has_table


@dataclass(frozen=True)
class Grain:
    """A level that a territory may be told by.

    Attributes
    ----------
    one, many : str
        What heads its column, and what it is called in a menu.
    """

    one: str
    many: str


GRAINS = {
    "epci": Grain("EPCI", "Les EPCI"),
    "dep": Grain("Département", "Les départements"),
    "reg": Grain("Région", "Les régions"),
}
"""From the smallest, by level of the version's tables."""
PROFILE = (
    "place", "name", "dep", "communes", "population", "population_vintage", "births",
    "births_year", "density", "income", "income_vintage",
)  # fmt: skip
SUMS = """
WITH part AS (FROM place_part WHERE level = $level),
alone AS (  -- a place that is the whole territory: its total is made before any commune is masked
    SELECT place FROM part GROUP BY place HAVING count(*) = (SELECT count(*) FROM perimeter)
),
summed AS (
    SELECT * EXCLUDE (code, communes, published_rate, published_year, deficit_count,
        definition_count)
        REPLACE (len(public_unknown) AS public_unknown, len(supply_unknown) AS supply_unknown),
        place AS code
    FROM sums_of('_rows', (SELECT list({'place': place, 'code': code}) FROM part
        ANTI JOIN alone USING (place)))
    UNION ALL BY NAME
    SELECT a.place, r.* EXCLUDE (name, published_rate, published_year, reliability, unmet,
        unmet_told, unmet_asked, deficit_count, definition_count)
    FROM alone AS a, _rows AS r WHERE r.code IS NULL
)
SELECT p.* EXCLUDE (level), s.* EXCLUDE (place), r.rate AS published_rate, r.year AS published_year
FROM summed AS s
JOIN place_profile AS p ON p.level = $level AND p.place = s.place
LEFT JOIN reference_as_of($day, $service) AS r
    ON r.level = $level AND r.code = s.place AND r.service = s.service
JOIN definition AS f ON f.service = s.service AND f.definition = s.definition
ORDER BY s.service, s.day_type, f.rank, s.place
"""
LEVELS_HELD = """
SELECT level FROM place_part GROUP BY level HAVING count(DISTINCT place) >= $least
"""


def grains_of(con: duckdb.DuckDBPyConnection, least: int = 2) -> tuple[str, ...]:
    """The levels of which a territory holds several whole places; none in an older version.

    Parameters
    ----------
    least : int
        Places of a level from which it is one.
    """
    if not has_table(con, "place_part"):
        return ()
    held = {str(level) for (level,) in con.execute(LEVELS_HELD, {"least": least}).fetchall()}
    return tuple(level for level in GRAINS if level in held)


def left_out(con: duckdb.DuckDBPyConnection, level: str) -> int:
    """Communes of the territory that are in no place of a level that lies whole in it."""
    ((count,),) = con.execute(
        "SELECT count(*) FROM perimeter ANTI JOIN (FROM place_part WHERE level = ?) USING (code)",
        [level],
    ).fetchall()
    return int(count)


def parts_of(con: duckdb.DuckDBPyConnection, level: str, question: Question) -> pd.DataFrame:
    """Each place of a level that lies whole in the territory, with its sums for one service.

    Parameters
    ----------
    level : str
        A key of ``GRAINS``.
    question : Question
        Of one service, against one need definition, or all of them.

    Returns
    -------
    DataFrame
        One row per place × day type × definition: the columns of ``PROFILE``, those of a gap table
        that can be added up, the published rate and its year, and ``public_unknown`` and
        ``supply_unknown``, how many communes are unknown or masked. Population, births and people
        under three are sums; ``density`` per km², ``income`` a mean of medians (an estimate).

    Raises
    ------
    RequestError
        As ``gaps``.
    """
    rows = gaps(con, question)
    values = {"level": level, "day": question.as_of, "service": question.service}
    with lent(con, {"_rows": rows}):
        table = frame(con, SUMS, values)
    names = {"dep": departement_name, "reg": region_name}
    if level in names:
        table["name"] = table["place"].map(names[level])
    table = in_words(con, table, question.as_of)  # code: null where it is the whole territory
    return table.drop(columns="code")
