"""Births and their retention stand beside every number of young children that is an estimate."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import tiny
from fixtures.versions import Con, Version

from observatory.files.gap_table import columns, gap_table, gaps_csv
from observatory.knowledge.question import Question
from observatory.report.atlas import atlas
from observatory.report.request import ReportRequest

DAY = date(2023, 12, 31)
BORN = {"62001": (150, 130, 90), "62002": (40, 45, 45), "62003": (9, 10, 9)}


def series(*left_out: str) -> str:
    """Births of the three years before the count of 2023."""
    return "GEO;GEO_OBJECT;EC_MEASURE;OBS_VALUE;TIME_PERIOD\n" + "".join(
        f"{code};COM;LVB;{births};{year}\n"
        for code, three in BORN.items()
        for year, births in zip((2020, 2021, 2022), three, strict=True)
        if code not in left_out
    )


def version(make: Version, *left_out: str) -> Con:
    facts = {"naissances/serie.csv": series(*left_out)}
    return make(facts, tiny.ABC)


def by_code(con: Con, service: str) -> pd.DataFrame:
    table = gap_table(con, Question(service, as_of=DAY, definition="territory"))
    return table.assign(code=table["code"].fillna("")).set_index("code")


@pytest.mark.campaign
def test_an_estimate_has_its_births_and_their_retention_beside_it(tiny_version: Version) -> None:
    con = version(tiny_version)
    table = by_code(con, "eaje")
    estimated = dict(
        con.execute("SELECT code, estimated FROM public_count WHERE public = '0_2'").fetchall()
    )
    assert True in estimated.values()
    # Under three, by hand: 300, 150, 27; the births of the three years before: 370, 130, 28.
    kept = (300 + 150 + 27) / (370 + 130 + 28)
    for code, three in BORN.items():
        row = table.loc[code]
        if estimated[code]:
            assert row["births"] == sum(three)
            assert row["retention"] == pytest.approx(kept)
        else:
            assert pd.isna(row["births"])
            assert pd.isna(row["retention"])
    assert table.loc["", "births"] == 370 + 130 + 28
    written = gaps_csv(table.reset_index()).decode("utf-8-sig").splitlines()
    assert "naissances_3_ans" in written[0]
    assert "retention_locale" in written[0]
    assert columns()["births"].type == "integer"
    assert columns()["retention"].unit == "enfants par naissance"


@pytest.mark.campaign
def test_births_say_nothing_of_older_children_nor_of_what_is_unknown(tiny_version: Version) -> None:
    con = version(tiny_version, "62001")
    assert by_code(con, "alsh")["births"].isna().all()
    table = by_code(con, "eaje")
    assert table.loc[["62001", ""], ["births", "retention"]].isna().all().all()


@pytest.mark.campaign
def test_the_atlas_tells_them_too(tiny_version: Version) -> None:
    con = version(tiny_version)
    told = str(atlas(con, ReportRequest(Question(as_of=DAY), None, ("eaje",))))
    told = told.replace("\u00a0", " ").replace("\\xa0", " ")
    assert "528 naissances" in told
    assert "rétention de 90 enfants recensés pour 100 naissances" in told
    few = version(tiny_version, "62001")
    assert "rétention de" not in str(
        atlas(few, ReportRequest(Question(as_of=DAY), None, ("eaje",)))
    )
