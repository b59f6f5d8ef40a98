"""The atlas: the legal order, every commune, the right figures, and text that stays text."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import tiny
from fixtures.versions import build, make_settings
from printed_pages import page_texts
from pypdf import PdfReader

from observatory.answers import gaps, sums
from observatory.answers.silent_services import silent_services
from observatory.errors import ObservatoryError, RequestError
from observatory.french import balance, numbers
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.measures import MEASURES, measures_of
from observatory.report import atlas as reports
from observatory.report.atlas import atlas, commune_sheet, to_pdf
from observatory.report.document import TO_COMPLETE, Block, Document, table
from observatory.report.facts import read
from observatory.report.legal import PARTS
from observatory.report.request import ReportRequest
from observatory.report.summary import _compulsory

DAY = date(2026, 11, 22)
ARRAS = "62041"
HOSTILE = '#panic("x") \\ $a_b$ *fin* <b> @ref [y] `z` // n'

Con = duckdb.DuckDBPyConnection
Version = Callable[..., Con]

# The article's own order.
LEGAL = (
    "Équipements, services et modes",
    "Besoins",
    "Zones où l'offre est insuffisante ou difficile d'accès",
    "Objectifs : maintenir, développer, redéployer",
    "Métiers et compétences",
    "Familles ayant des difficultés particulières",
    "Qualité",
    "Investissements",
    "Coûts",
    "Calendrier",
    "Indicateurs et évaluation",
)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, spaces of every width alike."""
    return [plain(text) for text in page_texts(pdf)]


def plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\u2060]+", " ", text.replace("\u00ad", ""))


def headings(document: Document, level: int) -> list[str]:
    return [b["text"] for b in document.blocks if b["kind"] == "heading" and b["level"] == level]


def tables(blocks: list[Block]) -> dict[str, Block]:
    return {b["caption"]: b for b in blocks if b["kind"] == "table"}


@pytest.fixture(scope="module")
def whole(embedded: Con) -> Document:
    return atlas(embedded, ReportRequest(Question(as_of=DAY)))


@pytest.fixture(scope="module")
def file(whole: Document) -> bytes:
    return to_pdf(whole)


@pytest.fixture(scope="module")
def printed(file: bytes) -> list[str]:
    return pages(file)


@pytest.fixture(scope="module")
def selection(embedded: Con) -> Document:
    return atlas(
        embedded, ReportRequest(Question(as_of=DAY), ("62041", "62013"), ("accueil_0_2", "alsh"))
    )


def test_the_map_of_a_service_shows_the_measure_that_the_page_opens_on(
    whole: Document, embedded: Con
) -> None:
    told = {b["alt"] for b in whole.blocks if b["kind"] == "picture"}
    for id_, service in nomenclature().services.items():
        if id_ in silent_services(embedded):
            continue
        label = MEASURES[measures_of(id_)[0]].label(service)
        assert any(t.startswith(f"Carte. {label} : ") for t in told), id_


# --- order and completeness


def test_parts_follow_the_order_of_the_article(whole: Document, printed: list[str]) -> None:
    titles = headings(whole, 1)
    assert titles[0] == "Synthèse du territoire"
    assert titles[-4:] == [
        "Cartes et tableaux par service",
        "Fiches des communes",
        "Territoires comparables",
        "Méthode et sources",
    ]
    legal = titles[1:12]
    for number, (title, words) in enumerate(zip(legal, LEGAL, strict=True), start=1):
        assert title.startswith(f"{number}. {words}")
    body = " ".join(printed[2:])
    at = 0
    for title in titles:  # a sheet may name a part that comes after it
        assert (at := body.find(plain(title), at)) >= 0, title


def test_the_bookmarks_are_those_titles(whole: Document, file: bytes) -> None:
    reader = PdfReader(io.BytesIO(file))
    top = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert [t for t in top if t != "Sommaire"] == headings(whole, 1)


def test_the_document_can_be_read_aloud(whole: Document) -> None:
    reader = PdfReader(io.BytesIO(to_pdf(replace(whole, blocks=whole.blocks[:12]))))
    root = reader.trailer["/Root"]
    assert str(root["/Lang"]).startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Atlas des services aux familles"


def test_the_needs_are_drawn_beside_the_offer_and_their_table(whole: Document) -> None:
    kinds = [(block["kind"], block.get("caption", "")) for block in whole.blocks]
    drawn = [n for n, (kind, _) in enumerate(kinds) if kind == "chart"]
    assert drawn
    for n in drawn:
        chart, (twin, caption) = whole.blocks[n], kinds[n + 1]
        assert (twin, "besoin selon ses définitions" in caption) == ("table", True)
        assert chart["categories"][0] == "Offre"
        assert len(chart["figures"]) == len(chart["values"]) == len(chart["categories"])
        assert all(figure in plain(chart["alt"]) for figure in map(plain, chart["figures"]))


def test_every_map_has_words_for_those_who_do_not_see_it(whole: Document, embedded: Con) -> None:
    maps = [b for b in whole.blocks if b["kind"] == "picture"]
    assert len(maps) == len(set(nomenclature().services) - silent_services(embedded))
    for picture in maps:
        counts = [int(n) for n in re.findall(r" : (\d+)(?= ;|\.)", picture["alt"])]
        assert sum(counts) == 46


def test_every_commune_has_its_sheet_in_the_order_of_the_names(
    embedded: Con, whole: Document, printed: list[str]
) -> None:
    titles = headings(whole, 2)
    names = gaps.communes(embedded)
    sheets = [t for t in titles if t in set(names.values())]
    assert sorted(sheets) == sorted(names.values())
    assert sheets.index("Écurie") < sheets.index("Fampoux")
    body = " ".join(printed)
    assert all(f"Commune {code}" in body for code in names)


def test_what_data_cannot_know_is_left_to_the_committee(whole: Document) -> None:
    left = [b for b in whole.blocks if b["kind"] == "to_complete"]
    assert len(left) == sum(bool(part.left) for part in PARTS) == 8
    assert {b["title"] for b in left} == {TO_COMPLETE}


# --- figures


def test_the_figures_of_arras_are_those_of_the_gap_table(
    embedded: Con, whole: Document, printed: list[str]
) -> None:
    found = gaps.gaps(embedded, Question("accueil_0_2", as_of=DAY, definition="potential"))
    row = found[found["code"] == ARRAS].iloc[0]
    assert row["supply"] == 849
    line = next(
        r
        for caption, t in tables(whole.blocks).items()
        if caption.startswith("Accueil du jeune enfant, tous modes : besoin, offre")
        for r in t["rows"]
        if r[0] == "Arras"
    )
    assert line[1] == f"≈\u202f{numbers.number(row['public'])}"
    assert line[2:6] == [
        numbers.number(row["need"]),
        "849",
        balance.cell(row["gap"]),
        numbers.rate(row["rate"]),
    ]
    assert any(f"Arras {plain(' '.join(line[1:6]))}" in page for page in printed)


def test_small_publics_have_no_rate_and_masked_supply_no_figure(whole: Document) -> None:
    lines = {
        r[0]: r
        for caption, t in tables(whole.blocks).items()
        if caption.startswith("Accueil du jeune enfant, tous modes : besoin, offre")
        for r in t["rows"]
    }
    assert lines["Basseux"][5] == "effectif trop faible"
    for masked in ("Écurie", "Étrun", "Saint-Martin-sur-Cojeul"):
        assert lines[masked][3:5] == ["masqué", "masqué"]
    # The total is rounded: no other commune stands masked beside these three.
    assert sum(line[3] == "masqué" for line in lines.values()) == 3


def test_services_with_types_of_day_name_the_one_they_show(embedded: Con, whole: Document) -> None:
    found = gaps.gaps(
        embedded, Question("alsh", as_of=DAY, day_type="mercredi", definition="territory")
    )
    total = found[found["code"].isna()].iloc[0]
    baseline = tables(whole.blocks)["État de référence au 22 novembre 2026"]
    line = next(r for r in baseline["rows"] if r[0].startswith("Accueils de loisirs"))
    assert line[0] == "Accueils de loisirs (ALSH), mercredi"
    assert line[baseline["headings"].index("Offre")] == numbers.number(total["supply"])
    # Beside it, what there was when the convention began.
    start = gaps.gaps(
        embedded,
        Question("alsh", as_of=date(2023, 1, 1), day_type="mercredi", definition="territory"),
    )
    at = baseline["headings"].index("Offre au 1er janvier 2023")
    assert line[at] == numbers.number(start[start["code"].isna()].iloc[0]["supply"])


def test_a_selection_prints_only_itself_and_adds_up(embedded: Con, selection: Document) -> None:
    body = " ".join(pages(to_pdf(selection)))
    others = set(gaps.communes(embedded).values()) - {"Arras", "Agny"}
    # The territory bears the name of one of them.
    assert [n for n in others if re.search(rf"\b{re.escape(n)}\b", body)] == []
    table = gaps.gaps(embedded, Question("accueil_0_2", as_of=DAY))
    both = sums.add_up(embedded, table, ["62041", "62013"])
    expected = both[both["definition"] == "potential"].iloc[0]
    summary = next(
        t for c, t in tables(selection.blocks).items() if c.startswith("Besoin, offre et manque")
    )
    assert summary["rows"][0][3:7] == [
        numbers.number(expected["need"]),
        numbers.number(expected["supply"]),
        balance.cell(expected["gap"]),
        numbers.rate(expected["rate"]),
    ]
    assert len(summary["rows"]) == 2
    maps = [b["svg"] for b in selection.blocks if b["kind"] == "picture"]
    assert len(maps) == 2
    assert all(svg.count("<title>") >= 3 and "Dainville" not in svg for svg in maps)


# --- a document that one prints


NEAR_EMPTY = 600
"""Characters under which a page is near empty."""


@pytest.mark.campaign
def test_no_page_of_a_small_atlas_is_near_empty(tiny_version: Version) -> None:
    document = atlas(tiny_version(), ReportRequest(Question(as_of=DAY)))
    printed = pages(to_pdf(document))
    # The cover says little, and the last page ends where the text does.
    assert [n for n, page in enumerate(printed[1:-1], start=2) if len(page) < NEAR_EMPTY] == []


def test_a_service_that_a_commune_lacks_without_need_is_named_in_one_line(whole: Document) -> None:
    start = next(n for n, b in enumerate(whole.blocks) if b.get("text") == "Acq")
    entry = whole.blocks[start : start + whole.blocks[start]["keeps"] + 1]
    (services,) = [t for c, t in tables(entry).items() if c.startswith("Besoin, offre et manque")]
    shown = [row[0] for row in services["rows"]]
    (said,) = [b["text"] for b in entry if b.get("text", "").startswith("Sans offre")]
    # What lacks by a need of its own stays in the table, though nothing is offered.
    line = next(row for row in services["rows"] if row[0] == "EAJE")
    assert (line[4], plain(line[-2])) == ("0", "il manque 7")
    for short in ("ludothèque", "centre social", "ALSH"):
        assert short in said
        assert not any(short.lower() in name.lower() for name in shown)


def test_communes_without_supply_are_those_known_to_have_none(
    embedded: Con, whole: Document
) -> None:
    (table,) = [
        t for c, t in tables(whole.blocks).items()
        if c.startswith("Lieux d'accueil enfants-parents (LAEP) : besoin, offre")
    ]  # fmt: skip
    found = gaps.gaps(embedded, Question("laep", as_of=DAY)).dropna(subset=["code"])
    none = set(found.loc[found["supply"].eq(0), "name"])
    assert none
    assert {row[0] for row in table["rows"][:-1]} == set(found["name"]) - none
    note = whole.blocks[whole.blocks.index(table) + 1]["text"]
    assert set(note.removesuffix(".").partition(" : ")[2].split(", ")) == none


@pytest.mark.campaign
def test_every_type_of_day_of_a_commune_is_side_by_side(embedded: Con, whole: Document) -> None:
    table = tables(whole.blocks)[
        "Accueils de loisirs (ALSH) : offre par commune et type de jour, en places"
    ]
    arras = next(row for row in table["rows"] if row[0] == "Arras")
    for heading, cell in zip(table["headings"][2:], arras[2:], strict=True):
        day = next(d for d, w in nomenclature().day_types.items() if w == heading.lower())
        found = gaps.gaps(embedded, Question("alsh", as_of=DAY, day_type=day))
        assert cell == numbers.number(found[found["code"] == ARRAS].iloc[0]["supply"])
    assert all(set(row[2:]) != {"0"} for row in table["rows"])


@pytest.mark.campaign
def test_forty_six_communes_are_under_sixty_pages_and_none_near_empty(printed: list[str]) -> None:
    assert len(printed) < 60
    assert [n for n, page in enumerate(printed[1:], start=2) if len(page) < NEAR_EMPTY] == []


# --- warnings and words


def test_the_cover_warns_of_a_demonstration(whole: Document, printed: list[str]) -> None:
    assert "Communauté urbaine d'Arras" in printed[0]
    assert "22 novembre 2026" in printed[0]
    assert "Document de démonstration" in printed[0]
    assert all("Démonstration : offre inventée" in page for page in printed[1:])
    assert all("Page " in page for page in printed[1:])


@pytest.mark.campaign
def test_real_data_bear_no_such_warning(
    embedded: Con, whole: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = read(embedded, ReportRequest(Question(as_of=DAY), (ARRAS,), ("eaje",)))
    monkeypatch.setattr(
        reports, "read", lambda *_: replace(reading, info={**reading.info, "demonstration": False})
    )
    document = atlas(embedded, ReportRequest(Question(as_of=DAY), (ARRAS,), ("eaje",)))
    assert document.warning == document.warning_short == ""


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Con]:
    """A territory whose communes and establishments bear names that Typst could run."""
    raw = tiny.write_raw(tmp_path / "raw")
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    for path in raw.rglob("*.csv"):
        text = path.read_text(encoding="utf-8")
        named = re.sub(r"(?<=[;,])(Bourg|Micro 1)(?=[;,\n])", lambda _: quoted, text)
        path.write_text(named, "utf-8")
    con = build(make_settings(tmp_path, raw_dir=raw), tiny.SIREN)
    yield con
    con.close()


@pytest.mark.campaign
def test_a_hostile_name_is_printed_as_it_is_written(hostile: Con) -> None:
    assert HOSTILE in gaps.communes(hostile).values()
    assert HOSTILE in set(gaps.establishments(hostile, DAY)["name"])
    body = " ".join(pages(to_pdf(atlas(hostile, ReportRequest(Question(as_of=DAY))))))
    squeezed = body.replace(" ", "")
    # In the list of establishments, in the tables of the services and on the commune's own sheet.
    assert squeezed.count(HOSTILE.replace(" ", "")) > 3


def test_the_sheet_of_one_commune(embedded: Con) -> None:
    document = commune_sheet(embedded, ARRAS, ReportRequest(Question(as_of=DAY)))
    printed = pages(to_pdf(document))
    assert len(printed) <= 2
    assert "849" in printed[0]
    assert "Taux publié par la Caf (2023) : 57,7." in printed[0]
    assert "autorité organisatrice" in " ".join(printed)
    assert "Fiabilité" in " ".join(printed)
    lines = {r[0]: r for t in tables(document.blocks).values() for r in t["rows"]}
    assert lines["EAJE"][5:8] == ["194", "119", "118"]  # public, associatif, privé


# --- what is refused


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (ReportRequest(Question(as_of=DAY), ("99999",)), "99999"),
        (ReportRequest(Question(as_of=DAY), ()), "aucune commune"),
        (ReportRequest(Question(as_of=DAY), None, ()), "aucun service"),
        (ReportRequest(Question(as_of=DAY), None, ("creches",)), "creches"),
        (ReportRequest(Question(definition="folie", as_of=DAY), None, None), "folie"),
        (ReportRequest(Question(definition="custom", as_of=DAY), None, None), "custom"),
    ],
)
def test_a_wrong_request_is_refused_in_french(
    embedded: Con, request_: ReportRequest, said: str
) -> None:
    with pytest.raises(RequestError, match=said):
        read(embedded, request_)


def test_a_table_has_one_cell_a_heading() -> None:
    with pytest.raises(ValueError, match="one cell"):
        table("x", ["a", "b"], [["1"]])


@pytest.mark.campaign
def test_progress_goes_from_nothing_to_the_end(embedded: Con) -> None:
    told: list[tuple[str, float]] = []
    document = atlas(
        embedded,
        ReportRequest(Question(as_of=DAY), (ARRAS,), ("eaje",)),
        lambda step, share: told.append((step, share)),
    )
    to_pdf(document, lambda step, share: told.append((step, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert "Fiche : Arras" in [step for step, _ in told]


def test_what_typst_keeps_is_kept_by_no_server(
    whole: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typst holds on to all it has drawn: it never runs inside the process that serves."""
    monkeypatch.setitem(sys.modules, "typst", None)
    assert to_pdf(replace(whole, blocks=whole.blocks[:3])).startswith(b"%PDF")


def test_a_document_that_cannot_be_drawn_is_said_in_french(whole: Document) -> None:
    strange = replace(whole, blocks=[{"kind": "picture", "svg": "no picture", "alt": "x"}])
    with pytest.raises(ObservatoryError, match="n'a pas pu être mis en page"):
        to_pdf(strange)


def test_blocks_are_plain_data(whole: Document) -> None:
    json.dumps(whole.blocks, allow_nan=False)


def test_a_duty_that_nobody_can_tell_is_not_counted_as_absent() -> None:
    assert _compulsory(pd.Series([True, False, None, True], dtype=object)) == "2 (inconnu : 1)"
    assert _compulsory(pd.Series([True, False], dtype=object)) == "1"
