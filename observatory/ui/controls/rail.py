"""The rail of a page: service, measure, need, date and commune, kept in the address bar."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from observatory.french import dates
from observatory.french.spelling import capital, plain
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.knowledge.question import MOST, VOTED, Question
from observatory.maps.measures import MEASURES, measures_of
from observatory.maps.view import View
from observatory.ui.controls import visit
from observatory.ui.controls.form import Control, Form
from observatory.ui.controls.texts import MEASURES_MEAN, needs_mean, numbered
from observatory.ui.messages import ControlMessage, RailMessage
from observatory.ui.shell import blocks
from observatory.ui.shell.loader import digest, heard, loader, message, written
from observatory.ui.shell.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

FIRST_DAY = date(2015, 1, 1)
LAST_DAY = date(2030, 12, 31)
WHOLE_LABEL = "Tout le territoire"
KEY = "volet"
NO_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
LONG = 3
"""Options from which a list is worth a name."""


def show_rail(asked: Form, files: StaticFiles) -> None:
    """Draw the controls that a page asked, and put its address right.

    Parameters
    ----------
    asked : Form
        The questions of the page, all of them asked.
    files : StaticFiles
        Given by `observatory.ui.shell.static.prepare`.
    """
    visit.drawn(asked)

    def picked(sent: dict[str, Any]) -> None:
        visit.picked(sent.get("number"), sent.get("choices"))

    data: RailMessage = {
        "files": {
            "script": "rail.js",
            "communes": files.communes,
            "texts": files.texts,
        },
        "number": visit.visit().last,
        "controls": [_told(c) for c in asked.controls if c.kind != "held"],
        "address": asked.address,
        "lasting": asked.lasting,
    }
    with st.sidebar:
        _renderer(files.folder)(
            key=KEY,
            data=message(data),
            on_picks_change=heard(KEY, "picks", dict, picked),
            on_missed_change=heard(KEY, "missed", str, _missed),
        )
    for sentence in asked.unread:
        st.warning(blocks.as_label(sentence))


def _told(control: Control) -> ControlMessage:
    """A control; the options of a menu are sent once, then named."""
    told = cast(ControlMessage, control.message(numbered()))
    options = told.get("options", [])
    if control.kind not in ("menu", "several") or len(options) < LONG:
        return told
    name, kept = _name_of(control.options), visit.visit().lists
    told["list"] = name
    if name in kept:
        del told["options"]
    kept[name] = options
    return told


@lru_cache(maxsize=500)
def _name_of(options: tuple[tuple[str, str], ...]) -> str:
    return digest(written({"options": options}))


def _missed(name: str) -> None:
    """Send a list again to a browser that has not kept it."""
    visit.visit().lists.pop(name, None)


@cache
def _renderer(folder: str) -> ComponentRenderer:
    return st.components.v2.component("observatory_rail", js=loader(folder))


def ask_service(
    asked: Form,
    known: Callable[[], Collection[str]] = tuple,
    groups: Mapping[str, tuple[str, ...]] = NO_GROUPS,
) -> tuple[str, str | None]:
    """Ask what leads to a service: theme, service, type of day where it has some.

    Parameters
    ----------
    known : callable
        Gives the services of which the supply is known somewhere: before any choice the first of
        them is shown, rather than a map of what nobody knows. Not asked once a choice is made.
    groups : mapping
        Services by theme of the convention; the themes of the nomenclature without any.
    """
    names = nomenclature()
    services = names.services
    of_theme = names.by_theme(groups)
    theme_of = {id_: theme for theme, held in of_theme.items() for id_ in held}
    chosen = asked.chosen
    first = next(iter(services))
    if "theme" not in chosen and "service" not in chosen:
        told = known()
        first = next((i for i in services if i in told), first)
    elif "service" not in chosen and chosen["theme"] in of_theme:
        first = of_theme[chosen["theme"]][0]
    found = _service_named(chosen.get("service", ""), services)
    theme = theme_of[found or first]  # it follows the service: a link names that one alone
    asked.menu(
        "Thème", list(of_theme), "theme", default=theme, find=lambda _: theme, linked="never"
    )
    service_id = asked.menu(
        "Service",
        of_theme[theme],
        "service",
        lambda i: services[i].listed,
        default=found or first,
        find=lambda _: found,
        linked="always",
        sought="services",
    )
    service = services[service_id]
    day_type = None
    if service.day_types:
        day_type = asked.menu(
            "Type de jour", service.day_types, "jour", lambda d: capital(names.day_types[d])
        )
    return service_id, day_type


def _service_named(text: str, services: dict[str, Service]) -> str | None:
    """The service that an address names, by identifier or by words."""
    if text in services:
        return text
    wanted = plain(text)
    for words_of in (lambda s: (s.short, s.label), lambda s: s.findable):
        for id_, service in services.items():
            if wanted and wanted in map(plain, words_of(service)):
                return id_
    return None


def ask_view(
    asked: Form,
    communes: dict[str, str],
    *,
    voted: Collection[str] = (),
    known: Callable[[], Collection[str]] = tuple,
    groups: Mapping[str, tuple[str, ...]] = NO_GROUPS,
    measured: Callable[[str, str | None], Collection[str]] | None = None,
    measure: bool = True,
    commune: bool = True,
) -> View:
    """Ask the question of a page: theme, service, measure, need, date, commune.

    Parameters
    ----------
    communes : dict
        Name by INSEE code, in the order of the menu.
    voted : collection of str
        Services for which the territory voted a target.
    known : callable
        Gives the services of which the supply is known somewhere; as in ``ask_service``.
    groups : mapping
        Services by theme of the convention; as in ``ask_service``.
    measured : callable, optional
        Gives the measures that have a figure somewhere: where the supply is known, or the service
        has no need of its own, the first of them is shown before any choice, rather than a measure
        that lacks something.
    measure, commune : bool
        Whether the page asks them; a page that does not leaves the choice as it was made.
    """
    names = nomenclature()
    service_id, day_type = ask_service(asked, known, groups)
    service = names.service(service_id)
    measures = measures_of(service_id, needed=service_id in voted)
    definitions = [d for d in service.definitions if d != VOTED or service_id in voted]
    kept = asked.chosen.get("mesure", "")
    first = measures[0]
    told_alone = MEASURES[first].kind != "gap"  # no need is known: an unknown rate would be all
    if measured is not None and measure and (told_alone or service_id in known()):
        told = measured(service_id, day_type)
        first = next((m for m in measures if m in told), first)
    measure_id = kept if kept in measures else first
    if measure:
        measure_id = asked.menu(
            "Mesure",
            measures,
            "mesure",
            lambda m: MEASURES[m].label(service),
            default=first,
            help_=(MEASURES_MEAN, *([service.help] if service.help else [])),
        )
    definition = asked.menu(
        "Besoin",
        definitions,
        "besoin",
        lambda d: names.definitions[d].label,
        help_=needs_mean(tuple(definitions)),
    )
    custom = None
    if definition == "custom":
        usual = float(service.rate_breaks[2])
        custom = asked.amount(f"Objectif, en {service.rate_label}", "objectif", usual, MOST)
    day = ask_day(asked)
    code = asked.commune(communes, WHOLE_LABEL) if commune else None
    question = Question(service_id, day_type, definition, custom, as_of=day)
    question.check()
    return View(question, measure_id, code)


def ask_day(asked: Form) -> date:
    """Ask the date of the supply, today at first."""
    return asked.day("Date de l'offre", "date", dates.today(), FIRST_DAY, LAST_DAY)


def select_commune(code: str) -> None:
    """Put a commune in focus, or the whole territory (empty); to be called from a callback."""
    visit.pick("commune", code)
