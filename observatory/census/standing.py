"""Where the version in service stands against the census: whole, or degraded and why.

A version stays readable when its census is gone or has changed since. It must then say so, or its
figures would pass for the last ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from observatory.errors import ObservatoryError
from observatory.settings import Settings
from observatory.stores.generation import StoreError
from observatory.stores.store import Store


@dataclass(frozen=True)
class Degraded:
    """One reason why what is shown is not what it should be.

    Attributes
    ----------
    public : str
        In a visitor's words: names no folder of the server.
    operator : str
        With the place and the mend.
    """

    public: str
    operator: str


def why_degraded(settings: Settings, census: dict[str, Any]) -> Degraded | None:
    """Compare a version's own record of its census with the store; None when all is well.

    Parameters
    ----------
    census : dict
        ``sequence`` and ``files`` of ``versions.record.info(…)["census"]``.
    """
    stays = "Les chiffres restent ceux de la version en service."
    kept_in = Store(settings.census_dir)
    try:
        state = kept_in.head()
    except (StoreError, OSError) as error:
        told = error if isinstance(error, ObservatoryError) else _unread(settings.census_dir, error)
        return Degraded(f"Le recensement de l'offre ne peut plus être lu. {stays}", str(told))
    used, files = census["sequence"], census["files"]
    if state.folder is None and files:
        what = f"le recensement de la version en service ({', '.join(files)}) n'est plus là"
        mend = "Vérifier que ce dossier est monté, ou le reprendre d'une sauvegarde."
        gone = ObservatoryError(what, where=str(settings.census_dir), mend=mend)
        return Degraded(f"Le recensement de l'offre n'est plus à sa place. {stays}", str(gone))
    if used is not None and not kept_in.same(state.sequence, used):
        what = f"la génération {state.sequence} du recensement n'est pas dans la version en service"
        later = ObservatoryError(what, mend="Lancer « observatory refresh ».")
        return Degraded(
            "Un recensement, ou une convention, plus récent que ces chiffres a été chargé.",
            str(later),
        )
    return None


def _unread(folder: Path, error: OSError) -> ObservatoryError:
    what = f"le dossier ne peut pas être lu ({error.strerror})"
    return ObservatoryError(what, where=str(folder), mend="Vérifier ses droits et son montage.")
