"""A plan kept in another tool, turned into rows of ours to be read over: never loaded as it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic_core import PydanticCustomError

from observatory.french.numbers import euros as written_euros
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, text_of
from observatory.plan.foreign_cells import lines_of, proposed_amount, proposed_day
from observatory.plan.foreign_forms import ForeignForm, ProposedPlan, headed
from observatory.plan.plan_rows import plan_contract
from observatory.plan.plan_words import ACTION_STATUSES, PRIORITIES
from observatory.workbook.cells import clean, near_choice, read_number
from observatory.workbook.problems import WorkbookError, short
from observatory.workbook.raw import FileLimits, Line, is_blank
from observatory.workbook.reading import read_raw

MARK = re.compile(r"<[a-zA-Z/!][^>]*>")
FUNDER, AMOUNT = r"financeur( \d+)?", r"montant.*"
BUDGET = r"budget previsionnel.*"
NOTES, STEPS, BODIES, PARENT = (
    r"notes? de suivi( \d{4})?",
    "etapes",
    r"instances? de gouvernance",
    "parent id",
)
LISTED: Mapping[str, Mapping[str, str]] = {"statut": ACTION_STATUSES, "priorite": PRIORITIES}
DAYS = ("debut", "fin")
STATUS_ELSEWHERE = ("status id", "progress")
"""Columns that tell a status where no word does: its number, and the progress in per cent."""
WHOLE, CENT = 100.0, 0.005
ACTIONS, FUNDING = "la feuille « Actions »", "la feuille « Financements »"
KNOWN_FORMS = (
    "Formes connues : classeur de plan d'actions (Axe, Titre…), résultats en CSV (id, title)."
)


def propose_plan(path: Path, limits: FileLimits | None = None) -> ProposedPlan:
    """Read a plan kept in another tool.

    Raises
    ------
    WorkbookError
        When the file cannot be read, or has the headings of no form that is known.
    """
    for raw in read_raw(plan_contract(), path, limits or FileLimits(), path.name, likely=True):
        if (found := headed(raw)) is None:
            continue
        form, headings, lines = found
        return _Converter(form, headings).converted(lines)
    raise WorkbookError(
        "les titres des colonnes ne sont ceux d'aucune forme connue",
        where=path.name,
        mend=KNOWN_FORMS,
    )


class _Converter:
    """The headings of one table, told apart once, and the rows made of its lines."""

    def __init__(self, form: ForeignForm, headings: Sequence[str]) -> None:
        self.form, self.headings = form, headings
        self.words = [plain(h) for h in headings]
        self.columns = {c: self._first(p) for c, p in form.columns.items()}
        self.added = {label: self._first(p) for label, p in form.added.items()}
        self.funders = [
            (n, n + 1)
            for n, w in enumerate(self.words[:-1])
            if re.fullmatch(FUNDER, w) and re.fullmatch(AMOUNT, self.words[n + 1])
        ]
        self.notes = [n for n, w in enumerate(self.words) if re.fullmatch(NOTES, w)]
        self.steps, self.bodies, self.budget, self.parent = (
            self._first((p,)) for p in (STEPS, BODIES, BUDGET, PARENT)
        )
        self.plan = ProposedPlan(form.label)
        self.axis, self.line = "", 0

    def converted(self, lines: Iterator[Line]) -> ProposedPlan:
        """Every line as rows, and what is to be said of them."""
        self._say_left_out()
        rows = []
        for line in lines:
            if line.broken:
                self.plan.guess(
                    line.number, f"ligne laissée de côté : {line.broken[0]}", line.broken[1]
                )
            elif not is_blank(line.cells):
                rows.append(line)
        self._read_parents([line.cells for line in rows])
        for rank, line in enumerate(rows, 1):
            self.line = line.number
            self._action(rank, line.cells)
        self.plan.tell_guesses()
        return self.plan

    def _guess(self, what: str, mend: str) -> None:
        """Note what was made of the line that is read."""
        self.plan.guess(self.line, what, mend)

    def _action(self, rank: int, cells: list[Cell]) -> None:
        """One action, with its steps, amounts and notes."""
        said = {c: self._text(cells, n) for c, n in self.columns.items()}
        id_ = said.get("identifiant") or f"A-{rank:03}"
        for column, noun in self.form.numbered.items():
            if said[column].isdigit():
                self._guess(
                    f"l'{column} n'est qu'un numéro, « {noun} {said[column]} » est proposé",
                    f"Écrire son nom dans la colonne « {column.capitalize()} » de {ACTIONS}.",
                )
                said[column] = f"{noun} {said[column]}"
        if not said["axe"] and self.axis:
            self._guess(
                "axe absent, celui de la ligne au-dessus est proposé",
                f"Le vérifier dans {ACTIONS}.",
            )
        self.axis = said["axe"] = said["axe"] or self.axis
        if self.parent is not None:
            said["objectif"] = self._aim(self._text(cells, self.parent))
        for column in LISTED:
            said[column] = self._word(column, said.get(column, ""))
        said["statut"] = said["statut"] or self._status(cells)
        for column in DAYS:
            said[column] = self._day(column, cells)
        kept = {label: self._text(cells, n) for label, n in self.added.items()}
        told = [f"{label} : {text}." for label, text in kept.items() if text]
        self._money(id_, cells)
        for n in self.notes:
            year, text = re.search(r"\d{4}", self.words[n]), self._text(cells, n)
            if text and year:
                self._guess(
                    f"notes de suivi datées du 31 décembre {year[0]}",
                    "Écrire leur jour dans la feuille « Suivi ».",
                )
                self.plan.add("suivi", action=id_, date=f"{year[0]}-12-31", note=text, public="non")
            elif text:
                told.append(f"Notes de suivi : {text}.")
        for step in self._lines(cells, self.steps):
            self.plan.add("etapes", action=id_, etape=step)
        for body in self._lines(cells, self.bodies):
            self.plan.add("instances", nom=body, role="")
        said["description"] = " ".join(filter(None, [said.get("description", ""), *told]))
        shown = {"public": "non", "demonstration": "non"}
        self.plan.add("actions", **{**said, "identifiant": id_, **shown})

    def _aim(self, parent: str) -> str:
        """The title of what a result is part of, which is proposed as its aim."""
        if not parent:
            return ""
        if title := self.titles.get(parent, ""):
            self._guess(
                "le résultat parent est proposé comme objectif", f"Le relire dans {ACTIONS}."
            )
            return title
        self._guess(
            f"le résultat parent {short(parent)} n'est pas dans le fichier, laissé de côté",
            f"Écrire l'objectif dans {ACTIONS}.",
        )
        return ""

    def _status(self, cells: list[Cell]) -> str:
        """The status that the progress of a result tells; empty, and said, where none is known."""
        code, done = (self._text(cells, self._first((p,))) for p in STATUS_ELSEWHERE)
        share = read_number(done.replace("%", "")) if done else None
        if share is None:
            if code:
                self._guess(
                    f"le statut n'est qu'un numéro ({short(code)}), laissé vide : à venir",
                    f"Le choisir dans {ACTIONS} ; le numéro reste dans la description.",
                )
            return ""
        found = "realise" if share >= WHOLE else "en_cours" if share > 0 else "a_venir"
        self._guess(
            f"statut lu « {ACTION_STATUSES[found]} » d'après l'avancement",
            f"Le vérifier dans {ACTIONS}.",
        )
        return found

    def _money(self, id_: str, cells: list[Cell]) -> None:
        """Each pair of a funder and an amount; the whole budget only where no pair says more."""
        total = 0.0
        for funder, amount in self.funders:
            name, text = self._text(cells, funder), self._text(cells, amount)
            euros = proposed_amount(text)
            if name and euros:
                self._fund(id_, name, euros)
                total += float(euros)
            elif name or text:
                self._guess(
                    f"financeur ou montant incomplet ({short(name or text)}), laissé de côté",
                    f"Écrire les deux dans {FUNDING}.",
                )
        budget = proposed_amount(self._text(cells, self.budget))
        if budget and not total:
            self._fund(id_, "À préciser", budget)
            self._guess(
                "budget prévisionnel sans financeur, « À préciser » est proposé",
                f"Écrire qui paie dans {FUNDING}.",
            )
        elif budget and abs(float(budget) - total) >= CENT:
            self._guess(
                f"le budget prévisionnel ({written_euros(float(budget))}) n'est pas la somme de "
                f"ses financeurs ({written_euros(total)}), laissé de côté",
                f"Corriger un montant, ou ajouter qui paie le reste, dans {FUNDING}.",
            )

    def _fund(self, id_: str, funder: str, euros: str) -> None:
        self.plan.add(
            "financements", action=id_, financeur=funder, nature="prevu", montant_euros=euros
        )

    def _word(self, column: str, text: str) -> str:
        """The word of a list that a text is; empty, and said, when it is none."""
        if not text:
            return ""
        other = self.form.statuses if column == "statut" else {}
        meant = next((id_ for id_, words in other.items() if plain(text) in words), None)
        found = (meant, False) if meant else near_choice(text, LISTED[column])
        if found is None:
            self._guess(
                f"{column} {short(text)} inconnu, laissé vide", f"Le choisir dans {ACTIONS}."
            )
            return ""
        if not found[1]:
            self._guess(
                f"{column} {short(text)} lu « {LISTED[column][found[0]]} »",
                f"Le vérifier dans {ACTIONS}.",
            )
        return found[0]

    def _day(self, column: str, cells: list[Cell]) -> str:
        place = self.columns.get(column)
        cell = cells[place] if place is not None and place < len(cells) else ""
        try:
            return proposed_day(cell)
        except PydanticCustomError:
            self._guess(
                f"{column} {short(text_of(cell))} n'est pas une date, laissé vide",
                f"L'écrire dans {ACTIONS}, par exemple 2026-12-31.",
            )
            return ""

    def _read_parents(self, rows: list[list[Cell]]) -> None:
        """Titles by identifier: what a result is part of is its aim."""
        at = [self.columns.get(c) for c in ("identifiant", "titre")]
        self.titles = {self._text(r, at[0]): self._text(r, at[1]) for r in rows}

    def _say_left_out(self) -> None:
        """Headings of persons, and those that nothing here means."""
        read = {n for n in (*self.columns.values(), *self.added.values()) if n is not None}
        read |= {n for pair in self.funders for n in pair} | set(self.notes)
        read |= {n for n in (self.steps, self.bodies, self.budget, self.parent) if n is not None}
        for n, (heading, word) in enumerate(zip(self.headings, self.words, strict=True)):
            if any(re.fullmatch(p, word) for p in self.form.persons):
                said = "désigne des personnes : laissée de côté, la fonction seule entre au plan"
            elif heading and n not in read:
                said = "laissée de côté"
            else:
                continue
            self.plan.notes.append(f"colonne {short(heading)} {said}")

    def _first(self, patterns: Sequence[str]) -> int | None:
        """The place of the first heading that one of the patterns means, the best pattern first."""
        found = (n for p in patterns for n, w in enumerate(self.words) if re.fullmatch(p, w))
        return next(found, None)

    def _text(self, cells: list[Cell], place: int | None) -> str:
        """A cell as text, without the marks of a web page."""
        text = text_of(cells[place]) if place is not None and place < len(cells) else ""
        if "<" in text:
            text = " ".join(html.unescape(MARK.sub(" ", text)).split())
        return clean(text)

    def _lines(self, cells: list[Cell], place: int | None) -> list[str]:
        return lines_of(text_of(cells[place])) if place is not None and place < len(cells) else []
