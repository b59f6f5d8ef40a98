"""Register of secrets: which figures are masked, and why; it stands with the census.

A version tells that a figure is masked, never whether it is one person's or was drawn to stand
beside one. That, and the key of the draw, are in this file alone, readable by its owner.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from observatory import disk
from observatory.errors import ObservatoryError

FILE = "registre.secret"  # JSON, under a name that no reader of sources takes for a table
DEMONSTRATION = "demonstration"  # the key of the draw of made-up figures
TERRITORY = ""  # stands for the territory's total where a commune's code would
Role = Literal["primary", "companion", "total", "service"]
Cell = tuple[str, str]
"""A commune (empty for the territory) and a service."""


@dataclass(frozen=True)
class Mask:
    """One figure that is not published, at any date.

    Attributes
    ----------
    code : str
        INSEE code of the commune; empty for the territory.
    role : str
        ``primary``: it is, or was, one or two persons. ``companion``: it stands beside one.
        ``total``: the territory's total. ``service``: nothing of the service is published.
    since : str
        The day of the refresh that masked it.
    """

    code: str
    service: str
    role: Role
    since: str


@dataclass(frozen=True)
class Register:
    """Every mask in force, those lifted by hand, and the key of the draw of companions."""

    key: str
    masks: tuple[Mask, ...] = ()
    lifted: tuple[Mask, ...] = field(default=())

    def cells(self, *roles: Role) -> frozenset[Cell]:
        """Cells masked under one of these roles."""
        return frozenset((m.code, m.service) for m in self.masks if m.role in roles)

    @property
    def is_real(self) -> bool:
        """Whether its figures are somebody's; those of the demonstration are nobody's."""
        return self.key != DEMONSTRATION

    @property
    def lifted_cells(self) -> frozenset[Cell]:
        """Cells whose mask was lifted by hand."""
        return frozenset((m.code, m.service) for m in self.lifted)

    def drawn(self, service: str, codes: Iterable[str]) -> list[str]:
        """Codes in the order of the draw: nobody without the key can tell it."""

        def ticket(code: str) -> bytes:
            text = f"{service}|{code}".encode()
            return hmac.digest(self.key.encode(), text, "sha256")

        return sorted(codes, key=lambda code: (ticket(code), code))

    def sealed(self, text: str) -> str:
        """A digest that nobody without the key can try values against."""
        return hmac.new(self.key.encode(), text.encode(), hashlib.sha256).hexdigest()

    def with_masks(self, wanted: Iterable[tuple[Cell, Role]], day: date) -> Register:
        """The register with these masks added; a companion found to be one person's is primary."""
        after = {(m.code, m.service): m for m in self.masks}
        for (code, service), role in wanted:
            before = after.get((code, service))
            if before is None:
                after[code, service] = Mask(code, service, role, day.isoformat())
            elif before.role != role and role == "primary":
                after[code, service] = replace(before, role=role)
        masks = tuple(sorted(after.values(), key=lambda m: (m.service, m.code)))
        lifted = tuple(m for m in self.lifted if (m.code, m.service) not in after)
        return replace(self, masks=masks, lifted=lifted)

    def lift(self, code: str, service: str) -> Register:
        """The register without a mask: the one explicit act that takes it away.

        With the last figure of one or two persons of a service goes all that stood beside it.
        """
        gone = [m for m in self.masks if (m.code, m.service) == (code, service)]
        beside = [m for m in self.masks if m.service == service and m not in gone]
        if any(m.role == "primary" for m in gone) and all(m.role != "primary" for m in beside):
            gone += beside
        return replace(
            self,
            masks=tuple(m for m in self.masks if m not in gone),
            lifted=(*self.lifted, *gone),
        )


def new_register() -> Register:
    """An empty register with a key of its own."""
    return Register(secrets.token_hex(32))


def demonstration_register() -> Register:
    """The register of made-up figures: nobody's, never written, the same draw everywhere."""
    return Register(DEMONSTRATION)


def read(folder: Path) -> Register | None:
    """The register beside a census; None when there is none yet.

    Raises
    ------
    ObservatoryError
        When it is there and cannot be read: masks would be forgotten.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path) from error
    try:
        given = json.loads(text)
        return Register(
            str(given["key"]),
            tuple(Mask(**m) for m in given["masks"]),
            tuple(Mask(**m) for m in given["lifted"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error


def write(folder: Path, register: Register) -> None:
    """Put the register beside the census, readable by its owner alone.

    Raises
    ------
    RequestError
        When the place cannot be written.
    """
    content = {
        "key": register.key,
        "masks": [vars(m) for m in register.masks],
        "lifted": [vars(m) for m in register.lifted],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    path = folder / FILE
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        disk.write_file(path, text.encode("utf-8"), mode=0o600)


def today() -> date:
    """The day that a mask decided now bears."""
    return datetime.now(UTC).date()


def _unreadable(path: Path) -> ObservatoryError:
    return ObservatoryError(
        "le registre des chiffres masqués est illisible : sans lui, des masques seraient oubliés",
        where=str(path),
        mend="Reprendre une sauvegarde de ce fichier, puis relancer.",
    )
