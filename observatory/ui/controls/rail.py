"""The rail of a page: service, measure, need, date and commune, kept in the address bar."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

import streamlit as st

from observatory.french import dates
from observatory.french.spelling import capital
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import VOTED, Question
from observatory.maps.measures import MEASURES, measures_of
from observatory.maps.view import View
from observatory.ui.controls.search import search

FIRST_DAY = date(2015, 1, 1)
LAST_DAY = date(2030, 12, 31)
WHOLE = ""
"""The choice of the commune menu that stands for the whole territory."""
WHOLE_LABEL = "Tout le territoire"
SHARED = (
    "theme", "service", "jour", "mesure", "besoin", "objectif", "date", "commune",
    "presentation", "classes", "mesure2", "date2",
)  # fmt: skip
"""Keys of the menus that several pages ask: what is chosen on one holds on the next."""

NOTHING = object()
"""Tells a choice not made yet from one that is None."""


def keep_view() -> None:
    """Carry the choices from one page to another; to be called once per run, before the page."""
    for key in SHARED:
        # ``in`` would go through every choice of the session; asking for one does not.
        if (value := st.session_state.get(key, NOTHING)) is not NOTHING:
            st.session_state[key] = value


def choose(
    label: str,
    options: Sequence[str],
    key: str,
    words: Callable[[str], str],
    help_: str | None = None,
) -> str:
    """A menu whose choice stands in the address bar and survives a change of its options."""
    if (kept := st.session_state.get(key, NOTHING)) is not NOTHING and kept not in options:
        st.session_state[key] = options[0]
    chosen = st.selectbox(
        label, options, key=key, format_func=words, bind="query-params", help=help_
    )
    return chosen or options[0]


def ask_service(known: Callable[[], Collection[str]] = tuple) -> tuple[str, str | None]:
    """Draw the menus that lead to a service: theme, service, type of day where it has some.

    Parameters
    ----------
    known : callable
        Gives the services of which the supply is known somewhere: before any choice the first of
        them is shown, rather than a map of what nobody knows. Not asked once a choice is made.
    """
    names = nomenclature()
    _open_on(known)
    themes = list(dict.fromkeys(s.theme for s in names.services.values()))
    theme = choose("Thème", themes, "theme", str)
    of_theme = [i for i, s in names.services.items() if s.theme == theme]
    service_id = choose("Service", of_theme, "service", lambda i: names.services[i].short)
    service = names.service(service_id)
    day_type = None
    if service.day_types:
        day_type = choose(
            "Type de jour", service.day_types, "jour", lambda d: capital(names.day_types[d])
        )
    return service_id, day_type


def _open_on(known: Callable[[], Collection[str]]) -> None:
    """Choose the first service that is known, where neither a person nor a link chose one."""
    if any(key in st.session_state or key in st.query_params for key in ("theme", "service")):
        return
    services, told = nomenclature().services, known()
    first = next((i for i in services if i in told), None)
    if first is None or first == next(iter(services)):
        return
    st.session_state["theme"], st.session_state["service"] = services[first].theme, first


def ask_view(
    communes: dict[str, str],
    *,
    voted: Collection[str] = (),
    known: Callable[[], Collection[str]] = tuple,
    measure: bool = True,
    commune: bool = True,
) -> View:
    """Draw the controls and return the question they put: theme, service, measure, need, date.

    Parameters
    ----------
    communes : dict
        Name by INSEE code, in the order of the menu.
    voted : collection of str
        Services for which the territory voted a target.
    known : callable
        Gives the services of which the supply is known somewhere; as in ``ask_service``.
    measure, commune : bool
        Whether the page asks them; a page that does not leaves the choice as it was made.
    """
    names = nomenclature()
    service_id, day_type = ask_service(known)
    service = names.service(service_id)
    measures = measures_of(service_id, needed=service_id in voted)
    definitions = [d for d in service.definitions if d != VOTED or service_id in voted]
    kept = st.session_state.get("mesure")
    measure_id = kept if kept in measures else measures[0]
    if measure:
        measure_id = choose(
            "Mesure",
            measures,
            "mesure",
            lambda m: MEASURES[m].label(service),
            help_="Écart : offre moins besoin. Taux : offre rapportée au public. " + service.help,
        )
    definition = choose(
        "Besoin",
        definitions,
        "besoin",
        lambda d: names.definitions[d].label,
        help_="\n\n".join(
            f"**{names.definitions[d].label}** : {names.definitions[d].source}."
            for d in definitions
        ),
    )
    custom = None
    if definition == "custom":
        custom = st.number_input(
            f"Objectif, en {service.rate_label}",
            min_value=0.0,
            value=float(service.rate_breaks[2]),
            step=1.0,
            format="%g",
            key="objectif",
            bind="query-params",
        )
    day = ask_day()
    code = ask_commune(communes) if commune else None
    question = Question(service_id, day_type, definition, custom, as_of=day)
    question.check()
    return View(question, measure_id, code)


def ask_day() -> date:
    """Draw the date of the supply, today at first."""
    today = min(max(dates.today(), FIRST_DAY), LAST_DAY)
    day = st.date_input(
        "Date de l'offre",
        today,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key="date",
        format="DD/MM/YYYY",
        bind="query-params",
    )
    return day if isinstance(day, date) else today


def ask_commune(communes: dict[str, str]) -> str | None:
    """Draw the search of the communes: typing the first letters finds one, accents or not.

    The choice stands in a menu that is not shown: it keeps the address bar, as every other menu.

    Returns
    -------
    str or None
        INSEE code; None for the whole territory.
    """
    asked = st.query_params.get("commune")
    by_hand = asked in communes  # ?commune=62041
    if by_hand:
        st.session_state["commune"] = asked
    chosen = choose(
        "Commune",
        [WHOLE, *communes],
        "commune",
        lambda c: commune_label(c, communes[c]) if c else WHOLE_LABEL,
    )
    search(communes, chosen, select_commune, key="recherche", whole=WHOLE_LABEL, confirm=by_hand)
    return chosen or None


def unknown_commune(communes: dict[str, str]) -> str | None:
    """The commune that the address names and the territory does not have; None when there is none.

    To be called before the menus are drawn: they put the address right.
    """
    asked = st.query_params.get("commune")
    known = {*communes, WHOLE_LABEL, *(commune_label(c, n) for c, n in communes.items())}
    return asked if asked and asked not in known else None


def commune_label(code: str, name: str) -> str:
    """How a commune is written in menus and in the address bar."""
    return f"{name} ({code})"


def ask_day_along(days: Sequence[date], as_of: date) -> None:
    """Draw a slider that moves the date of the offer; the date itself stays the menu's own.

    Parameters
    ----------
    days : sequence of date
        Stops of the slider. Today and the date in view are added to them, so that the slider
        never shows another date than the map.
    as_of : date
        The date in view.
    """
    stops = sorted({*days, dates.today(), as_of})
    if st.session_state.get("frise") != as_of:
        st.session_state["frise"] = as_of

    def moved() -> None:
        st.session_state["date"] = st.session_state["frise"]

    st.select_slider(
        "Avancer la date de l'offre",
        stops,
        key="frise",
        format_func=dates.long_date,
        on_change=moved,
        help="Les établissements paraissent et disparaissent sur la carte à leur date "
        "d'ouverture et de fermeture.",
    )


def select_commune(code: str) -> None:
    """Put a commune in focus; to be called before the menu is drawn (a callback)."""
    st.session_state["commune"] = code
