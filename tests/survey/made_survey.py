"""Made-up answers in the layouts of several tools, with planted addresses, telephones and names."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COMMUNES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo")
AGES = ("18-25 ans", "26-45 ans", "46-65 ans", "Plus de 65 ans")
SEXES = ("Une femme", "Un homme")
SATISFIED = ("Oui", "Plutôt", "Plutôt pas", "Non")
SERVICES = ("Crèche", "Relais", "Centre de loisirs")
PLANTED = (
    "ecrire a habitant{}@exemple.fr", "06 00 00 {:02d} 12", "voir Mme Exemple",
    "+33 1 00 00 00 {:02d}", "M. Exemple, 3e porte", "0600000{:03d}",
)  # fmt: skip
UNSEEN = ("Marie Exemple du 3e", "12 rue des Lilas", "la maîtresse de CP", "zero six, zero zero")
"""What a person must read to see: why no text is kept unread."""
SILENT = ("", "", "Trop loin", "Plus de places le mercredi")


@dataclass(frozen=True)
class MadeAnswer:
    """One answer, before any tool writes it."""

    done: bool
    sex: str
    age: str
    commune: str
    satisfied: str
    lacking: tuple[str, ...]
    text: str
    planted: bool


def made(count: int, seed: int = 1) -> list[MadeAnswer]:
    """Answers, a tenth of them unfinished, a tenth with something of a person in the text."""
    rng = random.Random(seed)
    answers = []
    for n in range(count):
        planted = rng.random() < 0.1
        text = rng.choice(PLANTED).format(n % 90 + 10) if planted else rng.choice(SILENT)
        answers.append(
            MadeAnswer(
                rng.random() < 0.9,
                rng.choices(SEXES, (3, 1))[0],
                rng.choices(AGES, (1, 6, 2, 1))[0],
                rng.choices(COMMUNES, (50, 30, 15, 4, 1))[0],
                rng.choice(SATISFIED),
                tuple(s for s in SERVICES if rng.random() < 0.3),
                text,
                planted,
            )
        )
    return answers


def limesurvey(path: Path, answers: Sequence[MadeAnswer]) -> Path:
    """As LimeSurvey writes them in French, whole headings."""
    head = [
        "ID de la réponse", "Date de soumission", "Dernière page", "Adresse IP", "Vous êtes : ",
        "Quel est votre âge ?", "Dans quelle commune habitez-vous ?", "Êtes-vous satisfait ?",
        *(f"Que manque-t-il ? [{s}]" for s in SERVICES), "Commentaire", "Commentaire",
    ]  # fmt: skip
    rows = [
        [
            n, "01/03/2022 10:00" if a.done else "", 5, f"192.0.2.{n % 250}", a.sex, a.age,
            a.commune, a.satisfied, *("Oui" if s in a.lacking else "Non" for s in SERVICES),
            a.text, "",
        ]
        for n, a in enumerate(answers, 1)
    ]  # fmt: skip
    return _written(path, head, rows, ";", "\ufeff")


def google(path: Path, answers: Sequence[MadeAnswer]) -> Path:
    """As Google Forms writes those that were sent, ticks in one cell."""
    head = ["Horodateur", "Vous êtes", "Quel est votre âge", "Votre commune", "Satisfait",
            "Que manque-t-il", "Commentaire"]  # fmt: skip
    rows = [
        ["2022/03/01 10:00", a.sex, a.age, a.commune, a.satisfied, ", ".join(a.lacking), a.text]
        for a in answers
        if a.done
    ]
    return _written(path, head, rows, ",")


def kobo(path: Path, answers: Sequence[MadeAnswer]) -> Path:
    """As Kobo writes them: one column of 0 and 1 per option."""
    head = ["start", "sexe", "age", "commune", "satisfait", *(f"manque/{s}" for s in SERVICES),
            "commentaire", "_id", "_uuid", "_submission_time"]  # fmt: skip
    rows = [
        ["x", a.sex, a.age, a.commune, a.satisfied, *(int(s in a.lacking) for s in SERVICES),
         a.text, n, f"u{n}", "2022-03-01"]
        for n, a in enumerate(answers)
        if a.done
    ]  # fmt: skip
    return _written(path, head, rows, ",")


def codes(path: Path, answers: Sequence[MadeAnswer]) -> Path:
    """As LimeSurvey writes them, with the codes of the questions."""
    head = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "ipaddr", "sexe",
            "age", "commune", "satisfait", *(f"manque[SQ{n:03d}]" for n in range(len(SERVICES))),
            "texte"]  # fmt: skip
    rows = [
        [n, "2022-03-01 10:00:00" if a.done else "", 5, "fr", 7, "t", "192.0.2.1", a.sex, a.age,
         a.commune, a.satisfied, *("Y" if s in a.lacking else "N" for s in SERVICES), a.text]
        for n, a in enumerate(answers)
    ]  # fmt: skip
    return _written(path, head, rows, ",")


def _written(
    path: Path, head: Sequence[str], rows: Sequence[Sequence[object]], parted: str, first: str = ""
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(first)
        writer = csv.writer(file, delimiter=parted, quoting=csv.QUOTE_ALL)
        writer.writerow(head)
        writer.writerows(rows)
    return path
