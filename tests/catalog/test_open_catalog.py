"""The open data: what a harvester understands of it, and what its tables say of themselves."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, Namespace

from observatory.errors import RequestError
from observatory.files.catalog.open_catalog import JSON_LD, RDF_XML, open_catalog

Con = duckdb.DuckDBPyConnection
Files = Mapping[str, bytes]
DAY = date(2025, 6, 30)
ADDRESS = "https://observatoire.ville.example/donnees/"
SHAPES = Path(__file__).with_name("dcat_ap.ttl")
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
SPDX = Namespace("http://spdx.org/rdf/terms#")
LOCN = Namespace("http://www.w3.org/ns/locn#")


@pytest.fixture(scope="module")
def files(embedded: Con) -> Files:
    return open_catalog(embedded, DAY, ADDRESS, contact="donnees@ville.example")


def graph_of(files: Files, name: str = JSON_LD) -> Graph:
    return Graph().parse(data=files[name], format="json-ld" if name == JSON_LD else "xml")


def broken_shapes(graph: Graph) -> list[str]:
    """What the shapes of DCAT-AP refuse of a graph."""
    import pyshacl  # here as below: slow to read, and one worker alone needs it

    fine, _, text = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))
    return [] if fine else [text]


def written(files: Files, folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def tables(files: Files) -> list[str]:
    return [name for name in files if name.endswith(".csv")]


def test_the_catalogue_is_dcat_ap_in_both_languages(files: Files) -> None:
    json_ld, xml = graph_of(files), graph_of(files, RDF_XML)
    assert len(json_ld) > 150
    assert isomorphic(json_ld, xml)
    assert broken_shapes(json_ld) == []


@pytest.mark.parametrize(
    "left_out", [DCTERMS.title, DCTERMS.description, DCAT.accessURL, FOAF.name, DCTERMS.publisher]
)
def test_a_catalogue_without_a_mandatory_property_is_refused(files: Files, left_out: str) -> None:
    graph = graph_of(files)
    graph.remove((None, left_out, None))  # type: ignore[arg-type]
    assert broken_shapes(graph)


def test_a_harvester_finds_each_field_that_data_gouv_reads(files: Files) -> None:
    graph = graph_of(files, RDF_XML)
    found = {str(d).rpartition("#")[2]: d for d in graph.subjects(RDF.type, DCAT.Dataset)}
    assert set(found) == {"ecarts", "etablissements", "actions"}
    for dataset in found.values():
        assert str(graph.value(dataset, DCTERMS.title)).endswith("Communauté urbaine d'Arras")
        assert str(graph.value(dataset, DCTERMS.license)) == LICENCE
        assert "démonstration" in str(graph.value(dataset, DCTERMS.description))
        assert "petite-enfance" in set(map(str, graph.objects(dataset, DCAT.keyword)))
        period = graph.value(dataset, DCTERMS.temporal)
        assert str(graph.value(period, DCAT.startDate)) == "2025-06-30"
        drawn = graph.value(graph.value(dataset, DCTERMS.spatial), LOCN.geometry)
        # Arras stands at 2.77° east, 50.29° north.
        (west, south), _, (east, north), *_ = json.loads(str(drawn))["coordinates"][0]
        assert west < 2.77 < east
        assert south < 50.29 < north


def test_each_distribution_is_the_file_that_is_served(files: Files) -> None:
    graph = graph_of(files)
    served = set()
    for one in graph.subjects(RDF.type, DCAT.Distribution):
        url = str(graph.value(one, DCAT.downloadURL))
        content = files[url.removeprefix(ADDRESS)]
        assert int(str(graph.value(one, DCAT.byteSize))) == len(content)
        told = graph.value(graph.value(one, SPDX.checksum), SPDX.checksumValue)
        assert str(told) == hashlib.sha256(content).hexdigest()
        for beside in (DCTERMS.conformsTo, FOAF.page):
            assert str(graph.value(one, beside)).removeprefix(ADDRESS) in files
        served.add(url.removeprefix(ADDRESS))
    rows = {name: files[name].count(b"\r\n") for name in tables(files)}
    assert served == {name for name, lines in rows.items() if lines > 1}
    assert {"ecarts.csv", "etablissements.csv", "actions.csv", "etapes.csv"} <= served


def test_each_table_is_what_its_csvw_and_its_table_schema_say(files: Files, tmp_path: Path) -> None:
    import frictionless
    from csvw import CSVW

    folder = written(files, tmp_path)
    assert len(tables(files)) >= 8
    for name in tables(files):
        described = CSVW(str(folder / f"{name}-metadata.json"), validate=True)
        assert described.is_valid, (name, described.warnings)
        schema = frictionless.Schema.from_descriptor(
            json.loads(files[name.replace(".csv", ".schema.json")])
        )
        with frictionless.system.use_context(trusted=True):
            report = frictionless.validate(str(folder / name), schema=schema)
        assert report.valid, (name, report.flatten(["message"])[:3])


def test_a_cell_that_is_not_what_the_schema_says_is_seen(files: Files, tmp_path: Path) -> None:
    import frictionless
    from csvw import CSVW

    changed = {**files, "etapes.csv": files["etapes.csv"].replace(b"2024-06-30", b"30/06/2024")}
    assert changed != files
    folder = written(changed, tmp_path)
    described = CSVW(str(folder / "etapes.csv-metadata.json"), validate=True)
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # which it keeps
        assert not described.is_valid
    schema = frictionless.Schema.from_descriptor(json.loads(files["etapes.schema.json"]))
    with frictionless.system.use_context(trusted=True):
        assert not frictionless.validate(str(folder / "etapes.csv"), schema=schema).valid


def test_only_actions_marked_public_and_no_function_are_published(
    embedded: Con, files: Files
) -> None:
    told = list(csv.DictReader(io.StringIO(files["actions.csv"].decode())))
    marked = embedded.execute("SELECT count(*) FROM action").fetchone()
    assert marked is not None
    assert len(told) == marked[0] > 0
    assert {"pilote", "moyens", "coherence"}.isdisjoint(told[0])
    assert {row["statut"] for row in told} <= {
        "À venir", "En cours", "Réalisé", "En pause", "Abandonné",
    }  # fmt: skip


def test_no_assistant_maternel_is_an_establishment_of_the_open_data(files: Files) -> None:
    told = list(csv.DictReader(io.StringIO(files["etablissements.csv"].decode())))
    assert len(told) > 20
    assert {"assistants_maternels", "garde_domicile"}.isdisjoint({r["service"] for r in told})


def test_what_was_withdrawn_is_written_empty_and_listed_no_more(tiny_four: Con) -> None:
    files = open_catalog(tiny_four, DAY, ADDRESS)
    assert files["actions.csv"].count(b"\r\n") == 1
    assert b"#actions" not in files[JSON_LD]
    assert b"contactPoint" not in files[JSON_LD]


@pytest.mark.parametrize(
    "address",
    ["donnees", "ftp://ville.example/", "https://", "https://ville.example/?a=b", "https://a b/"],
)
def test_an_address_that_no_harvester_can_follow_is_refused(tiny_four: Con, address: str) -> None:
    with pytest.raises(RequestError, match="n'est pas l'adresse d'un dossier en ligne"):
        open_catalog(tiny_four, DAY, address)


def test_two_exports_of_a_version_are_the_same_files(embedded: Con, files: Files) -> None:
    assert open_catalog(embedded, DAY, ADDRESS, contact="donnees@ville.example") == files


def test_what_has_a_meaning_in_xml_is_written_as_text(tiny_four: Con) -> None:
    files = open_catalog(tiny_four, DAY, ADDRESS, publisher='Ville <b> & "Cie"')
    for name in (JSON_LD, RDF_XML):
        graph = graph_of(files, name)
        (agent,) = graph.subjects(RDF.type, FOAF.Agent)
        assert str(graph.value(agent, FOAF.name)) == 'Ville <b> & "Cie"'
