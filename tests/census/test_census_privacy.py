"""No assistant maternel enters the census, wherever a file speaks of one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from census_files import KNOWN, checked, row, total, write

from observatory.census.census_check import check
from observatory.knowledge.privacy import MEND, describes_childminder, register, tells_person
from observatory.settings import ROOT

Version = Callable[..., duckdb.DuckDBPyConnection]

PERSONS = (
    "Mme Dupont, assistante maternelle",
    "Assistant maternel agréé",
    "Assistantes maternelles du centre",
    "Assistant(e)s maternel(le)s",
    "Assistant·e maternel·le",
    "ASSISTANTE MATERNELLE",
    "Ass. mat. Martin",
    "assmat",
    "Nounou Sylvie",
    "Chez la nourrice",
    "Agrément individuel 12",
    "Maison d'assistants maternels Les Doudous",
    "Maison d'Assistantes Maternelles",
    "MAM Les Petits Pas",
    "M.A.M. du Parc",
    "m.a.m. du parc",
    "M A M du Parc",
    "Mam du Parc",
    "Asst. mat. Martin",
    "Asst mat",
    "asmat Martin",
    "assmaternelle",
    "Maison d’assistants maternels",
    "L’assistante maternelle du bourg",
    "Assis\u200btante maternelle",
    "Assistante\u200bmaternelle",
    "ＡＳＳＭＡＴ",
    "Gardienne d’enfants",
    "Mme Petit, agréée PMI",
    "Mme Petit, agrément 4 enfants",
    "Mlle Petit – agrément pour 1 enfant",
)
SERVICES = (
    "Relais d'assistantes maternelles",
    "Relais assistants maternels intercommunal",
    "RAM – relais parents assistants maternels",
    "Relais petite enfance",
    "École maternelle Jules-Ferry",
    "MAM'zelle Crèche",
    "Crèche Mamie Nova",
    "Protection maternelle et infantile",
)


@pytest.mark.parametrize("column", ["nom", "gestionnaire", "adresse", "identifiant"])
@pytest.mark.parametrize("text", PERSONS)
def test_a_row_that_names_one_is_refused_without_repeating_it(
    tmp_path: Path, column: str, text: str
) -> None:
    found = checked(tmp_path, row(**{column: text}))
    assert found.accepted == 0
    problem = found.errors[0]
    assert problem.hint == MEND
    assert problem.value == ""
    assert text not in str(problem)


@pytest.mark.parametrize("text", SERVICES)
def test_a_service_that_bears_their_name_is_not_one(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, row(nom=text, service="rpe", capacite="1")).accepted == 1


@pytest.mark.parametrize(
    "service", ["assistants_maternels", "Assistants maternels", "Assistante maternelle"]
)
def test_they_are_not_a_service_of_establishments(tmp_path: Path, service: str) -> None:
    found = checked(tmp_path, row(service=service))
    assert "privée" in str(found.errors[0])


def test_columns_outside_the_contract_are_looked_at(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        {**row(nom="Dupont"), "type": "Assistante maternelle", "n° d'agrément individuel": ""},
        {**row(identifiant="B"), "type": "", "n° d'agrément individuel": "A-12"},
        {**row(identifiant="C"), "type": "crèche", "n° d'agrément individuel": ""},
    )
    assert found.accepted == 1
    assert [p.hint for p in found.errors] == [MEND, MEND]


def test_totals_may_speak_of_them_in_general_never_of_one(tmp_path: Path) -> None:
    path = write(
        tmp_path / "totaux.csv",
        total(source="Caf, assistants maternels et MAM"),
        total(code_insee="62099", source="Mme Dupont, assistante maternelle"),
    )
    found = check([path], KNOWN)
    assert found.accepted == 1
    assert "Dupont" not in str(found.errors[0])


@pytest.mark.parametrize("heading", ["nom", "Prénom", "Téléphone", "e-mail", "courriel", "adresse"])
def test_totals_take_no_personal_column(tmp_path: Path, heading: str) -> None:
    path = write(tmp_path / "totaux.csv", {**total(), heading: "x"})
    found = check([path], KNOWN)
    assert found.accepted == 0
    assert heading in found.errors[0].what


def test_every_person_is_described_and_no_service() -> None:
    assert all(describes_childminder([text]) for text in PERSONS)
    assert not any(describes_childminder([text], service="rpe") for text in SERVICES)


@pytest.mark.parametrize(
    "text",
    [
        "Association maternelle de la Scarpe",
        "Assurance Matmut",
        "Assemblée Mathieu",
        "Matin câlin",
        "Jardin d'enfants",
        "Crèche, agrément 20 enfants",
        "Centre M. Amélie",
    ],
)
def test_a_word_that_looks_alike_is_not_one(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, row(nom=text)).accepted == 1


def test_only_a_relais_is_excused(tmp_path: Path) -> None:
    name = "Relais assistants maternels"
    assert checked(tmp_path, row(nom=name)).accepted == 0
    assert checked(tmp_path, row(nom=name, service="Relais petite enfance (RPE)")).accepted == 1
    assert checked(tmp_path, row(nom="RAM Mme Dupont, ass. mat.", service="rpe")).accepted == 0


@pytest.mark.parametrize(
    "source",
    [
        "Caf, 03 21 50 12 34",
        "Caf +33 6.12.34.56.78",
        "Caf 0612345678",
        "dupont@orange.fr",
        "Mme Dupont",
        "M. Dupont",
        "M Dupont",
        "Mlle\u00a0Dupont",
        "12 bis rue des Écoles",
        "3, place Foch",
        "rue des Écoles",
    ],
)
def test_the_source_of_a_masked_total_names_nobody(tmp_path: Path, source: str) -> None:
    path = write(
        tmp_path / "totaux.csv",
        total(source=source),
        total(source=source, service="prescolarisation", effectif=""),
    )
    found = check([path], KNOWN)
    assert [(p.row, p.column, p.value) for p in found.errors] == [(2, "source", "")]
    assert source not in str(found.errors[0])


@pytest.mark.parametrize(
    "source", ["Caf", "Cnaf 2024, 62", "PMI du Pas-de-Calais", "P.M.I. 2024", "MSA, 31/12/2024", ""]
)
def test_the_source_of_a_total_is_an_organisation(source: str) -> None:
    assert tells_person(source) == ""


def test_the_source_of_a_masked_total_is_not_published(tiny_version: Version) -> None:
    con = tiny_version({})
    told = con.execute("SELECT DISTINCT service, source FROM commune_total").fetchall()
    assert {s for s, source in told if source is not None} == {"prescolarisation"}
    assert {("assistants_maternels", None), ("garde_domicile", None)} <= set(told)


@pytest.mark.parametrize("column", ["name", "manager", "address"])
def test_the_pipeline_stops_what_comes_by_another_way(column: str) -> None:
    con = duckdb.connect()
    register(con)
    con.execute("CREATE TABLE service AS SELECT 'rpe' AS id, 'establishment' AS grain")
    con.execute(
        "CREATE TABLE establishment(id TEXT, service TEXT, name TEXT, manager TEXT, address TEXT)"
    )
    for text in (*PERSONS, *SERVICES):
        con.execute(
            f"INSERT INTO establishment(id, service, {column}) VALUES (?, 'rpe', ?)", [text, text]
        )
    promise = ROOT / "pipelines" / "checks" / "no_childminder.sql"
    found = {row[0] for row in con.execute(promise.read_text("utf-8")).fetchall()}
    con.close()
    assert found == set(PERSONS)
