"""Logins that were ended: a cookie that was kept gives no role any more.

One empty file per login, named after its digest, shared by the processes of a server; each is
forgotten once such a login is too old to give a role anyway.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = "deconnexions"
TOLD = ("iss", "sub", "email", "iat", "sid")
"""The claims that tell one login from another."""


def end_login(processed_dir: Path, claims: Mapping[str, Any], kept_seconds: float) -> None:
    """Note that a login is over, in every process; what cannot be noted is said in the log."""
    folder = processed_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _digest(claims)).touch()
        for old in folder.iterdir():
            if old.stat().st_mtime < time.time() - kept_seconds:
                with suppress(FileNotFoundError):  # another process was there first
                    old.unlink()
    except OSError as error:
        logging.getLogger("observatory").error(
            "%s : la déconnexion n'est pas notée, un autre onglet peut garder le rôle (%s)",
            folder,
            error.strerror,
        )


def is_ended(processed_dir: Path, claims: Mapping[str, Any]) -> bool:
    """Whether a login was ended."""
    return (processed_dir / FOLDER / _digest(claims)).exists()


def _digest(claims: Mapping[str, Any]) -> str:
    told = json.dumps([str(claims.get(name)) for name in TOLD])
    return hashlib.sha256(told.encode()).hexdigest()
