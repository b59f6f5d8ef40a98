"""Every page of the app as a visitor finds it: ``python -m tests.net.pages FOLDER CODE CHOICES``.

The pages are run by Streamlit's own tester, through ``app.py``. Each is read as it opens, with a
commune chosen (its INSEE code), then once for each choice of each of its menus: every one, some,
few or none.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from unittest.mock import PropertyMock, patch

import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from tests.rail import menus

from .elements import page_lines
from .territories import AS_OF

ROOT = Path(__file__).resolve().parents[2]
PAGES = "observatory/ui/pages/*.py"
PATIENCE = 120
MANY = {"every": 20, "some": 3, "few": 1, "none": 0}
"""Choices of a menu beyond which the middle and the last stand for all, or the last alone."""
NOISY = "streamlit.runtime.scriptrunner_utils.script_run_context"
"""Streamlit's logger that remarks, at each run, that no browser is there."""
WHOLE = ("carte",)
"""The pages whose every choice is made, or few: the others ask the same menus."""
MENUS = ("selectbox", "multiselect", "button_group", "segmented_control", "pills", "radio")
SWITCHES = ("toggle", "checkbox")
DIRECT = MappingProxyType({"Host": "localhost", "Origin": "http://localhost"})


class Visit:
    """A page, and what it showed after each thing a visitor did."""

    def __init__(self, page: Path, query: dict[str, str], many: int = 0) -> None:
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
        self.query = query
        self.page = page
        self.many = many
        self.said: list[str] = []

    def open(self) -> bool:
        """Go to the page; False when the app does not list it."""
        self.app.query_params.update(self.query)
        self.app.run()
        for name in (str(self.page), self.page.stem):  # a page refused has no file, only a name
            try:
                self.app.switch_page(name)
                break
            except ValueError:
                continue
        else:
            return False
        self.app.query_params.update(self.query)
        self.run("opened " + " ".join(f"{k}={v}" for k, v in self.query.items()))
        for box in self.app.date_input:
            if box.value == date.today():
                box.set_value(date.fromisoformat(AS_OF))
                self.run(f"{box.label} = {AS_OF}")
        for day in menus(self.app, "day"):
            if day.value == date.today().isoformat():
                day.set_value(AS_OF)
                self.run(f"{day.label} = {AS_OF}")
        return True

    def choose_commune(self, code: str) -> None:
        """Follow an address that names a commune."""
        self.app.query_params.update({**self.query, "commune": code})
        self.run(f"commune={code}")

    def run(self, what: str) -> None:
        """Run the page again, and note everything that it shows."""
        self.app.run()
        self.said += [f"##### {what}", *page_lines(self.app._tree)]

    def choose_each(self, deep: bool) -> None:
        """Make the choices of every menu, and the switches, one after the other.

        Parameters
        ----------
        deep : bool
            Whether to go on, from each choice, to those of a menu that it brings; from each choice
            of the first menu, also to those of a menu that it changes.
        """
        for number, name in enumerate(list(self.menus())):
            self.go_through(name, ("any" if number == 0 else "new") if deep else "none")
        for kind in SWITCHES:
            for box in list(getattr(self.app, kind)):
                for _ in range(2):
                    again = _find(getattr(self.app, kind), box.label, box.key)
                    if again is not None and not again.disabled:
                        again.set_value(not again.value)
                        self.run(f"{box.label} = {again.value}")
        for switch in menus(self.app, "switch"):
            for up in (not switch.value, bool(switch.value)):
                switch.set_value(up)
                self.run(f"{switch.label} = {up}")

    def go_through(self, name: str, follow: str) -> None:
        """Each choice of a menu; where it changes or brings another, each of that one's too."""
        first = self.menus()
        kept = first[name].value
        for option in _some(list(first[name].options), self.many):
            if option == _shown(first[name]) or not self.choose(name, option):
                continue
            changed = [] if follow == "none" else self.changed_since(first, name)
            if followed := [n for n in changed if follow == "any" or n not in first]:
                self.go_through(followed[0], "none")
        if (menu := self.menus().get(name)) is None:
            return
        menu.set_value(kept)
        if self.changed_since(first, name):
            self.app.run()  # the others take their choices again; else the next run does it

    def changed_since(self, first: dict[str, Any], but: str) -> list[str]:
        """The menus that were not there, or whose choices were others."""
        return [
            name
            for name, menu in self.menus().items()
            if name != but
            and (name not in first or list(menu.options) != list(first[name].options))
        ]

    def choose(self, name: str, option: str) -> bool:
        """Choose in a menu; False when it is no longer there."""
        menu = self.menus().get(name)
        if menu is None or option not in list(menu.options):
            return False
        if hasattr(menu, "select_index"):
            menu.select_index(list(menu.options).index(option))
        else:
            menu.select(option)
        self.run(f"{name} = {option}")
        return True

    def menus(self) -> dict[str, Any]:
        """The menus of the page, by what they are called."""
        found: dict[str, Any] = {
            f"{m.label} ({m.key})": m for m in menus(self.app, "menu", "several")
        }
        for kind in MENUS:
            for menu in self.app.get(kind):
                if getattr(menu, "options", None) and not menu.disabled:
                    found.setdefault(f"{menu.label} ({menu.key})", menu)
        return found


def _find(boxes: Any, label: str, key: str | None) -> Any:
    return next((b for b in boxes if b.label == label and b.key == key), None)


def _shown(menu: Any) -> str | None:
    """The choice that a menu shows already; None where several may be made."""
    index = getattr(menu, "index", None)
    return list(menu.options)[index] if isinstance(index, int) else None


def _some(options: list[str], many: int) -> list[str]:
    if len(options) <= many:
        return options
    return [options[len(options) // 2], options[-1]] if many > 1 else [options[-1]]


def visits(commune: str, choices: str) -> Iterator[tuple[str, list[str]]]:
    """Each page file and what it said to a planner."""
    for page in page_files():
        whole = choices == "every" and page.stem in WHOLE
        many = MANY["some" if choices == "every" and not whole else choices]
        visit = Visit(page, {"date": AS_OF}, many)
        if not visit.open():
            yield page.stem, ["not listed"]
            continue
        visit.choose_commune(commune)
        if many and (choices != "few" or page.stem in WHOLE):
            visit.choose_each(deep=whole)
        yield page.stem, visit.said


def page_files() -> list[Path]:
    """The pages, wherever the app lists them."""
    return [p for p in sorted(ROOT.glob(PAGES)) if p.stem != "__init__"]


def main() -> None:
    """Write each page as a planner at the machine finds it, then, for every choice, as anyone."""
    given, commune, choices = sys.argv[1:]
    logging.getLogger(NOISY).disabled = True
    folder = Path(given)
    with patch.object(ContextProxy, "headers", new_callable=PropertyMock, return_value=DIRECT):
        st.config.set_option("server.address", "localhost")
        for name, said in visits(commune, choices):
            _write(folder / f"{name}.txt", said)
    if choices != "every":
        return
    for page in page_files():
        visit = Visit(page, {"date": AS_OF})
        said = visit.said if visit.open() else ["not listed"]
        _write(folder / f"{page.stem} (anyone).txt", said)


def _write(path: Path, lines: list[str]) -> None:
    path.write_bytes("\n".join(lines).encode("utf-8"))


if __name__ == "__main__":
    main()
