"""Households that receive benefits of the Caf: hors MSA, rounded to 5, a zero may hide some."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import tiny
from fixtures.versions import Con, Version, kept_version, make_settings

from observatory.answers.gaps import gaps
from observatory.files.gap_table import gap_table, gaps_csv
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.specify import notes_of, source_line
from observatory.maps.view import View
from observatory.versions import record, warehouse

DAY = date(2024, 12, 31)
HEAD = "dtreffre;numcomdo;indfoy_ndur;indnbp_ndur;indfoy_rsa\n"
HOUSEHOLDS = HEAD + (
    "2023-12;62001;1000;2500;100\n"
    "2024-12;62001;1100;2600;110\n"
    "2024-12;62002;400;900;0\n"  # between 0 and 2 households receive the RSA
    "2024-12;62003;80;200;5\n"
    "2024-12;XXXXX;70;170;15\n"
)
OFFER = tiny.OFFER + (
    "F1;France services A;france_services;public;Ville;62001;;2.70;50.30;;1;;2020-01-01;;"
    "Enquête;2024-06-30;non\n"
)


@pytest.fixture
def counted(tiny_version: Version) -> Con:
    """The three communes with their households, and France services in one of them."""
    return tiny_version({"caf/s_ben.csv": HOUSEHOLDS, "census/offre.csv": OFFER}, tiny.ABC)


def test_households_are_the_public_of_access_to_rights(counted: Con) -> None:
    table = gaps(counted, Question("france_services", definition="territory", as_of=DAY))
    assert table["public"].tolist() == [1100, 400, 80, 1580]  # of 2024, the newest
    assert table["public_vintage"].tolist() == ["2024"] * 4
    assert table["rate"].round(3).tolist() == [0.909, 0, 0, 0.633]  # per 1 000: 1/1,1; 1/1,58
    assert not table["estimated"].any()
    text = gaps_csv(gap_table(counted, Question("france_services", as_of=DAY))).decode()
    assert "structures pour 1 000 foyers allocataires de la Caf (hors MSA)" in text


def test_a_zero_may_hide_some_households_and_is_unknown(counted: Con) -> None:
    table = gaps(counted, Question("insertion", definition="territory", as_of=DAY))
    assert table["public"].tolist()[:1] == [110]
    assert table["public"].isna().tolist() == [False, True, False, True]


def test_last_years_figure_never_stands_for_a_hidden_one(tiny_version: Version) -> None:
    hidden = HOUSEHOLDS.replace("2024-12;62001;1100;2600;110", "2024-12;62001;1100;2600;0")
    con = tiny_version({"caf/s_ben.csv": hidden}, tiny.ABC)
    table = gaps(con, Question("insertion", definition="territory", as_of=DAY))
    assert table["public"].isna().tolist()[0]


def test_a_merged_commune_is_the_sum_of_all_its_parts_or_unknown(tiny_version: Version) -> None:
    merged = tiny.MOVEMENTS + "32,2016-01-01,COM,62008,Ancien-Bourg,COM,62002\n"
    merged += "32,2016-01-01,COM,62007,Ancien-Clos,COM,62003\n"
    rows = (
        "2015-12;62001;500;9;5\n2015-12;62009;60;9;5\n"  # both parts
        "2015-12;62002;300;9;5\n"  # a part alone
        "2015-12;62003;70;9;5\n2015-12;62007;0;9;5\n"  # a part that is hidden
    )
    con = tiny_version({"cog/v_mvt_commune_2026.csv": merged, "caf/s_ben.csv": HEAD + rows})
    assert _households(con) == {"62001": 560}


def test_arrondissements_make_their_commune_and_never_count_twice(tiny_version: Version) -> None:
    communes = tiny.COMMUNES + "".join(
        f"ARM,62{n}0{part},32,62,Part {n} {part},6200{n}\n" for n in (1, 2, 3) for part in (1, 2)
    )
    rows = (
        "2024-12;62101;30;9;5\n2024-12;62102;45;9;5\n"  # all of them
        "2024-12;62201;30;9;5\n"  # one of them
        "2024-12;62003;80;9;5\n2024-12;62301;30;9;5\n2024-12;62302;45;9;5\n"  # and the whole
    )
    con = tiny_version({"cog/v_commune_2026.csv": communes, "caf/s_ben.csv": HEAD + rows})
    assert _households(con) == {"62001": 75, "62003": 80}


def _households(con: Con) -> dict[str, float]:
    rows = con.execute("SELECT code, amount FROM public_count WHERE public = 'foyers_caf'")
    return dict(rows.fetchall())


def test_every_figure_says_hors_msa_its_source_and_its_vintage(counted: Con) -> None:
    publics = [p for p in nomenclature().publics.values() if p.source == "caf.foyers"]
    assert len(publics) >= 2
    for public in publics:
        for words in (public.label, public.noun, public.people, public.credit, public.note):
            assert "hors MSA" in words
    info = record.info(counted)
    for id_, service in nomenclature().services.items():
        if nomenclature().publics[service.public].source != "caf.foyers":
            continue
        assert "hors MSA" in service.rate_label, id_
        view = View(Question(id_, definition="territory", as_of=DAY), "enfants")
        line = source_line(view, info, bpe=False, known=False)
        assert "Cnaf, foyers allocataires en décembre (hors MSA) 2024" in line
        rows = gaps(counted, Question(id_, definition="territory", as_of=DAY))
        assert any("arrondis à 5" in note for note in notes_of(view, rows, info))
    definition = counted.execute("SELECT definition FROM source WHERE id = 'caf'").fetchall()[0][0]
    assert "hors MSA" in definition
    assert "décembre" in definition


@pytest.mark.mirror
def test_the_published_households_of_the_cu_d_arras(mirror: Path, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, mirror=mirror)
    with warehouse.connect(kept_version(settings, "arras")) as con:
        rows = dict(
            con.execute(
                "SELECT code, amount FROM public_count SEMI JOIN perimeter USING (code) "
                "WHERE public = 'foyers_caf'"
            ).fetchall()
        )
        whole = con.execute(
            "SELECT amount FROM territory_public WHERE public = 'foyers_caf'"
        ).fetchall()
    text = (mirror / "caf" / "s_ben_com_f_extract.csv").read_text(encoding="utf-8")
    lines = [line.split(";") for line in text.splitlines() if line.startswith("2024-12;62")]
    by_hand = {code: float(count) for _, code, count, *_ in lines}
    assert rows == by_hand
    assert len(rows) == 46
    assert whole == [(sum(by_hand.values()),)]
