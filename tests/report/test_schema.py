"""The schéma, read back: the legal order, what planners wrote, and nothing that may not be told."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
import tiny
from committee import PLAN, PRIVATE, every_word, file_of, schema_of, settings_of
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from observatory.errors import RequestError
from observatory.report import written_parts
from observatory.report.docx_file import fair_widths
from observatory.report.legal import PARTS
from observatory.report.office_text import clean
from observatory.settings import Settings

WRITTEN = "Les familles du territoire travaillent tôt & tard."


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("schema")
    settings = settings_of(folder, tiny.write_raw(folder / "raw"), tiny.SIREN, PLAN)
    written_parts.load(
        settings.census_dir,
        {
            "forces": f"{WRITTEN}\n\n- Un réseau\n- Des lieux",
            "questions": "Fermer le local ?",
            "conclusion": "À suivre.",
        },
    )
    return settings


@pytest.fixture(scope="module")
def content(planned: Settings) -> bytes:
    return schema_of(planned)


@pytest.fixture(scope="module")
def file(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def headings(file: Any, level: int) -> list[str]:
    return [p.text for p in file.paragraphs if p.style.name == f"Heading {level}"]


def test_parts_follow_the_article_with_the_annexes_of_the_convention(file: Any) -> None:
    titles = headings(file, 1)
    numbered = [t for t in titles if t[0].isdigit()]
    assert numbered == [clean(f"{n}. {part.title}") for n, part in enumerate(PARTS, 1)]
    assert titles[:2] == ["Introduction", "Synthèse du territoire"]
    assert titles[5] == "Forces, faiblesses et enjeux"
    assert [t for t in titles if t.startswith("Annexe")] == [
        "Annexe 1. Fiches des actions", "Annexe 2. Cartes par service",
        "Annexe 3. Méthode et sources",
    ]  # fmt: skip
    assert [q.partition("\u00a0")[0] for q in headings(file, 3)] == [
        "Ce que disent les chiffres", "Cohérence", "Atteinte", "Moyens", "Durabilité",
    ]  # fmt: skip


def test_styles_contents_captions_and_headers_are_those_of_the_program(file: Any) -> None:
    used = {p.style.name for p in file.paragraphs}
    assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Bullet"} <= used
    codes = [e.text for e in file.element.body.iter(qn("w:instrText"))]
    assert sum(" TOC " in code for code in codes) == 1
    captions = [p.text for p in file.paragraphs if p.style.name == "Caption"]
    assert sum(" SEQ Tableau " in code for code in codes) == sum(
        c.startswith("Tableau") for c in captions
    )
    for grid in file.tables:
        assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    marks = {e.get(qn("w:name")) for e in file.element.body.iter(qn("w:bookmarkStart"))}
    led = {e.get(qn("w:anchor")) for e in file.element.body.iter(qn("w:hyperlink"))}
    assert led
    assert led <= marks


def test_maps_have_words_and_pages_their_day_and_version(file: Any) -> None:
    assert len(file.inline_shapes) >= 2
    assert all(s._inline.docPr.get("descr").startswith("Carte") for s in file.inline_shapes)
    foot = file.sections[0].footer.paragraphs[0].text
    assert foot.startswith("Offre au 22/11/2026 · version ")


def test_what_planners_wrote_survives_a_new_vintage(
    planned: Settings, file: Any, tmp_path: Path
) -> None:
    before = every_word(file)
    older = {"popref/donnees_communes_rp2023.csv": tiny.POPULATIONS.replace("7000", "7111")}
    later = settings_of(tmp_path, tiny.write_raw(tmp_path / "raw", older), tiny.SIREN)
    shutil.copytree(planned.census_dir, later.census_dir)
    after = every_word(file_of(later))
    assert before != after
    for said in (before, after):
        assert WRITTEN in said
        assert "À suivre." in said


def test_bullets_and_questions_of_planners_are_put_back(file: Any) -> None:
    bullets = [p.text for p in file.paragraphs if p.style.name == "List Bullet"]
    assert {"Un réseau", "Des lieux", "Fermer le local\u00a0?"} <= set(bullets)


@pytest.mark.campaign
def test_a_public_schema_holds_nothing_that_was_not_marked_public(
    planned: Settings, file: Any
) -> None:
    assert PRIVATE in every_word(file)
    said = every_word(file_of(planned, public=True))
    assert PRIVATE not in said
    assert "Fermer le local" not in said
    assert WRITTEN in said


def test_names_stay_text_and_hidden_figures_hidden(file: Any) -> None:
    said = every_word(file)
    assert '=HYPERLINK("x") <b>&amp; "\\ {{y}}' in said
    assert "7777" not in said.replace("\u202f", "")
    assert "masqué" in said


@pytest.mark.campaign
def test_the_same_schema_is_the_same_bytes(planned: Settings, content: bytes) -> None:
    assert schema_of(planned) == content


@pytest.mark.campaign
def test_without_plan_nor_census_the_spaces_to_fill_are_all_there(tmp_path: Path) -> None:
    raw = tiny.write_raw(tmp_path / "raw", tiny.NO_CENSUS)
    settings = settings_of(tmp_path, raw, "62004")
    said = every_word(file_of(settings)).replace("\u00a0", " ")
    assert said.count("À compléter par le comité de pilotage") >= 12
    assert "Aucun plan d'actions n'est chargé." in said
    assert "inconnu" in said


def test_columns_make_room_for_their_longest_word() -> None:
    rows = [["Un titre", "Établissement", "n"], ["a b c d", "x", "1"]]
    widths = fair_widths(rows, [10, 1, 1], 9, 17)
    assert sum(widths) == pytest.approx(17)
    assert widths[1] > 17 / 12


# --- what planners write


def test_texts_are_loaded_whole_put_back_and_undone(tmp_path: Path) -> None:
    census = tmp_path / "census"
    folder = tmp_path / "textes"
    folder.mkdir()
    for name, content in written_parts.files_of({"enjeux": WRITTEN}).items():
        (folder / name).write_bytes(content)
    (folder / "forces.txt").write_bytes("Déjà là".encode("cp1252"))
    given = written_parts.check([folder])
    assert written_parts.load(census, given)
    assert written_parts.read(census) == {"forces": "Déjà là", "enjeux": WRITTEN}
    assert not written_parts.load(census, written_parts.check([folder]))
    assert written_parts.load(census, {"forces": ""})
    assert list(written_parts.read(census)) == ["enjeux"]
    written_parts.texts_store(census).undo()
    assert list(written_parts.read(census)) == ["forces", "enjeux"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("forces.txt", "Bien.\nMme Dupont s'en charge.", "ligne 2"),
        ("forces.txt", "Appeler le 03 21 00 00 00.", "numéro de téléphone"),
        ("forces.txt", "Écrire à a.b@exemple.fr", "adresse électronique"),
        ("forces.txt", "Vu avec Mme\nDupont", "nom d'une personne"),
        ("forces.txt", "a" * 20_001, "trop long"),
        ("autre.txt", "Bien.", "Garder les noms du modèle"),
    ],
)
def test_a_text_that_tells_of_a_person_or_has_no_place_is_refused(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError, match=said) as caught:
        written_parts.check([path])
    assert "Dupont" not in str(caught.value)


def test_the_address_of_an_establishment_may_be_written(tmp_path: Path) -> None:
    path = tmp_path / "enjeux.txt"
    path.write_text("Le relais, 3 rue de la Paix, manque de place.", encoding="utf-8")
    assert "rue de la Paix" in written_parts.check([path])["enjeux"]


@pytest.mark.campaign
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_opens_the_schema(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "schema.docx").write_bytes(content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/own", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "schema.docx")],
        check=True, timeout=300, capture_output=True,
    )  # fmt: skip
    pages = [page.extract_text() for page in PdfReader(tmp_path / "schema.pdf").pages]
    assert len(pages) > 8
    assert all("version" in page for page in pages)


def test_two_maps_stand_on_a_page_and_weigh_little(content: bytes) -> None:
    book = docx.Document(io.BytesIO(content))
    assert book.inline_shapes
    for shape in book.inline_shapes:
        # 25,7 cm of a page less twice a heading, a caption and two lines of a sentence.
        assert shape.height.cm <= 9.2
        assert shape.width.cm <= 13.5
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        pictures = [n for n in parts.namelist() if n.endswith(".png")]
        assert pictures
        for name in pictures:
            with Image.open(io.BytesIO(parts.read(name))) as drawn:
                assert drawn.mode == "P"
