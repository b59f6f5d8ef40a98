"""Roads as minutes: which ways a mode may take, in which direction, at what speed.

Read from ``roads.toml``, or from a file of the same form that a territory states.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from observatory.errors import RequestError
from observatory.knowledge.entry import KnowledgeEntry

PATH = Path(__file__).with_name("roads.toml")
Mode = Literal["car", "walk", "bike"]
MILE_KM = 1.609344
ROUND = ("roundabout", "circular")
FORWARD = ("yes", "true", "1")
BACKWARD = ("-1", "reverse")


class RoadMode(KnowledgeEntry):
    """How one mode travels: tags that open or close a way, that make it one-way, speeds (km/h)."""

    label: str
    source: str
    open_tags: tuple[str, ...]
    closed_values: tuple[str, ...]
    one_way_tags: tuple[str, ...]
    one_way_classes: tuple[str, ...]
    posted_limits: bool
    kmh: dict[str, float] = Field(min_length=1)

    def speed_kmh(self, tags: Mapping[str, str]) -> float | None:
        """Speed on a way (km/h); None where the mode may not take it.

        Parameters
        ----------
        tags : Mapping
            Of an OpenStreetMap way.
        """
        speed = self.kmh.get(tags.get("highway", ""))
        said = next((tags[t] for t in self.open_tags if t in tags), None)
        if speed is None or said in self.closed_values or tags.get("area") == "yes":
            return None
        posted = _posted_kmh(tags.get("maxspeed", "")) if self.posted_limits else None
        return min(speed, posted or speed)

    def directions(self, tags: Mapping[str, str]) -> tuple[bool, bool]:
        """Whether a way is open in the direction it is drawn, and against it."""
        if not self.one_way_tags:
            return True, True
        round_about = tags.get("junction") in ROUND or tags.get("highway") in self.one_way_classes
        said = next((tags[t] for t in self.one_way_tags if t in tags), "yes" if round_about else "")
        return said not in BACKWARD, said not in FORWARD


class RoadRules(KnowledgeEntry):
    """All of ``roads.toml``."""

    farthest_metres: float = Field(gt=0)
    fewest_nodes: int = Field(ge=1)
    modes: dict[Mode, RoadMode]

    def mode(self, id_: Mode) -> RoadMode:
        """The rules of that mode.

        Raises
        ------
        RequestError
            When the file states none.
        """
        if id_ not in self.modes:
            raise RequestError(
                f"le fichier des vitesses ne dit rien du mode « {id_} »",
                mend=f"Modes énoncés : {', '.join(self.modes)}.",
            )
        return self.modes[id_]


def _posted_kmh(text: str) -> float | None:
    """A posted limit in km/h; None where it is no number (« FR:urban », « none »)."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(km/h|mph)?", text.strip())
    if not found or float(found[1]) <= 0:
        return None
    return float(found[1]) * (MILE_KM if found[2] == "mph" else 1)


@cache
def road_rules(path: Path = PATH) -> RoadRules:
    """Read and check a file of road rules (once per file).

    Raises
    ------
    RequestError
        When it cannot be read, or a speed is missing, null or negative.
    """
    try:
        rules = RoadRules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        slow = [c for m in rules.modes.values() for c, kmh in m.kmh.items() if not kmh > 0]
    except ValidationError as error:
        first = error.errors()[0]
        fault = f"« {'.'.join(str(at) for at in first['loc'])} » manque ou n'est pas compris"
    except (OSError, ValueError) as error:  # TOML and UTF-8 errors are ValueErrors
        fault = f"il ne peut pas être lu ({type(error).__name__})"
    else:
        if not slow:
            return rules
        fault = f"la vitesse de « {slow[0]} » n'est pas au-dessus de zéro"
    raise RequestError(
        f"fichier des vitesses : {fault}",
        where=str(path),
        mend=f"Partir d'une copie de {PATH.name}.",
    )
