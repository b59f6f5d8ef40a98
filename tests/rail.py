"""The form of a page that AppTest ran: what it offers, and choosing in it as a browser does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from observatory.ui.controls.visit import STATE, Visit


def controls(app: AppTest) -> dict[str, dict[str, Any]]:
    """What the browser is told of each control of the page, by key."""
    return {control["key"]: control for control in message(app)["controls"]}


def message(app: AppTest) -> dict[str, Any]:
    """What the browser is told of the whole form."""
    return sent(app, "controls")


def sent(app: AppTest, what: str) -> dict[str, Any]:
    """The message of the first component of a page that tells something of this name."""
    for node in _nodes(app._tree):
        for _, value in getattr(getattr(node, "proto", None), "ListFields", list)():
            if isinstance(value, bytes) and value.startswith(b"{"):
                told: dict[str, Any] = json.loads(value)
                if what in told:
                    return told
    raise LookupError(f"nothing on this page tells {what}")


def value(app: AppTest, key: str) -> str:
    """What a control shows."""
    return str(controls(app)[key].get("value", ""))


def options(app: AppTest, key: str) -> dict[str, str]:
    """Words by identifier of what a control offers."""
    return dict(controls(app)[key].get("options", []))


def choose(app: AppTest, **choices: str) -> AppTest:
    """Choose in the form, and run the page again."""
    visit = as_told(app)
    for key, chosen in choices.items():
        assert key in visit.asked, f"{key} is not asked: {sorted(visit.asked)}"
        visit.pick(key, chosen)
    return app.run()


def as_told(app: AppTest) -> Visit:
    """Put in the address what the browser was told to show; the choices of the session."""
    visit: Visit = app.session_state[STATE]
    app.query_params.clear()
    app.query_params.update(visit.address)
    return visit


def with_choices(app: AppTest, choices: Mapping[str, Any]) -> None:
    """Give a session its choices before any page of it runs: days, lists and switches too."""
    app.session_state[STATE] = Visit(chosen={key: written(one) for key, one in choices.items()})


def written(choice: Any) -> str:
    """A choice as the address writes it."""
    if isinstance(choice, bool):
        return "1" if choice else ""
    if isinstance(choice, date):
        return choice.isoformat()
    return choice if isinstance(choice, str) else ",".join(choice)


def _nodes(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        yield child
        yield from _nodes(child)
