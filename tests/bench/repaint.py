"""Repaint after a change of indicator: the product's map and a plain ``st_folium``, in one run.

Time from the click on a choice to the change of colour of a commune on the screen, in a real
Chromium, and bytes received on the page's own connection. At 46 communes and, when the mirror has
them, at the 3,787 of the Hauts-de-France.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser import FLAGS, served

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CONTOURS = "contours/hdf_com_cog2023.geojson"
CHANGES = 9


def contours(folder: Path, mirror: Path) -> list[tuple[int, Path]]:
    """GeoJSON files of the sizes to measure, with the properties ``code`` and ``nom``."""
    features = json.loads((mirror / CONTOURS).read_text(encoding="utf-8"))["features"]
    every = [
        {
            "type": "Feature",
            "properties": {"code": f["properties"]["INSEE_COM"], "nom": f["properties"]["NOM"]},
            "geometry": f["geometry"],
            "epci": f["properties"]["EPCI"],
        }
        for f in features
    ]
    sizes = []
    for wanted in (lambda f: f["epci"] == "200033579", lambda f: True):
        chosen = [f for f in every if wanted(f)]
        path = folder / f"{len(chosen)}.geojson"
        text = json.dumps({"type": "FeatureCollection", "features": chosen})
        path.write_text(text, encoding="utf-8")
        sizes.append((len(chosen), path))
    return sizes


@contextmanager
def served_alone(page: str, contours_file: Path) -> Iterator[str]:
    """Serve a page of this folder from a copy, with its own static folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / page, folder)
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        leaflet = resources.files("xstatic.pkg.leaflet") / "data" / "leaflet.js"
        (folder / "static").mkdir()
        (folder / "static" / "leaflet.js").write_bytes(leaflet.read_bytes())
        env = {"BENCH_CONTOURS": str(contours_file), "PYTHONPATH": str(ROOT)}
        with served(folder / page, folder, env) as url:
            yield url


def wait_for_map(page: Page, size: int) -> None:
    """Until every commune has its path."""
    page.wait_for_function(f"size => {{ {ROOT_OF_MAP} {COUNT_PATHS} >= size; }}", arg=size)


# Both maps draw SVG paths; the product's live in a shadow tree.
ROOT_OF_MAP = """
const hosts = [
  ...[...document.querySelectorAll('iframe')].map(e => e.contentDocument),
  ...[...document.querySelectorAll('.stBidiComponent, .stBidiComponent *')].map(e => e.shadowRoot),
];
const root = hosts.find(r => r && r.querySelector('path.leaflet-interactive'));
"""
COUNT_PATHS = "return root && root.querySelectorAll('path.leaflet-interactive').length"
FILL = """
const path = root && root.querySelector('path.leaflet-interactive:nth-of-type(6)');
const fill = path && getComputedStyle(path).fill;
"""
REMEMBER = f"() => {{ {ROOT_OF_MAP} {FILL} window.lastFill = fill; }}"
# Resolves at the first frame in which one commune has another colour than before.
REPAINTED = f"""
() => new Promise(done => {{
  const wait = () => {{
    {ROOT_OF_MAP} {FILL}
    if (fill && fill !== window.lastFill) done(); else requestAnimationFrame(wait);
  }};
  wait();
}})
"""


def measure(url: str, size: int) -> tuple[float, float]:
    """Median milliseconds and kilobytes of a change of indicator."""
    received = [0]

    def count(payload: str | bytes) -> None:
        received[0] += len(payload)

    def listen(socket_: Any) -> None:
        socket_.on("framereceived", count)

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("websocket", listen)
        page.goto(url)
        wait_for_map(page, size)
        page.wait_for_timeout(2000)
        times, sizes = [], []
        for change in range(1, CHANGES + 1):
            wait_for_map(page, size)
            page.evaluate(REMEMBER)
            received[0] = 0
            start = time.perf_counter()
            page.get_by_text(str(change % 5), exact=True).first.click()
            page.evaluate(REPAINTED)
            times.append(1000 * (time.perf_counter() - start))
            page.wait_for_timeout(700)
            sizes.append(received[0] / 1000)
        browser.close()
    return statistics.median(times), statistics.median(sizes)


def main() -> None:
    """Print one line per size: both times, both weights, and their ratios."""
    mirror = Path(os.environ.get("OBSERVATORY_TEST_MIRROR", ROOT.parent / "shared" / "mirror"))
    if not (mirror / CONTOURS).is_file():
        print(f"repaint: no {CONTOURS} in {mirror}, not measured")
        return
    print("repaint after a change of indicator (median of", CHANGES, "changes)")
    print(
        f"{'polygons':>9} {'product ms':>11} {'st_folium ms':>13} {'ratio':>6} "
        f"{'product kB':>11} {'st_folium kB':>13}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for size, file in contours(Path(folder), mirror):
            figures = []
            for page in ("product_page.py", "plain_page.py"):
                with served_alone(page, file) as url:
                    figures.append(measure(url, size))
            (ours, our_kb), (plain, plain_kb) = figures
            print(
                f"{size:>9} {ours:>11.0f} {plain:>13.0f} {ours / plain:>6.2f} "
                f"{our_kb:>11.1f} {plain_kb:>13.1f}"
            )


if __name__ == "__main__":
    main()
