"""``observatory serve``: the app, in the process of the command itself."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from observatory.settings import ROOT


def serve_command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port d'écoute.")] = 8501,
    address: Annotated[str, typer.Option(help="Adresse d'écoute.")] = "localhost",
) -> None:
    """Servir l'application dans un navigateur."""
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "server.py"),
        f"--server.port={port}",
        f"--server.address={address}",
    ]
    os.chdir(ROOT)
    os.execv(sys.executable, command)  # the same process: who stops the command stops the server
