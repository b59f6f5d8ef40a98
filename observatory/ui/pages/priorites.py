"""Where it lacks first, service by service and commune by commune, beside the committee's order."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.priorities import RULE, ranked_services
from observatory.files.priorities_csv import priorities_csv
from observatory.french import balance, dates, numbers, vocabulary
from observatory.french.numbers import plural
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.plan.plan_frames import plan_frame
from observatory.plan.plan_readers import JOINED
from observatory.survey.survey_told import sample_sentences, top_answers
from observatory.ui.controls import visit
from observatory.ui.controls.rail import ask_day, select_commune, show_rail
from observatory.ui.plan.plan_of_visit import plan_read
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.shell.heard import heard
from observatory.ui.tables.chosen import show_chosen
from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.metadata_beside import offer_csv
from observatory.ui.tables.narrow import wide_table
from observatory.ui.tables.paging import page_of

EVERY = ""
A_YEAR = timedelta(days=365)


def page() -> None:
    """Draw the page."""
    version, today = data.version_in_service(), dates.today()
    ground = data.ground(version, today)
    asked = visit.form()
    ranked = ranked_services()
    of_themes = {
        theme: held
        for theme, services in nomenclature().by_theme(ground.groups).items()
        if (held := [s for s in services if s in ranked])
    }
    theme = asked.menu("Thème", [EVERY, *of_themes], "theme_vu", lambda t: t or "Tous les thèmes")
    day = ask_day(asked)
    commune = asked.commune(ground.communes, "Tout le territoire")
    rows = data.ranked(version, day, day - A_YEAR)
    kept = rows[rows["service"].isin(of_themes[theme])] if theme else rows
    show_rail(asked, ground.files)
    shown = kept[kept["code"] == commune] if commune else kept
    blocks.figures(
        "Priorités",
        [
            ("Manques", numbers.number(len(shown)), f"sur {numbers.number(len(rows))}"),
            ("Communes", numbers.number(shown["code"].nunique()), ""),
            ("Services", numbers.number(shown["service"].nunique()), ""),
        ],
    )
    _rule(version, rows, day, said_below=not shown.empty)
    _committee(version)
    _residents(theme)
    st.header("L'ordre des chiffres", anchor=False)
    show_chosen(version, commune, here="priorites")
    if shown.empty:
        st.info("Aucun manque n'est connu parmi ce qui est choisi dans le volet.")
        return
    _table(shown, commune, (theme, day, commune))
    offer_csv(
        version,
        "Télécharger les priorités (CSV)",
        lambda: priorities_csv(kept, RULE),
        f"priorites-{day.isoformat()}.csv",
        "Priorités",
        day,
        key="priorites",
    )


def _residents(theme: str) -> None:
    """What residents answered on the theme, beside the figures; nothing without a questionnaire."""
    told = heard()
    rows = top_answers(told, theme) if told else []
    if told is None or not rows:
        return
    st.header("Ce que disent les habitants", anchor=False)
    blocks.table(
        "La réponse la plus donnée à chaque question",
        ["Question", "Réponse la plus donnée", "Part"],
        rows,
        words=True,
    )
    blocks.paragraph(
        f"{told.title}. {' '.join(sample_sentences(told))} Le détail est à la page « Parole des "
        "habitants »."
    )


def _rule(version: Version, rows: pd.DataFrame, day: date, *, said_below: bool) -> None:
    silent = data.unranked(version, day)
    told = [
        RULE,
        "Chaque service est compté par son besoin usuel ; un service fait de plusieurs autres est "
        "laissé à ceux-ci.",
    ]
    cases = [
        plural(silent[why], one, many)
        for why, one, many in (
            ("unknown", "cas inconnu", "cas inconnus"),
            ("masked", "cas masqué", "cas masqués"),
        )
        if silent[why]
    ]
    if cases:
        told.append(f"Sans rang, faute de chiffre : {' et '.join(cases)}.")
    if rows["demonstration"].any() and not said_below:  # the table says which rows, or all
        told.append(f"{capital(vocabulary.SUPPLY_OF_DEMONSTRATION)}.")
    blocks.paragraph(" ".join(told))


def _committee(version: Version) -> None:
    """The committee's own order and its reasons, when it gave one."""
    ordered = plan_frame(plan_read(version).tables, "priorites").sort_values("rang")
    st.header("L'ordre du comité", anchor=False)
    if ordered.empty:
        blocks.paragraph(
            "Le comité n'a pas donné le sien. Les planificateurs l'écrivent, avec ses raisons, "
            "dans les « Priorités » du plan d'actions : sur sa page, ou dans le classeur."
        )
        return
    communes = data.ground(version, dates.today()).communes
    services = nomenclature().services

    def named(text: str, words: dict[str, str], none: str) -> str:
        return ", ".join(words.get(one, one) for one in text.split(JOINED) if one) or none

    shorts = {i: s.short for i, s in services.items()}
    wide_table(
        "L'ordre du comité et ses raisons",
        ["Rang", "Services", "Communes", "Raison", "Décidé par"],
        [
            [
                numbers.number(row["rang"]),
                named(row["services"], shorts, ""),
                named(row["communes"], communes, "tout le territoire"),
                str(row["raison"]),
                _decided(row),
            ]
            for row in ordered.to_dict("records")
        ],
        words={1, 2, 3, 4},
        dense=True,
    )


def _decided(row: dict[Any, Any]) -> str:
    told = [str(row["instance"])] if row["instance"] else []
    if pd.notna(row["decide_le"]):
        told.append(f"le {dates.short_date(row['decide_le'].date())}")
    return ", ".join(told) or vocabulary.NOTHING


def _everywhere(rows: pd.DataFrame) -> frozenset[str]:
    """What weakens every row: said once above them."""
    return frozenset.intersection(*(frozenset(r.split(", ")) for r in rows["reliability"]))


def _table(rows: pd.DataFrame, commune: str | None, asked: object) -> None:
    told, everywhere = rows["unmet"].notna().any(), _everywhere(rows)
    if doubts := [w for w in vocabulary.RELIABILITY.values() if w in everywhere]:
        blocks.paragraph(f"Fiabilité de toutes les lignes : {', '.join(doubts)}.")
    headings = [
        Heading("Commune", words=True),
        Heading("Rang"),
        Heading("Service", words=True),
        Heading("Manque"),
        Heading("Selon", "façons de compter"),
        Heading("Sans réponse", "personnes"),
        Heading("Part du public", "du territoire"),
        Heading("Depuis un an", "il manque"),
        *([Heading("Demandes", "sans place")] if told else []),
        Heading("Fiabilité", words=True),
    ]
    page = page_of("priorites", asked, rows["code"].tolist(), commune)
    lines = [
        _line(row, everywhere, unmet=bool(told)) for row in rows.iloc[page.lines].to_dict("records")
    ]
    show_grid(
        "Les manques, du plus pressant au moins pressant",
        headings,
        [GridRow(line, code) for line, code in lines],
        key="priorites",
        page=page,
        selected=commune,
        on_select=select_commune,
    )


def _line(
    row: dict[Any, Any], everywhere: frozenset[str], *, unmet: bool
) -> tuple[tuple[str, ...], str]:
    names = nomenclature()
    service, day, share = names.services[row["service"]], row["day_type"], row["public_share"]
    kind = f", {names.day_types[day]}" if isinstance(day, str) else ""
    line = (
        str(row["name"]),
        numbers.number(row["rank"]),
        service.short + kind,
        numbers.quantity(
            -row["gap"], balance.singular(service.unit), service.unit, service.decimals
        ),
        f"{row['deficit_count']} sur {row['definition_count']}",
        numbers.number(row["left_without"]),
        f"{numbers.number(100 * share)}\u00a0%" if pd.notna(share) else vocabulary.NOTHING,
        _trend(row["gap_before"], row["gap"], service.decimals),
        *([numbers.number(row["unmet"])] if unmet else []),
        ", ".join(w for w in str(row["reliability"]).split(", ") if w not in everywhere)
        or vocabulary.NOTHING,
    )
    return line, str(row["code"])


def _trend(before: float, now: float, decimals: int) -> str:
    """Whether there is more or less than a year ago beside the need, in the service's unit."""
    if pd.isna(before):
        return vocabulary.NOTHING
    move = numbers.rounded(now - before, decimals)
    if not move:
        return "autant"
    size = numbers.number(abs(move), decimals)
    return f"{size}\u00a0de\u00a0{'plus' if move < 0 else 'moins'}"


answering(page)
