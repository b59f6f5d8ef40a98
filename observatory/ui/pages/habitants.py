"""What residents answered, theme by theme, beside the gap of the same theme."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from observatory.answers.in_a_sentence import in_a_sentence, standing_of
from observatory.answers.rounded import ROUNDED_SHORT, is_rounded
from observatory.files.survey_csv import survey_csv
from observatory.french import dates
from observatory.french.numbers import is_known, number, plural, short_number
from observatory.french.spelling import capital, inside
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.survey.survey_marks import ROLES_TOLD
from observatory.survey.survey_tables import QuestionTable
from observatory.survey.survey_told import ToldSurvey, per_cent, sample_sentences
from observatory.ui.charts.bars import show_bars
from observatory.ui.controls import visit
from observatory.ui.controls.rail import show_rail
from observatory.ui.controls.survey_loading import ask_survey
from observatory.ui.shell import blocks, data
from observatory.ui.shell.access import is_planner
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.shell.fold import on_demand
from observatory.ui.shell.heard import heard
from observatory.ui.tables.metadata_beside import offer_csv

EVERY = ""
UNTHEMED = "Autres questions"


def page() -> None:
    """Draw the page."""
    version, today = data.version_in_service(), dates.today()
    told = heard()
    asked = visit.form()
    themes = [EVERY, *(t for t in (told.themed() if told else {}) if t)]
    theme = asked.menu("Thème", themes, "theme_vu", lambda t: t or "Tous les thèmes")
    show_rail(asked, data.ground(version, today).files)
    if told is None:
        _nothing()
    else:
        _answers(version, told, theme)
    if is_planner():
        words = "Charger un questionnaire"
        on_demand(words, lambda: ask_survey(version), key="charger_un_questionnaire")


def _answers(version: Version, told: ToldSurvey, theme: str) -> None:
    """What was answered, and by whom."""
    survey = told.survey
    blocks.figures(
        "Parole des habitants",
        [
            ("Réponses reçues", short_number(survey.received), ""),
            ("Complètes", short_number(survey.complete), "seules comptées"),
            ("Questions", short_number(len(told.tables)), ""),
        ],
    )
    if not told.is_public:
        blocks.paragraph("Lu par les planificateurs seuls, tant qu'il n'est pas marqué public.")
    blocks.paragraph(f"{told.title} ; {survey.facts.get('organisme', '')}{_when(told)}.")
    for sentence in sample_sentences(told):
        blocks.paragraph(sentence)
    for name, tables in told.themed().items():
        if theme in (EVERY, name):
            _theme(version, name, tables)
    _known(version, told)
    _communes(told, theme)
    _sample(told)
    _texts(told)
    offer_csv(
        version,
        "Télécharger les réponses (CSV)",
        lambda: survey_csv(told),
        f"parole-des-habitants-{dates.today().isoformat()}.csv",
        "Parole des habitants",
        dates.today(),
        key="habitants",
    )


def _nothing() -> None:
    st.title("Parole des habitants", anchor=False)
    st.info(
        "Aucun questionnaire n'est chargé : ce que les habitants ont répondu se lira ici, thème "
        "par thème, à côté de ce qui manque."
    )


def _when(told: ToldSurvey) -> str:
    first, last = (told.survey.facts.get(d) for d in ("premier_jour", "dernier_jour"))
    if first and last:
        return f", du {dates.long_date(first)} au {dates.long_date(last)}"
    return f", à partir du {dates.long_date(first)}" if first else ""


def _theme(version: Version, name: str, tables: list[QuestionTable]) -> None:
    """The questions of a theme, under what the figures say of it."""
    st.header(name or UNTHEMED, anchor=False)
    services = dict.fromkeys(t.question.service for t in tables if t.question.service)
    for service in services or _first_of(name):
        blocks.prose(_what_lacks(version, service))
    for table in tables:
        _question(table)


def _first_of(theme: str) -> list[str]:
    """The service that stands for a theme: its first one."""
    return [i for i, s in nomenclature().services.items() if theme and s.theme == theme][:1]


def _what_lacks(version: Version, service_id: str) -> str:
    """What is said of a service over the territory, today."""
    service = nomenclature().services[service_id]
    subject = capital(inside(service.short))
    if service.day_types:
        subject += f", {nomenclature().day_types[service.day_types[0]]}"
    rows = _territory(version, service_id).to_dict("records")
    return in_a_sentence(subject, service, standing_of(rows), None)


def _territory(version: Version, service_id: str) -> pd.DataFrame:
    """The territory's rows of a service today, one per need, for its first type of day."""
    kinds = nomenclature().services[service_id].day_types
    question = Question(service_id, kinds[0] if kinds else None, as_of=dates.today())
    rows = data.gap_table(version, question.for_every_need())
    return rows[rows["code"].isna()]


def _question(table: QuestionTable) -> None:
    """The answers to a question, as bars whose figures are read, and as a table."""
    question = table.question
    if not table.lines:
        blocks.paragraph(f"{question.label} : trop peu de réponses différentes pour être montrées.")
        return
    weighted = table.lines[0].weighted is not None
    shares = [100 * (line.raw if line.weighted is None else line.weighted) for line in table.lines]
    show_bars(
        question.label,
        [line.option for line in table.lines],
        shares,
        unit="pour cent, parts redressées" if weighted else "pour cent, parts brutes",
        decimals=0,
        diverging=False,
        told=[per_cent(share / 100) for share in shares],
        whole=100,
        sentences=True,
    )
    if question.multiple:
        blocks.paragraph("Plusieurs réponses étaient possibles : les parts ne s'ajoutent pas.")
    if table.joined:
        # Their words are not repeated: one of them may have been written by one person.
        told = plural(len(table.joined), "réponse différente", "réponses différentes")
        blocks.paragraph(f"Comptées ensemble, trop peu données : {told}.")
    if table.hidden:
        blocks.paragraph(
            "Non montrées, cochées ou non par moins de cinq personnes : "
            f"{plural(len(table.hidden), 'réponse')}."
        )

    def as_table() -> None:
        headings = ["Réponse", "Nombre", "Part brute", *(["Part redressée"] if weighted else [])]
        blocks.table(
            question.label,
            headings,
            [
                [
                    line.option,
                    short_number(line.answers),
                    per_cent(line.raw),
                    *([per_cent(line.weighted)] if line.weighted is not None else []),
                ]
                for line in table.lines
            ],
        )

    on_demand("Les mêmes chiffres en tableau", as_table, key=f"reponses_{question.number}")


def _known(version: Version, told: ToldSurvey) -> None:
    """Who knows and who uses each service, beside what there is of it today."""
    if not told.known:
        return
    st.header("Connu, utilisé, offert", anchor=False)
    blocks.table(
        "Part de ceux qui ont répondu, et offre du territoire aujourd'hui",
        ["Service", "Le connaissent", "L'utilisent", "Offre"],
        [
            [
                capital(inside(nomenclature().services[one.service].listed)),
                *("non demandé" if s is None else per_cent(s) for s in (one.knows, one.uses)),
                _offered(version, one.service),
            ]
            for one in told.known
        ],
    )


def _offered(version: Version, service_id: str) -> str:
    """The supply of the territory today, in words."""
    service = nomenclature().services[service_id]
    total = _territory(version, service_id).iloc[0]
    if not is_known(total["supply"]):
        return "inconnue"
    rounded = f" ({ROUNDED_SHORT})" if is_rounded(total) else ""
    return f"{number(total['supply'], service.decimals)} {service.unit}{rounded}"


def _communes(told: ToldSurvey, theme: str) -> None:
    """The questions that can be told by commune."""
    shown = [t for t in told.communes if theme in (EVERY, t.question.theme)]
    if not shown:
        return
    st.header("Par commune", anchor=False)
    blocks.paragraph(
        "Une commune est montrée à part quand chacune de ses cases compte onze réponses ou plus ; "
        "les autres sont comptées ensemble."
    )

    def tables() -> None:
        for table in shown:
            blocks.table(
                table.question.label,
                ["Commune", *table.options],
                [
                    [group, *map(short_number, counts)]
                    for group, counts in zip(table.groups, table.counts, strict=True)
                ],
            )

    on_demand(f"{plural(len(shown), 'tableau', 'tableaux')} par commune", tables, key="communes")


def _sample(told: ToldSurvey) -> None:
    """Who answered, beside who lives there."""
    lines = told.sample.lines
    if not lines:
        return
    st.header("Qui a répondu", anchor=False)

    def tables() -> None:
        for role in dict.fromkeys(line.role for line in lines):
            of_role = [line for line in lines if line.role == role]
            blocks.table(
                f"{capital(ROLES_TOLD[role])} : part des réponses et part de la population",
                ["Classe", "Réponses", "Population"],
                [[one.group, per_cent(one.sample), per_cent(one.people)] for one in of_role],
            )
            blocks.paragraph(f"Population : {of_role[0].source}.")

    on_demand("Les réponses à côté de ceux qui habitent le territoire", tables, key="qui")


def _texts(told: ToldSurvey) -> None:
    """What people wrote, as a planner read and kept it."""
    if not told.texts:
        return
    st.header("Ce qui a été écrit", anchor=False)
    blocks.paragraph("Textes relus un par un avant d'être gardés, dans l'ordre alphabétique.")
    blocks.bullets(f"{question} : « {text} »" for question, text in told.texts)


answering(page)
