"""A list with headings and words of its own goes in in one go, and is remembered."""

from __future__ import annotations

import csv
import io
import random
import string
from pathlib import Path

import pytest
from census_files import KNOWN, RIGHT, row, write
from town_list import EMPTY, HOMES, ROWS, TOWN, town_list

from observatory.census import census_store, proposals
from observatory.census.census_check import check
from observatory.census.loading import check_files, is_published, load_files
from observatory.census.sheets import census_contract, sheet
from observatory.commands.main import main
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature
from observatory.settings import Settings
from observatory.workbook.mapping import HeadingMapping, SheetMapping, mapping_file, read_mapping
from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import FileLimits
from observatory.workbook.results import Checked


def proposed(path: Path) -> HeadingMapping:
    found = proposals.proposals(census_contract(), [path], FileLimits())
    return proposals.proposed_mapping(found)


def told(path: Path, mapping: HeadingMapping | None = None) -> Checked:
    return check([path], TOWN, mapping=mapping)


def test_headings_and_words_are_proposed_by_likeness(tmp_path: Path) -> None:
    own = proposed(town_list(tmp_path / "creches.csv")).sheets["offre"]
    assert own.headings == {"Type": "service", "Téléphone": ""}
    assert own.words["service"] == {
        "Multi-accueil": "eaje_psu",
        "Micro-crèche": "eaje_hors_psu",
        "Crèche familiale": "eaje_psu",
        "Halte-garderie": "eaje_psu",
        "Multi-accueil collectif": "eaje_psu",
    }
    assert own.words["statut"] == {"Associative (loi 1901)": "associatif"}


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("EQUIP_NOM", "nom"),
        ("Dénomination", "nom"),
        ("Type d'accueil", "service"),
        ("Mode de gestion", "statut"),
        ("Nbre de places agréées", "capacite"),
        ("Capacité totale (places)", "capacite"),
        ("Organisme gestionnaire", "gestionnaire"),
        ("Latitude WGS84", "latitude"),
        ("Quartier prioritaire", ""),
    ],
)
def test_a_heading_of_ones_own_is_likened(tmp_path: Path, heading: str, column: str) -> None:
    given = row()
    held = {n: v for n, v in given.items() if n != column}
    path = write(tmp_path / "l.csv", {**held, heading: given.get(column, "x")})
    assert proposed(path).sheets["offre"].headings == {heading: column}


FEEDS = [
    (service, name, heading)
    for service, one in nomenclature().services.items()
    for name, heading in (one.feed.columns.items() if one.feed else ())
]


def test_the_published_headings_of_every_feed_are_known_or_proposed(tmp_path: Path) -> None:
    assert {name for _, name, _ in FEEDS} >= {"identifiant", "nom", "ouverture", "date_source"}
    for n, (service, feed) in enumerate(
        (i, s.feed) for i, s in nomenclature().services.items() if s.feed and s.feed.columns
    ):
        held = {k: v for k, v in row(service=service).items() if k not in feed.columns}
        given = {heading: row()[name] for name, heading in feed.columns.items()}
        path = write(tmp_path / f"{n}.csv", {**held, **given})
        (one,) = proposals.proposals(census_contract(), [path], FileLimits())
        assert {h: one.columns[h] for h in given} == {h: c for c, h in feed.columns.items()}
        assert told(path, proposals.proposed_mapping([one])).accepted == 1


def test_a_town_list_goes_in_in_one_go(tmp_path: Path) -> None:
    path = town_list(tmp_path / "creches.csv")
    found = told(path, proposed(path))
    assert (found.read, found.accepted, found.rejected) == (ROWS, ROWS - HOMES, HOMES)
    assert all(e.hint == privacy.MEND for e in found.errors)
    zero = [w for w in found.warnings if "la capacité est 0" in str(w)]
    assert [w.row - 2 for w in zero] == list(EMPTY)
    assert any("« Micro-crèche » lu « eaje_hors_psu » (17 lignes)" in note for note in found.notes)
    assert any("62041 (Arras) : 96 places d'assistants maternels" in note for note in found.notes)
    text = "\n".join(map(str, (*found.rows("offre"), *found.notes, *found.warnings)))
    assert "Téléphone" not in text
    assert "03 00" not in text


def test_without_a_mapping_the_refusal_names_the_likely_heading(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as caught:
        told(town_list(tmp_path / "creches.csv"))
    assert "la colonne « service » manque. Est-ce « Type » ?" in str(caught.value)
    assert "observatory census mapping, puis --mapping" in str(caught.value)


def test_a_mapping_is_written_and_read_back_as_it_is(tmp_path: Path) -> None:
    mapping = HeadingMapping(
        {
            "offre": SheetMapping(
                {'Nb "places" \\ = #': "capacite", "x": ""}, {"service": {"é\t": "rpe"}}
            )
        }
    )
    assert read_mapping(census_contract(), mapping_file(mapping, {"x": "rien"}), "m") == mapping


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[offre.titres]\nType =", "n'est pas un fichier TOML en UTF-8"),
        ("[crèche.titres]", "n'est pas un fichier TOML"),
        ('[creches.titres]\nType = "service"', "« creches » n'est pas une feuille"),
        ('[offre.titres]\nType = "genre"', "« genre » n'est pas une colonne"),
        ('[offre.mots.genre]\nType = "x"', "« genre » n'est pas une colonne"),
        ('[offre.mots.service]\nCrèche = "eaje"', "n'est pas un fichier TOML"),
        ('[offre.mots.service]\n"Crèche" = "eaje"', "« eaje » n'est pas une valeur"),
        ("[offre.titres]\nType = 3", "« titres » doit dire"),
        ("offre = 3", "« titres » doit dire"),
    ],
)
def test_a_mapping_that_is_wrong_gets_a_sentence(text: str, said: str) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_mapping(census_contract(), text.encode(), "c.toml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("c.toml : ")


@pytest.mark.parametrize("word", ["MAM", "Assistante maternelle", "Maison d'assistants maternels"])
def test_no_mapping_makes_an_establishment_of_a_childminder(tmp_path: Path, word: str) -> None:
    mapping = HeadingMapping({"offre": SheetMapping({}, {"service": {word: "eaje_psu"}})})
    with pytest.raises(WorkbookError):
        proposals.refuse_private(mapping, "c.toml")
    assert proposals.meaning("service", word, sheet("offre")).state == "private"
    # Even one that was never refused: the row is judged by what it says, not by what is made of it.
    found = check([write(tmp_path / "o.csv", row(service=word))], KNOWN, mapping=mapping)
    assert found.rejected == 1


FEED = """ID;DEPCOM;NOMRS;LONGITUDE;LATITUDE
F1;62041;France services d'Arras;2,77;50,29

F2;62099;Relais;2,8;50,2
"""


def test_what_a_published_list_never_says_is_said_once_for_all_its_rows(tmp_path: Path) -> None:
    feed = tmp_path / "france_services.csv"
    feed.write_text(FEED, encoding="utf-8")
    own = proposed(feed).sheets["offre"]
    assert own.always == {"service": "", "statut": "", "capacite": ""}
    said = {"service": "france_services", "statut": "public", "capacite": "1"}
    own = SheetMapping({**own.headings, "ID": "identifiant"}, own.words, said)
    mapping = HeadingMapping({"offre": own})
    assert read_mapping(census_contract(), mapping_file(mapping), "m.toml") == mapping
    checked = check([feed], KNOWN, mapping=mapping)
    assert [p.what for p in checked.errors] == []
    at = sheet("offre").stored.index
    kept = [
        (r[at("identifiant")], r[at("service")], r[at("statut")]) for r in checked.rows("offre")
    ]
    assert kept == [("F1", "france_services", "public"), ("F2", "france_services", "public")]
    assert [r[at("capacite")] for r in checked.rows("offre")] == ["1", "1"]


def test_what_a_file_says_itself_is_not_said_again_for_all_its_rows(tmp_path: Path) -> None:
    file = write(tmp_path / "offre.csv", row(statut="associatif"))
    own = HeadingMapping({"offre": SheetMapping(always={"statut": "public"})})
    (offer,) = check([file], KNOWN, mapping=own).rows("offre")
    assert offer[sheet("offre").stored.index("statut")] == "associatif"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('identifiant = "F1"', "« identifiant » ne peut pas être le même à chaque ligne"),
        ('service = "franceservices"', "n'est pas une valeur"),
        ('services = "eaje"', "n'est pas une colonne"),
    ],
)
def test_a_constant_that_is_wrong_gets_a_sentence(line: str, said: str) -> None:
    with pytest.raises(WorkbookError, match=said):
        read_mapping(census_contract(), f"[offre.constantes]\n{line}\n".encode(), "m.toml")


def test_what_all_rows_of_one_file_hold_is_not_remembered_for_the_next(tmp_path: Path) -> None:
    own = SheetMapping({"ID": "identifiant"}, always={"service": "france_services"})
    lasting = HeadingMapping({"offre": own}).lasting()
    assert lasting == HeadingMapping({"offre": SheetMapping({"ID": "identifiant"})})


def test_a_mapping_is_remembered_with_the_census(tmp_path: Path) -> None:
    settings = Settings(
        processed_dir=tmp_path / "none", census_dir=tmp_path / "census", offline=True
    )
    given = {n: v for n, v in RIGHT.items() if n not in ("service", "longitude", "latitude")}
    path = write(tmp_path / "l.csv", {**given, "Type": "Micro-crèche"})
    with pytest.raises(WorkbookError):
        check_files([path], settings)
    first = load_files([path], settings, print, mapping=proposed(path))
    assert (first.checked.accepted, first.generation) == (1, 1)
    assert census_store.MAPPING in census_store.census_store(settings.census_dir).head().names()
    assert check_files([path], settings).accepted == 1
    again = load_files([path], settings, print)
    assert (again.changed, again.generation) == ([], None)
    assert not is_published(settings)
    census_store.census_store(settings.census_dir).undo()
    with pytest.raises(WorkbookError):
        check_files([path], settings)


def test_what_is_said_later_of_a_word_decides() -> None:
    former = HeadingMapping({"offre": SheetMapping({"TYPE": "service", "N": "nom"}, {})})
    later = HeadingMapping({"offre": SheetMapping({"Type": "statut"}, {})})
    assert later.over(former).sheets["offre"].headings == {"N": "nom", "Type": "statut"}


@pytest.mark.parametrize("seed", range(12))
def test_accepted_and_rejected_are_what_was_read(tmp_path: Path, seed: int) -> None:
    """Whatever stands in the cells, whatever the mapping: no row is lost, none is read twice."""
    chance = random.Random(seed)
    path = town_list(tmp_path / "creches.csv", seed)
    headings, *rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    pieces = [
        "",
        "#N/A",
        "MAM",
        "Arras",
        "62000",
        "-1",
        "1 2",
        "é" * 50,
        "=1+1",
        "\u200b",
        "Privée",
    ]
    for cells in rows:
        for n in range(len(cells)):
            if chance.random() < 0.1:
                cells[n] = chance.choice([*pieces, chance.choice(string.printable[:-5])])
        if chance.random() < 0.05:
            cells.append(chance.choice(pieces))
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    filled = sum(any(c.strip() for c in cells) for cells in rows)
    mapping = proposed(path)
    words = {
        c: dict(chance.sample(sorted(w.items()), len(w) // 2))
        for c, w in mapping.sheets["offre"].words.items()
    }
    half = HeadingMapping({"offre": SheetMapping(mapping.sheets["offre"].headings, words)})
    for tried in (mapping, half):
        found = told(path, tried)
        assert found.accepted + found.rejected == found.read == filled


def _command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["census", *map(str, arguments)])
    return int(caught.value.code or 0)


def test_the_same_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("processed", "cache", "census"):
        monkeypatch.setenv(f"OBSERVATORY_{name.upper()}_DIR", str(tmp_path / name))
    given = {n: v for n, v in RIGHT.items() if n not in ("service", "statut")}
    rows = [{**given, "Type": "Micro-crèche", "Forme": "Privée", "identifiant": "A"}]
    rows += [{**rows[0], "Type": "MAM", "identifiant": "B"}]
    path, own = write(tmp_path / "l.csv", *rows), tmp_path / "c.toml"
    assert _command("check", path) == 1
    assert _command("mapping", path, "--out", own) == 0
    said = capsys.readouterr().out
    assert "Type → service (proposé)" in said
    assert "Micro-crèche → eaje_hors_psu (proposé) (1 ligne)" in said
    assert "MAM : refusé ligne par ligne : seulement en totaux communaux (1 ligne)" in said
    assert "la colonne « statut » reste à désigner" in said
    text = own.read_text("utf-8")
    assert "MAM" not in text
    own.write_text(text.replace('"Forme" = ""', '"Forme" = "statut"'), "utf-8")
    assert _command("mapping", path, "--out", own) == 1  # somebody's work is not written over
    assert _command("check", path, "--mapping", own) == 1  # the row of the home
    assert _command("load", path, "--mapping", own, "--no-refresh") == 1
    kept = census_store.read(tmp_path / "census")["offre"]
    assert [(r[0], r[2], r[3]) for r in kept] == [("A", "eaje_hors_psu", "prive")]
    capsys.readouterr()
    assert _command("check", path) == 1  # remembered: no mapping is given any more
    assert "2 lignes lues, 1 acceptée, 1 mise de côté" in capsys.readouterr().out
    assert _command("check", path, "--mapping", tmp_path / "none.toml") == 1
    assert "la correspondance ne peut pas être lue" in capsys.readouterr().err


def test_a_very_wide_table_is_looked_at_only_in_part(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    wide = ";".join(f"colonne {n} de texte libre" for n in range(16_000))
    path.write_text(f"nom;capacite;code_insee;{wide}\n" * 9, encoding="utf-8")
    (found,) = proposals.proposals(census_contract(), [path], FileLimits())
    assert len(found.columns) == 200
