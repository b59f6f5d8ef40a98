"""Whose is what people wrote: one folder a territory, the former layout read as its owner's.

Until a planner changes territory, the folder of the census is that of whatever territory is in
service. The first change writes whose it was; from then on every other territory has a folder of
its own in it, and no store of one is ever read for another.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from observatory import disk
from observatory.knowledge.territory import TerritoryRequest

OWNER = "territoire.txt"
"""In the root: the key of the territory whose former layout it holds."""
FOLDER = "territoires"


def key_of(request: TerritoryRequest) -> str:
    """The name of the folder of a territory: by what it holds, never by how it is called.

    A vintage of its membership is the same territory.
    """
    codes = sorted(c.lower() for c in request.codes)
    if len(codes) > 1:
        return f"{request.kind}-{hashlib.sha256(','.join(codes).encode()).hexdigest()[:12]}"
    return "-".join([request.kind, *codes])


def owner_of(root: Path) -> str:
    """The territory whose former layout the root holds; empty while there was no change."""
    try:
        return (root / OWNER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def claim(root: Path, request: TerritoryRequest) -> None:
    """Write whose the root is, once: that of the territory in service before the first change."""
    if not owner_of(root):
        root.mkdir(parents=True, exist_ok=True)
        disk.replace_file(root / OWNER, f"{key_of(request)}\n".encode())


def tenant_of(root: Path, request: TerritoryRequest) -> str:
    """Where the stores of a territory stand in the root; empty where it is the root itself."""
    owner, key = owner_of(root), key_of(request)
    return "" if owner in ("", key) else f"{FOLDER}/{key}"


def tenant_folders(root: Path) -> list[Path]:
    """The folder of every territory of which something is kept, the root first."""
    return [root, *sorted(p for p in (root / FOLDER).glob("*") if p.is_dir())]
