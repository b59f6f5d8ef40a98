"""The picture of a map: whole, well formed, with the screen's figures, nothing from afar."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import duckdb
import numpy as np
import pyproj
import pytest
import shapely
from PIL import Image
from told import as_typed

from observatory.answers import gaps
from observatory.french.vocabulary import EVERY_STATUS
from observatory.knowledge.question import Question
from observatory.maps.picture.rendering import map_png, map_svg, thumbnail_svg
from observatory.maps.picture.svg import width_of, wrapped
from observatory.maps.placing import placed
from observatory.maps.shapes import Shapes, frame, shapes
from observatory.maps.specification import MapPaint, MapPoints, Point
from observatory.maps.specify import painting
from observatory.maps.symbols import FILLS, SHAPES, spread, symbol_path
from observatory.maps.view import Representation, View
from observatory.versions import record

DAY = date(2026, 11, 22)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('#\\')</script> & \x07 ]]>"

Painted = Callable[..., MapPaint]


@pytest.fixture(scope="module")
def drawn(embedded: duckdb.DuckDBPyConnection) -> Shapes:
    return shapes(embedded)


@pytest.fixture(scope="module")
def painted(embedded: duckdb.DuckDBPyConnection) -> Painted:
    info = record.info(embedded)
    population = dict(
        embedded.execute("SELECT code, population FROM commune WHERE inside").fetchall()
    )

    def make(measure: str = "ecart", how: Representation = "classes") -> MapPaint:
        view = View(Question("accueil_0_2", None, "potential", as_of=DAY), measure, None, how)
        table = gaps.gaps(embedded, Question("accueil_0_2", as_of=DAY, definition="potential"))
        return painting(view, table[table["code"].notna()], info, population)

    return make


def texts(root: ET.Element) -> list[str]:
    return [as_typed(t.text or "") for t in root.iter(f"{SVG}text")]


def communes(root: ET.Element) -> list[ET.Element]:
    return [p for p in root.iter(f"{SVG}path") if p.find(f"{SVG}title") is not None]


def test_contours_are_flat_and_in_metres(drawn: Shapes) -> None:
    west, south, east, north = drawn.bounds
    assert len(drawn.codes) == len(drawn.outlines) == 46
    assert drawn.epsg == 2154
    assert 15_000 < east - west < 40_000  # the CU d'Arras is some 25 km wide
    assert 15_000 < north - south < 40_000


def test_a_commune_in_several_parts_is_drawn_whole(drawn: Shapes) -> None:
    """The official contours are made of parts, even when there is only one."""
    several = shapely.union(drawn.outlines[0], shapely.box(0, 0, 5_000, 5_000))
    assert several.geom_type == "MultiPolygon"
    single = shapely.MultiPolygon([drawn.outlines[1]])
    paths = frame(replace(drawn, outlines=np.array([several, single])), 800, 800).paths
    assert [path.count("M") for path in paths] == [2, 1]


@pytest.mark.parametrize("how", ["classes", "cercles", "croises"])
def test_the_picture_has_every_commune_and_all_it_takes_to_read_it(
    drawn: Shapes, painted: Painted, how: Representation
) -> None:
    paint = painted(how=how)
    root = ET.fromstring(map_svg(drawn, paint))
    assert len(communes(root)) == 46
    said = " ".join(texts(root)).replace("\u202f", " ")
    sentence = paint.sentence.replace("\u202f", " ").split()
    assert paint.title.split()[0] in said
    assert all(word in said for word in sentence)
    assert "N" in texts(root)
    assert re.search(r"\b[125]0* km", said)
    assert "Contours schématiques · Offre de démonstration" in said
    assert "Offre au 22 novembre 2026." in said


def test_the_legend_counts_are_those_of_the_classification(drawn: Shapes, painted: Painted) -> None:
    paint = painted()
    found = texts(ET.fromstring(map_svg(drawn, paint, caption=False)))
    classes = paint.classification
    start = found.index("communes") + 1
    rows = dict(zip(found[start::2], found[start + 1 :: 2], strict=False))
    said = [rows[label] for label in rows if label.split(" : ")[0] in classes.labels]
    assert said == [str(count) for count in classes.counts]
    # What is missing in the demonstration is masked, not unknown.
    assert rows["masqué : secret statistique"] == str(classes.masked)
    assert "inconnu" not in rows
    assert classes.unknown == 0
    assert classes.masked > 0
    assert sum(classes.counts) + classes.masked + classes.small == 46


def test_each_commune_bears_the_fill_of_its_class(drawn: Shapes, painted: Painted) -> None:
    paint = painted("taux")
    root = ET.fromstring(map_svg(drawn, paint))
    fills = Counter(
        p.get("fill", "").removesuffix(")")[-1] if "url" in p.get("fill", "") else p.get("fill")
        for p in communes(root)
    )
    classes = paint.classification
    assert classes.small > 0
    assert classes.masked > 0
    assert fills.pop("s") == classes.small
    assert fills.pop("m") == classes.masked
    assert fills == Counter(
        {c: n for c, n in zip(classes.colours, classes.counts, strict=True) if n}
    )


def test_a_rate_below_thirty_children_is_never_written(drawn: Shapes, painted: Painted) -> None:
    paint = painted("taux")
    root = ET.fromstring(map_svg(drawn, paint))
    titles = [as_typed(t.text or "") for t in root.iter(f"{SVG}title")]
    hidden = [t for t in titles if t.endswith(" : moins de 30 enfants")]
    assert len(hidden) == paint.classification.small


def test_no_address_leaves_the_picture(drawn: Shapes, painted: Painted) -> None:
    for svg in (map_svg(drawn, painted()), thumbnail_svg(drawn, painted(), label="x")):
        assert "href" not in svg
        assert "<style" not in svg
        assert "<image" not in svg
        addresses = re.findall(r"[a-z]+://[^\"' ]+", svg)
        assert set(addresses) == {"http://www.w3.org/2000/svg"}
        assert all(u.startswith("#") for u in re.findall(r"url\(([^)]*)\)", svg))


def test_a_hostile_name_is_text(drawn: Shapes, painted: Painted) -> None:
    names = (HOSTILE, *drawn.names[1:])
    points = MapPoints(
        {"eaje_psu": HOSTILE},
        [Point(2.77, 50.29, "eaje_psu", "public", HOSTILE, detail=HOSTILE)],
    )
    paint = replace(painted(), title=HOSTILE, notes=(HOSTILE,), source=HOSTILE)
    svg = map_svg(replace(drawn, names=names), paint, points=points)
    root = ET.fromstring(svg)
    assert "<script" not in svg
    titles = [as_typed(t.text or "") for t in root.iter(f"{SVG}title")]
    assert any("<script>alert('#\\')</script> & \ufffd ]]>" in t for t in titles)
    assert map_png(svg, scale=0.5).startswith(b"\x89PNG")


def test_points_have_a_shape_a_service_and_a_fill_a_status(drawn: Shapes, painted: Painted) -> None:
    services = {"eaje_psu": "EAJE", "alsh": "ALSH"}
    points = MapPoints(
        services,
        [
            Point(2.77, 50.29, "eaje_psu", "public", "A"),
            Point(2.77, 50.29, "alsh", "prive", "B"),
            Point(9.0, 45.0, "alsh", "associatif", "far away"),
        ],
    )
    root = ET.fromstring(map_svg(drawn, painted(), points=points))
    marks = {(p.findtext(f"{SVG}title") or ""): p for p in root.iter(f"{SVG}path") if p.get("fill")}
    assert marks["A"].get("fill") == FILLS["public"]
    assert marks["B"].get("fill") == FILLS["prive"]
    assert "a5.5" in marks["A"].get("d", "")  # a circle
    assert marks["B"].get("d", "").count("L") == 3  # a square
    assert "far away" not in marks


def test_symbols_at_one_place_do_not_hide_each_other() -> None:
    spots = spread([(10.0, 10.0)] * 12, 13.0)
    assert spots[0] == (10.0, 10.0)
    least = min(abs(complex(*a) - complex(*b)) for i, a in enumerate(spots) for b in spots[i + 1 :])
    assert least >= 13.0


def test_shapes_and_statuses_are_all_different() -> None:
    assert len({symbol_path(shape, 0, 0, 5) for shape in SHAPES}) == len(SHAPES)
    assert set(FILLS) == set(EVERY_STATUS)
    assert len(set(FILLS.values())) == len(FILLS)


def test_the_selected_commune_is_outlined(drawn: Shapes, painted: Painted) -> None:
    root = ET.fromstring(map_svg(drawn, painted(), selected="62041"))
    lines = [p.get("stroke-width") for p in root.iter(f"{SVG}path") if p.get("fill") == "none"]
    assert lines.count("3") == 1
    plain = map_svg(drawn, painted(), selected="99999")
    assert plain == map_svg(drawn, painted())


def test_circles_are_as_large_as_their_values(drawn: Shapes, painted: Painted) -> None:
    paint = painted(how="cercles")
    root = ET.fromstring(map_svg(drawn, paint))
    sizes = [float(c.get("r", "0")) for c in root.iter(f"{SVG}circle") if c.get("fill-opacity")]
    values = sorted((abs(v) for v in paint.values if v), reverse=True)
    drawn_sizes = sorted(sizes, reverse=True)[: len(values)]
    assert drawn_sizes[0] / drawn_sizes[9] == pytest.approx(
        (values[0] / values[9]) ** 0.5, rel=0.02
    )


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_the_png_has_the_size_asked_for(drawn: Shapes, painted: Painted, scale: float) -> None:
    svg = map_svg(drawn, painted(), width=900)
    height = float(ET.fromstring(svg).get("height", "0"))
    with Image.open(io.BytesIO(map_png(svg, scale=scale))) as image:
        assert image.width == pytest.approx(900 * scale, abs=1)
        assert image.height == pytest.approx(height * scale, abs=1)
        colours = image.convert("RGB").getcolors(1_000_000)
    assert colours is not None
    assert (178, 24, 43) in {c for _, c in colours}  # the darkest red: Arras


@pytest.mark.parametrize("width", [1200, 1600])
def test_a_picture_that_stands_alone_fills_a_slide_and_says_whose_it_is(
    drawn: Shapes, painted: Painted, width: float
) -> None:
    root = ET.fromstring(map_svg(drawn, painted(), width=width, territory="CU d'Arras"))
    assert float(root.get("height", "0")) == pytest.approx(width * 9 / 16, rel=0.02)
    assert "CU d'Arras" in [t.replace("\u2019", "'") for t in texts(root)]


def test_french_signs_are_drawn_with_the_typefaces_at_hand() -> None:
    """A missing sign is drawn as the same empty box, whatever it is."""

    def ink(text: str) -> bytes:
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" '
            f'font-family="\'Libertinus Serif\'"><text x="5" y="28" font-size="24">{text}'
            "</text></svg>"
        )
        return map_png(svg)

    signs = "−≈œÉçê«»·—"
    boxes = [ink(sign) for sign in (*signs, "\u202f")]
    assert len(set(boxes)) == len(boxes)
    assert ink("1\u202f2") not in (ink("12"), ink("1?2"))


def test_thumbnails_do_not_share_identifiers(drawn: Shapes, painted: Painted) -> None:
    one = thumbnail_svg(drawn, painted(), label="Une carte")
    other = thumbnail_svg(drawn, painted("taux"), label="Une autre")
    root = ET.fromstring(one)
    assert root.get("aria-label") == "Une carte"
    assert root.get("role") == "img"
    assert len(list(root.iter(f"{SVG}path"))) >= 46
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', other))


def test_lines_fit_their_width() -> None:
    text = "Un titre assez long pour tenir sur plusieurs lignes, avec unmotdémesurémentlong" * 3
    lines = wrapped(text, 14, 120)
    assert all(width_of(line, 14) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_values_must_match_their_codes(drawn: Shapes, painted: Painted) -> None:
    with pytest.raises(ValueError, match="one value"):
        map_svg(drawn, replace(painted(), codes=["62041"]))


@pytest.mark.parametrize("width", [600, 1120])
def test_the_largest_communes_and_the_one_in_focus_are_named_whatever_the_room(
    drawn: Shapes, painted: Painted, width: float
) -> None:
    """Arras is small and full of establishments; Boisleux-Saint-Marc has no room for its name."""
    assert drawn.names[drawn.largest[0]] == "Arras"
    points = crowd(drawn, "62041", 40)
    found = texts(ET.fromstring(map_svg(drawn, painted(), width=width, points=points)))
    assert {"Arras", "Achicourt", "Saint-Laurent-Blangy"} <= set(found)
    chosen = map_svg(drawn, painted(), width=width, points=points, selected="62152")
    assert "Boisleux-Saint-Marc" in texts(ET.fromstring(chosen))


def crowd(drawn: Shapes, code: str, count: int) -> MapPoints:
    """Establishments at one place of a commune."""
    middle = drawn.outlines[drawn.codes.index(code)].representative_point()
    to_degrees = pyproj.Transformer.from_crs(drawn.epsg, 4326, always_xy=True)
    lon, lat = to_degrees.transform(middle.x, middle.y)
    every = [Point(lon, lat, "eaje_psu", "public", f"E{n}", code) for n in range(count)]
    return MapPoints({"eaje_psu": "EAJE"}, every)


def test_symbols_stay_inside_their_commune_or_become_a_count(
    drawn: Shapes, painted: Painted
) -> None:
    row = drawn.codes.index("62041")
    for count in (1, 6, 400):
        sheet = frame(drawn, 800, 800)
        points = crowd(drawn, "62041", count)
        x, y = sheet.place(*np.array([[p.lon, p.lat] for p in points.points]).T)
        spots = list(zip(x.tolist(), y.tolist(), strict=True))
        found = placed(sheet, spots, [p.code for p in points.points], 5.5, 13.5)
        if count == 400:
            assert [len(heap.members) for heap in found.heaps] == [400]
            assert found.spots == {}
            continue
        assert found.heaps == []
        inside = sheet.outlines[row].buffer(-5.5)
        assert all(inside.contains(shapely.Point(spot)) for spot in found.spots.values())
    svg = map_svg(drawn, painted(), points=crowd(drawn, "62041", 400))
    assert "Arras, établissements : 400" in as_typed(svg)
    assert "400" in texts(ET.fromstring(svg))


def test_counts_that_would_hide_one_another_are_added_up(drawn: Shapes) -> None:
    sheet = frame(drawn, 60, 60)
    spots = [tuple(sheet.anchors[row].tolist()) for row in range(46)]
    found = placed(sheet, spots, drawn.codes, 5.5, 13.5)  # type: ignore[arg-type]
    assert sum(len(heap.members) for heap in found.heaps) == 46 - len(found.spots)
    places = [heap.spot for heap in found.heaps]
    assert all(
        abs(complex(*a) - complex(*b)) >= 27 for i, a in enumerate(places) for b in places[i + 1 :]
    )
