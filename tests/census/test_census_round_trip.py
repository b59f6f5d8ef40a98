"""Nothing is lost: accepted + set aside = read; what is exported and loaded back is the same."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from census_files import KNOWN, RIGHT, row, text, total, write
from generated import tried
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from observatory.census import census_store
from observatory.census.census_check import census_after, check
from observatory.census.sheets import SUPPLY, census_contract, sheets
from observatory.settings import Settings
from observatory.workbook.rejected import write_rejected
from observatory.workbook.results import Checked
from observatory.workbook.stored import merged
from observatory.workbook.template import write_files

SLOW = tried(30, 200, without=[HealthCheck.too_slow])
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(
    ["=1+1", "'=x", "-", "@a", "NC", "\r\n", '"', ";", " ", "é\u0301", "#", "\ufeff"]
)
VALUES = {
    "identifiant": TEXT | st.sampled_from(["A", "B", "C"]),
    "nom": TEXT,
    "service": st.sampled_from(["eaje_psu", "alsh", "rpe", "Ludothèques", "eaje", "x", ""]),
    "statut": st.sampled_from(["public", "Privé", "associatif", "autre"]),
    "gestionnaire": TEXT,
    "code_insee": st.sampled_from(
        ["62041", "62099", "62999", "1004", "2A004", "33063", "6204", ""]
    ),
    "adresse": TEXT,
    "longitude": st.sampled_from(["2.77", "2,78", "", "50", "x", "3.5"]),
    "latitude": st.sampled_from(["50.29", "", "2.7"]),
    "jour": st.sampled_from(["", "mercredi", "Été", "lundi"]),
    "capacite": st.sampled_from(["20", "12 places", "NC", "1,5", "", "-1", "0"]) | TEXT,
    "depuis": st.sampled_from(["", "2025-01-01", "01/02/24", "1er mai 2024"]),
    "ouverture": st.sampled_from(["", "2019-09-02", "45536"]) | st.dates().map(str),
    "fermeture": st.sampled_from(["", "2026-07-01", "jamais"]),
    "source": TEXT,
    "date_source": st.sampled_from(["", "2026-06-30"]),
    "demonstration": st.sampled_from(["", "oui", "non", "peut-être"]),
}
ROWS = st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=12)


def filled(rows: Sequence[Mapping[str, str]]) -> int:
    """Rows of a CSV text that hold something, counted by the csv module alone."""
    found = list(csv.reader(io.StringIO(text(rows), newline=""), delimiter=";"))[1:]
    return sum(any(c.strip() for c in cells) for cells in found)


def as_rows(found: Checked) -> dict[str, list[list[str]]]:
    return {s.name: rows for s in sheets() if (rows := found.rows(s.name))}


@SLOW
@given(rows=ROWS)
def test_accepted_and_set_aside_are_the_rows_read(rows: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = check([write(folder / "offre.csv", *rows)], KNOWN)
        assert found.accepted + found.rejected == found.read == filled(rows)
        assert all(r.problems for t in found.tables for r in t.rejected)
        if found.rejected:  # what is set aside comes back, row by row, and is set aside again
            written = write_rejected(found, folder)
            again = check(written, KNOWN, kept=as_rows(found))
            assert again.read == found.rejected


@SLOW
@given(rows=ROWS)
def test_an_export_loaded_back_changes_nothing(rows: list[dict[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = check([write(folder / "offre.csv", *rows)], KNOWN)
        census = folder / "census"
        census_store.write(census, census_after({}, found, False))
        kept = census_store.read(census)
        assert kept == as_rows(found)
        for out in (folder / "e.xlsx", folder / "e.csv"):
            written = write_files(census_contract(), out, kept)
            again = check(written, KNOWN)
            assert not again.errors
            assert as_rows(again) == kept
            assert census_store.write(census, census_after(kept, again, False)) == []


@SLOW
@given(rows=ROWS, line=st.integers(0, 12), place=st.integers(0, 200))
def test_a_stray_quote_never_loses_a_row(rows: list[dict[str, str]], line: int, place: int) -> None:
    plain = [
        {
            k: v.translate(dict.fromkeys(map(ord, '"\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029')))
            for k, v in r.items()
        }
        for r in rows
    ]
    lines = text(plain).replace('"', "").split("\r\n")[:-1]
    at = 1 + line % len(plain)
    lines[at] = lines[at][:place] + '"' + lines[at][place:]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "offre.csv"
        path.write_bytes("\n".join(lines).encode())
        found = check([path], KNOWN)
        assert found.accepted + found.rejected == found.read
        assert found.read >= sum(bool(x.strip("; \t\u00a0")) for x in lines[1:]) - 1


def test_the_demonstration_census_is_right_and_comes_back_the_same(tmp_path: Path) -> None:
    embedded = Settings().raw_dir / "census" / "embedded"
    # Nobody's transfers are invented: the demonstration tells of the supply alone.
    files = [embedded / f"{s.name}.csv" for s in sheets() if s.name in SUPPLY]
    found = check(files)
    assert not found.errors
    census_store.write(tmp_path, as_rows(found))
    kept = census_store.census_store(tmp_path).read()[1]
    for path in files[1:]:
        assert kept[path.name] == path.read_bytes()
    first = kept["offre.csv"].decode().splitlines()
    was = re.sub(r"(\.\d*?)0+;", r"\1;", files[0].read_text("utf-8")).replace(".;", ";")
    assert [line.rsplit(";", 9)[0] for line in first] == was.splitlines()


def test_corrected_rows_complete_the_census(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.csv", row(), row(identifiant="B", nom="B", capacite="vingt"))
    found = check([path], KNOWN)
    census = tmp_path / "census"
    census_store.write(census, census_after({}, found, False))
    (aside,) = write_rejected(found, tmp_path)
    assert aside.name == "offre_a_corriger.csv"
    assert "a_corriger" in aside.read_text("utf-8-sig").splitlines()[0]
    aside.write_text(aside.read_text("utf-8-sig").replace("vingt", "20", 1), "utf-8")
    again = check([aside], KNOWN, kept=census_store.read(census))
    assert (again.accepted, again.rejected) == (1, 0)
    assert any(t.corrected for t in again.tables)
    after = census_after(census_store.read(census), again, True)
    assert [r[0] for r in after["offre"]] == ["ARRAS-01", "B"]


def test_a_file_being_corrected_is_never_written_over(tmp_path: Path) -> None:
    path = write(tmp_path / "offre.csv", row(capacite="x"))
    first = write_rejected(check([path], KNOWN), tmp_path)
    assert write_rejected(check([path], KNOWN), tmp_path) == first  # the same content
    write(path, row(capacite="y"))
    assert [p.name for p in write_rejected(check([path], KNOWN), tmp_path)] == [
        "offre_a_corriger_2.csv"
    ]
    again = write_rejected(check(first, KNOWN), tmp_path)
    assert [p.name for p in again] == ["offre_a_corriger.csv"]


def test_a_corrected_row_agrees_with_the_census_in_place(tmp_path: Path) -> None:
    kept = as_rows(check([write(tmp_path / "offre.csv", row())], KNOWN))
    later = write(tmp_path / "b.csv", {**row(nom="Autre", depuis="2025-01-01"), "a_corriger": ""})
    found = check([later], KNOWN, kept=kept)
    assert "« ARRAS-01 » porte « Crèche Les Lutins » (dans le recensement en place)" in str(
        found.errors[0]
    )


def test_sheets_that_are_not_in_the_file_stay(tmp_path: Path) -> None:
    first = check([write(tmp_path / "a.csv", row()), write(tmp_path / "t.csv", total())], KNOWN)
    kept = as_rows(first)
    after = merged(
        census_contract(),
        kept,
        check([write(tmp_path / "a.csv", row(capacite="21"))], KNOWN),
        False,
    )
    assert after["totaux_communaux"] == kept["totaux_communaux"]
    assert after["offre"] != kept["offre"]


def test_communes_served_go_with_their_establishment(tmp_path: Path) -> None:
    served = write(tmp_path / "s.csv", {"identifiant": "ARRAS-01", "code_insee": "62099"})
    kept = as_rows(check([write(tmp_path / "a.csv", row()), served], KNOWN))
    other = check([write(tmp_path / "a.csv", row(identifiant="B"))], KNOWN)
    assert census_after(kept, other, False)["communes_desservies"] == []
    assert RIGHT["identifiant"] not in {r[0] for r in census_after(kept, other, False)["offre"]}
