"""One or two assistants maternels are private persons: no figure of the version tells theirs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
import tiny
from fixtures.versions import Version, build, make_settings, publish_first
from generated import at_every_run

from observatory.answers.gaps import gaps, supply_by_status
from observatory.answers.rounded import ROUNDED
from observatory.files.gap_table import gap_table, gaps_csv
from observatory.knowledge.question import Question
from observatory.secrecy.mask_audit import audit, unsafe
from observatory.secrecy.published import read_published
from observatory.versions import record

Con = duckdb.DuckDBPyConnection
DAY = date(2026, 1, 1)
AM = "assistants_maternels"
SMALL = {"62290", "62320", "62761"}
"""Communes of the demonstration census with one or two assistants maternels."""


def masked(con: Con) -> set[str]:
    return {c for (c,) in con.execute("SELECT DISTINCT code FROM masked").fetchall()}


def test_the_small_communes_are_masked_and_no_more_than_the_audit_asks_for(embedded: Con) -> None:
    assert masked(embedded) >= SMALL
    assert len(masked(embedded)) <= len(SMALL) + 1
    assert not unsafe(audit(read_published(embedded)))


@pytest.mark.parametrize("service", [AM, "accueil_0_2"])
def test_a_masked_commune_has_no_supply_no_gap_no_rate(embedded: Con, service: str) -> None:
    rows = gaps(embedded, Question(service, as_of=DAY))
    hidden = rows[rows["code"].isin(masked(embedded))]
    assert len(hidden)
    assert hidden[["supply", "gap", "rate"]].isna().all(axis=None)
    assert hidden["reliability"].str.contains("masqué").all()


def test_the_headcount_behind_a_need_is_masked_too(embedded: Con) -> None:
    rows = gaps(embedded, Question("rpe", as_of=DAY))
    hidden = rows[rows["code"].isin(masked(embedded))]
    assert hidden[["public", "need", "gap"]].isna().all(axis=None)


def test_the_territory_keeps_its_total_rounded_and_says_so(embedded: Con) -> None:
    rows = gaps(embedded, Question(AM, as_of=DAY, definition="reference_nat"))
    whole = rows[rows["code"].isna()]
    assert whole["supply"].item() == 1040  # 1 039, to the nearest five
    assert ROUNDED in whole["reliability"].item()
    assert not rows[rows["code"].notna()]["reliability"].str.contains(ROUNDED).any()
    both = supply_by_status(embedded, DAY)
    assert both[both["service"] == AM]["supply"].item() == 1040
    other = gaps(embedded, Question("prescolarisation", as_of=DAY, definition="reference_nat"))
    assert ROUNDED not in other[other["code"].isna()]["reliability"].item()


def test_the_total_less_what_is_shown_is_never_one_commune(embedded: Con) -> None:
    for day in (date(2021, 12, 31), date(2022, 12, 31), DAY):
        rows = gaps(embedded, Question(AM, as_of=day, definition="reference_nat"))
        communes = rows[rows["code"].notna()]
        rest = rows[rows["code"].isna()]["supply"].item() - communes["supply"].sum()
        assert communes["supply"].isna().sum() >= 2
        assert rest > 0


def test_a_commune_masked_once_is_masked_at_every_date(embedded: Con) -> None:
    rows = embedded.execute(
        "SELECT count(*), count(headcount), count(places) FROM commune_total "
        "SEMI JOIN masked USING (code, service)"
    ).fetchone()
    assert rows is not None
    total, headcounts, places = rows
    assert total == len(masked(embedded))  # one row each: no date tells when a figure moved
    assert (headcounts, places) == (0, 0)


def test_no_table_of_the_version_holds_an_open_figure(embedded: Con) -> None:
    tables = [t for (t,) in embedded.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    assert "open_total" not in tables
    assert not embedded.execute(
        "SELECT * FROM public_count SEMI JOIN masked USING (code) WHERE public = ?", [AM]
    ).fetchall()


def test_the_exported_file_leaves_masked_cells_empty(embedded: Con) -> None:
    text = gaps_csv(
        gap_table(embedded, Question(AM, definition="reference_nat", as_of=DAY))
    ).decode("utf-8-sig")
    head, *lines = (line.split(";") for line in text.splitlines())
    for cells in lines:
        row = dict(zip(head, cells, strict=True))
        if row["code_insee"] in masked(embedded):
            assert row["offre"] == row["ecart"] == row["taux"] == ""
    assert json.dumps(record.info(embedded))


TOTALS = """code_insee;service;effectif;places;depuis;source;date_source;demonstration
62001;assistants_maternels;0;0;2021-12-31;Caf;2022-06-30;non
62002;assistants_maternels;0;0;2021-12-31;Caf;2022-06-30;non
62003;assistants_maternels;{};{};2021-12-31;Caf;2022-06-30;non
62004;assistants_maternels;0;0;2021-12-31;Caf;2022-06-30;non
"""


@pytest.mark.campaign
@pytest.mark.parametrize(("headcount", "places"), at_every_run(1, [(2, 7), (1, 4), ("", 6)]))
def test_alone_in_its_territory_a_small_commune_hides_the_total(
    tiny_version: Version, headcount: object, places: int
) -> None:
    con = tiny_version({"census/totaux_communaux.csv": TOTALS.format(headcount, places)})
    rows = gaps(con, Question(AM, as_of=DAY, definition="reference_nat"))
    assert rows[rows["code"].isna()]["supply"].isna().item()
    assert rows[rows["code"] == "62003"]["supply"].isna().item()


@pytest.mark.campaign
def test_three_persons_are_shown(tiny_version: Version) -> None:
    own = TOTALS.replace("Caf", "Enquête")  # five, for figures of the Caf
    con = tiny_version({"census/totaux_communaux.csv": own.format(3, 9)})
    rows = gaps(con, Question(AM, as_of=DAY, definition="reference_nat"))
    assert rows[rows["code"] == "62003"]["supply"].item() == 9
    assert rows[rows["code"].isna()]["supply"].item() == 9


def test_a_commune_that_the_census_does_not_mention_is_unknown_not_zero(
    tiny_version: Version,
) -> None:
    served = tiny.SERVED.replace("R2;62004\n", "")
    con = tiny_version({"census/communes_desservies.csv": served})
    rows = gaps(con, Question("eaje_psu", as_of=DAY, definition="territory")).set_index("code")
    assert rows.loc["62003", "supply"] == 0
    assert rows.loc[["62004"], "supply"].isna().all()
    vouched = tiny_version(
        {
            "census/communes_desservies.csv": served,
            "census/communes_recensees.csv": "commune_recensee\n62004\n",
        }
    )
    rows = gaps(vouched, Question("eaje_psu", as_of=DAY, definition="territory")).set_index("code")
    assert rows.loc["62004", "supply"] == 0


ONE_IN_CLOS = {
    "census/totaux_communaux.csv": (
        "code_insee;service;effectif;places;depuis;source;date_source;demonstration\n"
        "62001;assistants_maternels;40;120;2021-12-31;Caf;2022-06-30;non\n"
        "62002;assistants_maternels;3;9;2021-12-31;Enquête;2022-06-30;non\n"
        "62003;assistants_maternels;1;4;2021-12-31;Caf;2022-06-30;non\n"
        "62004;assistants_maternels;0;0;2021-12-31;Caf;2022-06-30;non\n"
    )
}


def test_a_companion_leaves_room_for_doubt(tiny_version: Version) -> None:
    """With a companion of three, a total of four could only be one and three."""
    con = tiny_version(ONE_IN_CLOS)
    assert masked(con) == {"62001", "62003"}


def test_the_version_does_not_say_which_commune_is_the_companion(embedded: Con) -> None:
    columns = [d[0] for d in embedded.execute("FROM masked").description or []]
    assert columns == ["code", "service"]


def test_what_a_kept_version_hides_stays_hidden(tmp_path: Path) -> None:
    first = tiny.write_raw(tmp_path / "a", ONE_IN_CLOS)
    then = tiny.write_raw(tmp_path / "b", {"census/totaux_communaux.csv": TOTALS.format(5, 15)})
    publish_first(make_settings(tmp_path, raw_dir=first), tiny.SIREN)
    con = build(make_settings(tmp_path, raw_dir=then), tiny.SIREN)
    assert "62003" in masked(con)
    con.close()


def test_what_is_rounded_is_named_where_it_is_a_part_or_the_public(embedded: Con) -> None:
    """Of every mode of care only the part of assistants maternels is rounded."""
    for service, words in (
        ("accueil_0_2", "part des assistants maternels arrondie à 5 près : communes masquées"),
        ("rpe", "nombre d'assistants maternels arrondi à 5 près : communes masquées"),
    ):
        rows = gaps(embedded, Question(service, as_of=DAY))
        whole = rows[rows["code"].isna()]
        assert whole["reliability"].str.contains(words).all()
        assert not whole["reliability"].str.contains(ROUNDED).any()
