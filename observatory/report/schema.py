"""The schéma: the article's own order, with the plan and what the territory wrote itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from observatory.french import dates, numbers
from observatory.french.spelling import capital
from observatory.report import plan_blocks, written_parts
from observatory.report.atlas import DEMONSTRATION, DEMONSTRATION_SHORT
from observatory.report.commune_sheet import duties_table
from observatory.report.copil_figures import UNLISTED, territory_sentence
from observatory.report.copil_plan import EXAMPLE
from observatory.report.document import (
    Block,
    Document,
    bullets,
    heading,
    note,
    paragraph,
    picture,
    table,
    to_complete,
)
from observatory.report.document_plan import DocumentPlan
from observatory.report.facts import Facts, offer_label, stamp
from observatory.report.legal import ARTICLE, PARTS
from observatory.report.method import method
from observatory.report.open_points import open_points
from observatory.report.service_pages import alternative, paint_of, picture_of
from observatory.report.summary import summary
from observatory.report.survey_blocks import survey_blocks
from observatory.report.written_parts import Texts
from observatory.survey.survey_told import ToldSurvey

DIAGNOSIS_ENDS = "Zones où l'offre est insuffisante ou difficile d'accès"
AIMS = "Objectifs : maintenir, développer, redéployer"
INVESTMENTS, COSTS = "Investissements", "Coûts"
CALENDAR, EVALUATED = "Calendrier", "Indicateurs et évaluation"
MAP_WIDTH = 700.0
SCHEMA = "Schéma des services aux familles"


def schema(
    reading: Facts,
    plan: DocumentPlan,
    texts: Texts,
    *,
    public: bool,
    heard: ToldSurvey | None = None,
) -> Document:
    """The whole document.

    Parameters
    ----------
    public : bool
        Whether it leaves out what is not for the public.
    heard : ToldSurvey, optional
        What residents answered.
    """
    demonstration = bool(reading.info["demonstration"])
    kept = {p: t for p, t in texts.items() if not (public and p in written_parts.UNSAID)}
    built = dates.long_date(reading.info["built_at"])
    return Document(
        title=SCHEMA,
        subtitle=reading.territory,
        header=f"{SCHEMA} · {reading.territory}",
        facts=[
            ("Communes", numbers.number(len(reading.names))),
            ("Offre au", dates.long_date(reading.request.as_of)),
            ("Version des données", f"{stamp(reading)}, établie le {built}"),
            ("Plan", f"celui de l'{ARTICLE}, avec les annexes de la Ctg"),
        ],
        warning=DEMONSTRATION if demonstration else "",
        warning_short=DEMONSTRATION_SHORT if demonstration else "",
        blocks=list(_blocks(reading, plan, kept, heard, public=public)),
    )


def footer(reading: Facts) -> str:
    """What stands at the foot of every page."""
    warned = f"{DEMONSTRATION_SHORT} · " if reading.info["demonstration"] else ""
    built = dates.short_date(datetime.fromisoformat(reading.info["built_at"]))
    return (
        f"{warned}Offre au {dates.short_date(reading.request.as_of)} · version "
        f"{stamp(reading)} du {built}"
    )


def _blocks(
    reading: Facts, plan: DocumentPlan, texts: Texts, heard: ToldSurvey | None, *, public: bool
) -> Iterator[Block]:
    yield heading(1, "Introduction", new_page=True)
    yield paragraph(territory_sentence(reading, plan.since()[0]))
    yield from _written(texts, "introduction")
    first, *rest = summary(reading, duties_table(reading))
    yield from ({**first, "new_page": False}, *rest)
    for number, part in enumerate(PARTS, start=1):
        yield heading(1, f"{number}. {part.title}")
        if part.title != COSTS or plan.is_empty:  # the plan tells some of them
            yield from part.data(reading)
        added = _added(plan, reading, part.title)
        yield from added
        if part.title == AIMS:
            yield heading(2, "Priorités")
            yield from _written(texts, "priorites")
        elif part.left and (plan.is_empty or not added):
            yield to_complete(part.left)
        if part.title == DIAGNOSIS_ENDS:
            if reading.lists_offer:
                yield from _map(reading, reading.services[0])
            yield from _strengths(plan, texts, heard)
    yield heading(1, "Questions à décider et conclusion")
    if not public:
        yield from _questions(plan, texts)
    yield from _written(texts, "conclusion")
    yield heading(1, "Annexe 1. Fiches des actions")
    if plan.is_example:
        yield note(EXAMPLE)
    yield from plan_blocks.action_sheets(plan, reading.names)
    yield heading(1, "Annexe 2. Cartes par service")
    mapped = [s for s in reading.services if reading.rows(s)["supply"].notna().any()]
    for service in mapped:
        yield heading(2, offer_label(service))
        yield from _map(reading, service)
    if not mapped:
        yield paragraph(f"{capital(UNLISTED)} : aucune carte n'est à montrer.")
    for block in method(reading):
        named = block["kind"] == "heading" and block["level"] == 1
        yield {**block, "text": f"Annexe 3. {block['text']}"} if named else block


def _added(plan: DocumentPlan, reading: Facts, title: str) -> list[Block]:
    """What the plan brings to a part of the article."""
    example = [note(EXAMPLE)] if plan.is_example else []
    if title == AIMS:
        return [*example, *_planned(plan)]
    if title == COSTS:
        return [*example, *plan_blocks.funding(plan)]
    if title == INVESTMENTS and not plan.is_empty:
        return [paragraph("Les financements du plan sont à la partie « Coûts ».")]
    if title == CALENDAR:
        return [*example, *plan_blocks.calendar(plan)]
    if title == EVALUATED:
        return [
            *example,
            *plan_blocks.followed(plan),
            heading(2, "Évaluation : les quatre questions"),
            *plan_blocks.evaluation(plan),
        ]
    return []


def _planned(plan: DocumentPlan) -> list[Block]:
    """The actions in a table, the sheets being in the annex."""
    if plan.is_empty:
        return [paragraph(plan_blocks.NO_PLAN)]
    rows = plan.sheet("actions").to_dict("records")
    return [
        table(
            "Actions du plan, par axe",
            ["Axe", "Action", "Objectif", "Structure pilote"],
            [
                [
                    str(r["axe"]),
                    f"{r['identifiant']} · {r['titre']}",
                    str(r["objectif"]) or "à préciser",
                    str(r["structure_pilote"]) or "à désigner",
                ]
                for r in rows
            ],
            words=4,
            widths=[1.5, 2.4, 2.6, 1.4],
        )
    ]


def _strengths(plan: DocumentPlan, texts: Texts, heard: ToldSurvey | None) -> Iterator[Block]:
    yield heading(1, "Forces, faiblesses et enjeux")
    for part in ("forces", "faiblesses", "enjeux"):
        yield heading(2, written_parts.PARTS[part][0])
        yield from _written(texts, part)
    yield from survey_blocks(heard)
    yield from plan_blocks.contributions(plan)


def _questions(plan: DocumentPlan, texts: Texts) -> Iterator[Block]:
    yield heading(2, "Questions à décider")
    own = written_parts.questions(texts.get("questions", ""))
    found = [*own, *open_points(plan)]
    yield bullets(found) if found else paragraph("Aucune question n'est posée.")
    yield heading(2, "Conclusion")


def _written(texts: Texts, part: str) -> Iterator[Block]:
    """A part as the territory wrote it, or the space for it."""
    if part not in texts:
        yield to_complete(written_parts.PARTS[part][1])
        return
    for text in written_parts.paragraphs(texts[part]):
        bullet = written_parts.is_bullet(text)
        yield bullets([text[2:].strip()]) if bullet else paragraph(text)


def _map(reading: Facts, service: str) -> Iterator[Block]:
    paint = paint_of(reading, service)
    svg = picture_of(reading, service, paint, width=MAP_WIDTH)
    yield {**picture(svg, alternative(paint)), "caption": paint.title}
    yield note(paint.sentence)
