"""What a mirror cannot give is said in French, with its place; nothing abnormal is opened."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import duckdb
import pytest
import tiny
import xlsxwriter
from fixtures.versions import make_settings, quiet
from generated import at_every_run

from observatory.errors import CheckError, SourceError
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.versions import warehouse
from pipelines.refresh import refresh

Con = duckdb.DuckDBPyConnection


def dropped(tmp_path: Path, name: str, content: bytes) -> Settings:
    path = tmp_path / "mirror" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    raw = tiny.write_raw(tmp_path / "raw")
    return make_settings(tmp_path, raw_dir=raw, mirror=tmp_path / "mirror")


def mirrored(tmp_path: Path, name: str, content: bytes) -> tuple[list[str], Con]:
    """What a refresh says of one file dropped in a mirror, and its version."""
    settings = dropped(tmp_path, name, content)
    lines: list[str] = []
    version = refresh(settings, parse(tiny.SIREN), lines.append)
    return lines, warehouse.connect(settings.processed_dir / version)


def refusal(tmp_path: Path, name: str, content: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        refresh(dropped(tmp_path, name, content), parse(tiny.SIREN), quiet)
    said = str(caught.value)
    assert str(tmp_path) not in said
    assert "\n" not in said
    return said


@pytest.mark.parametrize(
    ("rows", "line", "cause"),
    [
        (
            b"62001;\xe9vin;19000\n",
            2,
            "un caractère ne se lit pas en UTF-8",
        ),
        (
            b"62001;Aval;1\n62002;Bourg;20000;x\n",
            3,
            "4 cellules au lieu de 3",
        ),
        (
            b"62001;Aval;19000\nSource : Insee\n",
            3,
            "1 cellule au lieu de 3",
        ),
        (
            b"62001;Aval\n",
            2,
            "2 cellules au lieu de 3",
        ),
        (b'62001;"Aval;19000\n62002;B;1\n', 2, "un guillemet est de trop, ou n'est pas refermé"),
    ],
)
def test_a_faulty_line_is_told_in_french_with_its_place(
    tmp_path: Path, rows: bytes, line: int, cause: str
) -> None:
    found = refusal(tmp_path, "filosofi/FILO2021.csv", b"CODGEO;LIBGEO;Q221\n" + rows)
    place = f"FILO2021.csv, ligne {line} : le fichier n'a pas pu être lu jusqu'au bout"
    assert found.replace("\N{NO-BREAK SPACE}", " ").startswith(f"{place} : {cause}")


@pytest.mark.campaign
def test_every_file_that_is_not_read_is_named(tmp_path: Path) -> None:
    others = {
        "popref/2023/ensemble.csv": "x",
        "revenus/a.csv": "x",
        "perdu.csv": "x",
        "bpe/bpe24_communes.csv": "AN;DEPCOM;TYPEQU;NB_EQUIP\n2024;62001;D502;7\n",
        "filosofi/iris.csv": "CODGEO;LIBGEO\n",
        "equipment_minutes/ecoles_2025.csv": "depcom;typeeq_id;duree\n62001;C105;4\n",
    }
    for name, text in others.items():
        (tmp_path / "mirror" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mirror" / name).write_text(text)
    lines, con = mirrored(tmp_path, "popref/ensemble.xls", b"x")
    with con:
        assert con.execute("SELECT count(*) FROM bpe_row").fetchall() == [(0,)]
    for begin in (
        "popref/ensemble.xls : non lu, le format .xls",
        "popref/2023/ensemble.csv : non lu, il est dans un sous-dossier",
        "revenus/ : dossier non lu",
        "perdu.csv : non lu",
        "bpe24_communes.csv : nombre d'équipements",
        "ecoles_2025.csv : aucune ligne n'y est lue : rien de ce que l'observatoire compte en",
        "iris.csv : colonnes inconnues de la source « filosofi », fichier ignoré : il y manque",
    ):
        assert [line for line in lines if line.startswith(begin)], begin


# --- bounds


def test_a_workbook_that_spreads_over_billions_of_cells_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "siren")
        sheet.write("XFD1048576", 1)
    said = refusal(tmp_path, "dgcl/epcicom2026.xlsx", content.getvalue())
    assert "le classeur s'étend sur 1048576 lignes et 16384 colonnes" in said


def test_an_archive_compressed_beyond_belief_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.csv", b"0" * 30_000_000)
    said = refusal(tmp_path, "popref/a.zip", content.getvalue())
    assert "l'archive est anormale, elle est comprimée" in said


def geojson(code: str, shape: str) -> bytes:
    feature = f'{{"type":"Feature","properties":{{"code":"{code}","nom":"x"}},"geometry":{shape}}}'
    return f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode()


def square(west: float, south: float, side: float) -> str:
    e, n = west + side, south + side
    ring = [[west, south], [e, south], [e, n], [west, n], [west, south]]
    return f'{{"type":"Polygon","coordinates":[{ring}]}}'


@pytest.mark.parametrize(
    ("shape", "said"),
    at_every_run(
        2,
        [
            (square(650_000, 7_000_000, 5_000), "les coordonnées sont en mètres"),
            (square(-149, -17, 0.1), "loin de son département"),
            ('{"type":"Point","coordinates":[2.7,50.3]}', "geometry=contour"),
            (square(-1, 44, 6), "plus qu'aucune commune"),
        ],
    ),
)
def test_a_contour_that_cannot_be_is_refused(tmp_path: Path, shape: str, said: str) -> None:
    assert said in refusal(tmp_path, "contours/petit_2025.geojson", geojson("62001", shape))


def test_figures_out_of_range_stop_the_publication(tmp_path: Path) -> None:
    people = tiny.POPULATIONS.replace(";600", ";-42875").replace(";400", ";1000000000000")
    message = tiny.refused(
        tmp_path,
        {
            "popref/donnees_communes_rp2023.csv": people,
            "naissances/communes_2022.csv": tiny.FACTS.replace("50.30,2.80", "-17.5,-149.5"),
        },
    )
    said = tiny.told_by(message, "figures_in_range")
    for wanted in ("-42875", "1000000000000", "-17.5 ; -149.5", "ligne = 5"):
        assert wanted in said


@pytest.mark.campaign
def test_a_territory_without_its_contours_hears_which_and_what_to_bring(tmp_path: Path) -> None:
    shape = geojson("62001", square(2.65, 50.25, 0.1))
    lines, con = mirrored(tmp_path, "contours/a_2025.geojson", shape)
    con.close()
    (said,) = [line for line in lines if "sans contour officiel" in line]
    assert "Bourg (62002), Clos (62003), Dune (62004)" in said
    assert "les contours des communes du département 62" in said
    assert "official" not in said


@pytest.mark.campaign
def test_minutes_that_are_no_number_are_refused_with_their_line(tmp_path: Path) -> None:
    text = b"depcom;typeeq_id;duree\n62001;D502;4\n62001;D502;quatre\n"
    settings = dropped(tmp_path, "equipment_minutes/donnees_2025.csv", text)
    with pytest.raises(CheckError, match="ligne = 3, colonne = duree, valeur = quatre"):
        refresh(settings, parse(tiny.SIREN), quiet)
