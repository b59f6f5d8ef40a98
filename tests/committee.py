"""What is read back from the documents of a committee, and the plan that they are made of."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pptx
from fixtures.versions import kept_version, make_settings
from plan_files import Lines, action, book, bound, typed

from observatory.plan import plan_store
from observatory.plan.plan_check import check
from observatory.report.committee_files import copil_bytes, schema_bytes
from observatory.settings import Settings
from observatory.versions import warehouse

DAY = date(2026, 11, 22)
PRIVATE = "secret-de-travail"
HOSTILE = '=HYPERLINK("x") <b>&amp; "\\ {{y}} \u2028fin'
UNTOLD = 7777
PLAN: Mapping[str, Lines] = {
    "actions": [
        action(titre=HOSTILE, public="oui", statut="En cours", fin="2026-01-31",
               pilote=f"Directrice {PRIVATE}", coherence=PRIVATE, moyens=PRIVATE),
        action(identifiant="A2", titre=f"Forum {PRIVATE}", axe="Accès aux droits",
               statut="Réalisé", durabilite="Des effets durables."),
    ],
    "etapes": [{"action": "A1", "etape": "Choix du local", "echeance": "2025-06-30"}],
    "financements": [
        {"action": "A1", "financeur": "Caf", "annee": 2025, "montant_euros": 12500},
        {"action": "A2", "financeur": PRIVATE, "annee": 2025, "montant_euros": 5},
    ],
    "indicateurs": [
        bound(depart="25"),
        bound(identifiant="I3", service="assistants_maternels", mesure="offre",
              communes="62004", depart=str(UNTOLD)),
        typed(action="A2", nom=PRIVATE),
    ],
    "releves": [{"indicateur": "I2", "date": "2025-09-01", "valeur": 140}],
    "instances": [{"nom": "Comité de pilotage"}],
    "reunions": [
        {"instance": "Comité de pilotage", "date": "2022-01-01", "decision": PRIVATE}
    ],
    "contributions": [{"date": "2025-05-17", "origine": "Jeunes", "contribution": PRIVATE}],
}  # fmt: skip


def settings_of(
    folder: Path, raw_dir: Path, territory: str, plan: Mapping[str, Lines] | None = None
) -> Settings:
    """A version in service, with a plan of its own beside it."""
    plain = make_settings(folder, raw_dir=raw_dir)
    made = kept_version(plain, territory).parent
    settings = make_settings(folder, raw_dir=raw_dir, processed_dir=made)
    if plan:
        checked = check([book(folder / "plan.xlsx", **plan)])
        assert checked.errors == []
        assert plan_store.load(settings.census_dir, checked)
    return settings


def slides_of(settings: Settings, **asked: Any) -> Any:
    """The slide show, read back."""
    return pptx.Presentation(io.BytesIO(copil_of(settings, **asked)))


def copil_of(settings: Settings, **asked: Any) -> bytes:
    with warehouse.in_service(settings) as con:
        return copil_bytes(con, settings, asked.pop("day", DAY), **asked)


def schema_of(settings: Settings, **asked: Any) -> bytes:
    with warehouse.in_service(settings) as con:
        return schema_bytes(con, settings, asked.pop("day", DAY), **asked)


def file_of(settings: Settings, **asked: Any) -> Any:
    """The schéma, read back."""
    return docx.Document(io.BytesIO(schema_of(settings, **asked)))


def texts_of_slide(slide: Any) -> Iterator[str]:
    """Every text of a slide: boxes, cells, categories of a chart, words for a picture."""
    for shape in slide.shapes:
        yield shape._element.xpath(".//p:cNvPr")[0].get("descr", "")
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            for row in shape.table.rows:
                yield from (cell.text for cell in row.cells)
        if shape.has_chart:
            yield from map(str, shape.chart.plots[0].categories)


def every_text(show: Any) -> str:
    return "\n".join(text for slide in show.slides for text in texts_of_slide(slide))


def every_word(file: Any) -> str:
    """Every text of a document, its pictures' words with them."""
    cells = (cell.text for table in file.tables for row in table.rows for cell in row.cells)
    alts = (shape._inline.docPr.get("descr", "") for shape in file.inline_shapes)
    feet = (p.text for s in file.sections for p in (*s.footer.paragraphs, *s.header.paragraphs))
    return "\n".join([*(p.text for p in file.paragraphs), *cells, *alts, *feet])
