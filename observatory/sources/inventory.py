"""What lies in a mirror and no source will read, and why: nothing is left aside in silence."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from observatory.errors import SourceError
from observatory.sources.catalogue import GEOMETRIES, TABLES

READ = TABLES + GEOMETRIES
MENDS = {
    ".xls": "L'enregistrer au format .xlsx ou CSV (UTF-8).",
    ".ods": "L'enregistrer au format .xlsx ou CSV (UTF-8).",
    ".xlsm": "L'enregistrer au format .xlsx ou CSV (UTF-8).",
    ".txt": "S'il s'agit d'un CSV, le renommer en .csv.",
    ".tsv": "L'enregistrer en CSV, avec le séparateur publié.",
    ".shp": "Le convertir en GeoJSON ou en GeoPackage.",
    ".7z": "L'ouvrir, et déposer les fichiers qu'il contient.",
    ".gz": "L'ouvrir, et déposer les fichiers qu'il contient.",
}


def unread(mirror: Path, sources: Collection[str]) -> list[str]:
    """One French sentence a file, or folder, of the mirror that is not read: where, why, mend.

    Raises
    ------
    SourceError
        When the mirror is not a folder that can be listed.
    """
    try:
        entries = sorted(e for e in mirror.iterdir() if not _hidden(e))
        lines = []
        for entry in entries:
            if entry.is_dir() and entry.name in sources:
                lines += _in_source(entry)
            elif entry.is_dir():
                lines.append(
                    f"{entry.name}/ : dossier non lu, aucune source ne porte ce nom. "
                    f"Le nommer comme une source ({', '.join(sorted(sources))})."
                )
            else:
                lines.append(
                    f"{entry.name} : non lu, hors du dossier d'une source. "
                    "Le ranger dans le dossier de sa source, s'il contient des données."
                )
    except OSError as error:
        raise SourceError(
            "le dossier miroir n'existe pas, ou ne peut pas être lu",
            where=mirror.name or str(mirror),
            mend="Vérifier son chemin (--mirror, OBSERVATORY_MIRROR) et les droits.",
        ) from error
    return lines


def _in_source(folder: Path) -> list[str]:
    lines = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        place = path.relative_to(folder.parent)
        if any(_hidden(Path(part)) for part in place.parts):
            continue
        if path.parent != folder:
            lines.append(
                f"{place.as_posix()} : non lu, il est dans un sous-dossier. "
                f"Le remonter dans {folder.name}/."
            )
        elif path.suffix.lower() not in READ:
            format_ = f"le format {path.suffix}" if path.suffix else "un fichier sans suffixe"
            mend = MENDS.get(path.suffix.lower(), f"Formats lus : {', '.join(READ)}.")
            lines.append(f"{place.as_posix()} : non lu, {format_} n'est pas pris en charge. {mend}")
    return lines


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")
