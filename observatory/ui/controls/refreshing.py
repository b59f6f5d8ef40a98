"""A planner builds the version again, or that of another territory, and follows the work."""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from observatory.answers.known_territories import found_territories, known_epci, why_none
from observatory.errors import VersionError
from observatory.french import numbers
from observatory.settings import Settings
from observatory.ui.shell import actions, blocks, data
from observatory.workbook.drafts import Draft

CHANGED = "territoire_change"
"""Where a session keeps that the territory changed, until the page tells it."""
LINES = 12  # of a command at work
WHOLE_COUNTRY = 1_000
"""EPCI: France has about 1,255, an extract far fewer."""


@dataclass(frozen=True)
class Told:
    """What is said of a command while it works, when it is done, when it failed."""

    works: str
    done: str
    failed: str


WORDS = {
    actions.REFRESH: Told(
        "Actualisation en cours…",
        "Actualisation terminée : la carte est à jour.",
        "L'actualisation a échoué : la version en service reste en place.",
    ),
    actions.CHANGE: Told(
        "Changement de territoire en cours…",
        "Le territoire a changé : la carte et toutes les pages sont les siennes.",
        "Le changement a échoué : le territoire et la version en service restent en place.",
    ),
}


def ask_refresh() -> None:
    """Offer to build the version in service again."""
    st.header("Actualiser les données", anchor=False)
    asked, settings = actions.asked(), Settings.from_env()
    blocks.paragraph(
        "Construit de nouveau la version en service, pour le même territoire, à partir des "
        "fichiers disponibles aujourd'hui : miroir de l'opérateur, copies en cache, adresses "
        "publiées, fichiers embarqués. Un contrôle qui échoue ne publie rien."
    )
    st.checkbox(
        "Interroger les adresses publiées (réseau)",
        value=not (asked.offline or settings.offline),
        disabled=settings.offline,
        help="Désactivé par l'exploitant (OBSERVATORY_OFFLINE)." if settings.offline else None,
        key="reseau",
    )
    if st.button("Actualiser maintenant", key="actualiser"):
        _follow(actions.refresh(network=_network()))
    else:
        _go_on(actions.REFRESH)


def ask_territory() -> None:
    """Offer to change to another territory, found by its name, a commune or a postcode."""
    st.header("Changer de territoire", anchor=False)
    if said := st.session_state.pop(CHANGED, ""):
        st.success(said)
    try:
        version = data.version_in_service()
    except VersionError:
        return
    con = data.cursor(version)
    count = known_epci(con)
    blocks.paragraph(
        f"En service : {data.info(version)['territory']['name']}. Chaque territoire garde le "
        "sien : recensement, plan, objectifs, convention, questionnaire, scénarios et textes. "
        "Ceux d'ici restent à leur place et reviennent avec lui ; rien n'en est lu pour un autre. "
        "Une erreur laisse la version en service."
    )
    if count < WHOLE_COUNTRY:
        blocks.paragraph(
            f"Les fichiers de cette version ne connaissent que {numbers.plural(count, 'EPCI')} : "
            "chercher dans toute la France demande une actualisation par le réseau ou d'un miroir "
            "national. Un SIREN ou un code Insee se donne tel quel."
        )
    words = st.text_input(
        "Chercher un territoire",
        placeholder="EPCI, commune, code postal, département",
        key="territoire_cherche",
    )
    if words.strip():
        _offer(words)
    _go_on(actions.CHANGE)


def _offer(words: str) -> None:
    found = {
        o.asked: o.label for o in found_territories(data.cursor(data.version_in_service()), words)
    }
    if not found:
        st.info(why_none(data.cursor(data.version_in_service()), words))
        return
    chosen = st.radio(
        "Territoires trouvés",
        list(found),
        format_func=lambda asked: blocks.as_label(found[asked]),
        key="territoire_choisi",
    )
    if st.button("Changer pour ce territoire", key="changer_territoire"):
        job = actions.change_territory(chosen, network=_network())
        _follow(job)
        if job.status == 0:
            _arrive(job.title)


def _arrive(title: str) -> None:
    """Draw all again for the new territory; what waited to be published was of the former one."""
    waiting = [key for key, kept in st.session_state.items() if isinstance(kept, Draft)]
    for key in [*waiting, "territoire_cherche", "territoire_choisi"]:
        st.session_state.pop(key, None)
    st.session_state[CHANGED] = WORDS[title].done
    st.rerun()


def _network() -> bool:
    return bool(st.session_state.get("reseau")) and not Settings.from_env().offline


def _go_on(title: str) -> None:
    """Follow a command that was started from another page, or before this one was left."""
    running = actions.bench().last
    if running and running.status is None and running.title == title:
        _follow(running)


def _follow(job: actions.RunningCommand) -> None:
    """Show a command at work until it ends; leaving the page does not stop it."""
    told = WORDS[job.title]
    with st.status(told.works, expanded=True) as status:
        shown = st.empty()
        while job.status is None:
            shown.text("\n".join(job.lines()[-LINES:]))
            time.sleep(0.3)
        lines = job.lines()
        failed = [n for n, line in enumerate(lines) if line.startswith("Erreur")]
        shown.text("\n".join(lines[failed[0] :] if failed else lines[-LINES:]))
        done = job.status == 0
        status.update(
            label=told.done if done else told.failed,
            state="complete" if done else "error",
            expanded=True,
        )
