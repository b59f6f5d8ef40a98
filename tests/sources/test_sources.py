"""Sources: described in full, known by their columns, looked for in order, one line per failure."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
from fixtures.versions import make_settings
from generated import at_every_run
from local_server import LocalServer, Reply, serve

from observatory.errors import SourceError
from observatory.knowledge.territory import parse
from observatory.settings import Settings
from observatory.sources.catalogue import Publication, addresses, files_in_folder, read_sources
from observatory.versions import record, warehouse
from pipelines.opening import kind_of
from pipelines.refresh import refresh

SOURCES = read_sources(Settings().raw_dir)
PUBLICATIONS = {p.id: p for s in SOURCES.values() for p in s.publications}
NEEDED = {"cog", "dgcl", "popref", "rp_age", "naissances", "contours", "filosofi", "caf", "census"}


# --- described in full


def test_every_source_of_the_contract_is_described() -> None:
    assert set(SOURCES) >= NEEDED


@pytest.mark.parametrize("id_", SOURCES)
def test_a_source_says_who_what_and_under_which_licence(id_: str) -> None:
    source = SOURCES[id_]
    assert source.producer
    assert source.dataset
    assert source.licence
    assert len(source.definition) > 20
    assert source.definition.endswith(".")
    assert source.publications
    assert source.page.startswith("https://") or source.page == ""


@pytest.mark.parametrize("id_", PUBLICATIONS)
def test_a_publication_says_its_columns_and_where_its_vintage_is(id_: str) -> None:
    publication = PUBLICATIONS[id_]
    known = publication.columns | publication.optional | publication.constants
    for pattern in (*publication.columns.values(), *publication.optional.values()):
        re.compile(pattern)
    if publication.vintage_column:
        assert publication.vintage_column in known
    if publication.vintage_name:
        assert re.compile(publication.vintage_name).groups == 1
    assert re.fullmatch(r"\w+", publication.table)
    for kind, given in publication.address.items():
        assert kind in ("default", "epci", "departement", "communes", "france")
        for address in [given] if isinstance(given, str) else given:
            assert address.startswith("https://")
    if publication.sha256:
        assert re.fullmatch(r"[0-9a-f]{64}", publication.sha256)


@pytest.mark.parametrize(
    "text", ["producer = ", "", 'producer = "Insee"', 'surprise = 1\n[publication.a]\ntable = "b"']
)
def test_a_description_that_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "insee").mkdir()
    (tmp_path / "insee" / "source.toml").write_text(text)
    with pytest.raises(SourceError, match=r"insee.source\.toml"):
        read_sources(tmp_path)


def test_a_folder_without_any_source_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="aucune source décrite"):
        read_sources(tmp_path)


# --- known by their columns


def test_a_file_belongs_to_the_publication_whose_columns_it_has() -> None:
    rates = PUBLICATIONS["caf.rates_com"]
    found = rates.match(["annee", "numcom", "nomcom", "txcouv_com", "txcouv_eaje_com"])
    assert found == {
        "year": ["annee"],
        "code": ["numcom"],
        "total": ["txcouv_com"],
        "eaje": ["txcouv_eaje_com"],
    }
    assert rates.match(["annee", "numcom", "txcouv_epci"]) is None
    assert rates.match([]) is None


def test_no_heading_is_taken_for_one_that_merely_looks_like_it() -> None:
    publication = Publication("s", "p", "t", {"code": "COM", "births": r"naiss_(?P<year>\d{4})"})
    assert publication.match(["COM2", "naiss_2020"]) is None
    assert publication.match(["COM", "naiss_2020", "naiss_2021", "x_naiss_2022"]) == {
        "code": ["COM"],
        "births": ["naiss_2020", "naiss_2021"],
    }


@pytest.mark.parametrize(
    ("name", "vintage"),
    [
        ("v_commune_2026.csv", "2026"),
        ("243301181_2025.csv", "2025"),
        ("62041.csv", ""),
        ("cog2023_v2.csv", "2023"),
    ],
)
def test_no_code_is_taken_for_a_year(name: str, vintage: str) -> None:
    for id_ in ("cog.communes", "dgcl.membres", "contours.communes", "naissances.comparateur"):
        year = re.search(PUBLICATIONS[id_].vintage_name, name)
        assert (year.group(1) if year else "") == vintage, id_


def test_the_lightest_address_is_asked() -> None:
    contours = PUBLICATIONS["contours.communes"]
    (one,) = addresses(contours, "epci", ("200033579",))
    assert "/epcis/200033579/communes?" in one
    assert len(addresses(contours, "communes", ("62041", "62004"))) == 2
    assert addresses(contours, "france", ()) == []


def test_a_file_is_what_its_content_says(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.csv", "a;b\n")
    contents = {"csv": b"\xef\xbb\xbfa;b\n", "geometry": b' {"type": 1}', "zip": archive.getvalue()}
    for kind, content in contents.items():
        (tmp_path / "nameless").write_bytes(content)
        assert kind_of(tmp_path / "nameless") == kind


# --- looked for in order


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with serve() as running:
        yield running


PATH = "/fichiers/donnees_rp2030.csv"


def people(count: int) -> bytes:
    text = tiny.POPULATIONS.replace("62002;Bourg;3 000", f"62002;Bourg;{count}")
    return text.encode()


@pytest.fixture
def networked(tmp_path: Path, server: LocalServer) -> Settings:
    """The tiny territory, its populations published by the local server; no other address."""
    raw_dir = tiny.write_raw(tmp_path / "raw")
    for description in raw_dir.glob("*/source.toml"):
        text = re.sub(r"(?m)^address\..*\n", "", description.read_text(encoding="utf-8"))
        if description.parent.name == "popref":
            text += f'address.default = "{server.says(PATH, Reply(body=people(3100)))}"\n'
        description.write_text(text, encoding="utf-8")
    return make_settings(tmp_path, raw_dir=raw_dir, offline=False)


def origin(settings: Settings, said: list[str] | None = None) -> tuple[str, str, float]:
    """Where the populations came from, their vintage, and that of Bourg."""
    name = refresh(settings, parse(tiny.SIREN), (said if said is not None else []).append)
    with warehouse.connect(settings.processed_dir / name) as con:
        (source,) = [s for s in record.info(con)["sources"] if s["id"] == "popref"]
        bourg = con.execute("SELECT population FROM commune WHERE code = '62002'").fetchall()
    return source["origin"], source["vintage"], bourg[0][0]


def offline(settings: Settings) -> Settings:
    return Settings(**{**vars(settings), "offline": True})


def mirrored(settings: Settings, folder: Path) -> Settings:
    (folder / "popref").mkdir(parents=True)
    (folder / "popref" / "donnees_rp2029.csv").write_bytes(people(3200))
    return Settings(**{**vars(settings), "mirror": folder})


def test_the_mirror_comes_first_and_nothing_else_is_asked(
    networked: Settings, tmp_path: Path, server: LocalServer
) -> None:
    assert origin(mirrored(networked, tmp_path / "mirror")) == ("mirror", "2029", 3200)
    assert server.received == []


@pytest.mark.campaign
def test_then_the_network_then_what_it_left_in_the_cache(
    networked: Settings, server: LocalServer
) -> None:
    server.says(PATH, Reply(body=people(3100), headers={"ETag": '"1"'}))
    assert origin(networked) == ("network", "2030", 3100)
    assert origin(networked) == ("cache", "2030", 3100)  # asked, and unchanged
    assert len(server.received) == 2
    assert origin(offline(networked)) == ("cache", "2030", 3100)
    assert len(server.received) == 2
    server.says(PATH, Reply(body=people(3150)))
    assert origin(networked) == ("network", "2030", 3150)


@pytest.mark.campaign
def test_offline_without_a_cache_is_the_embedded_snapshot_and_asks_nobody(
    networked: Settings, server: LocalServer
) -> None:
    assert origin(offline(networked)) == ("embedded", "2023", 3000)
    assert server.received == []


BAD = {
    "no such file": Reply(404),
    "cut short": Reply(body=people(3100), missing=40),
    "other columns": Reply(body=b"a;b\n1;2\n"),
    "a web page": Reply(body=b"<!DOCTYPE html><title>Maintenance</title>"),
    "empty": Reply(body=b""),
    "a torn row": Reply(body=people(3100) + b'62005;"sans fin;12\n'),
    "a torn archive": Reply(body=b"PK\x03\x04 cut short"),
}


@pytest.mark.parametrize("bad", at_every_run(1, BAD))
def test_a_download_that_fails_falls_through_with_one_clear_line(
    networked: Settings, server: LocalServer, bad: str
) -> None:
    server.says(PATH, BAD[bad])
    said: list[str] = []
    assert origin(networked, said) == ("embedded", "2023", 3000)
    about = [s for s in said if "popref.communes :" in s or "fichier ignoré" in s]
    assert about
    assert all("\n" not in line and "Traceback" not in line for line in about)


@pytest.mark.campaign
def test_an_archive_is_read_where_nothing_can_be_written_beside_it(
    networked: Settings, server: LocalServer, tmp_path: Path
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("dossier/donnees_rp2031.csv", people(3300))
        file.writestr("dossier/lisez-moi.csv", "note\n")
    server.says(PATH, Reply(body=archive.getvalue()))
    assert origin(networked) == ("network", "2031", 3300)
    folder = tmp_path / "mirror" / "popref"
    folder.mkdir(parents=True)
    (folder / "archive.zip").write_bytes(archive.getvalue())
    settings = Settings(**{**vars(networked), "mirror": tmp_path / "mirror"})
    assert origin(settings) == ("mirror", "2031", 3300)
    assert [p.name for p in folder.iterdir()] == ["archive.zip"]


@pytest.mark.campaign
def test_a_folder_with_odd_characters_in_its_name_is_read(
    networked: Settings, tmp_path: Path
) -> None:
    settings = mirrored(networked, tmp_path / "l'été [2029] *")
    assert origin(settings) == ("mirror", "2029", 3200)


@pytest.mark.campaign
def test_every_source_is_read_from_the_snapshot_when_the_folder_is_copied(tmp_path: Path) -> None:
    shutil.copytree(Settings().raw_dir, tmp_path / "raw")
    settings = make_settings(tmp_path, raw_dir=tmp_path / "raw")
    name = refresh(settings, parse("arras"), lambda line: None)
    assert warehouse.current(settings.processed_dir) == name


def test_a_pattern_that_is_none_is_named(tmp_path: Path) -> None:
    raw_dir = tiny.write_raw(tmp_path / "raw")
    described = raw_dir / "popref" / "source.toml"
    text = described.read_text(encoding="utf-8")
    assert '"PMUN"' in text
    described.write_text(text.replace('"PMUN"', '"(["'), encoding="utf-8")
    with pytest.raises(SourceError, match=r"motif illisible : « \(\[ »") as refused:
        read_sources(raw_dir)
    assert str(described) in str(refused.value)
    assert "unterminated" not in str(refused.value)


def test_a_file_whose_name_is_no_utf_8_is_named_as_far_as_it_can_be(tmp_path: Path) -> None:
    source = read_sources(tiny.write_raw(tmp_path / "raw"))["popref"]
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/donn\xe9es.csv")).write_text("COM;PMUN\n")
    with pytest.raises(SourceError, match="n'est pas en UTF-8") as refused:
        files_in_folder(source, tmp_path, "mirror")
    str(refused.value).encode()
