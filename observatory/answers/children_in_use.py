"""Where a version places the children of a commune: its town hall, or the squares of the grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from observatory.answers.minutes_in_use import minutes_in_words
from observatory.french import numbers


def counted_in_words(info: Mapping[str, Any]) -> str:
    """How the version counts what is accessible, in French: from where, then in which minutes.

    Parameters
    ----------
    info : Mapping
        Of ``versions.record.info``.
    """
    found = info.get("squares")
    minutes = minutes_in_words(info)
    return f"{_squares_in_words(found, info)} {minutes}" if found else minutes


def _squares_in_words(found: Mapping[str, Any], info: Mapping[str, Any]) -> str:
    every = info["territory"]["communes"]
    some = numbers.quantity(found["communes"], "commune", "communes")
    whose = "" if found["communes"] == every else f" de {some} sur {every}"
    share = found["imputed_share"]
    imputed = f" ; {imputed_in_words(share)}" if share is not None else ""
    return (
        f"Les enfants{whose} sont placés dans leurs carreaux de 200 m (Insee, Filosofi "
        f"{found['vintage']}), au prorata de leurs enfants de 0 à 3 ans{imputed}."
    )


def imputed_in_words(share: float) -> str:
    """The share of children in squares that are estimates, in one piece of a sentence."""
    return (
        f"{numbers.number(100 * share)} % d'entre eux sont dans des carreaux de moins de 11 "
        "ménages, dont l'Insee estime l'effectif (imputation)"
    )
