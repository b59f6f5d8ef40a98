"""`observatory report` and `observatory export map`: files, exit statuses, errors in French."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from generated import OF_EACH_KIND, at_every_run
from PIL import Image
from pypdf import PdfReader
from rail import as_told, choose
from streamlit.testing.v1 import AppTest

from observatory.commands import main
from observatory.knowledge.nomenclature import nomenclature
from observatory.maps.measures import MEASURES, measures_of
from observatory.settings import ROOT, Settings

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(
    embedded_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Run a command on the published embedded default: its status and what it said."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))

    def command(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main.main(list(arguments))
        assert isinstance(stop.value.code, int)
        return stop.value.code, capfd.readouterr().err

    return command


@pytest.mark.campaign
def test_the_atlas_of_a_selection_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "dossier" / "atlas.pdf"
    status, said = run(
        "report", "atlas", "--out", str(out), "--commune", "62041", "--commune", "62013",
        "--service", "eaje", "--as-of", "2025-01-01", "--definition", "reference_dep",
    )  # fmt: skip
    assert (status, said) == (0, f"écrit : {out}\n")
    cover = PdfReader(out).pages[0].extract_text()
    assert "1er janvier 2025" in cover
    assert "Taux du département" in cover
    assert "Agny, Arras" in cover


SERVICES = sorted(nomenclature().services, key=lambda s: s not in OF_EACH_KIND)


@pytest.mark.parametrize("service", at_every_run(1, SERVICES))
def test_a_map_of_any_service_needs_no_measure(run: Run, tmp_path: Path, service: str) -> None:
    out = tmp_path / "carte.svg"
    assert run("export", "map", "--service", service, "--out", str(out))[0] == 0
    label = MEASURES[measures_of(service)[0]].label(nomenclature().services[service])
    assert label in unescape(out.read_text())
    document = tmp_path / "carte.html"
    assert run("export", "map", "--service", service, "--out", str(document))[0] == 0
    assert label in unescape(document.read_text())


@pytest.mark.campaign
def test_the_slides_are_printed_where_the_option_or_the_name_says_so(
    run: Run, tmp_path: Path
) -> None:
    named, asked, native = (tmp_path / n for n in ("comite.pdf", "comite.bin", "comite"))
    day = ("--as-of", "2026-11-22")
    assert run("report", "copil", "--out", str(named), *day)[0] == 0
    assert run("report", "copil", "--format", "pdf", "--out", str(asked), *day)[0] == 0
    assert run("report", "copil", "--out", str(native), *day)[0] == 0
    assert named.read_bytes() == asked.read_bytes()
    assert named.read_bytes().startswith(b"%PDF")
    assert native.read_bytes().startswith(b"PK")


@pytest.mark.campaign
def test_the_sheet_of_a_commune_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "fiche.pdf"
    assert run("report", "commune", "62041", "--out", str(out))[0] == 0
    assert "Arras" in PdfReader(out).pages[0].extract_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "commune", "99999", "--out", "x.pdf"), "commune absente du territoire : 99999"),
        (("report", "atlas", "--out", "x.pdf", "--commune", ""), "aucune commune choisie"),
        (("report", "atlas", "--out", "x.pdf", "--service", "creche"), "nomenclature"),
        (("report", "atlas", "--out", "x.pdf", "--definition", "norme"), "« norme » inconnu"),
        (("report", "atlas", "--out", "."), "c'est un dossier"),
        (("export", "map", "--out", "x.bmp"), "Finir le nom par .svg ou .png"),
        (("export", "map", "--out", "x.svg", "--commune", "99999"), "commune absente"),
        (
            ("export", "map", "--out", "x.svg", "--measure", "bonheur"),
            "mesure « bonheur » inconnue",
        ),
        (("export", "map", "--out", "x.svg", "--definition", "norm"), "besoin « norm » inconnu"),
        (("export", "map", "--out", "x.svg", "--definition", "custom"), "vont ensemble"),
        (
            ("export", "map", "--out", "x.svg", "--measure", "taux", "--representation", "cercles"),
            "cercles",
        ),
        (
            ("export", "map", "--out", "x.html", "--representation", "croises"),
            "classes de couleurs",
        ),
        (
            (
                "export", "map", "--out", "x.svg", "--service", "ludotheque",
                "--measure", "taux", "--representation", "croises",
            ),
            "ne se croisent pas",
        ),
    ],
)  # fmt: skip
def test_a_wrong_request_is_one_french_sentence_and_writes_nothing(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, error = run(*arguments)
    assert status == 1
    assert error.startswith("Erreur : ")
    assert said in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("report", "commune", "62041"), ("export", "map")])
def test_a_place_that_cannot_be_written_is_said(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "fichier").write_text("x")
    status, error = run(*command, "--out", str(tmp_path / "fichier" / "x.svg"))
    assert status == 1
    assert "le fichier ne peut pas être écrit" in error


def test_a_missing_file_name_is_a_wrong_usage(run: Run) -> None:
    status, error = run("report", "atlas")
    assert status == 2
    assert "il manque --out" in error


@pytest.mark.campaign
def test_a_map_goes_to_svg_and_png(run: Run, tmp_path: Path) -> None:
    asked = ("--service", "eaje", "--measure", "acces", "--commune", "62041", "--establishments")
    svg, png = tmp_path / "carte.svg", tmp_path / "carte.png"
    assert run("export", "map", *asked, "--out", str(svg), "--width", "900")[0] == 0
    assert run("export", "map", *asked, "--out", str(png), "--width", "900")[0] == 0
    root = ET.parse(svg).getroot()
    assert "accessibles" in "".join(root.itertext())
    assert "EAJE hors PSU" in "".join(root.itertext())
    with Image.open(png) as image:
        assert image.width == 1800


def test_a_target_typed_in_is_named_on_the_map(run: Run, tmp_path: Path) -> None:
    svg = tmp_path / "carte.svg"
    assert run("export", "map", "--out", str(svg), "--custom", "72.5")[0] == 0
    assert "objectif choisi (72,5)" in "".join(ET.parse(svg).getroot().itertext())


# --- page Fichiers


@pytest.fixture
def files_page(embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    return app.switch_page("observatory/ui/pages/fichiers.py")


def test_the_page_makes_the_atlas_of_what_is_chosen(files_page: AppTest) -> None:
    page = files_page.run()
    assert not page.exception
    choose(page, communes="62041")
    as_told(page)
    page.multiselect(key="atlas_services").set_value(["eaje"])
    page.button[0].click()
    page.run()
    assert not page.exception
    header, _, drawn = page.session_state["atlas_pdf"]
    assert header == "Arras"
    assert "Arras" in PdfReader(io.BytesIO(drawn)).pages[0].extract_text()
    assert "L'atlas est prêt : Arras" in page.success[0].value


def test_a_book_is_left_to_the_command_line(
    files_page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The page is run anew each time: what it reads is changed, not the page itself.
    from observatory.ui.shell import data

    real = data.ground

    def many(version: data.Version, today: date) -> data.Ground:
        return replace(real(version, today), communes={f"{n:05d}": "Commune" for n in range(230)})

    monkeypatch.setattr(data, "ground", many)
    page = files_page.run()
    assert "230 communes" in page.warning[0].value
    assert "observatory report atlas" in page.warning[0].value
    assert not page.button
