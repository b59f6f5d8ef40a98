"""PDF and PNG drawn by Typst, in a process of their own.

Typst keeps what it has drawn for as long as its process lives: some 150 MB per atlas. A server that
runs for weeks leaves that to a short-lived process, and its other sessions go on meanwhile.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from observatory.errors import ObservatoryError

WORKER = Path(__file__).with_name("typeset_worker.py")
PATIENCE = 600.0
"""Seconds after which a sheet is given up."""


def typeset(source: str, inputs: Mapping[str, str], **options: Any) -> bytes:
    """Draw a Typst source with the typefaces that Typst carries.

    Parameters
    ----------
    source : str
        A template of ours; data never become part of it.
    inputs : mapping
        Data, as ``sys.inputs``.
    **options
        ``format`` (``pdf``, ``png``), ``ppi``, ``pdf_standards``.

    Raises
    ------
    ObservatoryError
        When Typst refuses the document, or takes too long.
    """
    asked = json.dumps({"source": source, "inputs": dict(inputs), "options": options})
    try:
        # Isolated: neither the folder it stands in nor the environment changes what it imports.
        done = subprocess.run(
            [sys.executable, "-I", str(WORKER)],
            input=asked.encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _refused("trop long") from error
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise _refused(lines[-1] if lines else f"arrêt {done.returncode}")
    return done.stdout


def _refused(why: str) -> ObservatoryError:
    return ObservatoryError(
        f"le document n'a pas pu être mis en page ({why})",
        mend="Réessayer avec moins de communes ou de services.",
    )
