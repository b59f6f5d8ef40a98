"""How a page answers: in one piece that a choice runs again alone, faults told in a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from observatory.errors import ObservatoryError, VersionError
from observatory.ui.shell import blocks
from observatory.ui.shell.access import is_planner

LOG = "observatory"


@contextmanager
def faults_told() -> Iterator[None]:
    """Tell what goes wrong inside, in French; what was not foreseen is noted for the operator."""
    try:
        yield
    except VersionError as error:
        # It names folders of the server: for who stands at it, not for a visitor.
        logging.getLogger(LOG).error("%s", error)
        if is_planner():
            blocks.fault(error)
        else:
            st.error(
                "L'observatoire n'a pas encore de données à montrer. Prévenir la personne qui "
                "l'exploite."
            )
    except ObservatoryError as error:
        blocks.fault(error)
    except Exception:
        # A visitor reads a sentence; the operator finds the rest in the server's log.
        logging.getLogger(LOG).exception("page failed")
        st.error(
            "Cette page n'a pas pu être établie : une erreur inattendue est notée dans le journal "
            "du serveur. Recharger la page, ou choisir un autre service."
        )


def answering(page: Callable[[], None]) -> None:
    """Draw a page so that a choice made in it runs it alone, not the whole app around it."""

    @st.fragment
    def whole() -> None:
        with faults_told():
            page()

    whole()
