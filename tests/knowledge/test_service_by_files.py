"""A service is files: added to a copy of the product, it is in every page and every export."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tiny
from generated import at_every_run

from observatory.settings import ROOT

TESTS = Path(__file__).resolve().parents[1]
SERVICE = """
[service.seances_ergo]
label = "Séances d'ergothérapie"
short = "Ergothérapie"
theme = "Santé de l'enfant"
public = "0_5"
unit = "demi-journées par an"
rate_per = 100
rate_label = "demi-journées par an pour 100 enfants de moins de 6 ans"
grain = "establishment"
norm = { value = 8, text = "8 demi-journées pour 100 enfants", source = "Pour ce test" }
definitions = ["norm", "territory", "voted", "custom"]
rate_breaks = [2, 4, 6, 8, 10]
help = "Un service de plus, sans une ligne de code."
"""
ROWS = (
    "P1;Pôle A;seances_ergo;public;Département;62001;;2.7;50.3;;50;;2020-01-01;;"
    "Enquête;2024-06-30;non\n"
    "P2;Pôle B;seances_ergo;public;Département;62002;;2.8;50.3;;12;;2020-01-01;;"
    "Enquête;2024-06-30;non\n"
)
ELSEWHERE = {
    "accessibilite",  # of the app, not of services
    "connexion",
    "journal",  # who changed what: nothing yet
    "changements",  # between two versions: there is one
    "comparables",  # of whom a territory resembles, by its demand alone
    "habitants",  # no questionnaire is loaded
    "plan",  # nor any plan, nor any census of its own: their templates name the service
    "recensement",
    "modifier",
    "rapprochement",  # what the Caf and the BPE publish: nothing of this service
}
"""Pages that speak of no service, or have nothing to say of this one yet."""


@pytest.mark.parametrize("exports", at_every_run(1, ["some", "every"]))
def test_a_service_of_files_alone_is_in_every_page_and_export(tmp_path: Path, exports: str) -> None:
    product = tmp_path / "product"
    for part in ("observatory", "pipelines", "static"):
        shutil.copytree(ROOT / part, product / part)  # what is compiled stays so
    shutil.copyfile(ROOT / "app.py", product / "app.py")
    tiny.write_raw(product / "data" / "raw", {"census/offre.csv": tiny.OFFER + ROWS})
    with (product / "observatory" / "knowledge" / "nomenclature.toml").open("a") as nomenclature:
        nomenclature.write(SERVICE)
    env = {k: v for k, v in os.environ.items() if not k.startswith("OBSERVATORY_")}
    path = os.pathsep.join(map(str, (product, TESTS, ROOT)))
    command = [sys.executable, str(TESTS / "added_service.py"), exports, "seances_ergo", "62002"]
    done = subprocess.run(
        [*command, "rgothérapie"],
        cwd=product,
        env={**env, "PYTHONPATH": path, "OBSERVATORY_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    found = json.loads((product / "found.json").read_text(encoding="utf-8"))
    assert found["product"] == str(product)
    assert {n for n, there in found["exports"].items() if not there} == set()
    assert len(found["exports"]) >= 9
    assert {n for n, there in found["pages"].items() if not there} <= ELSEWHERE
    assert len(found["pages"]) > 15
