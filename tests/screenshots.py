"""Take the pictures of the README and the guides: ``make images``."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from observatory.settings import ROOT, Settings
from observatory.territory import parse
from pipelines.refresh import refresh
from tests.browser import launched, served

OUT = ROOT / "docs" / "images"
# name → address, width, height, colour scheme
PICTURES = {
    "carte-1440": ("/", 1440, 900, "light"),
    "carte-390": ("/", 390, 844, "light"),
    "fiche-1440": ("/?commune=Arras+(62041)", 1440, 900, "light"),
    "carte-sombre-1440": ("/", 1440, 900, "dark"),
}


def main() -> None:
    """Build the embedded default aside, serve it, and take each picture."""
    OUT.mkdir(parents=True, exist_ok=True)
    executable = shutil.which("chromium") or "chromium"
    with tempfile.TemporaryDirectory() as folder:
        processed = Path(folder) / "processed"
        settings = Settings(processed_dir=processed, cache_dir=Path(folder) / "c", offline=True)
        refresh(settings, parse(os.environ.get("TERRITORY", "arras")), lambda line: None)
        env = {"OBSERVATORY_PROCESSED_DIR": str(processed)}
        with served(ROOT / "app.py", Path(folder), env) as url, launched(executable) as browser:
            for name, (address, width, height, scheme) in PICTURES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                    locale="fr-FR",
                )
                page = context.new_page()
                page.goto(url + address)
                page.wait_for_selector("[data-painted]")
                page.wait_for_timeout(1500)
                page.screenshot(path=OUT / f"{name}.png")
                context.close()
                print(OUT / f"{name}.png")


if __name__ == "__main__":
    main()
