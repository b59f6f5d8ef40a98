"""Communes by the name or the postcode that people write in place of the INSEE code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from observatory.french.spelling import plain
from observatory.knowledge.prefectures import prefectures

POSTCODE = re.compile(r"\d{5}")
SAINT = re.compile(r"\bst(e?)\b")
BESIDE = re.compile(r" (?:cedex(?: \d+)?|\(?\d{5}\)?)$")  # what an address adds to a name
ARTICLE = re.compile(r"(?:le|la|les|l) ")
CITY = re.compile(
    r"(paris|lyon|marseille) (?:0?(\d{1,2}) ?(?:er|e|eme|nd)?|(?:cedex )0?\d+)"
    r"(?: arr(?:ondissement|dt)?)?$"
)
CITIES = {"paris": ("75056", 20), "lyon": ("69123", 9), "marseille": ("13055", 16)}
PROPOSED = 3


@dataclass(frozen=True)
class CommuneNames:
    """The communes known, by name and by postcode.

    Attributes
    ----------
    names : mapping
        Name by INSEE code.
    postcodes : mapping
        INSEE codes by postcode; empty when no table of postcodes is at hand.
    inside : frozenset of str
        Codes of the territory, proposed first.
    """

    names: Mapping[str, str]
    postcodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> Mapping[str, list[str]]:
        """Codes of each name, plainly written."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, name in self.names.items():
            found[spelled(name)].append(code)
            bare = ARTICLE.sub("", spelled(name), count=1)
            if bare not in ("", spelled(name)):
                found[bare].append(code)
        return found

    def named(self, text: str, postcode: str = "") -> list[str]:
        """Codes of the communes of that name, in the département of the postcode when given.

        The postcode itself decides between two of one name when a table tells its communes.
        """
        word = spelled(text)
        codes = list(dict.fromkeys(self.by_name.get(word, [])))
        if not codes and (city := city_of_words(word)) and city in self.names:
            codes = [city]
        if POSTCODE.fullmatch(postcode):
            codes = [c for c in codes if c.startswith(departements_of(postcode))]
            listed = self.postcodes.get(postcode, ())
            codes = [c for c in codes if c in listed] or codes
        return sorted(codes, key=lambda c: (c not in self.inside, c))

    def like(self, text: str, postcode: str = "") -> list[str]:
        """Codes whose name is near a text; those of the territory first."""
        near = get_close_matches(spelled(text)[:60], self.by_name, n=12, cutoff=0.75)
        codes = [c for word in near for c in self.by_name[word]]
        if POSTCODE.fullmatch(postcode):
            codes = [c for c in codes if c.startswith(departements_of(postcode))] or codes
        return sorted(dict.fromkeys(codes), key=lambda c: c not in self.inside)[:PROPOSED]

    def of_postcode(self, postcode: str) -> list[str]:
        """Codes of a postcode's communes; without a table, that of the préfecture it names."""
        codes = self.postcodes.get(postcode) or prefecture_of(postcode)
        known = [c for c in codes if c in self.names]
        return sorted(known, key=lambda c: (c not in self.inside, c))


def spelled(name: str) -> str:
    """A name as names are compared: no accents, « Saint » in full, without what an address adds."""
    return SAINT.sub(r"saint\1", BESIDE.sub("", plain(name)))


def city_of_words(word: str) -> str:
    """The commune of an arrondissement named in words (« lyon 3e »); empty when it is none."""
    found = CITY.fullmatch(word)
    if not found:
        return ""
    code, most = CITIES[found[1]]
    return code if found[2] is None or 1 <= int(found[2]) <= most else ""


def departements_of(postcode: str) -> tuple[str, ...]:
    """What the INSEE codes of a postcode's communes begin with."""
    if postcode.startswith("20"):
        return ("2A", "2B")
    return (postcode[:3],) if postcode[:2] in ("97", "98") else (postcode[:2],)


def prefecture_of(postcode: str) -> tuple[str, ...]:
    """The préfecture that La Poste gives the round number of its département; nothing else."""
    if not postcode.endswith("000"):
        return ()
    code = prefectures().get(postcode[:2])
    return (code,) if code else ()
