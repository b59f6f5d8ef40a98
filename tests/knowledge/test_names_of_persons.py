"""A function is no person's name."""

from __future__ import annotations

import pytest

from observatory.knowledge.privacy import names_person


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Mme Untel", True),
        ("M. Le Goff", True),
        ("Dr Martin", True),
        ("Monsieur", True),
        ("Monsieur le maire", False),
        ("M. le Président", False),
        ("Madame l'adjointe à l'enfance", False),
        ("Direction de l'enfance", False),
        ("", False),
    ],
)
def test_a_function_is_told_from_the_name_of_a_person(text: str, person: bool) -> None:
    assert names_person(text) is person
