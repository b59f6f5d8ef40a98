"""What nothing is known of is named once: no page of hatches, no file of empty lines."""

from __future__ import annotations

from datetime import date

import tiny
from fixtures.versions import Con, Version

from observatory.answers.silent_services import silent_services, silent_words
from observatory.files.gap_table import gap_table
from observatory.files.side_by_side import every_service, wide_columns, wide_table
from observatory.french import vocabulary
from observatory.french.numbers import number
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.report.atlas import atlas
from observatory.report.request import ReportRequest

DAY = date(2023, 12, 31)
HOUSEHOLDS = "dtreffre;numcomdo;indfoy_ndur;indfoy_rsa\n2024-12;62001;1100;0\n"
AEEH = tiny.TOTALS + (
    "62001;aeeh;;12;2023-12-31;Enquête;2024-06-30;non\n"
    "62002;aeeh;;2;2023-12-31;Enquête;2024-06-30;non\n"
)


def test_what_the_census_or_a_reference_tells_is_not_silent(
    tiny_three: Con,
) -> None:
    silent = silent_services(tiny_three)
    told = {"accueil_0_2", "eaje_psu", "rpe", "laep", "alsh", "centre_social"}
    assert not silent & told
    assert {"ludotheque", "france_services", "aeeh", "pmi", "ecole", "logement_social"} <= silent
    # Of care for the under-threes, the need is known whatever the census says.
    assert "eaje" not in silent


def test_a_masked_total_is_told_it_is_not_unknown(tiny_version: Version) -> None:
    con = tiny_version({"census/totaux_communaux.csv": AEEH}, tiny.ABC)
    assert "aeeh" not in silent_services(con)
    rows = con.execute("SELECT code FROM masked WHERE service = 'aeeh' AND code = '62002'")
    assert rows.fetchall() == [("62002",)]
    # Health data: a figure under 5 has no amount anywhere, and the total does not give it away.
    table = gap_table(con, Question("aeeh", definition="territory", as_of=DAY))
    assert table.loc[table["code"] == "62002", "supply"].isna().all()
    assert table.loc[table["code"].isna(), "supply"].tolist() != [14]


def test_a_published_public_is_shown_by_one_service(tiny_version: Version) -> None:
    con = tiny_version({"caf/s_ben.csv": HOUSEHOLDS}, tiny.ABC)
    silent = silent_services(con)
    assert "france_services" not in silent
    assert {"ccas", "point_accueil_droits", "insertion"} <= silent  # its RSA households are hidden
    assert "france_services" in silent_services(con, publics=False)


def test_unknown_is_said_once_in_the_words_of_the_menu() -> None:
    assert silent_words(()) == ""
    told = silent_words({"pmi", "ccas"})
    assert told == "Inconnu ici, faute de source ou de recensement : CCAS, PMI."


def test_a_file_of_every_service_says_it_once_of_the_territory(
    tiny_three: Con,
) -> None:
    table = gap_table(tiny_three, Question(as_of=DAY))
    silent = silent_services(tiny_three)
    of_silent = table[table["service"].isin(silent)]
    assert set(of_silent["service"]) == silent
    assert of_silent["code"].isna().all()
    assert (of_silent["situation"] == vocabulary.UNKNOWN).all()
    # Who asks for one has every commune.
    assert len(gap_table(tiny_three, Question("pmi", as_of=DAY, definition="territory"))) == 4


def test_the_table_of_every_service_has_no_empty_column(
    tiny_three: Con,
) -> None:
    silent = silent_services(tiny_three, publics=False)
    columns = wide_columns("offre", silent)
    table = wide_table(every_service(tiny_three, DAY), "offre")
    for column in columns[1:]:
        service, day = column.source.partition(".")[::2]
        if day:  # a service of which one type of day is told has them all
            continue
        needed = any(
            nomenclature().definitions[d].kind == "reference"
            for d in nomenclature().services[service].definitions
        )
        assert needed or table[column.source].notna().any(), column.source


def test_the_atlas_has_no_page_of_hatches(tiny_version: Version) -> None:
    con = tiny_version({"caf/s_ben.csv": HOUSEHOLDS}, tiny.ABC)
    blocks = atlas(con, ReportRequest(Question(as_of=DAY))).blocks
    headings = [str(b["text"]) for b in blocks if b["kind"] == "heading"]
    assert "Espaces France services" in headings
    assert not any("PMI" in h or "AEEH" in h or "CCAS" in h for h in headings)
    said = [str(b.get("text", "")) for b in blocks]
    (once,) = [text for text in said if text.startswith("Inconnu ici")]
    assert "PMI" in once
    (households,) = [
        b["rows"] for b in blocks if b["kind"] == "table" and "n'est pas recensée" in b["caption"]
    ]
    assert households[0] == ["Aval", number(1100)]
    assert len(households) == 2  # the others are told below it, and here the whole is unknown
