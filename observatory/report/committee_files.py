"""The documents of a committee as files: its slides, and the schéma."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import duckdb

from observatory.knowledge.question import Question
from observatory.outlook.territory_outlook import territory_outlook
from observatory.plan.followed_plan import followed_plan
from observatory.report import written_parts
from observatory.report.copil import committee, copil
from observatory.report.copil_scenarios import shown_scenarios
from observatory.report.document_plan import DocumentPlan, read_plan
from observatory.report.docx_file import docx_file
from observatory.report.facts import Facts, read
from observatory.report.pptx_file import pptx_file
from observatory.report.request import ReportRequest
from observatory.report.schema import footer, schema
from observatory.report.slides import Deck
from observatory.report.slides_pdf import slides_pdf
from observatory.settings import Settings
from observatory.survey.survey_heard import survey_heard

SHOWS: Mapping[str, Callable[[Deck], bytes]] = {"pptx": pptx_file, "pdf": slides_pdf}
"""What writes a slide show, by format."""


def copil_bytes(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    day: date,
    since: date | None = None,
    *,
    public: bool = False,
    kind: str = "pptx",
) -> bytes:
    """The slides of a steering committee.

    Parameters
    ----------
    day : date
        Of the supply and of the plan.
    since : date, optional
        From when changes are told; the last meeting before, else a year ago.
    public : bool
        Whether the plan is shown by its public part alone.
    kind : str
        One of `SHOWS`: the same slides, to be edited or as they are printed.

    Raises
    ------
    RequestError
        When ``since`` is not before the day.
    StoreError
        When the plan, the texts, the questionnaire or the scenarios cannot be read.
    ObservatoryError
        When Typst cannot draw the PDF.
    """
    reading, plan = _readings(con, settings, day, public=public)
    texts = written_parts.read(settings.census_dir)
    heard = survey_heard(settings.census_dir, public=public)
    first = Question(reading.services[0], as_of=day)
    coming = None if reading.lists_offer else territory_outlook(con, first)
    shown = None if public else shown_scenarios(con, settings.census_dir, day)
    about = committee(
        reading, plan, texts, since, public=public, heard=heard, coming=coming, scenarios=shown
    )
    return SHOWS[kind](copil(about))


def schema_bytes(
    con: duckdb.DuckDBPyConnection, settings: Settings, day: date, *, public: bool = False
) -> bytes:
    """The schéma, in the order of article D.214-10-1 CASF.

    Parameters
    ----------
    day, public
        As for the slides.

    Raises
    ------
    StoreError
        When the plan, the texts or the questionnaire cannot be read.
    """
    reading, plan = _readings(con, settings, day, public=public)
    texts = written_parts.read(settings.census_dir)
    heard = survey_heard(settings.census_dir, public=public)
    document = schema(reading, plan, texts, public=public, heard=heard)
    return docx_file(document, footer(reading), str(reading.info["built_at"]))


def _readings(
    con: duckdb.DuckDBPyConnection, settings: Settings, day: date, *, public: bool
) -> tuple[Facts, DocumentPlan]:
    reading = read(con, ReportRequest(Question(as_of=day)))
    followed = followed_plan(con, settings.census_dir, settings.raw_dir)
    return reading, read_plan(con, followed, day, public=public)
