"""The slides of a committee, read back: native, footed, and nothing that may not be told."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import pptx
import pytest
import tiny
from committee import (
    DAY,
    PLAN,
    PRIVATE,
    UNTOLD,
    copil_of,
    every_text,
    settings_of,
    slides_of,
    texts_of_slide,
)
from plan_files import action
from printed_pages import page_texts
from pypdf import PdfReader

from observatory.errors import RequestError
from observatory.knowledge.question import Question
from observatory.report import written_parts
from observatory.report.changed_since import changed_table
from observatory.report.copil import MOST
from observatory.report.copil_figures import lack_sentence, needs_chart
from observatory.report.document import table
from observatory.report.facts import read
from observatory.report.open_points import open_points
from observatory.report.pptx_file import pptx_file
from observatory.report.request import ReportRequest
from observatory.report.slides import Deck, Slide, lines_of
from observatory.report.slides_pdf import slides_pdf
from observatory.settings import Settings

Con = duckdb.DuckDBPyConnection
QUESTION = "Faut-il fermer le local"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("copil")
    settings = settings_of(folder, tiny.write_raw(folder / "raw"), tiny.SIREN, PLAN)
    written_parts.load(settings.census_dir, {"questions": f"{QUESTION} ?"})
    return settings


@pytest.fixture(scope="module")
def content(planned: Settings) -> bytes:
    return copil_of(planned)


@pytest.fixture(scope="module")
def show(content: bytes) -> object:
    return pptx.Presentation(io.BytesIO(content))


@pytest.fixture(scope="module")
def public_show(planned: Settings) -> object:
    """The slides for the public, of what changed since a day that was asked."""
    return slides_of(planned, public=True, since=date(2025, 1, 1))


def titles(show: object) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in show.slides]  # type: ignore[attr-defined]


def test_slides_are_wide_few_and_each_says_its_sources_its_day_and_its_version(show) -> None:  # type: ignore[no-untyped-def]
    assert show.slide_width / show.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert 8 <= len(show.slides) <= MOST
    assert all(titles(show))
    for slide in show.slides:
        said = list(texts_of_slide(slide))
        assert any(text.startswith(("Source :", "Sources :", "Source\u00a0:", "Sources\u00a0:"))
                   for text in said)  # fmt: skip
        assert any("Offre au 22/11/2026 · version " in text for text in said)


def test_tables_and_chart_are_native_and_what_is_drawn_has_words(show) -> None:  # type: ignore[no-untyped-def]
    shapes = [shape for slide in show.slides for shape in slide.shapes]
    assert sum(shape.has_table for shape in shapes) >= 4
    drawn = [s for s in shapes if s.has_table or s.has_chart or s.shape_type == 13]
    assert all(s._element.xpath(".//p:cNvPr")[0].get("descr") for s in drawn)
    assert any(s.shape_type == 13 for s in shapes)


@pytest.mark.campaign
def test_the_need_is_a_native_chart_of_every_definition(embedded: Con) -> None:
    reading = read(embedded, ReportRequest(Question(as_of=DAY)))
    block = needs_chart(reading, "accueil_0_2")
    assert block is not None
    deck = Deck("x", "pied", "2026-11-22T09:00:00+00:00", (Slide("Besoin", body=(block,)),))
    (slide,) = pptx.Presentation(io.BytesIO(pptx_file(deck))).slides
    (drawn,) = [s.chart for s in slide.shapes if s.has_chart]
    told = [r for r in reading.definitions("accueil_0_2") if r["definition"] != "territory"]
    assert len(told) == 7
    assert drawn.plots[0].categories[0] == "Offre"
    assert list(drawn.plots[0].series[0].values) == [
        round(reading.total("accueil_0_2")["supply"]), *(round(r["need"]) for r in told)
    ]  # fmt: skip


def test_a_territory_is_told_in_a_sentence_with_a_range(embedded: Con) -> None:
    reading = read(embedded, ReportRequest(Question(as_of=DAY)))
    assert lack_sentence(reading, "assistants_maternels").startswith(
        "il manque des places selon 3 façons de compter sur 4, de "
    )
    assert (
        lack_sentence(reading, "eaje")
        == "l'offre atteint le besoin selon 4 façons de compter sur 4"
    )
    assert lack_sentence(reading, "alsh") == "ce qui manque est inconnu"


def test_no_shape_leaves_the_slide_nor_covers_the_foot(show) -> None:  # type: ignore[no-untyped-def]
    for slide in show.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + shape.height <= show.slide_height
            if shape.has_table:
                rows = sum(row.height for row in shape.table.rows)
                assert (shape.top + rows) / 914400 <= 6.46


def test_a_name_stays_the_text_that_it_is(show) -> None:  # type: ignore[no-untyped-def]
    assert '=HYPERLINK("x") <b>&amp; "\\ {{y}}' in every_text(show)


def test_a_baseline_that_the_version_does_not_tell_is_not_told(show) -> None:  # type: ignore[no-untyped-def]
    said = every_text(show)
    assert "7777" not in said.replace("\u202f", "")
    assert str(UNTOLD) == "7777"
    assert "masqué" in said


def test_a_public_show_holds_nothing_that_was_not_marked_public(show, public_show) -> None:  # type: ignore[no-untyped-def]
    assert QUESTION in every_text(show)
    said = every_text(public_show)
    assert PRIVATE not in said
    assert QUESTION not in said
    assert "Plan d'actions : 1 action" in said.replace("\u00a0", " ")


def test_without_a_marked_scenario_no_slide_is_of_one(show) -> None:  # type: ignore[no-untyped-def]
    assert "Et si…" not in every_text(show)


# --- the same slides as a PDF


@pytest.fixture(scope="module")
def printed(planned: Settings) -> bytes:
    return copil_of(planned, kind="pdf")


def squeezed(text: str) -> str:
    """Text whose spaces, line ends and places to part a word count for nothing."""
    return re.sub(r"[\s\u00a0\u202f\u200b]+", "", text)


def pages_of(content: bytes) -> list[str]:
    return [squeezed(text) for text in page_texts(content)]


@pytest.mark.campaign
def test_the_pages_hold_the_words_and_the_figures_of_the_slides(show, printed: bytes) -> None:  # type: ignore[no-untyped-def]
    pages = pages_of(printed)
    assert len(pages) == len(show.slides)
    for rank, (page, slide) in enumerate(zip(pages, show.slides, strict=True), start=1):
        assert page.endswith(str(rank)) or str(rank) in page
        for shape in slide.shapes:
            if shape.has_text_frame and not shape.is_placeholder:
                for paragraph in shape.text_frame.paragraphs:
                    assert squeezed(paragraph.text) in page
            if shape.has_table:
                for row in shape.table.rows:
                    assert "".join(squeezed(cell.text) for cell in row.cells) in page
        assert squeezed(slide.shapes.title.text_frame.text) in page


def test_the_pages_are_wide_tagged_and_dated_of_the_data(printed: bytes) -> None:
    reader = PdfReader(io.BytesIO(printed))
    for page in reader.pages:
        assert page.mediabox.width / page.mediabox.height == pytest.approx(16 / 9, rel=1e-3)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("fr")
    assert b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.campaign
def test_the_bars_bear_the_figures_of_the_native_chart(embedded: Con) -> None:
    reading = read(embedded, ReportRequest(Question(as_of=DAY)))
    block = needs_chart(reading, "accueil_0_2")
    assert block is not None
    deck = Deck("x", "pied", "2026-11-22T09:00:00+00:00", (Slide("Besoin", body=(block,)),))
    (page,) = pages_of(slides_pdf(deck))
    for label, value in zip(block["categories"], block["values"], strict=True):
        assert f"{squeezed(label)}{round(value)}" in page


@pytest.mark.campaign
def test_a_public_show_printed_holds_nothing_that_was_not_marked_public(
    planned: Settings, printed: bytes
) -> None:
    whole = "".join(pages_of(printed))
    public = "".join(pages_of(copil_of(planned, kind="pdf", public=True)))
    for told in (PRIVATE, squeezed(QUESTION)):
        assert told in whole
        assert told not in public
    assert squeezed("Plan d'actions : 1 action") in public


def test_a_long_word_stays_in_its_cell() -> None:
    block = {**table("t", ["Nom", "Nombre"], [["x" * 60, "12"]], widths=[1, 9]), "size": 18.0}
    deck = Deck("x", "", "2026-11-22", (Slide("Mots", body=(block,)),))
    (page,) = PdfReader(io.BytesIO(slides_pdf(deck))).pages
    reached: list[float] = []
    page.extract_text(visitor_text=lambda text, cm, tm, *_: reached.append(
        tm[4] + cm[4] + 9 * text.count("x")) if "x" in text else None)  # fmt: skip
    assert reached
    assert max(reached) < (0.6 + 12.133 / 10) * 72


# ---


def test_changes_are_told_since_the_last_meeting_or_the_day_asked(  # type: ignore[no-untyped-def]
    planned: Settings, show, public_show
) -> None:
    assert "depuis le 1er janvier 2022 (dernière réunion)" in every_text(show)
    assert "depuis le 1er janvier 2025 (date choisie)" in every_text(public_show)
    with pytest.raises(RequestError, match="n'est pas avant"):
        copil_of(planned, since=DAY)


def test_the_figures_that_changed_tell_each_another_fact(embedded: Con) -> None:
    reading = read(embedded, ReportRequest(Question(as_of=DAY)))
    found, count, compared = changed_table(reading, date(2025, 4, 10))
    assert compared
    assert count >= len(found["rows"]) == 5
    # A crèche is part of the EAJE, which are part of all modes: one supply is told, and of one
    # type of day of the ALSH, and one rate each.
    told = [row[0].split(" : ") for row in found["rows"]]
    childcare = ("crèche", "EAJE", "jeune enfant", "maternel")
    for measure in ("Offre", "Taux", "Communes en manque"):
        named = [name for kind, name in told if kind == measure]
        assert sum(any(word in name for word in childcare) for name in named) <= 1
        assert sum("ALSH" in name for name in named) <= 1
    # The change is that of the two figures that are read.
    for row in found["rows"]:
        first, last, move = (
            float(cell.replace("\u202f", "").replace(",", ".").replace("\u2212", "-"))
            for cell in row[2:]
        )
        assert move == pytest.approx(last - first)


def test_what_opened_and_closed_is_counted_by_hand(show) -> None:  # type: ignore[no-untyped-def]
    # Since the first of January 2022: E2, S1 and S4 closed; M2 opened (E3 opened that very day).
    (title,) = [t for t in titles(show) if "ouverture" in t and "dernière réunion" in t]
    assert title.startswith("1 ouverture et ")
    (grid,) = [
        s.table for slide in show.slides for s in slide.shapes
        if s.has_table and s.name == "Ouvertures et fermetures"
    ]  # fmt: skip
    named = {(row.cells[1].text, row.cells[2].text) for row in grid.rows}
    assert ("Ouverture", "Micro 2") in named
    assert ("Fermeture", "Le Nid") in named


@pytest.mark.campaign
def test_the_same_show_is_the_same_bytes(planned: Settings, content: bytes, printed: bytes) -> None:
    assert copil_of(planned) == content
    assert copil_of(planned, kind="pdf") == printed


@pytest.mark.campaign
def test_a_long_plan_is_parted_and_says_what_is_left(tmp_path: Path) -> None:
    many = [
        action(identifiant=f"A{n}", titre="Une action au titre très long " * 4,
               statut="En cours", fin="2025-01-01")
        for n in range(70)
    ]  # fmt: skip
    settings = settings_of(tmp_path, tiny.write_raw(tmp_path / "raw"), tiny.ABC, {"actions": many})
    show = slides_of(settings)
    assert len(show.slides) == MOST
    said = every_text(show)
    assert "(suite)" in said
    assert "autres lignes, dans le schéma" in said
    assert "de plus, dans le schéma" in said or "autres questions" in said


@pytest.mark.parametrize(
    ("changes", "territory"),
    [
        pytest.param(
            tiny.NO_CENSUS,
            tiny.ABC,
            id="no census",
        ),
        # whose ages nobody published
        pytest.param({}, "62004", id="one commune", marks=pytest.mark.campaign),
    ],
)
def test_what_is_unknown_is_said_so_and_never_zero(
    tmp_path: Path, changes: dict[str, None], territory: str
) -> None:
    raw = tiny.write_raw(tmp_path / "raw", changes)
    show = slides_of(settings_of(tmp_path, raw, territory))
    said = every_text(show).replace("\u00a0", " ")
    assert "Aucun plan d'actions n'est chargé" in said
    if not changes:
        assert 8 <= len(show.slides) <= MOST
        assert "inconnu" in titles(show)[0]
        assert "Ce qui est connu aux deux dates y est égal." in said  # the relay that serves Dune
    else:
        # Said once, with what to do next; no slide is there to say « unknown » again.
        assert "l'offre reste à recenser" in titles(show)[0]
        assert sum("reste à recenser" in title for title in titles(show)) == 2
        assert not any("inconnu" in title for title in titles(show)[1:3])
        assert "observatory census template" in said
        assert "Ce que la loi demande aux communes" in titles(show)
        assert any(title.startswith("Demain") for title in titles(show))
        assert "Simulation, pas prévision" in said
    assert " 0 place" not in said


def test_a_demonstration_is_marked_on_every_slide(embedded_settings: Settings) -> None:
    for slide in slides_of(embedded_settings).slides:
        said = "\n".join(texts_of_slide(slide))
        assert "Démonstration\u00a0: offre inventée · Plan de démonstration · Offre au" in said


def test_lines_are_counted_for_the_widest_typeface() -> None:
    assert lines_of("mot", 12, 3) == ["mot"]
    assert len(lines_of("un mot puis un autre " * 10, 18, 3)) > 5


@pytest.mark.campaign
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_opens_every_slide(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "copil.pptx").write_bytes(content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/own", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "copil.pptx")],
        check=True, timeout=300, capture_output=True,
    )  # fmt: skip
    pages = PdfReader(tmp_path / "copil.pdf").pages
    assert 8 <= len(pages) <= MOST
    assert all("version" in page.extract_text() for page in pages)


def test_an_action_late_because_it_has_not_begun_says_so_and_not_that_its_end_is_past() -> None:
    rows = [("A1", "a_venir", "2025-01-01", "2026-12-31"), ("A2", "en_cours", None, "2025-01-31")]
    actions = pd.DataFrame(rows, columns=["action", "status", "first_day", "last_day"]).assign(
        title="Forum", late=True, structure="CCAS"
    )
    actions[["first_day", "last_day"]] = actions[["first_day", "last_day"]].apply(pd.to_datetime)
    plan = SimpleNamespace(actions=actions, standing=pd.DataFrame(), day=date(2025, 6, 1))
    first, second = open_points(plan)  # type: ignore[arg-type]
    assert "devait commencer le 1er janvier 2025 et reste à venir" in first
    assert "échéance" not in first
    assert "est en retard (échéance : 31 janvier 2025)" in second
