"""``observatory sources``: where each figure comes from, how old it is, how to get a newer one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from observatory.commands.frame import Commands
from observatory.errors import RequestError
from observatory.french import dates, numbers
from observatory.french.vocabulary import ORIGINS
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.sources import freshness
from observatory.sources.catalogue import Publication, Source, addresses, read_sources
from observatory.versions import record, warehouse

AsJson = Annotated[bool, typer.Option("--json", help="Tout, pour un programme.")]
sources_app = Commands(help="Sources : millésimes, origines, âges, et comment les obtenir.")


@sources_app.callback(invoke_without_command=True)
def sources_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Dire, source par source : millésime, origine, âge, et comment l'obtenir à la main."""
    if context.invoked_subcommand:
        return
    rows = _rows(Settings.from_env())
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        _tell(row)


@sources_app.command("check")
def sources_check_command(as_json: AsJson = False) -> None:
    """Demander à chaque adresse publiée si elle tient plus récent (avec le réseau)."""
    settings = Settings.from_env()
    if settings.offline:
        raise RequestError(
            "hors ligne, aucune adresse ne peut être interrogée",
            where="OBSERVATORY_OFFLINE",
            mend="Relancer avec le réseau.",
        )
    asked: list[dict[str, Any]] = []
    newer: list[str] = []
    with warehouse.in_service(settings) as con:
        built = record.built_at(con)[:10]
    for row in _rows(settings):
        for address in row["addresses"]:
            found = freshness.check(address, settings.cache_dir / row["source"], built=built)
            asked.append({"source": row["source"], "publication": row["publication"]})
            asked[-1] |= {"address": address, **vars(found)}
            newer += [f"{row['source']} · {row['publication']}"] * found.newer
            if not as_json:
                _tell_freshness(asked[-1])
    if as_json:
        typer.echo(json.dumps(asked, ensure_ascii=False, indent=2))
    elif not asked:
        typer.echo("Aucune source n'a d'adresse à interroger.")
    else:
        typer.echo(_summed_up(newer))


def _summed_up(newer: list[str]) -> str:
    """The line that the journal of the weekly unit is read for."""
    named = list(dict.fromkeys(newer))
    if not named:
        return "Rien de plus récent parmi les adresses qui répondent."
    return f"À actualiser, plus récent en ligne : {', '.join(named)}."


def _rows(settings: Settings) -> list[dict[str, Any]]:
    """One row a publication in use, then one a publication that is not and could be fetched."""
    catalogue = read_sources(settings.raw_dir)
    with warehouse.in_service(settings) as con:
        used = record.info(con)["sources"]
        request = parse(record.request(con).territory)
    rows = [
        _row(settings, catalogue[u["id"]], u["publication"], u, request.kind, request.codes)
        for u in used
        if u["id"] in catalogue
    ]
    seen = {(u["id"], u["publication"]) for u in used}
    for source in catalogue.values():
        for publication in source.publications:
            fetched = publication.address and (source.id, publication.name) not in seen
            if fetched:
                rows.append(
                    _row(settings, source, publication.name, {}, request.kind, request.codes)
                )
    return rows


def _row(
    settings: Settings,
    source: Source,
    publication: str,
    used: dict[str, Any],
    kind: str,
    codes: tuple[str, ...],
) -> dict[str, Any]:
    described = {p.name: p for p in source.publications}.get(publication)
    urls = addresses(described, kind, codes) if isinstance(described, Publication) else []
    copied = [
        d for d in (freshness.copied_on(u, settings.cache_dir / source.id) for u in urls) if d
    ]
    vintage = used.get("vintage") or ""
    return {
        "source": source.id,
        "publication": publication,
        "producer": source.producer,
        "dataset": source.dataset,
        "vintage": vintage or None,
        "age_years": record.age_years(vintage, dates.today().year),
        "origin": used.get("origin"),
        "file": used.get("file"),
        "copied_on": max(copied, default=None),
        "page": source.page or None,
        "addresses": urls,
        "folder": f"{source.id}/",
    }


def _tell(row: dict[str, Any]) -> None:
    typer.echo(f"{row['source']} · {row['publication']} ({row['producer']})")
    if row["file"]:
        age = row["age_years"]
        old = f", {numbers.quantity(age, 'an', 'ans')}" if age else ""
        vintage = f"millésime {row['vintage']}{old}" if row["vintage"] else "millésime inconnu"
        typer.echo(f"  {vintage} ; {ORIGINS[row['origin']]} : {row['file']}")
    else:
        typer.echo("  pas de fichier dans la version en service")
    if row["copied_on"]:
        typer.echo(f"  copie en cache du {dates.long_date(row['copied_on'])}")
    for line in _by_hand(row):
        typer.echo(f"  {line}")


def _by_hand(row: dict[str, Any]) -> Iterable[str]:
    """How a person gets the file: the address, or the page, and the folder it goes to."""
    if not row["addresses"] and not row["page"]:
        return ["à la main : fichier du territoire"]
    places = row["addresses"] or [row["page"]]
    return [f"à la main : {place} → dossier {row['folder']} du miroir" for place in places]


def _tell_freshness(row: dict[str, Any]) -> None:
    day = f" (publié le {dates.long_date(row['published'])})" if row["published"] else ""
    typer.echo(f"{row['source']} · {row['publication']} : {row['state']}{day}")
    if row["note"]:
        typer.echo(f"  {row['note']}")
    if row["next_vintage"]:
        typer.echo(f"  millésime suivant en ligne : {row['next_vintage']}")
