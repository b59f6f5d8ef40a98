"""The answer in a sentence: a range, never one number for the truth; nothing unknown reads as 0."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pandas as pd
import pytest
from generated import at_every_run, by_kind
from hypothesis import given
from hypothesis import strategies as st

from observatory.answers import deployment
from observatory.answers.gaps import gaps
from observatory.answers.in_a_sentence import (
    Moves,
    Standing,
    in_a_sentence,
    moves_of,
    standing_of,
)
from observatory.french.numbers import rounded
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.knowledge.shortfall import is_short

SERVICES = nomenclature().services
PLACES, ETP, HOURS = SERVICES["accueil_0_2"], SERVICES["rpe"], SERVICES["laep"]
DAY = date(2026, 11, 22)
SINCE = date(2023, 1, 1)


def standing(supply: float | None, *needs: float, masked: bool = False) -> Standing:
    known = () if supply is None or masked else tuple(supply - need for need in needs)
    return Standing(supply, needs, known, masked)


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize(
    ("service", "at", "moves", "said"),
    [
        (PLACES, standing(100, 112, 290, 90, 80, 130), Moves(2, 1, SINCE),
         "il manque des places selon 3 façons de compter sur 5, de 12 à 190 selon le besoin "
         "retenu ; 2 crèches ont ouvert et 1 a fermé depuis 2023."),
        (PLACES, standing(10, 11), Moves(0, 0, SINCE),
         "il manque 1 place selon la seule façon de compter le besoin."),
        (PLACES, standing(10, 11, 9), None,
         "il manque 1 place selon 1 façon de compter sur 2, rien selon l'autre."),
        (PLACES, standing(0, 12, 190), Moves(1, 0, date(2022, 11, 1)),
         "il n'y a aucune place : il en manque de 12 à 190 selon le besoin retenu ; "
         "1 crèche a ouvert depuis novembre 2022."),
        (PLACES, standing(10, 10, 10.2), Moves(0, 3, SINCE),
         "l'offre et le besoin s'équilibrent, selon les 2 façons de compter ; "
         "3 crèches ont fermé depuis 2023."),
        (PLACES, standing(10, 10, 3), None,
         "l'offre couvre le besoin selon les 2 façons de compter : jusqu'à 7 places de plus selon "
         "le besoin retenu."),
        (PLACES, standing(10, 9), None,
         "il y a 1 place de plus que le besoin, selon la seule façon de compter le besoin."),
        (PLACES, standing(0, 0, 0), None, "ni offre ni besoin, selon les 2 façons de compter."),
        (PLACES, standing(None, 3, 8), None,
         "l'offre est inconnue, et le besoin va de 3 à 8 places selon la façon de compter."),
        (PLACES, standing(None, 0, 8), None,
         "l'offre est inconnue, et le besoin est nul, ou va jusqu'à 8 places."),
        (PLACES, standing(None), None, "ni l'offre ni le besoin ne sont connus."),
        (PLACES, standing(1), None, "il y a 1 place, et le besoin est inconnu."),
        (PLACES, standing(0), None, "il n'y a aucune place, et le besoin est inconnu."),
        (PLACES, standing(None, 3, masked=True), None,
         "ce qui manque est masqué par le secret statistique."),
        (ETP, standing(0, 0.3, 1.2), None,
         "il n'y a aucun ETP : il en manque de 0,3 à 1,2 selon le besoin retenu."),
        (HOURS, standing(20, 21, 30, 5), None,
         "il manque des heures selon 2 façons de compter sur 3, de 1 à 10 heures par an selon le "
         "besoin retenu."),
    ],
)  # fmt: skip
def test_each_case_reads_as_somebody_would_say_it(
    service: object, at: Standing, moves: Moves | None, said: str
) -> None:
    assert plain(in_a_sentence("Arras", service, at, moves)) == f"Arras : {said}"  # type: ignore[arg-type]


def test_a_sentence_without_a_subject_begins_with_a_capital() -> None:
    assert in_a_sentence("", PLACES, standing(None)).startswith("Ni l'offre")


def well_written(text: str) -> None:
    told = plain(text)
    assert "  " not in told
    assert told.endswith(".")
    assert not re.search(r"\b(None|nan|inf)\b|\.\.|-\d|−\d", told)
    assert not re.search(
        r"(?<![\d,])[01](,\d+)? (places|heures|structures|crèches|établissements)\b", told
    )
    assert not re.search(r"(?<![\d,])0(?![\d,])", told)
    assert told.count(":") <= 2


AMOUNTS = st.floats(0, 20_000, allow_nan=False)


@given(
    st.sampled_from(sorted(SERVICES)),
    st.none() | AMOUNTS,
    st.lists(AMOUNTS, max_size=9),
    st.booleans(),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_any_figures_make_a_sentence_whose_range_is_theirs(
    name: str, supply: float | None, needs: list[float], masked: bool, opened: int, closed: int
) -> None:
    service = SERVICES[name]
    at = standing(supply, *needs, masked=masked)
    text = in_a_sentence("", service, at, Moves(opened, closed, SINCE))
    well_written(text)
    told = plain(text).partition(" ; ")[0]
    short = [-g for g in at.gaps if is_short(g, service.decimals)]
    assert ("manque" in told.lower()) == (bool(short) or (masked and not at.gaps))
    if short:
        ends = {rounded(min(short), service.decimals), rounded(max(short), service.decimals)}
        # Thousands are parted by a space that `plain` made common.
        figures = re.sub(r"(?<=\d) (?=\d{3})", "", told).replace(",", ".")
        for end in ends:
            assert end is not None
            written = f"{end:.0f}" if end.is_integer() else f"{end:.{service.decimals}f}"
            assert re.search(rf"(?<![\d.]){re.escape(written)}(?![\d.]\d?)", figures)
        assert (len(ends) == 2) == (" de " in figures and " à " in figures and "retenu" in figures)


@pytest.mark.parametrize(
    ("service_id", "day_type"),
    at_every_run(4, by_kind(nomenclature().offers())),
)
def test_every_service_of_every_commune_is_said_as_its_own_counts_say(
    service_id: str, day_type: str | None, embedded: duckdb.DuckDBPyConnection
) -> None:
    service = SERVICES[service_id]
    table = gaps(embedded, Question(service_id, day_type, as_of=DAY).for_every_need())
    for code in [None, *table["code"].dropna().unique()]:
        rows = table[table["code"].isna() if code is None else table["code"] == code]
        first, at = rows.iloc[0], standing_of(rows.to_dict("records"))
        assert len(at.gaps) == first["definition_count"]
        short = sum(bool(is_short(g, service.decimals)) for g in at.gaps)
        assert short == first["deficit_count"]
        text = in_a_sentence("", service, at)
        well_written(text)
        if pd.isna(first["supply"]):
            assert "il manque" not in text.lower().replace("\u00a0", " ")
            assert ("masqué" in text) == bool(first["masked"])


def test_what_opened_and_closed_is_counted_once_and_up_to_the_day(
    embedded: duckdb.DuckDBPyConnection,
) -> None:
    moves = deployment.movements(embedded, SINCE, date(2026, 12, 31))
    counted = moves_of(moves, "eaje", None, None, SINCE, DAY)
    opened, closed = embedded.execute(
        """
        SELECT count(*) FILTER (opened BETWEEN $since AND $day),
            count(*) FILTER (closed BETWEEN $since AND $day)
        FROM establishment WHERE service IN ('eaje_psu', 'eaje_hors_psu')
        """,
        {"since": SINCE, "day": DAY},
    ).fetchone() or (0, 0)
    assert (counted.opened, counted.closed) == (opened, closed)
    assert opened > 0
    codes = moves["code"].dropna().unique()
    each = [moves_of(moves, "eaje", None, code, SINCE, DAY) for code in codes]
    assert sum(one.opened for one in each) == opened
    assert moves_of(moves, "eaje", None, None, SINCE, SINCE).closed <= closed
