"""What is sent to the browser has the same fields for the server and for the scripts."""

from __future__ import annotations

import re
from typing import NotRequired, get_origin, get_type_hints

from observatory.settings import ROOT
from observatory.ui.map.sign_file import every_sign
from observatory.ui.messages import messages

TYPEDEF = re.compile(r"/\*\*(?:(?!\*/).)*?@typedef \{Object\} (\w+)\n(.*?)\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{.+\} (\[?)(\w+)\]?$", re.MULTILINE)
UI = ROOT / "observatory" / "ui"


def typedefs() -> dict[str, dict[str, bool]]:
    """Fields of each message of the scripts, and whether each may be absent."""
    text = (UI / "messages.js").read_text(encoding="utf-8")
    return {
        name: {field: bool(optional) for optional, field in PROPERTY.findall(body)}
        for name, body in TYPEDEF.findall(text)
    }


def test_the_scripts_name_the_fields_that_the_server_sends() -> None:
    told = {
        name: {
            field: get_origin(kind) is NotRequired
            for field, kind in get_type_hints(message, include_extras=True).items()
        }
        for name, message in messages().items()
    }
    assert len(told) > 20
    found = typedefs()
    assert set(found) - set(told) == {"Component"}  # what Streamlit gives
    assert {name: found.get(name) for name in told} == told


def test_every_sign_that_a_script_asks_for_is_in_the_file() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (UI / "map").glob("*.js"))
    words = set(re.findall(r"\bwords\.(\w+)", scripts)) - {"replace"}
    assert words
    assert words <= set(every_sign()["words"]), words - set(every_sign()["words"])
    assert len(every_sign()["inks"]) == len(every_sign()["colours"])


def test_the_style_has_the_colours_of_the_file_alone() -> None:
    style = (UI / "map" / "map.css").read_text(encoding="utf-8")
    told = set(every_sign()["fills"])
    asked = set(re.findall(r"var\(--(status-\w+|edge|known|short|more|amount)\)", style))
    assert asked == told
