"""A search for sites at work: in a thread of its own, one at a time for the whole server.

The solver lets go of the interpreter while it works: other visitors' pages go on. Who asks what
another is asking waits for the same work, and finds it done afterwards.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from threading import Lock, Thread

import duckdb
import streamlit as st

from observatory.errors import RequestError
from observatory.scenario.money_of_scenario import building
from observatory.siting.candidate_sites import town_halls
from observatory.siting.siting_in_words import Siting, progress_in_words
from observatory.siting.siting_request import SitingRequest, answer_siting, check_request
from observatory.siting.territory_siting import built_service
from observatory.ui.scenario.sites_asked import FIELDS, SOLVES
from observatory.ui.shell import data
from observatory.ui.shell.answering import LOG
from observatory.ui.shell.data import Version
from observatory.ui.shell.kept import kept

STEP_SECONDS = 0.2
LARGEST = 1_000
"""Communes: beyond, every pair of a commune and a town hall is too many for a page."""
FAILED = RequestError(
    "la recherche n'a pas abouti", mend="Recommencer, ou demander moins de sites."
)


class SitingWork:
    """A search, from the moment it is asked for.

    Attributes
    ----------
    said : str
        The last better choice, in words; empty while none is found.
    begun : float or None
        When its turn came, on the clock of ``time.monotonic``.
    size : int
        Bytes that its answer holds, about.
    """

    size = 2_000_000

    def __init__(self, make: Callable[[SitingWork], Siting]) -> None:
        self.said = ""
        self.begun: float | None = None
        self._answer: Siting | None = None
        self._fault: RequestError | None = None
        self._make = make
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work, or waits for its turn."""
        return self._thread.is_alive()

    def answer(self) -> Siting:
        """What was found.

        Raises
        ------
        RequestError
            When the question cannot be answered, in words.
        """
        if self._answer is None:
            raise self._fault or FAILED
        return self._answer

    def _run(self) -> None:
        with one_at_a_time():
            self.begun = time.monotonic()
            try:
                self._answer = self._make(self)
            except RequestError as error:
                self._fault = error
            except Exception:
                logging.getLogger(LOG).exception("siting failed")


@cache
def one_at_a_time() -> Lock:
    """Held by the search at work."""
    return Lock()


def search(version: Version, asked: SitingRequest) -> SitingWork:
    """The search for an answer: begun now, or that of who asked the same before.

    Raises
    ------
    RequestError
        When no version could answer it.
    """
    published = building(built_service(str(asked.question.service)))
    check_request(asked, published, FIELDS)
    con = data.cursor(version)
    ((communes,),) = con.execute("SELECT count(*) FROM perimeter").fetchall()
    if communes > LARGEST:
        raise RequestError(
            f"{communes} communes : au-delà de {LARGEST}, les mairies sont trop nombreuses pour "
            "être toutes essayées ici",
            mend="Choisir des sites dans un fichier : observatory siting --candidates.",
        )

    def made(work: SitingWork) -> Siting:
        return _answer(con, asked, work)

    return kept().get((__name__, version, asked), lambda: SitingWork(made))


def _answer(con: duckdb.DuckDBPyConnection, asked: SitingRequest, work: SitingWork) -> Siting:
    published = building(built_service(str(asked.question.service)))

    def tell(closed: float, bound: float) -> None:
        work.said = progress_in_words(closed, bound)

    offered = town_halls(con, asked.defaults(published))
    return answer_siting(con, asked, offered, published, progress=tell)


def follow(work: SitingWork, seconds: float) -> None:
    """Show a search at work until it ends; leaving the page does not stop it."""
    if not work.running:
        return
    bar = st.progress(0.0, "Recherche des lieux")
    while work.running:
        if work.begun is None:
            bar.progress(0.0, "Une autre recherche est en cours : celle-ci vient après elle.")
        else:
            spent = time.monotonic() - work.begun
            found = f" {work.said}." if work.said else ""
            most = f"{spent:.0f} s, {seconds * SOLVES:g} s de calcul au plus."
            bar.progress(
                min(spent / (seconds * SOLVES), 1.0), f"Recherche des lieux : {most}{found}"
            )
        time.sleep(STEP_SECONDS)
    bar.empty()
