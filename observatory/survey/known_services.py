"""Who knows a service and who uses it, set beside what there is of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.french.spelling import plain
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.survey.survey_marks import KNOWS, USES
from observatory.survey.survey_tables import AnswerLine, QuestionTable


@dataclass(frozen=True)
class KnownService:
    """Shares of those who answered, 0 to 1; None when it was not asked, or too few answered."""

    service: str
    knows: float | None = None
    uses: float | None = None


def known_services(tables: Sequence[QuestionTable]) -> list[KnownService]:
    """The services that questions ask about, in the order of the nomenclature.

    A question about one service counts those who say yes to it; a multiple choice counts each of
    its options that names a service, by its label or by the words that people use.
    """
    shares: dict[str, dict[str, float]] = {}
    for table in tables:
        role = table.question.role
        if role not in (KNOWS, USES):
            continue
        if service := table.question.service:
            yes = [line for line in table.lines if plain(line.option).split()[:1] == ["oui"]]
            found = [(service, sum(map(_share, yes)))] if yes else []
        else:
            found = [(_named(line.option), _share(line)) for line in table.lines]
        for service, share in found:
            of = shares.setdefault(service, {})
            of[role] = max(of.get(role, 0.0), share)
    return [
        KnownService(service, shares[service].get(KNOWS), shares[service].get(USES))
        for service in nomenclature().services
        if service in shares
    ]


def _share(line: AnswerLine) -> float:
    return line.raw if line.weighted is None else line.weighted


def _named(option: str) -> str:
    """The service of which an option is a word in most ways; of several, the one made of them."""
    said = plain(option)
    ways = {name: _ways(one, said) for name, one in nomenclature().services.items()}
    most = max(ways.values())
    found = [name for name, n in ways.items() if most and n == most]
    parts = {name: {name, *nomenclature().services[name].parts} for name in found}
    return next((name for name in found if parts[name].issuperset(found)), "")


def _ways(service: Service, said: str) -> int:
    """As how many of its names, the words by which it is sought, called or spoken of."""
    names = (service.label, service.short, service.menu)
    told = (names, service.sought, service.called, service.spoken)
    return sum(said in {plain(words) for words in some if words} for some in told)
