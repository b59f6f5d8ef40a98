"""The form of a page that AppTest ran: what it offers, and choosing in it as a browser does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest
from told import told

from observatory.ui.controls.visit import STATE, Visit


def controls(app: AppTest) -> dict[str, dict[str, Any]]:
    """What the browser is told of each control of the page, by key."""
    kept = app.session_state[STATE].lists  # options are sent once, then named
    return {
        control["key"]: {"options": kept.get(control.get("list"), []), **control}
        for control in message(app)["controls"]
    }


def message(app: AppTest) -> dict[str, Any]:
    """What the browser is told of the whole form."""
    return sent(app, "controls")


def sent(app: AppTest, what: str) -> dict[str, Any]:
    """The message of the first component of a page that tells something of this name."""
    for node in nodes(app._tree):
        for _, value in getattr(getattr(node, "proto", None), "ListFields", list)():
            if isinstance(value, bytes) and value.startswith(b"{"):
                message = told(value)
                if what in message:
                    return message
    raise LookupError(f"nothing on this page tells {what}")


def value(app: AppTest, key: str) -> str:
    """What a control shows."""
    return str(controls(app)[key].get("value", ""))


def options(app: AppTest, key: str) -> dict[str, str]:
    """Words by identifier of what a control offers."""
    return dict(controls(app)[key].get("options") or [])


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


def run(app: AppTest) -> None:
    """Run the page at the address that the browser was told."""
    as_told(app)
    app.run()
    assert not app.exception, app.exception


def widget(widgets: Sequence[Any], label: str) -> Any:
    """The widget of a label."""
    (found,) = (w for w in widgets if w.label == label)
    return found


def press(app: AppTest, label: str) -> None:
    """Press a button, and run the page: what comes of it may ask for another run."""
    widget(app.button, label).click()
    run(app)


@dataclass(frozen=True)
class Menu:
    """A menu of the form, used as Streamlit's own are by AppTest."""

    app: AppTest
    control: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What a person reads beside it."""
        return str(self.control["label"])

    @property
    def key(self) -> str:
        """Its name in the address."""
        return str(self.control["key"])

    @property
    def options(self) -> list[str]:
        """The words of its options."""
        return [words for _, words in self.control.get("options", [])]

    @property
    def value(self) -> str:
        """The identifier of what is chosen."""
        return str(self.control.get("value", ""))

    @property
    def index(self) -> int | None:
        """The place of what is chosen; None where several may be."""
        ids = [id_ for id_, _ in self.control.get("options", [])]
        return ids.index(self.value) if self.control["kind"] == "menu" else None

    @property
    def disabled(self) -> bool:
        """A control that cannot be used is not asked."""
        return False

    def select_index(self, at: int) -> None:
        """Choose one, before the page runs again."""
        self.set_value(self.control["options"][at][0])

    def set_value(self, value: str | bool) -> None:
        """Choose, before the page runs again."""
        as_told(self.app).pick(self.key, written(value))


def menus(app: AppTest, *kinds: str) -> list[Menu]:
    """The controls of some kinds, in the order of the page; none where it has no form."""
    try:
        told = controls(app)
    except LookupError:
        return []
    return [Menu(app, one) for one in told.values() if one["kind"] in kinds]


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


def nodes(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        yield child
        yield from nodes(child)
