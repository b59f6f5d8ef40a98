"""What changed between two versions is told, all of it, and nothing that is masked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import make_settings, publish_first, quiet
from generated import at_every_run
from streamlit.testing.v1 import AppTest

from observatory.answers.changes import Changes, compare
from observatory.answers.wording_of_changes import summary
from observatory.commands import main
from observatory.commands.diff import as_lines, as_records
from observatory.errors import RequestError, VersionError
from observatory.knowledge.territory import parse
from observatory.settings import ROOT
from observatory.versions import warehouse
from pipelines.refresh import refresh

DAY = date(2025, 1, 1)
NEW_OFFER = (
    tiny.OFFER.replace("E1;Les Tilleuls", "E1;Les Grands Tilleuls")
    .replace("2.70;50.30;;50;2021-01-01", "2.70;50.30;;60;2021-01-01")
    .replace("mercredi;40;", "mercredi;45;")
    .replace("M1;Micro 1;eaje_hors_psu;prive;SARL;62002;;2.80;50.30;;12;;2020-03-01;;",
             "M1;Micro 1;eaje_hors_psu;prive;SARL;62002;;2.80;50.30;;12;;2020-03-01;2024-09-01;")
)  # fmt: skip
NEW_OFFER = "".join(line + "\n" for line in NEW_OFFER.splitlines() if not line.startswith("C1;"))
NEW_OFFER += (
    "E9;Les Neufs;eaje_psu;public;Ville;62002;;2.81;50.31;;15;;2024-09-01;;Enquête;2025-01-31;non\n"
)


def publish(
    folder: Path, *versions: Mapping[str, str | None], territories: tuple[str, ...] = ()
) -> Path:
    """Publish one version after another in one folder."""
    for number, changes in enumerate(versions):
        raw_dir = tiny.write_raw(folder / f"raw{number}", changes)
        territory = territories[number] if territories else tiny.SIREN
        settings = make_settings(folder, raw_dir=raw_dir)
        if number == 0:
            publish_first(settings, territory)
        else:
            refresh(settings, parse(territory), quiet)
    return folder / "processed"


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    totals = tiny.TOTALS.replace(
        "62002;assistants_maternels;10;30", "62002;assistants_maternels;8;24"
    )
    return publish(
        tmp_path_factory.mktemp("diff"),
        {},
        {"census/offre.csv": NEW_OFFER, "census/totaux_communaux.csv": totals},
    )


@pytest.fixture(scope="module")
def changes(processed: Path) -> Changes:
    return compare(processed, as_of=DAY)


def moves(changes: Changes, kind: str) -> set[tuple[Any, ...]]:
    table = changes.establishments[changes.establishments["kind"] == kind]
    columns = table[["id", "column", "old", "new"]].astype(object)
    return {tuple(None if pd.isna(v) else v for v in row) for row in columns.values}


def test_establishments_added_removed_and_closed_are_told(changes: Changes) -> None:
    assert moves(changes, "added") == {("E9", "capacité", None, "15")}
    assert moves(changes, "removed") == {("C1", "capacité", "1", None)}
    assert moves(changes, "closed") == {("M1", "fermeture", None, "1er septembre 2024")}


def test_a_changed_column_is_told_old_then_new_capacities_by_day_type(changes: Changes) -> None:
    assert moves(changes, "changed") == {
        ("E1", "nom", "Les Tilleuls", "Les Grands Tilleuls"),
        (
            "E1",
            "capacité",
            "40, puis 50 au 1er janvier 2021",
            "40, puis 60 au 1er janvier 2021",
        ),
        ("S2", "capacité (mercredi)", "40", "45"),
    }


def test_totals_that_moved_are_told(changes: Changes) -> None:
    found = changes.totals[["code", "column", "old", "new"]].values.tolist()
    assert found == [["62002", "headcount", 10, 8], ["62002", "places", 30, 24]]


def test_communes_whose_gap_moved_are_told(changes: Changes) -> None:
    eaje = changes.gaps[(changes.gaps["service"] == "eaje_psu") & changes.gaps["code"].notna()]
    supply = {
        code: (old, new)
        for code, old, new in eaje[["code", "old_supply", "new_supply"]].values.tolist()
    }
    assert supply["62001"] == (50, 60)
    assert supply["62002"] == (10, 25)
    assert "62004" not in changes.gaps[changes.gaps["service"] == "alsh"]["code"].tolist()


def test_sources_that_moved_are_told(changes: Changes) -> None:
    table = changes.sources
    assert set(zip(table["id"], table["publication"], table["column"], strict=True)) == {
        ("census", "etablissements", "sha256"),
        ("census", "etablissements", "vintage"),
        ("census", "totaux_communaux", "sha256"),
    }
    vintage = table[table["column"] == "vintage"].iloc[0]
    assert (vintage["old"], vintage["new"]) == ("2024-06-30", "2025-01-31")


def test_the_sentence_counts_establishments_not_columns(changes: Changes) -> None:
    said = summary(changes).replace("\u00a0", " ")
    assert "1 établissement ajouté, 1 établissement retiré, 1 établissement fermé" in said
    assert "2 établissements modifiés" in said


@pytest.mark.campaign
def test_the_demonstration_is_not_told_as_removed_when_a_real_census_takes_its_place(
    tmp_path: Path,
) -> None:
    invented = {
        "census/offre.csv": tiny.OFFER.replace(";non\n", ";oui\n"),
        "census/totaux_communaux.csv": tiny.TOTALS.replace(";non\n", ";oui\n"),
    }
    assert ";oui\n" in invented["census/offre.csv"]
    head, *_, last = NEW_OFFER.splitlines(keepends=True)
    real = {"census/offre.csv": head + last, "census/communes_desservies.csv": None}
    processed = publish(tmp_path, invented, real)
    names = warehouse.versions(processed)
    there = compare(processed, *names, as_of=DAY)
    assert set(there.establishments["kind"]) == {"added"}
    assert there.totals["old"].isna().all()
    assert any("a pris la place de la démonstration" in n for n in there.notes)
    back = compare(processed, *names[::-1], as_of=DAY)
    assert set(back.establishments["kind"]) == {"removed"}


@pytest.mark.campaign
def test_nothing_changed_says_so(tmp_path: Path) -> None:
    changes = compare(publish(tmp_path, {}, {}), as_of=DAY)
    assert summary(changes) == "Rien n'a changé."


@pytest.mark.campaign
def test_the_perimeter_is_compared(tmp_path: Path) -> None:
    changes = compare(publish(tmp_path, {}, {}, territories=(tiny.ABC, tiny.SIREN)), as_of=DAY)
    assert changes.perimeter.values.tolist() == [["added", "62004", "Dune"]]
    assert "même territoire" in changes.notes[0]


def totals(one: int, other: int) -> str:
    """Two communes of assistants maternels, headcounts and three places each."""
    head = tiny.TOTALS.splitlines()[0] + "\n"
    rest = [("62001", 40), ("62002", other), ("62003", one), ("62004", 9)]
    return head + "".join(
        f"{code};assistants_maternels;{n};{3 * n};2021-12-31;Caf;2022-06-30;non\n"
        for code, n in rest
    )


def publish_totals(folder: Path, before: int, after: int) -> Path:
    return publish(
        folder,
        {"census/totaux_communaux.csv": totals(before, 12)},
        {"census/totaux_communaux.csv": totals(after, 13)},
    )


@pytest.fixture(scope="module")
def two_then_seven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two assistants maternels in Clos, then seven: a folder to copy."""
    return publish_totals(tmp_path_factory.mktemp("totals"), 2, 7)


@pytest.mark.parametrize(("before", "after"), at_every_run(1, [(2, 7), (7, 2), (1, 2), (1, 5)]))
def test_a_masked_total_never_comes_out_of_the_other_version(
    two_then_seven: Path, tmp_path: Path, before: int, after: int
) -> None:
    if (before, after) == (2, 7):
        processed = two_then_seven
    else:
        processed = publish_totals(tmp_path, before, after)
    changes = compare(processed, as_of=DAY)
    told = changes.totals[changes.totals["code"] == "62003"]
    assert told[["old", "new"]].isna().all().all()
    gaps = changes.gaps[
        (changes.gaps["code"] == "62003")
        & changes.gaps["service"].isin(["assistants_maternels", "accueil_0_2", "rpe"])
    ]
    figures = ["old_supply", "new_supply", "old_gap", "new_gap", "move"]
    if before < 3 or after < 3:
        assert gaps[gaps["service"] == "assistants_maternels"][figures].isna().all().all()


def test_an_old_version_without_masks_gives_nothing_away(
    two_then_seven: Path, tmp_path: Path
) -> None:
    processed = Path(shutil.copytree(two_then_seven, tmp_path / "processed"))
    old = warehouse.versions(processed)[0]
    with duckdb.connect(str(processed / old)) as con:
        con.execute(
            "UPDATE commune_total SET headcount = 1, places = 4 "
            "WHERE code = '62003' AND service = 'assistants_maternels'"
        )
        con.execute("ALTER TABLE commune_total DROP masked")
    changes = compare(processed, as_of=DAY)
    told = changes.totals[changes.totals["code"] == "62003"]
    told = told[told["service"] == "assistants_maternels"]
    assert len(told)
    assert told[["old", "new"]].isna().all().all()


def test_versions_are_named_by_file_stamp_or_its_beginning(processed: Path) -> None:
    old, new = warehouse.versions(processed)
    stamp = old.removeprefix("observatory-").removesuffix(".duckdb")
    assert compare(processed, stamp, new, DAY).old["version"] == old
    with pytest.raises(RequestError, match="plusieurs versions"):
        compare(processed, old="20", as_of=DAY)
    with pytest.raises(RequestError, match="pas publiée"):
        compare(processed, old="1999", as_of=DAY)
    with pytest.raises(RequestError, match="elle-même"):
        compare(processed, new, new, DAY)


def test_a_single_version_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="rien à comparer"):
        compare(publish(tmp_path, {}))


def test_a_version_of_an_older_schema_is_refused_in_words(processed: Path, tmp_path: Path) -> None:
    new = warehouse.versions(processed)[-1]
    (tmp_path / new).write_bytes((processed / new).read_bytes())
    (tmp_path / warehouse.CURRENT).write_text(new)
    ancient = "observatory-20200101T000000Z.duckdb"
    with duckdb.connect(str(tmp_path / ancient)) as con:
        con.execute("CREATE TABLE version AS SELECT 'x' AS version, '2020-01-01' AS built_at")
    with pytest.raises(VersionError, match="trop ancienne"):
        compare(tmp_path)
    (tmp_path / ancient).write_bytes(b"not a database")
    with pytest.raises(VersionError, match="ne peut pas être ouverte"):
        compare(tmp_path)


@pytest.mark.campaign
def test_gaps_of_an_older_arithmetic_are_left_out_with_a_note(tmp_path: Path) -> None:
    processed = publish(tmp_path, {}, {"census/offre.csv": NEW_OFFER})
    with duckdb.connect(str(processed / warehouse.versions(processed)[0])) as con:
        con.execute("DROP MACRO TABLE gap_as_of")
    changes = compare(processed, as_of=DAY)
    assert changes.gaps.empty
    assert "n'est pas comparé" in changes.notes[0]
    assert len(changes.establishments)


def test_the_readers_of_a_version_do_not_hinder_the_comparison(processed: Path) -> None:
    with warehouse.open_current(processed):
        assert len(compare(processed, as_of=DAY).establishments)


def test_lines_and_json_tell_the_same(changes: Changes) -> None:
    said = "\n".join(as_lines(changes))
    assert "modifié : Les Grands Tilleuls (EAJE PSU, Aval), nom : Les Tilleuls →" in said
    assert "None" not in said
    assert "nan" not in said.replace("Finan", "")
    found = json.loads(json.dumps(as_records(changes)))
    assert len(found["establishments"]) == len(changes.establishments)
    assert found["as_of"] == "2025-01-01"


def test_the_command_tells_it(
    processed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(processed))
    with pytest.raises(SystemExit) as done:
        main.main(["diff", "--as-of", "2025-01-01"])
    assert done.value.code == 0
    assert "Les Neufs" in capsys.readouterr().out
    with pytest.raises(SystemExit) as done:
        main.main(["diff", "--from", "1999"])
    assert done.value.code == 1
    assert "pas publiée" in capsys.readouterr().err


def test_the_page_tells_it(processed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(processed))
    page = ROOT / "observatory" / "ui" / "pages" / "changements.py"
    app = AppTest.from_file(str(page), default_timeout=60)
    app.run()
    assert not app.exception
    assert "1\u00a0établissement ajouté" in " ".join(m.value for m in app.markdown)
