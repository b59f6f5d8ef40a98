"""The net holds: two runs of one code say the same, and a figure that changes is seen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import geopandas
import pytest
import typst
import xlsxwriter
from generated import at_every_run
from net.compare import differences
from net.files import as_text, version_tables
from net.normalise import Normaliser, in_order
from PIL import Image
from shapely import Point

ROOT = Path(__file__).resolve().parent.parent
OLD, NEW = "20261125T231645708546Z", "20261201T060708091011Z"


def csv_file(path: Path, figure: int) -> None:
    path.write_bytes(f"\ufeffcode;places\r\n62041;{figure}\r\n".encode())


def svg_file(path: Path, figure: int) -> None:
    path.write_text(f"<svg><title>Écart</title><text>{figure}\u202fplaces</text></svg>")


def workbook(path: Path, figure: int) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": datetime.now(UTC).replace(tzinfo=None)})
        book.add_worksheet("Écarts").write_row(0, 0, ["62041", figure])


def layer(path: Path, figure: int) -> None:
    frame = geopandas.GeoDataFrame(
        {"code": ["62041"], "places": [figure]}, geometry=[Point(2.77, 50.29)], crs=4326
    )
    frame.to_file(path, driver="GPKG", layer="ecarts")


def document(path: Path, figure: int) -> None:
    moment = round(time.time())
    typst.compile(f"Il manque {figure} places.".encode(), output=path, timestamp=moment)


def picture(path: Path, figure: int) -> None:
    image = Image.new("RGB", (20, 20), "white")
    image.putpixel((3, 3), (figure, 0, 0))
    image.save(path, compress_level=figure % 10)


FILES: dict[str, Callable[[Path, int], None]] = {
    ".csv": csv_file,
    ".svg": svg_file,
    ".xlsx": workbook,
    ".gpkg": layer,
    ".pdf": document,
    ".png": picture,
}


def told(path: Path) -> str:
    return Normaliser.of_run([], {}).text(as_text(path))


@pytest.mark.parametrize("suffix", list(FILES))
def test_a_changed_figure_is_seen_in_every_kind_of_file(suffix: str, tmp_path: Path) -> None:
    old, new = tmp_path / f"old{suffix}", tmp_path / f"new{suffix}"
    FILES[suffix](old, 79)
    FILES[suffix](new, 80)
    assert told(old) != told(new)


@pytest.mark.parametrize(
    "suffix", at_every_run(2, [".xlsx", ".gpkg", ".pdf", ".png", ".csv", ".svg"])
)
def test_the_same_file_made_later_says_the_same(suffix: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    FILES[suffix](first, 79)
    time.sleep(1.1)  # the dates in these files have whole seconds
    FILES[suffix](second, 79)
    assert told(first) == told(second)


@pytest.mark.parametrize("suffix", at_every_run(1, [".xlsx", ".gpkg", ".pdf"]))
def test_files_made_at_two_moments_differ_before_they_are_read(suffix: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    FILES[suffix](first, 79)
    time.sleep(1.1)
    FILES[suffix](second, 79)
    assert first.read_bytes() != second.read_bytes()


def version(path: Path, places: str, order: str) -> dict[str, str]:
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table offer as select * from (values ('62041', 'a\nb', null), "
            f"('62004', '', {places})) t(code, name, places) order by code {order}"
        )
        con.execute(f"create table step as select 'read' as name, {len(order)} as seconds")
        con.execute("create macro doubled(x) as x * 2")
    return dict(version_tables(path))


def test_the_rows_of_a_version_are_held_whatever_their_order(tmp_path: Path) -> None:
    one = version(tmp_path / "1.duckdb", "79.5", "asc")
    assert one == version(tmp_path / "2.duckdb", "79.5", "desc")
    assert one != version(tmp_path / "3.duckdb", "79.6", "asc")
    assert one != version(tmp_path / "4.duckdb", "null", "asc")
    assert list(one) == ["main.offer", "main.step", "macros"]
    assert "doubled" in one["macros"]
    assert '62041,"a\\nb",∅' in one["main.offer"]


def said_on(stamp: str, moment: str, day: str, iso: str) -> str:
    rules = Normaliser([stamp], {f"/tmp/{stamp}": "<work>"}, frozenset({date.fromisoformat(iso)}))
    return rules.text(
        f"Version observatory-{stamp}.duckdb, établie le {moment}, offre du 22/11/2026 ; {day} ; "
        f"{iso}T06:07:08.123+00:00 ; {iso} ; 1{iso} ; né le 25 novembre 2025 ; 2\u202f258 places"
    )


def test_only_the_moments_of_the_run_are_left_out() -> None:
    text = said_on(OLD, "25 novembre 2026 à 23 h 16 (UTC)", "25/11/2026", "2026-11-25")
    late = said_on(NEW, "1er décembre 2026 à 6\u00a0h\u00a007 (UTC)", "01/12/2026", "2026-12-01")
    assert text.replace("12026-11-25", "") == late.replace("12026-12-01", "")
    assert "observatory-<version 1>.duckdb, établie le <moment>, offre du 22/11/2026" in text
    assert "; <today> ; <moment> ; <today> ; 12026-11-25 ;" in text
    assert text.endswith("né le 25 novembre 2025 ; 2\u202f258 places")


def test_a_moment_of_the_run_in_a_cell_of_a_workbook_is_left_out() -> None:
    rules = Normaliser(days=frozenset({date(2026, 11, 26)}))
    assert rules.text("<v>46352</v><v>46351</v>") == "<v><today></v><v>46351</v>"


def test_versions_of_one_run_stay_apart() -> None:
    rules = Normaliser.of_run([NEW, OLD], {})
    assert rules.text(f"{OLD} → {NEW}") == "<version 1> → <version 2>"


def test_seconds_are_left_out_of_what_a_command_prints_and_nowhere_else() -> None:
    rules = Normaliser()
    assert rules.log("   0,57 s  tables prêtes") == rules.log("   1,20 s  tables prêtes")
    assert rules.text("0,57 s") != rules.text("1,20 s")
    told = '"rows": 12.5, "steps": {{\n  "sources lues": {},\n  "en tout": 1e-05\n}}'
    assert rules.log(told.format(0.52)) == rules.log(told.format(1.3))
    assert rules.log(told.format(1)) != rules.log(told.format(1).replace("12.5", "12.6"))


def test_what_nothing_orders_may_come_in_any_order() -> None:
    one, other = ('{"totals": [{"v": 4}, {"v": 5}]}', '{"totals": [{"v": 5}, {"v": 4}]}')
    assert in_order(one) == in_order(other) != in_order(one.replace("5", "6"))
    rules = Normaliser()
    assert rules.log("  —, RPE : 4 → 5\n") == rules.log("  —, RPE : 5 → 4\n")
    rows = [f'  bytes.rows[{n}]: [null, "—", "{v}"]\n' for n, v in enumerate((4, 5, 5, 4))]
    assert rules.page("".join(rows[:2])) == rules.page("".join(rows[2:]))
    assert rules.page("".join(rows[:2])) != rules.page("".join(rows[1:3]))
    assert rules.log("  Arras, RPE : 4 → 5\n") != rules.log("  Arras, RPE : 5 → 4\n")


def test_only_the_last_digits_of_a_sum_are_left_out() -> None:
    rules = Normaliser()
    assert rules.text("-41.19248000000003;7.1e-15") == rules.text("-41.19248000000002;0.0")
    assert rules.text("[31.119999999999997]") == rules.text("[31.120000000000005]")
    assert rules.text("<v>31.120000000000005") != rules.text("<v>31.120001000000005")
    assert rules.text("0.50 1.10 62041 2e5 #d6604d 1e-3 %") == "0.50 1.10 62041 2e5 #d6604d 0.001 %"


def net(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.net", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.campaign
def test_two_runs_of_one_code_say_the_same_and_one_that_differs_is_told(tmp_path: Path) -> None:
    for name in ("before", "after"):
        done = net(tmp_path / name, "--territory", "embedded", "--quick")
        assert done.returncode == 0, done.stderr
    same = net("--compare", tmp_path / "before", tmp_path / "after")
    assert (same.returncode, same.stdout) == (0, "no difference\n")
    written = {p.relative_to(tmp_path / "before") for p in (tmp_path / "before").rglob("*.txt")}
    assert Path("embedded/pages/carte.txt") in written
    assert Path("embedded/files/sheet.pdf.txt") in written
    page = tmp_path / "after" / "embedded" / "pages" / "carte.txt"
    text = page.read_bytes().decode()
    assert "2\u202f258" in text  # narrow spaces are kept as they are
    page.write_bytes(text.replace("2\u202f258", "2\u202f259").encode())
    (tmp_path / "after" / "embedded" / "files" / "map.svg.txt").unlink()
    other = net("--compare", tmp_path / "before", tmp_path / "after")
    assert other.returncode == 1
    assert f"only in {tmp_path / 'before'}: embedded/files/map.svg.txt" in other.stdout
    assert "differs: embedded/pages/carte.txt" in other.stdout
    assert "2\\u202f259" in other.stdout


def test_a_single_space_or_end_of_line_is_a_difference(tmp_path: Path) -> None:
    for name, content in (("a", b"2\xe2\x80\xaf258\r\n"), ("b", b"2\xc2\xa0258\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_bytes(content)
    found = differences(tmp_path / "a", tmp_path / "b")
    assert found == [
        "differs: one.txt", "  -1: '2\\u202f258\\r'", "  +1: '2\\xa0258'",
    ]  # fmt: skip


def test_two_empty_nets_are_no_proof(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no net there"):
        differences(tmp_path, tmp_path)
