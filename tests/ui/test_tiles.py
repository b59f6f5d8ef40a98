"""A background only where the operator asks for one, from where a browser may safely ask."""

from __future__ import annotations

import pytest

from observatory.errors import RequestError
from observatory.settings import Settings


def read(url: str, attribution: str = "© IGN") -> Settings:
    return Settings.from_env(
        {"OBSERVATORY_TILES_URL": url, "OBSERVATORY_TILES_ATTRIBUTION": attribution}
    )


def test_without_the_setting_there_is_no_background() -> None:
    assert Settings.from_env({}).tiles_url is None
    assert read("").tiles_url is None


@pytest.mark.parametrize(
    "url",
    [
        "https://tuiles.exemple.fr/{z}/{x}/{y}.png",
        "https://exemple.fr/wmts?couche=plan&z={z}&x={x}&y={y}",
        "http://localhost:8080/{z}/{x}/{y}.png",
        "/tuiles/{z}/{x}/{y}.png",
    ],
)
def test_an_encrypted_or_own_address_is_taken(url: str) -> None:
    assert read(url).tiles_url == url
    assert read(url).tiles_attribution == "© IGN"


@pytest.mark.parametrize(
    "url",
    [
        "http://tuiles.exemple.fr/{z}/{x}/{y}.png",
        "//tuiles.exemple.fr/{z}/{x}/{y}.png",
        "https://tuiles.exemple.fr/{z}/{x}.png",
        "javascript:alert({x}{y}{z})",
        "http://localhost.exemple.fr/{z}/{x}/{y}.png",
        "tuiles",
    ],
)
def test_another_address_is_refused_in_french(url: str) -> None:
    with pytest.raises(RequestError, match="adresse de tuiles") as caught:
        read(url)
    assert "OBSERVATORY_TILES_URL" in str(caught.value)


def test_a_background_says_who_made_it() -> None:
    with pytest.raises(RequestError, match="de qui il est"):
        read("https://tuiles.exemple.fr/{z}/{x}/{y}.png", "")
