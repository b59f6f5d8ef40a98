"""The sheet « Compétences »: what it refuses, what it keeps, from the template to the duties."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
import python_calamine
import tiny
from census_files import KNOWN, row, total, write, write_book
from fixtures.versions import Version, deployed_copy, quiet

from observatory.answers.duties import duties
from observatory.answers.gaps import commune_facts
from observatory.census import census_store, loading
from observatory.census.census_check import census_after, check
from observatory.census.commune_codes import communes_of_version
from observatory.census.competences import competence_labels
from observatory.census.sheets import census_contract, choices, sheet
from observatory.knowledge.law import law
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.versions import warehouse
from observatory.workbook.rejected import write_rejected
from observatory.workbook.stored import merged
from observatory.workbook.template import write_files
from pipelines.refresh import refresh

TRANSFER = {
    "code_insee": "62041",
    "competence": "planification",
    "exercee_par": "epci",
    "depuis": "2025-01-01",
    "source": "Statuts",
    "date_source": "2024-12-12",
}
HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>'
ISLAND = dataclasses.replace(KNOWN, outside_epci=frozenset({"62099"}))


def transfer(**given: str) -> dict[str, str]:
    return {**TRANSFER, **given}


def said(folder: Path, *rows: dict[str, str]) -> list[str]:
    return [str(p) for p in check([write(folder / "competences.csv", *rows)], ISLAND).errors]


def test_each_mistake_is_said_with_its_place_and_its_mend(tmp_path: Path) -> None:
    place = "competences.csv, ligne 2, colonne "
    for given, message in (
        (
            {"code_insee": "62040"},
            "« code_insee » : « 62040 » n'est le code d'aucune commune connue.",
        ),
        ({"code_insee": ""}, "« code_insee » : la cellule est vide. Écrire le code Insee"),
        (
            {"competence": "garderie"},
            "« competence » : « garderie » n'est pas une compétence prévue par la loi. "
            "Valeurs possibles : "
            + ", ".join(f"{label} ({id_})" for id_, label in competence_labels().items())
            + ".",
        ),
        (
            {"competence": "planificacion"},
            f"Vouliez-vous dire : {competence_labels()['planification']} (planification) ?",
        ),
        ({"competence": ""}, "« competence » : la cellule est vide. Choisir une compétence : "),
        (
            {"exercee_par": "département"},
            "« exercee_par » : « département » n'est pas l'un de ceux qui peuvent exercer une "
            "compétence. Valeurs possibles : Commune, Intercommunalité (EPCI) (epci), "
            "Syndicat mixte (syndicat).",
        ),
        ({"exercee_par": ""}, "« exercee_par » : la cellule est vide. Choisir : Commune, Interco"),
        (
            {"code_insee": "62099", "exercee_par": "CC"},
            "« exercee_par » : « CC » : la commune 62099 (Beaurains) n'est dans aucun EPCI. "
            "Écrire commune ou syndicat, ou corriger le code de la commune.",
        ),
        ({"depuis": "01/02/25"}, "« depuis » : « 01/02/25 » peut désigner plusieurs jours."),
    ):
        (found,) = said(tmp_path, transfer(**given))
        assert found.startswith(place)
        assert message in found
    assert said(tmp_path, transfer(code_insee="62099", exercee_par="syndicat")) == []


def test_one_competence_of_a_commune_is_said_once(tmp_path: Path) -> None:
    rows = (transfer(), transfer(competence="rpe"), transfer(exercee_par="commune"))
    assert said(tmp_path, *rows) == [
        "competences.csv, ligne 4 : cette compétence de la même commune est déjà ligne 2. "
        "Supprimer l'une des deux lignes."
    ]
    # 62999 is 62099 today: both names of one commune
    old = (transfer(code_insee="62099", exercee_par="commune"), transfer(code_insee="62999"))
    (found,) = said(tmp_path, old[0], {**old[1], "exercee_par": "commune"})
    assert "est déjà ligne 2" in found


def test_competences_are_known_by_id_label_and_other_names(tmp_path: Path) -> None:
    ids = [
        *((label, id_) for id_, label in choices("competence").items()),
        *((w, i) for i, c in law().competences.items() for w in (i, *c.words)),
    ]
    for written, id_ in ids:
        path = write(tmp_path / "c.csv", transfer(competence=written.upper()))
        assert check([path], KNOWN).rows("competences")[0][1] == id_
    for written, id_ in (
        *((label, id_) for id_, label in choices("holder").items()),
        *((w, i) for i, h in law().holders.items() for w in (i, *h.words)),
    ):
        path = write(tmp_path / "c.csv", transfer(exercee_par=written))
        assert check([path], KNOWN).rows("competences")[0][2] == id_


def test_no_assistant_maternel_enters_by_the_source(tmp_path: Path) -> None:
    (found,) = said(tmp_path, transfer(source="Chez Mme Dupont, assistante maternelle"))
    assert "un assistant maternel est une personne privée" in found
    assert "Dupont" not in found


def test_an_older_workbook_leaves_the_table_in_place(tmp_path: Path) -> None:
    kept = {
        "competences": check([write(tmp_path / "c.csv", transfer())], KNOWN).rows("competences")
    }
    book = write_book(
        tmp_path / "avant.xlsx",
        {
            "Établissements": [list(row()), list(row().values())],
            "Totaux communaux": [list(total()), list(total().values())],
        },
    )
    found = check([book], KNOWN)
    assert not found.errors
    assert census_after(kept, found, False)["competences"] == kept["competences"]
    empty = write_book(tmp_path / "vide.xlsx", {"Compétences": [list(TRANSFER)]})
    assert census_after(kept, check([empty], KNOWN), False) == kept


def test_corrected_rows_complete_the_table(tmp_path: Path) -> None:
    path = write(tmp_path / "c.csv", transfer(), transfer(competence="rpe", exercee_par="région"))
    found = check([path], KNOWN)
    kept = census_after({}, found, False)
    (aside,) = write_rejected(found, tmp_path)
    aside.write_text(aside.read_text("utf-8-sig").replace("région", "epci", 1), "utf-8")
    after = census_after(kept, check([aside], KNOWN, kept=kept), True)
    assert [r[1:3] for r in after["competences"]] == [["planification", "epci"], ["rpe", "epci"]]
    same = merged(
        census_contract(), after, check([write(path, transfer(exercee_par="commune"))], KNOWN), True
    )
    assert [r[2] for r in same["competences"]] == ["commune", "epci"]  # corrected, not doubled


def test_competences_alone_vouch_for_no_establishment(
    tmp_path: Path, embedded_settings: Settings
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path)
    load = loading.load_files([write(tmp_path / "c.csv", transfer())], settings, quiet)
    assert load.changed == ["competences.csv"]
    assert "le recensement n'a ni établissement ni total communal" in load.checked.notes[-1]
    assert census_store.VOUCHED not in census_store.census_store(settings.census_dir).head().names()
    # Beside establishments, a commune that this sheet alone names is still said to have none.
    both = [
        write(tmp_path / "o.csv", row()),
        write(tmp_path / "c.csv", transfer(code_insee="62004")),
    ]
    notes = " ".join(loading.check_files(both, settings).notes)
    assert "les 45 communes du territoire que le fichier ne nomme pas" in notes


def test_a_commune_of_elsewhere_is_kept_and_said(tmp_path: Path) -> None:
    notes = check([write(tmp_path / "c.csv", transfer(code_insee="2A004"))], KNOWN).notes
    assert "1 ligne hors du territoire, gardée : 2A004 (Ajaccio)" in notes


def a_departement_of_eleven(members: int) -> dict[str, str]:
    """The tiny territory among eleven communes, so many of which are members of an EPCI."""
    others = range(62105, 62112)
    return {
        "cog/v_commune_2026.csv": tiny.COMMUNES
        + "".join(f"COM,{n},32,62,Lieu {n},\n" for n in others),
        "dgcl/epcicom2025.csv": tiny.MEMBERS
        + "".join(f"200000002;CC Autre;CC;{n};Lieu {n};100;20\n" for n in others[: members - 4]),
    }


@pytest.mark.campaign
def test_a_commune_in_no_epci_is_known_from_a_whole_membership(
    tiny_version: Version, tmp_path: Path
) -> None:
    whole, extract = a_departement_of_eleven(10), a_departement_of_eleven(9)
    assert communes_of_version(tiny_version(whole)).outside_epci == {"62111"}
    assert communes_of_version(tiny_version(extract)).outside_epci == frozenset()
    heading = ";".join(TRANSFER)
    said = tiny.refused(
        tmp_path, {**whole, "census/competences.csv": f"{heading}\n62111;rpe;epci;;;\n"}
    )
    assert "code = 62111, competence = rpe, exercee_par = epci, motif = commune hors" in (
        tiny.told_by(said, "competence_known")
    )


def filled(settings: Settings, out: Path) -> Path:
    """A template filled in: labels of the lists, an Excel date, hostile text."""
    (template,) = write_files(census_contract(), out)
    book = python_calamine.CalamineWorkbook.from_path(template)
    (headings,) = book.get_sheet_by_name(sheet("competences").title).to_python()
    lists = {
        "competence": choices("competence")["planification"],
        "exercee_par": choices("holder")["epci"],
    }
    given = {
        "code_insee": "62041",
        **lists,
        "depuis": date(2025, 3, 1),
        "source": "'" + HOSTILE,  # as a planner keeps a spreadsheet from reckoning it
    }
    cells = [given.get(str(h), "") for h in headings]
    own = {**given, "competence": "rpe", "exercee_par": "commune", "depuis": "", "source": ""}
    return write_book(
        out.with_name("rempli.xlsx"),
        {
            "Établissements": [list(row()), list(row().values())],
            "Compétences": [headings, cells, [own.get(str(h), "") for h in headings]],
        },
    )


@pytest.mark.campaign
def test_from_the_template_to_the_duties_of_the_commune(
    tmp_path: Path, embedded_settings: Settings
) -> None:
    settings = deployed_copy(embedded_settings, tmp_path)
    path = filled(settings, tmp_path / "modele.xlsx")
    checked = loading.check_files([path], settings)
    assert (checked.accepted, checked.errors) == (3, [])
    loading.load_files([path], settings, quiet)
    assert not loading.is_published(settings)
    refresh(settings, parse("arras"), quiet)
    assert loading.is_published(settings)
    with warehouse.open_current(settings.processed_dir) as con:
        table = duties(con, "62041", date(2026, 6, 1)).set_index("competence")
        others = set(commune_facts(con)["code"]) - {"62041"}
        assert all(duties(con, c)["exercised_by"].isna().all() for c in sorted(others)[:3])
    assert table.loc["planification", "exercised_by"] == "epci"
    assert table.loc["planification", "since"] == date(2025, 3, 1)
    assert table.loc["planification", "source"] == HOSTILE
    assert table.loc["rpe", "exercised_by"] == "commune"
    assert table.loc["rpe", "since"] is None
    assert table.loc["qualite", "exercised_by"] is None
    # What is exported is no live formula, and loading it back changes nothing.
    exported = write_files(
        census_contract(), tmp_path / "export.csv", census_store.read(settings.census_dir)
    )
    assert "'=HYPERLINK" in exported[-1].read_text("utf-8-sig")
    assert loading.load_files(exported, settings, quiet).changed == []
