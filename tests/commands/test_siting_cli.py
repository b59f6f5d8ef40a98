"""``observatory siting``: what it says, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from observatory.commands import main
from observatory.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str],
    embedded_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Run ``observatory siting`` on the embedded default: (status, output, errors)."""
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))

    def ran(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main.main(["siting", *arguments])
        out, said = capfd.readouterr()
        return int(str(stop.value.code)), out, said

    return ran


def test_it_says_where_how_much_is_closed_and_whether_a_better_choice_exists(run: Run) -> None:
    status, out, said = run("--places", "60", "--sites", "4", "--as-of", "2026-01-01", "--opinions")
    assert status == 0
    for told in (
        "Simulation, pas prévision",
        "recensement de démonstration",
        "offre au 1er janvier 2026",
        "aucun choix ne fait mieux",
        "4 sites à ouvrir",
        "Ce que gagnent les communes",
        "p-médiane) : ",
        "couverture maximale) : ",
    ):
        assert told in out
    assert "comblées" in said  # progress goes to the error output, the answer alone to the other


@pytest.mark.campaign
def test_a_program_reads_everything(run: Run) -> None:
    status, out, said = run("--places", "24", "--sites", "2", "--json", "--as-of", "2026-01-01")
    assert (status, said) == (0, "")
    found = json.loads(out)
    assert sum(site["places"] for site in found["sites"]) <= 24
    assert len(found["sites"]) <= 2
    assert found["closed_places"] <= found["short_places"]
    assert found["distance"] == 0
    assert found["demonstration"] is True


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "rien ne limite le choix"),
        (("--places", "20", "--smallest", "30", "--largest", "20"), "au moins 30 places"),
        (("--places", "20", "--service", "laep"), "pas de lieu que les familles rejoignent"),
        (("--places", "20", "--scheme", "apl_choix"), "changent avec les sites"),
        (("--places", "20", "--candidates", "absent.csv"), "absent.csv"),
        (("--places", "0"), "--places"),
        (("--places", "20", "--opinions"), "combien de sites comparer"),
    ],
)
def test_what_cannot_be_answered_ends_in_one_sentence(
    run: Run, arguments: tuple[str, ...], told: str
) -> None:
    status, out, said = run(*arguments)
    assert status in (1, 2)
    assert out == ""
    assert told in said
    assert "Traceback" not in said


def test_a_template_of_candidate_sites_is_written_and_never_over_a_persons_file(
    run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "sites.csv"
    assert run("--template", str(out))[0] == 0
    assert "places_max" in out.read_text(encoding="utf-8-sig")
    out.write_text("mine", encoding="utf-8")
    status, _, said = run("--template", str(out))
    assert (status, "--force" in said) == (1, True)
