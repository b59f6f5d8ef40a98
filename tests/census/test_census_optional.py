"""What a census tells besides the supply: shown where it is known, and to whom it may be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from census_files import RIGHT, checked, row, write
from fixtures.versions import deployed_copy

from observatory.answers import gaps
from observatory.census import census_store
from observatory.census.sheets import sheet
from observatory.commands.main import main
from observatory.files.gap_table import gap_table
from observatory.files.layers import gaps_gpkg
from observatory.knowledge.question import Question
from observatory.settings import Settings
from observatory.versions import warehouse

SECRET = "NOTE-DU-PLANIFICATEUR"
BONUS = "2617.43"
AT = {name: n for n, name in enumerate(sheet("offre").stored)}


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("occupation", "85", "85"),
        ("occupation", "85,5 %", "85.5"),
        ("occupation", "NC", ""),
        ("demandes_non_satisfaites", "0", "0"),
        ("demandes_non_satisfaites", "14", "14"),
        ("demandes_non_satisfaites", "", ""),
        ("horaires_atypiques", "oui", "oui"),
        ("horaires_atypiques", "Non", "non"),
        ("horaires_atypiques", "", ""),
        ("accueil_handicap", "inconnu", ""),
        ("fin_convention", "31/12/2027", "2027-12-31"),
        ("bonus", "2 600 €", "2600"),
        ("note", "Projet d'extension", "Projet d'extension"),
    ],
)
def test_what_is_told_besides_is_kept_and_unknown_is_never_no(
    tmp_path: Path, column: str, written: str, kept: str
) -> None:
    found = checked(tmp_path, row(**{column: written}))
    assert not found.errors
    assert found.rows("offre")[0][AT[column]] == kept


@pytest.mark.parametrize(
    ("column", "written", "said"),
    [
        ("occupation", "beaucoup", "n'est pas un taux d'occupation"),
        ("occupation", "850", "n'est pas un taux d'occupation"),
        ("demandes_non_satisfaites", "1 2", "n'est pas un nombre de demandes"),
        ("demandes_non_satisfaites", "-1", "n'est pas un nombre de demandes"),
        ("demandes_non_satisfaites", "2,5", "inconnu, laisser la cellule vide"),
        ("horaires_atypiques", "parfois", "n'est ni oui ni non"),
        ("fin_convention", "2027", "il manque le jour"),
        ("bonus", "cher", "n'est pas un montant"),
    ],
)
def test_what_is_told_wrong_gets_a_sentence(
    tmp_path: Path, column: str, written: str, said: str
) -> None:
    (error,) = checked(tmp_path, row(**{column: written})).errors
    assert error.column == column
    assert said in error.reason


def test_a_rate_below_one_is_remarked(tmp_path: Path) -> None:
    found = checked(tmp_path, row(occupation="0,85"))
    assert any("est lu 0.85 %" in str(w) for w in found.warnings)


@pytest.fixture
def loaded(
    tmp_path: Path, embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    settings = deployed_copy(embedded_settings, tmp_path)
    for name in ("processed", "cache", "census"):
        folder = getattr(settings, f"{name}_dir")
        monkeypatch.setenv(f"OBSERVATORY_{name.upper()}_DIR", str(folder))
    monkeypatch.setenv("OBSERVATORY_OFFLINE", "1")
    given = {n: v for n, v in RIGHT.items() if n not in ("longitude", "latitude", "ouverture")}
    beside = {"demandes_non_satisfaites": "", "horaires_atypiques": "", "fin_convention": ""}
    beside |= {"occupation": "", "bonus": "", "note": "", "accueil_handicap": ""}
    told = {"bonus": BONUS, "note": SECRET, "occupation": "85", "horaires_atypiques": "non"}
    rows = [
        {**given, **beside, **told, "identifiant": "A", "demandes_non_satisfaites": "14"},
        {**given, **beside, **told, "identifiant": "A", "demandes_non_satisfaites": "20"},
        {**given, **beside, "identifiant": "B", "nom": "B", "demandes_non_satisfaites": "0"},
        {**given, **beside, "identifiant": "C", "nom": "C", "service": "eaje_hors_psu"},
        {**given, **beside, "identifiant": "D", "nom": "D", "code_insee": "62004"},
    ]
    rows[1]["depuis"] = "2025-01-01"
    path = write(tmp_path / "offre.csv", *rows)
    with pytest.raises(SystemExit) as caught:
        main(["census", "load", str(path)])
    assert not caught.value.code
    return settings


@pytest.mark.campaign
def test_unmet_requests_stand_beside_the_gap_where_somebody_tells_them(loaded: Settings) -> None:
    with warehouse.open_current(loaded.processed_dir) as con:
        for service, day, unmet, told, asked in (
            ("eaje_psu", date(2024, 6, 1), 14, 2, 2),
            ("eaje_psu", date(2026, 6, 1), 20, 2, 2),
            ("eaje", date(2026, 6, 1), 20, 2, 3),
        ):
            question = Question(service, as_of=day, definition="territory")
            rows = gaps.gaps(con, question).set_index("code")
            arras = rows.loc["62041"]
            assert (arras["unmet"], arras["unmet_told"], arras["unmet_asked"]) == (
                unmet,
                told,
                asked,
            )
            assert rows["unmet"].drop(["62041"])[lambda t: t.index.notna()].isna().all()
            territory = rows[rows.index.isna()].iloc[0]
            assert (territory["unmet"], territory["unmet_told"]) == (unmet, told)
            assert territory["unmet_asked"] == asked + 1
        alone = Question("eaje_hors_psu", as_of=date(2026, 6, 1), definition="territory")
        assert gaps.gaps(con, alone)["unmet"].isna().all()
        written = gap_table(con, Question("eaje_psu", as_of=date(2026, 6, 1)))
        assert set(written["unmet"].dropna()) == {20}
        found = gaps.establishments(con, date(2026, 6, 1)).set_index("id")
        assert found.loc["A", "occupancy"] == 85
        assert found["atypical"].dropna().to_dict() == {"A": False}
        assert (
            found.loc[["B", "C", "D"], ["occupancy", "atypical", "disability"]].isna().all().all()
        )


def test_what_is_the_planners_never_enters_a_version(loaded: Settings) -> None:
    kept = census_store.read(loaded.census_dir)["offre"]
    assert {r[AT["note"]] for r in kept} == {SECRET, ""}
    assert {r[AT["bonus"]] for r in kept} == {BONUS, ""}
    with warehouse.open_current(loaded.processed_dir) as con:
        columns = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        assert not [c for c in columns if c[1] in ("note", "bonus")]
        for table, column in columns:
            text = f'SELECT count(*) FROM "{table}" WHERE CAST("{column}" AS TEXT) IN (?, ?)'
            try:
                assert con.execute(text, [SECRET, BONUS]).fetchone() == (0,), (table, column)
            except duckdb.CatalogException:  # of another schema
                continue
        day = date(2026, 6, 1)
        content = gaps_gpkg(con, gap_table(con, Question("eaje_psu", as_of=day)), day)
    assert SECRET.encode() not in content
    assert b"taux_occupation" in content
