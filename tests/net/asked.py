"""The commands of the net: what is asked of a version, by the name of the file that answers."""

from __future__ import annotations

from .territories import AS_OF, EARLIER, Territory

MEASURES = ("ecart", "taux", "acces", "ecart_acces", "offre", "besoin", "enfants", "taux_publie")
GROUPS = ("export", "report", "census")
COMMANDS = (
    "refresh", "info", "serve", "diff", "export gaps", "export map", "report atlas",
    "report commune", "census template", "census export", "census check", "census load",
    "census reconcile",
)  # fmt: skip

FEW = frozenset({
    "gaps.csv", "gaps.xlsx", "gaps.geojson", "gaps.gpkg", "some.csv", "some.gpkg", "custom.csv",
    "gaps-international.csv", "wednesday.xlsx", "map-ecart.svg", "map-acces.svg",
    "map-circles.svg", "map-crossed.svg", "map-earlier.svg", "map.png",
})  # fmt: skip
"""The exports that are asked of every territory."""


def of_territory(files: dict[str, str], territory: Territory) -> dict[str, str]:
    """The files that are asked of a territory."""
    return {f: o for f, o in files.items() if territory.choices != "few" or f in FEW}


def gaps(territory: Territory) -> dict[str, str]:
    """The exported tables: file → options; the date is added unless they give one."""
    one, two = territory.communes
    some = f"--commune {two} --commune {one}"
    return {
        "gaps.csv": "",
        "gaps-international.csv": "--format csv-international",
        "gaps.xlsx": "",
        "gaps.geojson": "",
        "gaps.gpkg": "",
        "gaps-2154.gpkg": "--crs 2154 --service eaje",
        "earlier.csv": f"--as-of {EARLIER}",
        "earlier-rpe.geojson": f"--service rpe --as-of {EARLIER}",
        "custom.csv": "--service accueil_0_2 --definition custom --custom 60",
        "reference.csv": "--service eaje --definition reference_nat",
        "wednesday.xlsx": "--service alsh --day-type mercredi",
        "laep.csv": "--format csv-international --service laep --definition territory",
        "some.csv": some,
        "some.xlsx": f"--service accueil_0_2 --definition potential {some}",
        "some.gpkg": f"--service assistants_maternels {some}",
    }


def printed() -> dict[str, str]:
    """What goes to the standard output: file → whole command."""
    as_of = f"--as-of {AS_OF}"
    return {
        "info.txt": "info",
        "info.json": "info --json",
        "printed-gaps.csv": f"export gaps --service accueil_jeunes {as_of}",
        "printed-gaps.geojson": f"export gaps --format geojson --service centre_social {as_of}",
        "reconcile.txt": "census reconcile",
        "reconcile.json": "census reconcile --json",
        "reconcile-2023.txt": "census reconcile --year 2023",
    }


def maps(territory: Territory) -> dict[str, str]:
    """The pictures: file → options; the date is added unless they give one."""
    one, _ = territory.communes
    return {
        **{f"map-{m}.svg": f"--measure {m}" for m in MEASURES},
        "map-circles.svg": "--measure offre --representation cercles --establishments",
        "map-crossed.svg": "--representation croises --width 800",
        "map-custom.svg": f"--definition custom --custom 60 --commune {one}",
        "map-rpe.svg": "--service rpe --establishments",
        "map-alsh.svg": "--service alsh --day-type ete --measure taux --establishments",
        "map-earlier.svg": f"--service eaje_psu --measure offre --as-of {EARLIER}",
        "map.png": f"--establishments --width 700 --commune {one}",
        "map-crossed.png": "--representation croises --width 600",
    }


def reports(territory: Territory) -> dict[str, str]:
    """The documents: file → whole command but its output and date."""
    one, two = territory.communes
    return {
        "atlas.pdf": "report atlas",
        "atlas-some.pdf": f"report atlas --commune {two} --commune {one} "
        "--service accueil_0_2 --service alsh --definition territory",
        "sheet-1.pdf": f"report commune {one}",
        "sheet-2.pdf": f"report commune {two} --service eaje --definition reference_dep",
    }


def some_of_each(territory: Territory) -> dict[str, str]:
    """A file of each kind, quick to make: file → whole command but its output and date."""
    one, two = territory.communes
    some = f"export gaps --service accueil_0_2 --commune {one} --commune {two}"
    return {
        "some.csv": some,
        "some.xlsx": some,
        "some.gpkg": some,
        "some.geojson": some,
        "map.svg": "export map",
        "map.png": "export map --width 600",
        "sheet.pdf": f"report commune {one} --service accueil_0_2",
    }


def refused(territory: Territory) -> list[str]:
    """Commands that fail, each for one reason: usage, or a request that cannot be answered."""
    one, _ = territory.communes
    return [
        "nothing",
        "export gaps --nothing",
        "export gaps --format ods",
        "export gaps --format xlsx",
        "export gaps --as-of 22/11/2026",
        "export gaps --service nothing",
        "export gaps --service alsh --day-type dimanche",
        "export gaps --service eaje --definition nothing",
        "export gaps --definition custom",
        "export gaps --commune 01001",
        "export gaps --out gaps.ods",
        "export map --out map.txt",
        "export map",
        "export map --out map.svg --measure nothing",
        "export map --out map.svg --measure taux --representation cercles",
        "export map --out map.svg --commune 01001",
        "report commune 01001 --out sheet.pdf",
        f"report commune {one} --out sheet.pdf --service nothing",
        "report atlas --out atlas.pdf --definition nothing",
        "census check nothing.csv",
        "census reconcile --year 1999",
        "diff --from nothing",
        "refresh --territory nothing",
        "refresh --mirror nothing",
    ]
