"""The slides of a steering committee: eight to twelve, each with its sources and definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from observatory.errors import RequestError
from observatory.french import dates, numbers, vocabulary
from observatory.french.spelling import capital
from observatory.knowledge.law import law
from observatory.knowledge.nomenclature import nomenclature
from observatory.outlook.territory_outlook import TerritoryOutlook
from observatory.report import written_parts
from observatory.report.atlas import DEMONSTRATION_SHORT
from observatory.report.changed_since import changed_table
from observatory.report.comparable_blocks import comparable_slide
from observatory.report.copil_coming import coming_slide
from observatory.report.copil_figures import (
    UNLISTED,
    headline_figures,
    known_table,
    lack_sentence,
    lacking_table,
    needs_chart,
    needs_sentence,
    territory_sentence,
    worst_communes,
)
from observatory.report.copil_plan import (
    actions_slide,
    figures_slide,
    indicators_slide,
    money_slide,
    plan_foot,
)
from observatory.report.copil_scenarios import ShownScenarios, scenarios_slide
from observatory.report.document import bullets, key_figures, note, paragraph, picture
from observatory.report.document_plan import DocumentPlan
from observatory.report.facts import Facts, offer_label, service_of, stamp
from observatory.report.open_points import RULE, open_points
from observatory.report.openings import moved_words, openings, openings_table
from observatory.report.service_pages import alternative, paint_of, picture_of
from observatory.report.slide_frame import BODY_HEIGHT, INNER
from observatory.report.slides import Deck, Slide, whole
from observatory.report.survey_blocks import survey_slide
from observatory.report.written_parts import Texts
from observatory.survey.survey_told import ToldSurvey

MOST = 12
MAP_WIDTH = 760.0
ASKED = 6
"""Questions on the last slide."""


@dataclass(frozen=True)
class Committee:
    """What the slides are made of.

    Attributes
    ----------
    since : date
        From when changes are told.
    since_words : str
        What that day is.
    heard : ToldSurvey or None
        What residents answered, when a questionnaire was loaded.
    coming : TerritoryOutlook or None
        The coming years, shown where the offer is still to be listed.
    scenarios : ShownScenarios
        Those that planners marked for the committee; none for the public.
    """

    reading: Facts
    plan: DocumentPlan
    texts: Texts
    since: date
    since_words: str
    scenarios: ShownScenarios
    heard: ToldSurvey | None = None
    coming: TerritoryOutlook | None = None


def committee(
    reading: Facts,
    plan: DocumentPlan,
    texts: Texts,
    since: date | None,
    *,
    public: bool,
    heard: ToldSurvey | None = None,
    coming: TerritoryOutlook | None = None,
    scenarios: ShownScenarios | None = None,
) -> Committee:
    """What a slide show is made of, the day from which changes are told settled.

    Raises
    ------
    RequestError
        When that day is not before the one of the figures.
    """
    day = reading.request.as_of
    found, meeting = plan.since()
    words = "dernière réunion" if meeting else "il y a un an"
    if since is not None:
        found, words = since, "date choisie"
    if found >= day:
        raise RequestError(
            f"le {dates.long_date(found)} n'est pas avant le {dates.long_date(day)}",
            mend="Choisir une date plus ancienne avec --since.",
        )
    kept = {p: t for p, t in texts.items() if not (public and p in written_parts.UNSAID)}
    shown = ShownScenarios() if public or scenarios is None else scenarios
    return Committee(reading, plan, kept, found, words, shown, heard, coming)


def copil(about: Committee) -> Deck:
    """The slide show of a committee."""
    reading = about.reading
    made = [slide for slide in _slides(about) if slide is not None]
    alike = comparable_slide(reading)
    if alike is not None and len(made) < MOST:  # the last one is what there is to decide
        made.insert(len(made) - 1, alike)
    warned = f"{DEMONSTRATION_SHORT} · " if reading.info["demonstration"] else ""
    warned += "Plan de démonstration · " if about.plan.is_example else ""
    built = dates.short_date(datetime.fromisoformat(reading.info["built_at"]))
    return Deck(
        title=f"Comité de pilotage : {reading.territory}",
        footer=(
            f"{warned}Offre au {dates.short_date(reading.request.as_of)} · version "
            f"{stamp(reading)} du {built} · {reading.territory}"
        ),
        made=str(reading.info["built_at"]),
        slides=tuple(whole(made, INNER, BODY_HEIGHT, MOST)),
    )


def _slides(about: Committee) -> Iterator[Slide | None]:
    yield _cover(about)
    if about.reading.lists_offer:
        yield _map(about)
        yield _changed(about)
        yield _lacking(about)
        yield _moved(about)
        yield _needs(about)
    else:
        yield _unlisted(about)
        yield _known(about)
        yield _needs(about) if needs_chart(about.reading, about.reading.services[0]) else None
        yield coming_slide(about.coming)
        yield _asked_by_law()
    yield survey_slide(about.heard)
    if about.plan.is_empty:
        yield Slide(
            "Aucun plan d'actions n'est chargé",
            body=(
                paragraph(
                    "Les actions, les indicateurs et les financements se montreront ici une fois "
                    "le plan chargé (observatory plan load)."
                ),
            ),
            foot="Plan d'actions : aucun.",
        )
    else:
        yield actions_slide(about.plan)
        yield indicators_slide(about.plan)
        yield figures_slide(about.plan)
        yield money_slide(about.plan)
    yield scenarios_slide(about.scenarios)
    yield _questions(about)


def _cover(about: Committee) -> Slide:
    texts, day = about.texts, dates.long_date(about.reading.request.as_of)
    said = written_parts.paragraphs(texts.get("introduction", ""))[:2]
    reading = about.reading
    return Slide(
        territory_sentence(reading, about.since),
        f"Comité de pilotage · situation au {day}",
        (key_figures(headline_figures(reading)), *(paragraph(text) for text in said)),
        _offer_foot(about, reading.services[0]) if reading.lists_offer else _every_foot(about),
        cover=True,
    )


def _unlisted(about: Committee) -> Slide:
    """Said once, in the place of five slides that would hold nothing."""
    return Slide(
        f"{capital(UNLISTED)} : ce qu'il faut pour la suite",
        "Sans offre connue, ni ce qui manque, ni ce qui a changé, ni la carte ne se disent.",
        (
            bullets(
                [
                    "Recenser les établissements de chaque commune : service, places, dates "
                    "d'ouverture et de fermeture (observatory census template, puis load).",
                    "Demander à la Caf les totaux communaux des assistants maternels.",
                    "Dire les besoins retenus par le territoire, s'il en vote.",
                ]
            ),
        ),
        _every_foot(about),
    )


def _known(about: Committee) -> Slide:
    """What public sources tell already."""
    reading = about.reading
    block = known_table(reading)
    more = len(reading.names) - len(block["rows"])
    rest = (
        f" Les plus peuplées ; {numbers.plural(more, 'autre commune', 'autres communes')} de plus."
        * bool(more)
    )
    told = f"Insee : recensement de la population, naissances ; Filosofi, revenu médian.{rest}"
    return Slide("Ce que l'on connaît déjà", "Par commune.", (block,), f"Sources : {told}")


def _asked_by_law() -> Slide:
    """Why the offer is to be listed, and by whom."""
    return Slide(
        "Ce que la loi demande aux communes",
        "Recenser les besoins et l'offre vient en premier : le reste en dépend.",
        (bullets(one.duty for one in law().competences.values()),),
        f"{law().article}. {law().population}",
    )


def _map(about: Committee) -> Slide:
    reading, service = about.reading, about.reading.services[0]
    paint = paint_of(reading, service)
    svg = picture_of(reading, service, paint, width=MAP_WIDTH)
    worst = worst_communes(reading, service)
    alt = alternative(paint).replace(" Les mêmes chiffres suivent en tableau.", "")
    return Slide(
        f"{offer_label(service)} : {lack_sentence(reading, service)}",
        paint.sentence.removeprefix(f"{service_of(service).label}. "),
        ({**picture(svg, alt), "beside": worst},),
        _offer_foot(about, service),
    )


def _changed(about: Committee) -> Slide:
    block, count, compared = changed_table(about.reading, about.since)
    since = f"depuis le {dates.long_date(about.since)} ({about.since_words})"
    if not count and not compared:
        return Slide(
            f"Ce qui a changé {since} est {vocabulary.UNKNOWN}",
            body=(paragraph("Aucun service n'a une offre connue aux deux dates."),),
            foot=_every_foot(about),
        )
    if not count:
        return Slide(
            f"Aucun chiffre n'a changé {since}",
            body=(paragraph("Ce qui est connu aux deux dates y est égal."),),
            foot=_every_foot(about),
        )
    shown = len(block["rows"])
    title = (
        f"{numbers.plural(count, 'chiffre a', 'chiffres ont')} changé {since}"
        if count <= shown
        else f"{shown} chiffres qui ont le plus changé {since}"
    )
    return Slide(
        title,
        "Un chiffre par famille de services et par mesure, celui qui a le plus bougé ; classés par "
        "leur évolution rapportée à la valeur de départ.",
        (block,),
        f"{_every_foot(about)} Un chiffre masqué ou inconnu à l'une des deux dates n'est pas "
        "comparé.",
    )


def _lacking(about: Committee) -> Slide:
    block = lacking_table(about.reading)
    if not block["rows"]:
        return Slide(
            f"Où il manque le plus : {vocabulary.UNKNOWN}",
            body=(paragraph("Aucun service n'a à la fois un besoin et une offre connus."),),
            foot=_every_foot(about),
        )
    used = dict.fromkeys(
        nomenclature().definitions[about.reading.definition(s)].label
        for s in about.reading.services
        if not nomenclature().definitions[about.reading.definition(s)].shares_out
    )
    return Slide(
        "Où il manque le plus",
        "Les communes dont l'offre est la plus éloignée du besoin, service par service.",
        (block,),
        f"{_every_foot(about)} Besoin de chaque service selon sa première définition "
        f"({', '.join(used)}). Une commune sans établissement n'est pas par elle-même un manque.",
    )


def _moved(about: Committee) -> Slide:
    moved = openings(about.reading, about.since)
    since = f"depuis le {dates.long_date(about.since)} ({about.since_words})"
    words = moved_words(moved)
    foot = f"Source : {_census(about)}. Places rapportées à la part qui dessert le territoire."
    if moved.empty:
        return Slide(
            f"{words[:1].upper()}{words[1:]} {since}",
            body=(paragraph("Le recensement ne dit ni ouverture ni fermeture à ces dates."),),
            foot=foot,
        )
    return Slide(f"{words} {since}", body=(openings_table(moved),), foot=foot)


def _needs(about: Committee) -> Slide:
    reading, service = about.reading, about.reading.services[0]
    drawn = needs_chart(reading, service)
    body = (drawn,) if drawn else (paragraph("Moins de deux définitions peuvent être dites."),)
    return Slide(
        needs_sentence(reading, service),
        f"{offer_label(service)}. Un besoin est une fourchette : aucune définition n'est la "
        "vérité.",
        body,
        _offer_foot(about, service),
    )


def _questions(about: Committee) -> Slide | None:
    own = written_parts.questions(about.texts.get("questions", ""))
    found = [*own, *open_points(about.plan)]
    said = [*found[:ASKED]]
    more = len(found) - len(said)
    rest = (
        [note(f"Et {numbers.plural(more, 'autre question', 'autres questions')}.")] if more else []
    )
    ending = written_parts.paragraphs(about.texts.get("conclusion", ""))[:1]
    body = (
        [bullets(said), *rest]
        if said
        else [paragraph("Aucune question n'est posée par le plan ni par le territoire.")]
    )
    return Slide(
        "À décider",
        body=(*body, *(paragraph(text) for text in ending)),
        foot=plan_foot(about.plan, f"D'abord les questions du territoire. {RULE}" if own else RULE),
    )


def _census(about: Committee) -> str:
    info = about.reading.info
    return vocabulary.census_words(demonstration=info["demonstration"])


def _vintages(about: Committee) -> str:
    """The sources of the publics and of the references, with their vintages."""
    found: Mapping[str, str] = {s["id"]: s["vintage"] for s in about.reading.info["sources"]}
    parts = []
    if "rp_age" in found:
        parts.append(f"Insee RP {found['rp_age']}")
    if "caf" in found:
        parts.append(f"Cnaf {found['caf'] or ''}".rstrip())
    return ", ".join([*parts, *([_census(about)] if about.reading.lists_offer else [])])


def _every_foot(about: Committee) -> str:
    return f"Sources : {_vintages(about)}."


def _offer_foot(about: Committee, service_id: str) -> str:
    """Sources, then what the service and the need mean."""
    chosen = nomenclature().definitions[about.reading.definition(service_id)]
    return (
        f"Sources : {_vintages(about)}. {service_of(service_id).help} Besoin retenu : "
        f"{chosen.label} ({chosen.source})."
    )
