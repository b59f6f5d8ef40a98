"""Words on masks for the operator: what is hidden beyond the communes, what was told, and why not.

None of them says a figure, nor which of the masked communes are one or two persons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from observatory.errors import CheckError
from observatory.knowledge.nomenclature import nomenclature
from observatory.secrecy.mask_audit import Finding
from observatory.secrecy.published import Published
from observatory.secrecy.register import Cell, Role

NAMED = 10


def refusal(found: Sequence[Finding]) -> CheckError:
    """Why a version is not published: which masked figures it would tell, never how much."""
    services = nomenclature().services
    cells = sorted({(f.code, services[f.service].label) for f in found})
    named = ", ".join(f"{code} ({label})" for code, label in cells[:NAMED])
    more = f" … et {len(cells) - NAMED} autres" if len(cells) > NAMED else ""
    return CheckError(
        "la version n'est pas publiée, celle en service reste en place : en lisant tout ce qui est "
        f"publié, on retrouverait un chiffre masqué : {named}{more}",
        mend="Réunir ces communes avec d'autres dans le recensement, ou en retirer le total.",
    )


def shown_before(
    masked: Iterable[Cell], kept: Sequence[Published], service: str
) -> dict[str, list[str]]:
    """Versions that show a commune masked today, by its code: they cannot be taken back."""
    return {
        code: told
        for code, of in sorted(masked)
        if of == service and (told := [v.version for v in kept if (code, of) in v.open])
    }


def tell(
    service: str,
    withheld: Role | None,
    findings: Sequence[Finding],
    shown: dict[str, list[str]],
    report: Callable[[str], None],
) -> None:
    """Say to the operator what was hidden beyond the communes, and what versions already told."""
    label = f"Secret, {nomenclature().services[service].label.lower()} :"
    if withheld == "total":
        report(f"{label} le total du territoire est masqué, il ferait retrouver un chiffre")
    if withheld == "service":
        report(f"{label} rien n'est publié, aucune commune ne peut en couvrir une autre")
    if shown:
        versions = sorted({name for told in shown.values() for name in told})
        report(
            f"{label} masqué désormais, mais montré par une version déjà publiée, ce qui ne se "
            f"reprend pas : {_few(list(shown))} (dans {_few(versions)})"
        )
    if told := sorted({f.code for f in findings if f.told_before}):
        report(
            f"{label} les versions déjà publiées suffisent à retrouver un chiffre masqué "
            f"aujourd'hui ({_few(told)}) ; celle-ci n'y ajoute rien"
        )


def _few(names: Sequence[str]) -> str:
    more = f" … et {len(names) - NAMED} autres" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
