"""What the files of ``deploy/`` say, read as the programs that use them read it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from observatory.settings import ROOT

DEPLOY = ROOT / "deploy"


def caddyfile(settings: Mapping[str, str] | None = None) -> str:
    """The Caddyfile with its ``{$NAME:default}`` replaced, comments left out."""
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^\s*#.*$", "", text)
    given = settings or {}
    return re.sub(r"\{\$(\w+)(?::([^}]*))?\}", lambda m: given.get(m[1], m[2] or ""), text)


def without_admin(settings: Mapping[str, str]) -> str:
    """The Caddyfile of a proxy that tests start: it listens at its public address alone."""
    said = caddyfile(settings)
    assert said.count("\n{\n") == 1  # its global options
    return said.replace("\n{\n", "\n{\n\tadmin off\n")


def policy(settings: Mapping[str, str] | None = None) -> str:
    """The Content-Security-Policy that a browser receives."""
    found = re.findall(r'Content-Security-Policy "([^"]*)"', caddyfile(settings))
    assert len(found) == 1
    return str(found[0])


def directives(settings: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """The policy's sources, by directive."""
    parts = [part.split() for part in policy(settings).split(";") if part.strip()]
    return {name: sources for name, *sources in parts}
