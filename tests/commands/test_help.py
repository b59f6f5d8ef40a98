"""The help of every command is in French, the words of the library included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer import rich_utils

from observatory.commands import main

ENGLISH = re.compile(
    r"Usage:|Commands|COMMAND\b|\bARGS\b|Show this|\bdefault\b|\brequired\b|\bdeprecated\b|"
    r"%Y|<(?:str|int|float|path|bool|list|uuid|datetime)\b|\bTEXT\b|\bPATH\b|\bINTEGER\b"
)


def every_command() -> list[str]:
    """Every command and every group, as they are typed."""

    def under(command: Any, typed: list[str]) -> Iterator[str]:
        yield " ".join(typed)
        for name, inner in getattr(command, "commands", {}).items():
            yield from under(inner, [*typed, name])

    return list(under(typer.main.get_command(main.app), []))


@pytest.mark.parametrize("command", every_command())
def test_the_help_of_a_command_is_in_french(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 200)
    with pytest.raises(SystemExit) as done:
        main.main([*command.split(), "--help"])
    told = capsys.readouterr().out
    assert done.value.code == 0
    assert ENGLISH.findall(told) == []
    assert "Usage : " in told
    assert re.search(r"--help +Afficher cette aide", told)


def test_a_command_says_what_each_option_takes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 200)
    for command, said in (
        ("serve", r"--port +<nombre entier>.*\[à défaut : 8501\]"),
        ("diff", r"--as-of +<AAAA-MM-JJ>"),
        ("report commune", r"--out +<chemin> .*\[obligatoire\]"),
        ("refresh", r"--offline +Ne jamais"),
        ("census", r"Commandes"),
    ):
        with pytest.raises(SystemExit):
            main.main([*command.split(), "--help"])
        assert re.search(said, capsys.readouterr().out), command


def test_the_library_keeps_its_own_words_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main(["refresh", "--help"])
    assert rich_utils.COMMANDS_PANEL_TITLE == "Commands"
    assert "default" in rich_utils.DEFAULT_STRING
