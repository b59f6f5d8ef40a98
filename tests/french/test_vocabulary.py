"""A word of the vocabulary stands nowhere else in the code: every room asks for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from observatory.french import vocabulary
from observatory.french.numbers import agreed, plural, quantity
from observatory.french.vocabulary import census_words, contours_in_full, yes_no
from observatory.maps.classes import small_words
from observatory.settings import ROOT

OWN = Path(vocabulary.__file__)
WHOLE = {
    word
    for words in (
        vocabulary.EVERY_STATUS,
        vocabulary.POSITIONS,
        vocabulary.MOVEMENTS,
        vocabulary.CHANGES,
        vocabulary.ORIGINS,
        vocabulary.CONTOURS,
        vocabulary.RELIABILITY,
    )
    for word in words.values()
}
"""Words that no other literal equals."""
PARTS = (
    vocabulary.TOO_SMALL,
    vocabulary.NOTHING_MEANS,
    vocabulary.SUPPLY_OF_DEMONSTRATION,
    vocabulary.SUPPLY_IS_DEMONSTRATION,
    vocabulary.WITH_CIRCLE,
    "pas de cercle",
    "très généralisés",
    "sous-estimée",
    "secret statistique",
)
"""Words that no other literal holds, whatever its capital."""
HEADINGS = {"Ouverture", "Fermeture", "Public"}
"""Headings of columns, which name dates and people and not movements or statuses."""
CLOSED_NOW = {"fermé"}
"""Said by the ledger of an establishment on a day, not of what became of it."""


def _literals(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that a person may read: docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in docstrings:
            yield node.lineno, text


def test_no_word_of_the_vocabulary_is_written_twice() -> None:
    twice = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / "observatory").rglob("*.py"))
        if path != OWN
        for line, text in _literals(path)
        if text in WHOLE - HEADINGS - CLOSED_NOW
        or any(part.lower() in text.lower() for part in PARTS)
    ]
    assert twice == []


def test_the_browser_is_sent_the_words_of_the_legend_and_owns_none_of_them() -> None:
    scripts = "".join(p.read_text(encoding="utf-8") for p in ROOT.glob("observatory/ui/map/*.js"))
    for word in (vocabulary.UNKNOWN, small_words(), vocabulary.WITH_CIRCLE):
        assert f'"{word}"' not in scripts
    assert "pas de cercle" not in scripts


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("official", "officiels de l'IGN, simplifiés"),
        ("generalised", "très généralisés : la forme est approchée"),
        ("schematic", "schématiques : chaque commune est la zone la plus proche de sa mairie"),
        (None, "aucun"),
    ],
)
def test_contours_are_said_with_what_weakens_them(kind: str | None, words: str) -> None:
    assert contours_in_full(kind) == words


@pytest.mark.parametrize(
    ("value", "word"), [(True, "oui"), (False, "non"), (None, "inconnu"), (float("nan"), "inconnu")]
)
def test_a_doubt_is_neither_yes_nor_no(value: object, word: str) -> None:
    assert yes_no(value) == word


def test_a_census_of_demonstration_is_named_as_such() -> None:
    assert census_words(demonstration=True) == "recensement de démonstration"
    assert census_words(demonstration=False) == "recensement de l'offre"


def test_a_noun_agrees_by_one_rule_wherever_it_stands() -> None:
    assert [agreed(n, "ligne") for n in (0, 1, -1, 2)] == ["ligne", "ligne", "ligne", "lignes"]
    assert plural(1234, "total communal", "totaux communaux") == "1\u202f234 totaux communaux"
    assert quantity(1.5, "place") == "2\u00a0places"
