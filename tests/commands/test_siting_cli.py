"""``observatory siting``: what it says, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from generated import at_every_run

from observatory.commands import main
from observatory.scenario.scenario_file import read_scenarios
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


def test_a_budget_alone_takes_the_published_cost_and_says_its_source(run: Run) -> None:
    status, out, said = run("--budget", "500000", "--as-of", "2026-01-01")
    assert status == 0
    # 34 312 € a place: 14 of them, 480 368 €.
    for told in (
        "34\u202f312 € (Coût moyen d'une place créée",
        "2012-2013",
        "14\u00a0places, 480\u202f368 €",
        "le budget de 500\u202f000 €. Relever --budget",
        "L'écart local, celui des fiches et des années à venir",
        "servir au mieux la commune la moins bien servie",
    ):
        assert told in out
    last = said.strip().splitlines()[-1]
    assert f"\n{last.split(chr(160))[0].strip()}" in out  # the last line is the verdict's figure
    assert last.split(chr(160))[0].strip() == last.split("au mieux ")[1]


def test_places_that_no_site_can_hold_are_said(run: Run) -> None:
    asked = ("--places", "999", "--sites", "1", "--as-of", "2026-01-01")
    told = "1 site de 60\u00a0places au plus tient 60 des 999 places demandées"
    assert told in run(*asked)[1]


def test_when_nothing_lacks_it_is_said_and_the_worst_off_are_served(run: Run) -> None:
    status, out, _ = run("--places", "20", "--custom", "0.5", "--as-of", "2026-01-01")
    assert status == 0
    assert "Il ne manque aucune place" in out
    assert "  1. servir au mieux la commune la moins bien servie" in out


@pytest.mark.campaign
def test_sites_that_stay_are_counted_over_other_reaches_weights_and_needs(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "sites.xlsx"
    asked = ("--places", "10", "--sites", "1", "--as-of", "2026-01-01", "--stability", "--json")
    status, out, _ = run(*asked, "--out-scenario", str(file))
    assert status == 0
    found = json.loads(out)
    answered = [one for one in found["variants"] if one["sites"] is not None]
    assert len(answered) >= 6
    assert "10 minutes" in {one["label"] for one in answered}
    (site,) = found["sites"]
    times = sum(site["id"] in one["sites"] for one in answered)
    assert found["stays"] == {site["id"]: times}
    (kept,) = read_scenarios([file])
    assert f"sur {len(answered)} variantes : {site['name']} {times}." in kept.description


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
    at_every_run(
        4,
        [
            ((), "rien ne limite le choix"),
            (("--places", "20", "--service", "laep"), "pas de lieu que les familles rejoignent"),
            (("--places", "20", "--candidates", "absent.csv"), "absent.csv"),
            (("--places", "20", "--budget", "0"), "aucun site ne peut ouvrir avec 0 €"),
            (("--places", "20", "--smallest", "30", "--largest", "20"), "au moins 30 places"),
            (("--places", "20", "--scheme", "apl_choix"), "changent avec les sites"),
            (("--places", "0"), "--places : au moins 1"),
            (
                ("--budget", "100"),
                "ne peut ouvrir avec 100 € : le moins cher en demande",
            ),
            (("--places", "5"), "avec 5\u00a0places : le plus petit en a au moins 10"),
            (("--budget", "1000000", "--place-euros", "0"), "un budget ne limite rien"),
            (("--budget", "1000000", "--service", "alsh"), "aucun coût publié"),
            (("--places", "20", "--opinions"), "combien de sites comparer"),
        ],
    ),
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
