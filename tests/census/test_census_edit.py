"""Edits of the census: corrections, real changes, undoing, and two planners at once."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from generated import at_every_run, in_campaign

from observatory.census import census_store, publishing
from observatory.census.edited_rows import columns, rows_of
from observatory.census.edits import Edit, Nature, draft_file, read_draft
from observatory.census.generation_changes import history_of
from observatory.census.loading import load_files
from observatory.settings import Settings
from observatory.workbook.drafts import Draft, EditError
from observatory.workbook.results import Rows

HEAD = (
    "identifiant;nom;service;statut;code_insee;adresse;longitude;latitude;jour;capacite;depuis;"
    "ouverture;source;demandes_non_satisfaites"
)
CENSUS = f"""{HEAD}
A1;Les Petits Pas;eaje_psu;public;62041;1 rue du Lac;2.77;50.29;;40;;2015-09-01;Enquête;3
B1;La Farandole;eaje_psu;associatif;62041;;;;;20;;;Enquête;
C1;Centre de loisirs;alsh;public;62004;;;;mercredi;60;2019-09-01;2019-09-01;Enquête;
A1;Les Petits Pas;eaje_psu;public;62041;1 rue du Lac;2.77;50.29;;45;2020-09-01;2015-09-01;;
C1;Centre de loisirs;alsh;public;62004;;;;ete;80;2019-09-01;2019-09-01;Enquête;
D1;"Pomme « d'Api » ; la ""grande"" ";eaje_hors_psu;prive;62004;;;;;12;;;Enquête;
"""


@pytest.fixture
def census(settings: Settings, tmp_path: Path) -> Settings:
    """A census of a few establishments, some of several periods, loaded without a version."""
    file = tmp_path / "offre.csv"
    file.write_text(CENSUS, encoding="utf-8")
    load = load_files([file], settings, lambda _: None)
    assert load.checked.rejected == 0, [str(e) for e in load.checked.errors]
    return settings


def files(settings: Settings) -> dict[str, bytes]:
    return census_store.census_store(settings.census_dir).read()[1]


def rows(settings: Settings, id_: str) -> list[dict[str, str]]:
    at = columns()
    found = rows_of(publishing.establishments(settings), id_)
    return [{c: row[n] for c, n in at.items()} for row in found]


def publish(settings: Settings, *edits: Edit, why: str = "") -> publishing.Published:
    return publishing.publish(Draft(edits), settings, "planificateur [compte 7]", why)


def change(id_: str, since: str, day_type: str = "", **values: str) -> Edit:
    return Edit(id_, "changement", values, since=since, day_type=day_type)


def correction(id_: str, day_type: str = "", period: str | None = None, **values: str) -> Edit:
    return Edit(id_, "correction", values, day_type=day_type, period=period)


# ---------------------------------------------------------------- a change is not a correction


def test_a_real_change_adds_a_period_and_keeps_the_former_one(census: Settings) -> None:
    publish(census, change("A1", "1er septembre 2026", capacite="48"))
    assert [(r["depuis"], r["capacite"]) for r in rows(census, "A1")] == [
        ("", "40"),
        ("2020-09-01", "45"),
        ("2026-09-01", "48"),
    ]


def test_a_correction_rewrites_the_period_and_adds_none(census: Settings) -> None:
    publish(census, correction("A1", period="2020-09-01", capacite="44"))
    assert [r["capacite"] for r in rows(census, "A1")] == ["40", "44"]


def test_a_change_between_two_periods_starts_from_the_one_in_force(census: Settings) -> None:
    publish(census, change("A1", "2018-01-01", capacite="42"))
    found = rows(census, "A1")
    assert [(r["depuis"], r["capacite"]) for r in found] == [
        ("", "40"),
        ("2018-01-01", "42"),
        ("2020-09-01", "45"),
    ]
    assert found[1]["demandes_non_satisfaites"] == "3"


def test_what_describes_an_establishment_is_corrected_on_all_its_rows(census: Settings) -> None:
    publish(census, correction("C1", nom="Accueil de loisirs", statut="Associatif"))
    assert {(r["nom"], r["statut"]) for r in rows(census, "C1")} == {
        ("Accueil de loisirs", "associatif")
    }


def test_a_capacity_of_one_type_of_day_changes_alone(census: Settings) -> None:
    publish(census, change("C1", "2026-09-01", "mercredi", capacite="64"))
    assert [(r["jour"], r["depuis"], r["capacite"]) for r in rows(census, "C1")] == [
        ("mercredi", "2019-09-01", "60"),
        ("mercredi", "2026-09-01", "64"),
        ("ete", "2019-09-01", "80"),
    ]


def test_a_closing_is_said_on_every_row(census: Settings) -> None:
    publish(census, Edit("A1", "fermeture", since="31/07/2026"))
    assert [r["fermeture"] for r in rows(census, "A1")] == ["2026-07-31"] * 2


def test_a_point_that_is_moved_is_exact_and_in_the_form_of_the_store(census: Settings) -> None:
    assert rows(census, "B1")[0]["position"] == "approximate"
    publish(census, correction("B1", longitude="2,78", latitude="50,291"))
    (row,) = rows(census, "B1")
    assert (row["longitude"], row["latitude"], row["position"]) == ("2.78", "50.291", "exact")


def test_edits_of_one_establishment_build_on_one_another(census: Settings) -> None:
    publish(
        census,
        change("B1", "01/09/2025", capacite="24"),
        correction("B1", period="2025-09-01", depuis="15/09/2025"),
        change("B1", "2026-09-01", capacite="30"),
    )
    assert [(r["depuis"], r["capacite"]) for r in rows(census, "B1")] == [
        ("", "20"),
        ("2025-09-15", "24"),
        ("2026-09-01", "30"),
    ]


# ---------------------------------------------------------------- the checks of a load


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (correction("ZZ", nom="X"), "aucun établissement ne porte l'identifiant"),
        (correction("B1"), "ne dit rien"),
        (correction("B1", capacite="vingt"), "Capacité"),
        (correction("B1", nom=""), "Nom"),
        (correction("B1", service="creche du ciel"), "Service"),
        (correction("B1", code_insee="82999999"), "Code Insee"),
        (correction("B1", longitude="2.77", latitude=""), "Latitude"),
        (correction("B1", latitude="512"), "Latitude"),
        (correction("B1", ouverture="31/02/2020"), "Ouverture"),
        (correction("B1", identifiant="B2"), "ne se modifie pas"),
        (correction("B1", position="exact"), "ne se modifie pas"),
        (correction("B1", couleur="rouge"), "ne se modifie pas"),
        (correction("A1", capacite="44"), "plusieurs lignes peuvent être celle à corriger"),
        (correction("A1", period="1999-01-01", capacite="44"), "cette période n'est pas"),
        (correction("B1", nom="Maison d'assistantes maternelles"), "assistant"),
        (change("B1", "", capacite="24"), "le premier jour manque"),
        (change("B1", "31/04/2026", capacite="24"), "n'est pas un jour du calendrier"),
        (change("B1", "rentrée 2026", capacite="24"), "il manque le jour"),
        (change("B1", "2026-09-01"), "ne dit rien"),
        (change("B1", "2026-09-01", nom="X"), "vaut pour toute la vie"),
        (change("A1", "2010-01-01", capacite="24"), "précède l'ouverture"),
        (change("A1", "2020-09-01", capacite="24"), "est déjà dite depuis le"),
        (change("C1", "2026-09-01", capacite="24"), "aucune capacité n'est connue"),
        (Edit("A1", "fermeture", since="2010-01-01"), "précède l'ouverture"),
        (Edit("A1", "fermeture", {"nom": "X"}, since="2026-01-01"), "n'a que sa date"),
    ],
)  # fmt: skip
def test_a_bad_edit_ends_in_a_sentence_and_changes_nothing(
    census: Settings, edit: Edit, said: str
) -> None:
    before = files(census)
    with pytest.raises(EditError) as told:
        publish(census, correction("A1", nom="Autre nom"), edit)
    assert said in str(told.value)
    assert f"Établissement {edit.id}" in str(told.value) or "ZZ" in str(told.value)
    assert "ligne 2" not in str(told.value)  # of a file that nobody has seen
    assert files(census) == before


def test_what_deserves_a_look_is_told_of_the_edited_rows_alone(census: Settings) -> None:
    told = publish(census, correction("B1", capacite="0", nom="Les Petits Pas")).warnings
    assert any("Capacité" in w for w in told)
    assert not any(re.search(r"ligne \d", w) for w in told)


def test_nothing_is_edited_where_no_census_was_loaded(settings: Settings) -> None:
    with pytest.raises(EditError, match="la démonstration ne se modifie pas"):
        publish(settings, correction("A1", nom="X"))


def test_an_edit_that_says_what_is_there_makes_no_generation(census: Settings) -> None:
    assert publish(census, correction("B1", nom="La Farandole")).generation is None


# ---------------------------------------------------------------- two planners at once


def test_two_planners_on_two_establishments_lose_nothing(census: Settings) -> None:
    table = publishing.establishments(census)
    one = Draft().with_edit(correction("A1", nom="Un"), rows_of(table, "A1"))
    other = Draft().with_edit(correction("B1", nom="Deux"), rows_of(table, "B1"))
    publishing.publish(one, census)
    publishing.publish(other, census)
    assert (rows(census, "A1")[0]["nom"], rows(census, "B1")[0]["nom"]) == ("Un", "Deux")


def test_an_edit_of_a_row_that_changed_meanwhile_is_refused_and_says_by_whom(
    census: Settings,
) -> None:
    table = publishing.establishments(census)
    mine = Draft().with_edit(correction("B1", nom="Le mien"), rows_of(table, "B1"))
    mine = mine.with_edit(correction("A1", nom="Aussi"), rows_of(table, "A1"))
    publish(census, correction("B1", capacite="21"))
    with pytest.raises(EditError) as told:
        publishing.publish(mine, census)
    assert "La Farandole (B1) a été modifié entre-temps par planificateur" in str(told.value)
    assert "compte" not in str(told.value)
    assert rows(census, "B1")[0]["capacite"] == "21"
    assert rows(census, "A1")[0]["nom"] == "Les Petits Pas"  # all of a draft, or none of it


def test_a_draft_comes_back_from_its_file_as_it_was(census: Settings) -> None:
    table = publishing.establishments(census)
    draft = Draft().with_edit(change("B1", "2026-09-01", capacite="24"), rows_of(table, "B1"))
    draft = draft.with_edit(correction("A1", period="", capacite="41"), rows_of(table, "A1"))
    assert read_draft(draft_file(draft), "f") == draft
    assert draft.without(1).ids() == ["B1"] == list(draft.without(1).seen)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe", b"[]", b"{}", b'{"modifications": []}', b'{"modifications": [{}]}',
        b'{"modifications": [{"identifiant": "A1", "nature": "invention"}]}',
        b'{"modifications": [{"identifiant": 1, "nature": "correction"}]}',
        b'{"modifications": [{"identifiant": "A1", "nature": "correction", "quoi": "x"}]}',
        b'{"modifications": [{"identifiant": "A1", "nature": "correction", "valeurs": [1]}]}',
        b'{"modifications": [{"identifiant": "A1", "nature": "correction"}], "lignes_lues": [1]}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_draft_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(EditError, match="ce fichier") as told:
        read_draft(content, "brouillon.json")
    assert str(told.value).startswith("brouillon.json : ")


# ------------------------------------------------ edits undone one by one; fifty in the campaign


def generated(random_: random.Random, table: Rows) -> Edit:
    """One edit of a generated kind, of an establishment of the census."""
    at = columns()
    row = random_.choice(table)
    id_, day_type = row[at["identifiant"]], row[at["jour"]]
    period, word = row[at["depuis"]], f'Mot {random_.randrange(10**6)} ; « n° » "1"'
    lon, lat = random_.uniform(2.6, 2.9), random_.uniform(50.2, 50.4)
    day = (date(2021, 1, 1) + timedelta(days=random_.randrange(2_000))).isoformat()
    places = str(random_.randrange(1, 60))

    def corrected(**values: str) -> Edit:
        return correction(id_, day_type, period, **values)

    kinds: list[Callable[[], Edit]] = [
        lambda: corrected(capacite=places),
        lambda: corrected(source=word, date_source="30/06/2026", note=word),
        lambda: corrected(nom=word),
        lambda: corrected(adresse=word, gestionnaire=word),
        lambda: corrected(longitude=f"{lon:.6f}".replace(".", ","), latitude=f"{lat:.6f}"),
        lambda: corrected(longitude="", latitude=""),
        lambda: corrected(statut=random_.choice(["Municipale", "Associative", "Privée"])),
        lambda: corrected(demandes_non_satisfaites=places, occupation="85 %"),
        lambda: change(id_, day, day_type, capacite=places),
        lambda: change(id_, day, day_type, capacite=places, source=word),
        lambda: Edit(id_, "fermeture", since="2031-12-31"),
        lambda: corrected(fermeture=""),
    ]  # fmt: skip
    return random_.choice(kinds)()


@pytest.mark.parametrize("way", at_every_run(1, ["revert", "undo"]))
@pytest.mark.parametrize("seed", at_every_run(1, range(4)))
def test_edits_undone_one_by_one_give_back_the_first_state_byte_for_byte(
    census: Settings, seed: int, way: str
) -> None:
    random_, first = random.Random(seed), files(census)
    states, natures = [], set[Nature]()
    while len(states) < (50 if in_campaign() else 15):
        edit = generated(random_, publishing.establishments(census))
        before = files(census)
        try:
            made = publish(census, edit).generation
        except EditError:  # a generated edit may contradict what is there: nothing was written
            assert files(census) == before
            continue
        if made is not None:
            states.append((made, before))
            natures.add(edit.nature)
    assert natures == {"correction", "changement", "fermeture"}
    for sequence, before in reversed(states):
        if way == "undo":
            census_store.census_store(census.census_dir).undo()
        else:
            publishing.revert(census, sequence)
        assert files(census) == before
    assert files(census) == first


def test_a_step_back_and_an_edit_undone_by_its_number_go_together(census: Settings) -> None:
    store, first = census_store.census_store(census.census_dir), files(census)
    publish(census, change("A1", "2026-09-01", capacite="48"))
    second = files(census)
    own = publish(census, correction("B1", nom="Autre")).generation
    assert own is not None
    publishing.revert(census, own)
    assert files(census) == second
    store.undo()
    assert files(census) == first


def test_an_edit_is_undone_beneath_later_ones_of_other_establishments(census: Settings) -> None:
    own = publish(census, change("A1", "2026-09-01", capacite="48")).generation
    publish(census, correction("B1", nom="Autre"))
    assert own is not None
    publishing.revert(census, own, why="erreur de ligne")
    assert [r["capacite"] for r in rows(census, "A1")] == ["40", "45"]
    assert rows(census, "B1")[0]["nom"] == "Autre"


def test_an_undoing_is_undone_in_its_turn(census: Settings) -> None:
    own = publish(census, change("A1", "2026-09-01", capacite="48")).generation
    changed = files(census)
    assert own is not None
    undone = publishing.revert(census, own).generation
    assert undone is not None
    publishing.revert(census, undone)
    assert files(census) == changed


@pytest.mark.parametrize(
    ("sequence", "said"),
    [(1, "n'est pas une modification"), (2, "a été modifié entre-temps"), (9, "n'existe pas")],
)
def test_what_cannot_be_undone_is_told_in_a_sentence(
    census: Settings, sequence: int, said: str
) -> None:
    publish(census, correction("B1", nom="Un"))
    publish(census, correction("B1", nom="Deux"))
    before = files(census)
    with pytest.raises(EditError, match=said):
        publishing.revert(census, sequence)
    assert files(census) == before


def test_the_history_of_an_establishment_holds_its_own_changes(census: Settings) -> None:
    publish(census, correction("B1", nom="Un"), why="faute")
    publish(census, correction("A1", nom="Autre"))
    publish(census, change("B1", "2026-09-01", capacite="24"))
    found = list(history_of(census_store.census_store(census.census_dir), "B1"))
    assert [(e.sequence, e.why) for e, _ in found] == [(4, ""), (2, "faute"), (1, "offre.csv")]
    (renamed,) = found[1][1]
    assert (renamed.column, renamed.before, renamed.after) == ("Nom", "La Farandole", "Un")
    (added,) = found[0][1]
    assert added.after == "capacité 24, depuis le 1er septembre 2026"
