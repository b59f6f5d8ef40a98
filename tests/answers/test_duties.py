"""The commune's duties: thresholds, days, transfers, and what is unknown stays so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
import pytest
import tiny
from fixtures.versions import Con, Version

from observatory.answers import gaps
from observatory.answers.duties import COLUMNS, duties, duties_of_territory
from observatory.errors import RequestError
from observatory.knowledge.law import law

EVERY = ["recensement", "information", "planification", "qualite", "schema", "rpe"]
DAY = date(2026, 6, 1)
LARGE = {
    "popref/donnees_communes_rp2023.csv": tiny.POPULATIONS.replace("Aval;7000", "Aval;9100"),
    "dgcl/epcicom2025.csv": tiny.MEMBERS.replace("Aval;12000;8000", "Aval;12000;10100").replace(
        ";12000;", ";14100;"
    ),
}
HEADINGS = "code_insee;competence;exercee_par;depuis;source;date_source\n"
FILE = "census/competences.csv"


@pytest.fixture
def world() -> Iterator[duckdb.DuckDBPyConnection]:
    """Five communes of one EPCI, on the thresholds and beside them; no establishment."""
    with duckdb.connect() as con:
        con.execute(
            """
            CREATE TABLE commune AS
            SELECT *, true AS inside, '2' AS epci, '2023' AS population_vintage
            FROM (VALUES ('A', 'Aval', 3500), ('B', 'Bourg', 3501), ('C', 'Clos', 10000),
                ('D', 'Dune', 10001), ('E', 'Est', NULL)) AS t(code, name, population);
            CREATE TABLE territory AS SELECT '2' AS siren;
            CREATE TABLE allocation (establishment TEXT, code TEXT);
            CREATE TABLE known_offer (code TEXT, service TEXT, demonstration BOOLEAN, since DATE);
            CREATE MACRO open_capacity(d) AS TABLE
                SELECT 'x' AS establishment, 'rpe' AS service, false AS demonstration
                WHERE d IS NULL;
            """
        )
        yield con


def transfer(con: duckdb.DuckDBPyConnection, *rows: tuple[str, str, str, str | None]) -> None:
    con.execute(
        "CREATE OR REPLACE TABLE competence (code TEXT, competence TEXT, holder TEXT, since DATE, "
        "source TEXT, source_date DATE)"
    )
    for row in rows:
        con.execute("INSERT INTO competence VALUES (?, ?, ?, ?, NULL, NULL)", list(row))


def applies(con: duckdb.DuckDBPyConnection, code: str, on: date = DAY) -> dict[str, object]:
    table = duties(con, code, on)
    return dict(zip(table["competence"], table["applies"], strict=True))


def compulsory(con: duckdb.DuckDBPyConnection, code: str, on: date = DAY) -> list[str]:
    return [c for c, a in applies(con, code, on).items() if a is True]


def test_a_threshold_is_strictly_more(world: Con) -> None:
    assert compulsory(world, "A") == EVERY[:2]  # 3 500 is not above 3 500
    assert compulsory(world, "B") == EVERY[:4]
    assert compulsory(world, "C") == EVERY[:4]  # 10 000 is not above 10 000
    assert compulsory(world, "D") == EVERY


def test_the_law_has_its_days(world: Con) -> None:
    assert compulsory(world, "D", date(2024, 12, 31)) == []
    assert compulsory(world, "D", date(2025, 1, 1)) == EVERY[:5]
    assert compulsory(world, "D", date(2025, 12, 31)) == EVERY[:5]
    assert compulsory(world, "D", date(2026, 1, 1)) == EVERY


def test_an_unknown_population_leaves_the_thresholds_unknown(world: Con) -> None:
    found = applies(world, "E")
    assert found == dict(zip(EVERY, [True, True, None, None, None, None], strict=True))
    assert set(applies(world, "E", date(2024, 1, 1)).values()) == {False}


def test_a_version_without_the_table_says_nothing_of_transfers(world: Con) -> None:
    table = duties(world, "D", DAY)
    assert [*table["exercised_by"], *table["since"]] == [None] * 12
    assert tuple(table.columns) == COLUMNS


def test_a_transfer_holds_from_its_day(world: Con) -> None:
    transfer(world, ("B", "qualite", "epci", "2025-07-01"), ("B", "information", "commune", None))
    before, after = (
        duties(world, "B", day).set_index("competence")["exercised_by"]
        for day in (date(2025, 6, 30), date(2025, 7, 1))
    )
    assert before["qualite"] is None
    assert after["qualite"] == "epci"
    assert before["information"] == after["information"] == "commune"
    assert after["planification"] is None  # one by one: another competence is still unknown


def test_communes_that_transferred_count_together(world: Con) -> None:
    transfer(world, ("A", "schema", "epci", None), ("B", "schema", "epci", None))
    # 3 500 + 3 501 are not above 10 000, and nobody said whether the others transferred it.
    assert applies(world, "A")["schema"] is None
    everyone = [(c, "schema", "commune", None) for c in "CDE"]
    transfer(world, ("A", "schema", "epci", None), ("B", "schema", "epci", None), *everyone)
    table = duties(world, "A", DAY).set_index("competence")
    assert (table.loc["schema", "applies"], table.loc["schema", "counted"]) == (False, 7001)
    assert table.loc["schema", "population"] == 3500
    transfer(world, ("A", "schema", "epci", None), ("C", "schema", "epci", None))
    assert applies(world, "A")["schema"] is True  # 13 500 at least, whatever the others do
    assert applies(world, "A")["planification"] is False  # not transferred with it


def test_a_pool_is_unknown_when_its_body_is_not_known(world: Con) -> None:
    transfer(world, ("A", "schema", "syndicat", None), ("D", "schema", "syndicat", None))
    assert applies(world, "A")["schema"] is None  # which syndicat is not said
    assert applies(world, "D")["schema"] is True  # alone already above


def test_a_pool_is_unknown_where_the_epci_is_not_the_territory(world: Con) -> None:
    transfer(world, *((c, "schema", "epci", None) for c in "AB"))
    world.execute("DELETE FROM commune WHERE code NOT IN ('A', 'B')")
    assert applies(world, "A")["schema"] is False
    world.execute("UPDATE territory SET siren = NULL")  # a list of communes: others may exist
    assert applies(world, "A")["schema"] is None


def test_a_commune_of_elsewhere_is_refused(embedded: Con) -> None:
    with pytest.raises(RequestError, match="la commune « 75056 » n'est pas dans le territoire"):
        duties(embedded, "75056")


def test_the_default_says_no_transfer_and_who_is_served(embedded: Con) -> None:
    table = duties_of_territory(embedded, DAY)
    assert len(table) == len(gaps.communes(embedded)) * len(EVERY)
    assert table["exercised_by"].isna().all()
    arras = table[table["code"] == "62041"].set_index("competence")
    assert list(arras["applies"]) == [True] * 6
    assert arras.loc["rpe", "met"] is True
    assert arras.loc["rpe", "demonstration"]  # on the word of a demonstration census
    assert list(arras["met"])[:5] == [None] * 5
    small = table[(table["population"] <= 10_000) & (table["competence"] == "rpe")]
    assert list(small["met"]) == [None] * len(small)  # nothing is asked of them


def served(*codes: str) -> Mapping[str, str]:
    return {
        "census/communes_desservies.csv": "identifiant;code_insee\n"
        + "".join(f"R1;{c}\n" for c in codes)
        + "R2;62003\nL1;62002\n"
    }


def rpe(con: Con, on: date = DAY) -> tuple[object, object]:
    row = duties(con, "62001", on).set_index("competence").loc["rpe"]
    return row["applies"], row["met"]


@pytest.mark.campaign
def test_a_relais_that_serves_the_commune_meets_the_duty(tiny_version: Version) -> None:
    assert rpe(tiny_version({**LARGE, **served("62001", "62002")})) == (True, True)
    assert rpe(tiny_version({**LARGE, **served("62002")})) == (True, False)
    closing = tiny.OFFER.replace("1,5;;2019-01-01;", "1,5;;2019-01-01;2026-03-01")
    closed = tiny_version({**LARGE, "census/offre.csv": closing})
    assert rpe(closed, date(2025, 12, 31)) == (False, None)
    assert rpe(closed, date(2026, 2, 28)) == (True, True)
    assert rpe(closed, date(2026, 3, 1)) == (True, False)


@pytest.mark.campaign
def test_a_census_without_any_relais_does_not_tell(tiny_version: Version) -> None:
    kept = [x for x in tiny.OFFER.splitlines() if ";rpe;" not in x]
    lines = "identifiant;code_insee\nL1;62002\n"
    con = tiny_version(
        {
            **LARGE,
            "census/offre.csv": "\n".join(kept) + "\n",
            "census/communes_desservies.csv": lines,
        }
    )
    assert rpe(con) == (True, None)


@pytest.mark.campaign
def test_merged_communes_that_disagree_leave_the_competence_unknown(tiny_version: Version) -> None:
    rows = (
        "62001;planification;epci;2025-01-01;;\n62009;planification;commune;;;\n"
        "62001;qualite;epci;2025-01-01;;\n62009;qualite;epci;2026-01-01;Statuts;2025-11-03\n"
    )
    table = duties(tiny_version({FILE: HEADINGS + rows}), "62001", DAY).set_index("competence")
    assert table.loc["planification", "exercised_by"] is None
    assert table.loc["qualite", "exercised_by"] == "epci"
    assert table.loc["qualite", "since"] == date(2026, 1, 1)
    assert table.loc["qualite", "source"] == "Statuts"


def test_the_law_is_written_in_french_with_its_articles() -> None:
    known = law().competences
    assert list(known) == EVERY
    assert known["planification"].duty.endswith(
        " : communes de plus de 3\u202f500 habitants, à compter du 1er janvier 2025."
    )
    assert known["information"].duty.endswith(
        " : toutes les communes, à compter du 1er janvier 2025."
    )
    assert "10\u202f000 habitants, à compter du 1er janvier 2026" in known["rpe"].duty
    assert all(c.reference.startswith("Art. L.214-1-3 CASF") for c in known.values())


def test_the_schema_and_the_relais_follow_the_competences_they_go_with(world: Con) -> None:
    for_all = [
        (c, k, "epci", "2025-01-01") for c in "ABCDE" for k in ("information", "planification")
    ]
    transfer(world, *for_all)
    world.execute("UPDATE commune SET population = 100 WHERE code = 'E'")
    for code in "ABCDE":  # 27 102 inhabitants together: above every threshold
        table = duties(world, code, DAY).set_index("competence")
        for duty, followed in (("schema", "Planifier"), ("rpe", "Informer")):
            assert table.loc[duty, "exercised_by"] == "epci"
            assert table.loc[duty, "applies"] is True
            assert table.loc[duty, "counted"] == 27_102
            assert str(table.loc[duty, "source"]).startswith(f"suit la compétence « {followed}")


def test_a_transfer_written_for_the_schema_itself_wins(world: Con) -> None:
    transfer(world, ("D", "planification", "epci", None), ("D", "schema", "commune", None))
    table = duties(world, "D", DAY).set_index("competence")
    assert table.loc["planification", "exercised_by"] == "epci"
    assert table.loc["schema", "exercised_by"] == "commune"


def test_a_transfer_to_come_takes_nothing_along_before_its_day(world: Con) -> None:
    transfer(world, ("D", "planification", "epci", "2027-01-01"))
    assert duties(world, "D", DAY).set_index("competence").loc["schema", "exercised_by"] is None


def test_a_threshold_between_the_municipal_and_the_total_population_is_to_be_checked(
    world: Con,
) -> None:
    world.execute("ALTER TABLE commune ADD COLUMN total_population DOUBLE")
    world.execute("UPDATE commune SET total_population = population + 60")
    found = duties(world, "A", DAY).set_index("competence")  # 3 500 municipal, 3 560 in all
    assert found.loc["planification", "applies"] is None
    assert found["to_check"].to_dict() == dict(
        zip(EVERY, [False, False, True, True, False, False], strict=True)
    )
    assert found.loc["schema", "applies"] is False
    assert found.loc["schema", "counted_total"] == 3560
    assert not duties(world, "A", date(2024, 1, 1))["to_check"].any()


def test_a_total_population_adds_up_over_a_transfer(world: Con) -> None:
    world.execute("ALTER TABLE commune ADD COLUMN total_population DOUBLE")
    world.execute("UPDATE commune SET population = 20, total_population = 700")
    transfer(world, *((c, "planification", "epci", None) for c in "ABCDE"))
    found = duties(world, "A", DAY).set_index("competence").loc["planification"]
    assert (found["counted"], found["counted_total"]) == (100, 3500)
    assert found["applies"] is False
    world.execute("UPDATE commune SET total_population = 701")
    assert duties(world, "A", DAY).set_index("competence").loc["planification", "to_check"]
