"""Who may change the data: the rules, and a visitor who forges what a browser would send."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import environment, served
from fixtures.versions import deployed_copy
from generated import at_every_run
from raw_visitor import named, pressed, visiting
from streamlit.testing.v1 import AppTest

from observatory.errors import RequestError
from observatory.settings import ROOT, Settings
from observatory.ui.shell import actions
from observatory.ui.shell.access import (
    CLOCK_SECONDS,
    FORWARDED,
    ROLE_SECONDS,
    claims_planner,
    is_direct,
)
from observatory.ui.shell.logged_out import FOLDER, end_login, is_ended
from observatory.versions.record import RefreshRequest

NOW = 1_800_000_000.0
LISTED = Settings(planners=frozenset({"claire.dumont@ville.example"}))
GROUP = Settings(planner_claim=("groups", "planificateurs"))
CLAIRE = {"email": "Claire.Dumont@Ville.example", "email_verified": True, "iat": NOW - 60}
CENSUS = (
    b"identifiant;nom;service;statut;code_insee;capacite;ouverture;source;date_source\n"
    b"A1;Les Petits Pas;eaje_psu;public;62041;40;2019-09-01;Essai;2026-06-30\n"
)


# --- being at the machine


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
def test_a_person_at_the_machine_is_a_planner(host: str) -> None:
    assert is_direct({"Host": host}, "localhost")
    assert is_direct({"Host": host, "Origin": f"http://{host}"}, "127.0.0.1")


@pytest.mark.parametrize("header", FORWARDED)
def test_a_visit_that_a_proxy_brought_is_public(header: str) -> None:
    assert not is_direct({"Host": "localhost:8501", header: "x"}, "localhost")


@pytest.mark.parametrize(
    ("headers", "listening"),
    [
        ({"Host": "observatoire.ville.example"}, "localhost"),
        ({"Host": "localhost.ville.example:8501"}, "localhost"),
        ({"Host": "127.0.0.1.ville.example"}, "localhost"),
        ({"Host": ""}, "localhost"),
        ({}, "localhost"),
        ({"Host": "["}, "localhost"),
        ({"Host": "localhost:8501"}, "0.0.0.0"),
        ({"Host": "localhost:8501"}, ""),
        ({"Host": "localhost:8501", "Origin": "https://observatoire.ville.example"}, "localhost"),
        ({"Host": "localhost:8501", "Origin": "http://localhost:3000"}, "localhost"),
        ({"Host": "localhost:8501", "Origin": "null"}, "localhost"),
    ],
)
def test_any_other_visit_is_public(headers: dict[str, str], listening: str) -> None:
    assert not is_direct(headers, listening)


# --- an account


def test_a_listed_and_verified_address_has_the_role() -> None:
    assert claims_planner(CLAIRE, LISTED, NOW)
    # An address that nobody says verified gives no role, unless the operator vouches for it.
    untold = {k: v for k, v in CLAIRE.items() if k != "email_verified"}
    assert not claims_planner(untold, LISTED, NOW)
    assert claims_planner(untold, replace(LISTED, trusted_emails=True), NOW)
    assert not claims_planner(
        CLAIRE | {"email_verified": False}, replace(LISTED, trusted_emails=True), NOW
    )


def test_a_login_that_was_ended_gives_no_role_wherever_its_cookie_is(tmp_path: Path) -> None:
    assert not is_ended(tmp_path, CLAIRE)
    end_login(tmp_path, CLAIRE, ROLE_SECONDS)
    assert is_ended(tmp_path, dict(CLAIRE))
    again = CLAIRE | {"iat": NOW}  # the same person, logged in anew
    assert not is_ended(tmp_path, again)
    old = time.time() - ROLE_SECONDS - 1
    for file in (tmp_path / FOLDER).iterdir():
        os.utime(file, (old, old))
    end_login(tmp_path, again, ROLE_SECONDS)
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_a_logout_that_cannot_be_noted_is_said_and_still_logs_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FOLDER).write_text("a file where the folder should be")
    end_login(tmp_path, CLAIRE, ROLE_SECONDS)
    assert "la déconnexion n'est pas notée" in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        {"email": "paul@ville.example"},
        {"email": "claire.dumont@ville.example.org"},
        {"email": "x claire.dumont@ville.example"},
        {"email": "claire.dumont@ville.example, paul@ville.example"},
        {"email": ["claire.dumont@ville.example"]},
        {"email": None},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"iat": NOW - ROLE_SECONDS - 1},
        {"iat": NOW + CLOCK_SECONDS + 1},
        {"iat": True},
        {"iat": None},
        {"iat": "demain"},
    ],
)
def test_any_other_account_only_reads(change: dict[str, Any]) -> None:
    assert not claims_planner({**CLAIRE, **change}, LISTED, NOW)


def test_a_letter_that_only_looks_latin_is_another_address() -> None:
    kelvin = "kim@ville.example"
    assert "\u212aim@ville.example".lower() == kelvin  # the sign of the kelvin, in lower case
    claims = CLAIRE | {"email": "\u212aim@ville.example"}
    assert not claims_planner(claims, Settings(planners=frozenset({kelvin})), NOW)


def test_nobody_has_the_role_when_no_planner_is_listed() -> None:
    assert not claims_planner(CLAIRE, Settings(), NOW)
    assert not claims_planner(CLAIRE | {"email": ""}, Settings(), NOW)


@pytest.mark.parametrize("value", ["planificateurs", ["agents", "planificateurs"]])
def test_the_claim_of_the_operator_gives_the_role(value: object) -> None:
    assert claims_planner({"iat": NOW, "groups": value}, GROUP, NOW)


@pytest.mark.parametrize("value", ["planificateurs-lecture", ["agents"], None, {}, 1])
def test_another_claim_does_not(value: object) -> None:
    assert not claims_planner({"iat": NOW, "groups": value}, GROUP, NOW)
    assert not claims_planner({"iat": NOW}, GROUP, NOW)


def test_planners_are_whole_addresses() -> None:
    env = {"OBSERVATORY_PLANNERS": " Claire@Ville.example ,paul@ville.example,"}
    assert Settings.from_env(env).planners == {"claire@ville.example", "paul@ville.example"}
    for wrong in ("@ville.example", "ville.example", "*@ville", "é@ville.example", "a@b@c.fr"):
        with pytest.raises(RequestError, match="entière"):
            Settings.from_env({"OBSERVATORY_PLANNERS": wrong})


@pytest.mark.parametrize("wrong", ["groups", "groups=", "=planificateurs"])
def test_the_claim_has_a_name_and_a_value(wrong: str) -> None:
    with pytest.raises(RequestError, match="attribut=valeur"):
        Settings.from_env({"OBSERVATORY_PLANNER_CLAIM": wrong})


# --- the actions themselves


def test_an_action_asks_who_acts_whatever_the_page_showed(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="réservée aux planificateurs"):
        actions.load_census([tmp_path / "offre.csv"], tmp_path)
    with pytest.raises(RequestError, match="réservée aux planificateurs"):
        actions.refresh(network=False)
    with pytest.raises(RequestError):
        actions.change_territory("62041", network=False)
    assert actions.bench().last is None


def test_the_page_alone_refuses_too(
    embedded_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_PROCESSED_DIR", str(embedded_settings.processed_dir))
    page = ROOT / "observatory" / "ui" / "pages" / "recensement.py"
    app = AppTest.from_file(str(page), default_timeout=30).run()
    assert len(app.exception) == 1
    assert not app.title
    assert not app.checkbox
    assert not app.button


def test_one_command_at_a_time(tmp_path: Path) -> None:
    bench = actions.Bench()
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as busy:
        bench.last = actions.RunningCommand("essai", busy, tmp_path / "log")
        with pytest.raises(RequestError, match="en cours"):
            bench.start("autre", ["--help"])
        busy.communicate(b"\n")
    job = bench.start("autre", ["--help"])
    assert job.process.wait() == 0
    assert any("refresh" in line for line in job.lines())
    job.log.unlink()


def test_a_refresh_asks_for_the_version_in_service_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = RefreshRequest("248200099", "2024", tmp_path, offline=True)
    base = ["refresh", "--territory", "248200099", "--membership", "2024"]
    assert actions.refresh_arguments(asked, network=True) == [*base, "--mirror", str(tmp_path)]
    monkeypatch.setenv("OBSERVATORY_MIRROR", "other")
    assert actions.refresh_arguments(asked, network=False) == [*base, "--offline"]


# --- a visitor who forges the browser's messages


def deployed(embedded_settings: Settings, folder: Path, **more: str) -> dict[str, str]:
    made = deployed_copy(embedded_settings, folder)
    return {**environment(made), **more}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app of these tests writes."""
    return tmp_path_factory.mktemp("forged")


@pytest.fixture(scope="module")
def url(place: Path, embedded_settings: Settings) -> Iterator[str]:
    with served(ROOT / "server.py", place, deployed(embedded_settings, place)) as one:
        yield one


def written(folder: Path) -> tuple[str, bool]:
    """What an action would change: the version in service, and whether there is a census."""
    return (folder / "processed" / "CURRENT").read_text(), (folder / "census").is_dir()


def test_forged_messages_change_nothing_from_outside(url: str, place: Path) -> None:
    before = written(place)
    load, again = "Charger les lignes acceptées", "Actualiser maintenant"
    with visiting(url) as planner:
        planner.run("recensement")
        uploader = planner.widgets["Fichiers du recensement"]
        own = named(planner.upload("offre.csv", CENSUS), uploader)
        planner.run("recensement", own)
        buttons = [pressed(planner.widgets[label]) for label in (load, again)]
        outside = [
            ({"X-Forwarded-For": "203.0.113.9"}, ""),
            ({}, "observatoire.ville.example"),  # a proxy that hides all but the public name
            ({"Origin": "http://localhost:1"}, ""),
        ]
        for headers, host in outside:
            with visiting(url, headers, host) as visitor:
                visitor.run("recensement")
                forged = named(visitor.upload("offre.csv", CENSUS), uploader)
                for script in ("", planner.script):
                    visitor.run("recensement", forged, *buttons, script=script)
                    assert load not in visitor.widgets
                    assert "Recensement de l'offre" not in visitor.texts
        assert written(place) == before
        # The same messages from the machine itself do act: they were the right ones.
        planner.run("recensement", own, buttons[0])
    assert written(place) != before


@pytest.mark.campaign
def test_a_proxy_that_hides_itself_is_why_there_is_a_setting(
    tmp_path: Path, embedded_settings: Settings
) -> None:
    env = deployed(embedded_settings, tmp_path, OBSERVATORY_PUBLIC="1")
    with served(ROOT / "server.py", tmp_path, env) as url, visiting(url) as visitor:
        visitor.run("recensement")
        assert "Page réservée aux planificateurs" in visitor.texts
        assert "Fichiers du recensement" not in visitor.widgets
        visitor.run("")
        assert any("Communauté urbaine d&#x27;Arras" in text for text in visitor.texts)


@pytest.mark.parametrize("kind", at_every_run(1, ["PPTX", "PDF"]))
def test_a_document_of_the_committee_is_made_for_planners_alone(url: str, kind: str) -> None:
    """It holds the whole plan: a visitor is neither shown the button nor served for its message."""
    label = f"Établir les diapositives du comité ({kind})"
    with visiting(url) as planner:
        planner.run("fichiers")
        button = pressed(planner.widgets[label])
        with visiting(url, {"X-Forwarded-For": "203.0.113.9"}) as visitor:
            for script in ("", planner.script):
                visitor.run("fichiers", button, script=script)
                assert label not in visitor.widgets
                assert not any("est prêt" in text for text in visitor.texts)
        planner.run("fichiers", button)
        assert any(
            name.startswith("Télécharger comite-") and name.endswith(f".{kind.lower()}")
            for name in planner.widgets
        )
