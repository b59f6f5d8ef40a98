"""What a visitor chose: read from the address on arrival, kept from one page to the next.

The address is read when it is another than the one the browser was told to show: on arrival, by a
link, by « back » and « forward ». Everything else goes from the choices to the address.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from observatory.ui.controls.form import SEPARATOR, Form

STATE = "visite"
LONGEST = 4_000  # characters of one choice; what is longer was not made by the form


@dataclass
class Visit:
    """The choices of one session.

    Attributes
    ----------
    chosen : dict of str to str
        What was chosen, by key.
    from_address : set of str
        Keys that the last address brought, until something is chosen by hand.
    page : str
        The page in view.
    address : dict of str to str
        What the address of that page says.
    asked, linked : set of str
        Keys asked by the page in view; keys that an address ever told.
    last : int
        Number of the last choice that the browser sent.
    sent : set of str
        Digests of what the browser was sent, and keeps.
    lists : dict of str to list
        The options of the controls that it was sent, by digest.
    """

    chosen: dict[str, str] = field(default_factory=dict)
    from_address: set[str] = field(default_factory=set)
    page: str = ""
    address: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)
    last: int = 0
    sent: set[str] = field(default_factory=set)
    lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def pick(self, key: str, value: str) -> None:
        """Choose; a theme leaves its services free."""
        self.chosen[key] = value
        self.from_address = set()
        if key == "theme":
            self.chosen.pop("service", None)


def visit() -> Visit:
    """The choices of the session that runs."""
    found: Visit | None = st.session_state.get(STATE)
    if found is None:
        found = st.session_state[STATE] = Visit()
    return found


def arrive(page: str) -> None:
    """Read the address where it is not the one that was written; once per run, before the page.

    Parameters
    ----------
    page : str
        Name of the page in the address.
    """
    one = visit()
    # Links of before name each of several choices apart.
    told = {key: SEPARATOR.join(st.query_params.get_all(key)) for key in st.query_params}
    by_menu = page != one.page and not told  # the menu of pages leads to an address without choices
    if not by_menu and (told != one.address or page != one.page):
        for key in one.linked:
            one.chosen.pop(key, None)
        one.chosen.update(told)
        one.from_address = set(told)
        one.address = told
    one.page = page


def form() -> Form:
    """The questions of the page that runs, with what was chosen so far."""
    one = visit()
    return Form(one.chosen, one.from_address)


def drawn(asked: Form) -> None:
    """Note what the browser is told to show in its address."""
    one = visit()
    one.asked = {c.key for c in asked.controls}
    one.linked |= {c.key for c in asked.controls if c.linked != "never"}
    one.address = asked.address


def pick(key: str, value: str) -> None:
    """Choose, from the code of a page."""
    visit().pick(key, value)


def picked(number: object, choices: object) -> None:
    """Take what the browser sent: choices by key, under a number that grows.

    What was not asked, is no text, or was taken already changes nothing.
    """
    one = visit()
    if not isinstance(number, int) or not isinstance(choices, dict) or number <= one.last:
        return
    one.last = number
    for key, value in choices.items():
        if key in one.asked and isinstance(value, str) and len(value) <= LONGEST:
            one.pick(key, value)
