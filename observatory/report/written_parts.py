"""What planners write themselves in their documents: kept as text, put back at each generation.

One text file per part, beside the census, a generation per change. Versions of the data come and
go; these stay as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from observatory.errors import RequestError
from observatory.knowledge import privacy
from observatory.markup import FORBIDDEN
from observatory.plan.plan_privacy import MEND, METRES, STREET
from observatory.stores.generation import understood
from observatory.stores.store import Store

FOLDER = "textes"
SUFFIX = ".txt"
LARGEST = 20_000
"""Characters of a part: some eight pages."""
PARTS: Mapping[str, tuple[str, str]] = {
    "introduction": (
        "Introduction",
        "Pourquoi ce document, à qui il s'adresse, comment il a été établi.",
    ),
    "forces": ("Forces", "Ce qui va bien sur le territoire, et sur quoi s'appuyer."),
    "faiblesses": ("Faiblesses", "Ce qui manque, ou ce qui est fragile."),
    "enjeux": ("Enjeux", "Ce qui se joue dans les années de la convention."),
    "priorites": ("Priorités", "Ce que le comité choisit de faire d'abord, et pourquoi."),
    "questions": ("Questions à décider", "Une question par ligne : le comité y répondra."),
    "conclusion": ("Conclusion", "Ce qui est décidé, et la suite."),
}
"""Title of each part, and what it is for, in the order of the documents."""
UNSAID = frozenset({"questions"})
"""Parts that a public document leaves out."""
HELP = "#"
"""How a line begins that is not part of the text."""
Texts = Mapping[str, str]


def texts_store(census_dir: Path) -> Store:
    """The store of the texts, beside those of the census and of the plan."""
    return Store(census_dir / FOLDER)


def read(census_dir: Path) -> dict[str, str]:
    """The parts in place that hold something, in the order of the documents.

    Raises
    ------
    StoreError
        When what is kept cannot be read.
    """
    state, files = texts_store(census_dir).read()
    folder, mend = (
        state.folder or census_dir / FOLDER,
        "Les charger à nouveau (observatory report texts load).",
    )
    with understood("les textes en place sont illisibles", folder, mend):
        found = {name.removesuffix(SUFFIX): files[name].decode("utf-8") for name in files}
    return {part: found[part] for part in PARTS if found.get(part)}


def files_of(texts: Texts) -> dict[str, bytes]:
    """One file per part, as a planner fills it in: what it is for, then the text in place."""
    return {
        part + SUFFIX: "".join(
            f"{line}\n"
            for line in (
                f"{HELP} {title}. {purpose}",
                f"{HELP} Une ligne qui commence par {HELP} n'est pas reprise ; une ligne vide "
                "sépare deux paragraphes ; un tiret commence une puce.",
                "",
                *([texts[part]] if texts.get(part) else []),
            )
        ).encode()
        for part, (title, purpose) in PARTS.items()
    }


def check(paths: Sequence[Path]) -> dict[str, str]:
    """Read files of texts, or folders of them; nothing is written.

    Returns
    -------
    dict
        The text of each part that a file gives; an empty one takes the part away.

    Raises
    ------
    RequestError
        When a file is not one of the parts, cannot be read, is too long, or tells of a person.
    """
    found = {}
    for path in (one for given in paths for one in _files(given)):
        part = path.name.removesuffix(SUFFIX)
        if part not in PARTS or not path.name.endswith(SUFFIX):
            names = ", ".join(f"{name}{SUFFIX}" for name in PARTS)
            raise RequestError(
                "ce fichier n'est pas un texte des documents",
                where=str(path),
                mend=f"Garder les noms du modèle : {names}.",
            )
        found[part] = _checked(path)
    return found


def load(census_dir: Path, given: Texts, who: str = "", why: str = "") -> bool:
    """Put texts in the place of those there; whether anything changed. Other parts stay."""
    with texts_store(census_dir).writing() as writing:
        before = writing.state
        changed = {part + SUFFIX: text.encode() for part, text in given.items()}
        after = {name: text for name, text in {**writing.files, **changed}.items() if text}
        return writing.commit("load", after, who, why) != before


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a part, one line each; a bullet is a paragraph that begins by a dash."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        joined = ""
        for line in filter(None, (line.strip() for line in block.splitlines())):
            if joined and is_bullet(line):
                found.append(joined)
                joined = line
            else:
                joined = f"{joined} {line}".strip()
        found += [joined] if joined else []
    return found


def is_bullet(line: str) -> bool:
    """Whether a paragraph is an item of a list."""
    return bool(re.match(r"[-–•*] ", line))


def questions(text: str) -> list[str]:
    """One question per line that holds something, without its dash."""
    return [re.sub(r"^[-–•*] +", "", line.strip()) for line in text.splitlines() if line.strip()]


def _files(given: Path) -> list[Path]:
    if not given.is_dir():
        return [given]
    found = sorted(p for p in given.iterdir() if p.is_file() and not p.name.startswith("."))
    if not found:
        raise RequestError(
            "ce dossier ne contient aucun texte",
            where=str(given),
            mend="Partir du modèle : observatory report texts template --out textes.",
        )
    return found


def _checked(path: Path) -> str:
    """The text of a file, its help lines left out."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RequestError(
            "ce texte ne peut pas être lu", where=str(path), mend="Vérifier le chemin."
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:  # an old editor on Windows
        text = raw.decode("cp1252", errors="replace")
    kept = []
    for number, line in enumerate(text.splitlines(), 1):
        line = FORBIDDEN.sub("", line).rstrip()
        if line.startswith(HELP):
            continue
        if told := tells_person(line):
            raise RequestError(
                f"le texte ne doit pas contenir {told}",
                where=f"{path}, ligne {number}",
                mend=MEND,
            )
        kept.append(line)
    found = "\n".join(kept).strip()
    if told := tells_person(found):  # over the end of a line
        raise RequestError(f"le texte ne doit pas contenir {told}", where=str(path), mend=MEND)
    if len(found) > LARGEST:
        raise RequestError(
            f"le texte est trop long : {len(found)} caractères, {LARGEST} au plus",
            where=str(path),
            mend="Le raccourcir, ou le joindre en annexe.",
        )
    return found


def tells_person(text: str) -> str:
    """What in a text tells of a person; the address of an establishment does not."""
    lengths_aside = METRES.sub("", text)
    readings = {privacy.folded(lengths_aside, unseen) for unseen in (" ", "")}
    return next(
        (
            what
            for what, pattern in privacy.TELLING
            if what != STREET and any(pattern.search(reading) for reading in readings)
        ),
        "",
    )
