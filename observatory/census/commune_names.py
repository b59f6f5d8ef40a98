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
NEAR = re.compile(r"\blez\b")  # « lès », near, which is also written « les »
BESIDE = re.compile(r" (?:cedex(?: \d+)?|\(?\d{5}\)?)$")  # what an address adds to a name
ARTICLE = re.compile(r"(?:le|la|les|l) ")
CITY = re.compile(
    r"(paris|lyon|marseille) (?:0?(\d{1,2}) ?(?:er|e|eme|nd)?|(?:cedex )0?\d+)"
    r"(?: arr(?:ondissement|dt)?)?$"
)
CITIES = {"paris": ("75056", 20), "lyon": ("69123", 9), "marseille": ("13055", 16)}
ARRONDISSEMENTS = {"750": ("751", "Paris"), "690": ("6938", "Lyon"), "130": ("132", "Marseille")}
"""What the codes of a city's arrondissements begin with, by what their postcodes begin with."""
PROPOSED = 3
PROPOSED_NEAR, PROPOSED_FAR = 0.6, 0.75
"""How alike a name must be to be proposed: beside a postcode that agrees, and anywhere."""


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
        """Codes whose name is near a text, the likeliest first.

        Those of the territory come first, then those of the postcode, then those of its
        département, where a name that only begins alike is near enough.
        """
        word = spelled(text)[:60]
        given = POSTCODE.fullmatch(postcode) is not None
        own, area = self.of_postcode(postcode), departements_of(postcode) if given else ()
        names = {
            w: codes
            for w, every in self.by_name.items()
            if (codes := [c for c in every if c in self.inside or (given and c.startswith(area))])
        }
        near = [w for w in names if f"{word} ".startswith(f"{w} ")]
        near += get_close_matches(word, names, n=24, cutoff=PROPOSED_NEAR)
        far = get_close_matches(word, self.by_name, n=12, cutoff=PROPOSED_FAR)
        codes = [c for w in near for c in names[w]]
        codes += [c for w in far for c in self.by_name[w]] + own

        def rank(code: str) -> int:
            if code in self.inside:
                return 0
            return 1 if code in own else 2 if given and code.startswith(area) else 3

        return sorted(dict.fromkeys(codes), key=rank)[:PROPOSED]

    def of_postcode(self, postcode: str) -> list[str]:
        """Codes of a postcode's communes; without a table, what its form alone tells."""
        codes: tuple[str, ...] = self.postcodes.get(postcode) or prefecture_of(postcode)
        if not codes and (part := arrondissement_of_postcode(postcode)):
            codes = (CITIES[part[1].split()[0].lower()][0],)
        known = [c for c in codes if c in self.names]
        return sorted(known, key=lambda c: (c not in self.inside, c))


def spelled(name: str) -> str:
    """A name as names are compared: no accents, « Saint » in full, without what an address adds."""
    return NEAR.sub("les", SAINT.sub(r"saint\1", BESIDE.sub("", plain(name))))


def city_of_words(word: str) -> str:
    """The commune of an arrondissement named in words (« lyon 3e »); empty when it is none."""
    found = CITY.fullmatch(word)
    if not found:
        return ""
    code, most = CITIES[found[1]]
    return code if found[2] is None or 1 <= int(found[2]) <= most else ""


def read_postcode(text: str) -> str:
    """A postcode, its leading zero put back; empty for what is none."""
    digits = text.replace(" ", "").zfill(5)
    return digits if POSTCODE.fullmatch(digits) and digits != "00000" else ""


def arrondissement_of_postcode(postcode: str) -> tuple[str, str] | None:
    """Code and name of the municipal arrondissement of a postcode; None for any other."""
    if postcode == "75116":
        return "75116", "Paris 16e arrondissement"
    start, city = ARRONDISSEMENTS.get(postcode[:3], ("", ""))
    if not (city and POSTCODE.fullmatch(postcode)):
        return None
    number = int(postcode[3:])
    if not 1 <= number <= CITIES[city.lower()][1]:
        return None
    nth = "1er" if number == 1 else f"{number}e"
    return start + str(number).zfill(5 - len(start)), f"{city} {nth} arrondissement"


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
