"""What no row of a census may hold: an assistant maternel, or what tells of a person."""

from __future__ import annotations

from observatory.census.amounts import service_names, services
from observatory.french.spelling import plain
from observatory.french.spreadsheet import Cell, text_of
from observatory.knowledge import privacy
from observatory.knowledge.nomenclature import nomenclature
from observatory.workbook.cells import clean
from observatory.workbook.contract import HeadedTable, Refusal
from observatory.workbook.problems import short

DESCRIBED = ("identifiant", "nom", "gestionnaire", "adresse")
LONGEST_NOTE = 60  # characters of a cell outside the contract that may name an assistant maternel


def names_childminder(word: str) -> bool:
    """Whether a word for a service is one for an assistant maternel, or a home of theirs."""
    return bool(privacy.describes_childminder([word], service=privacy.RELAY_SERVICE))


class EstablishmentPrivacy:
    """Refuses the rows that describe an assistant maternel."""

    total = False

    def __init__(self, table: HeadedTable) -> None:
        self.table = table
        self.told = [
            n
            for h, n in table.extra.items()
            if privacy.describes_childminder([h], service=privacy.RELAY_SERVICE)
        ]
        self.described = [table.places[c] for c in DESCRIBED if c in table.places]

    def refusal(self, cells: list[Cell], joined: str) -> Refusal | None:
        """Why a row is refused as a whole; the cell at fault is never repeated."""
        if self.told and any(n < len(cells) and text_of(cells[n]).strip() for n in self.told):
            return "", privacy.WHAT, privacy.MEND
        if privacy.suspect(joined) and (why := self._childminder(cells)):
            return "", why, privacy.MEND
        return None

    def _childminder(self, cells: list[Cell]) -> str:
        """Why a row describes an assistant maternel: plainly where it names, else as one person."""
        names = [cells[n] for n in self.described if n < len(cells)]
        service = self.table.places.get("service", -1)
        others = [
            cell
            for n, cell in enumerate(cells)
            if n not in self.described
            and n != service
            and isinstance(cell, str)
            and len(cell) <= LONGEST_NOTE
        ]
        about = self._service(cells, "establishment")
        found = "" if self.total else privacy.describes_childminder(names, service=about)
        if not found and not self.total:
            beyond = [cells[n] for n in self.table.extra.values() if n < len(cells)]
            found = privacy.kind_of_childminder(beyond, service=about)
        return found or privacy.describes_childminder(others, service=about, one_person=True)

    def _service(self, cells: list[Cell], grain: str) -> str:
        """The service that a row is of, empty when it is none of them."""
        place = self.table.places.get("service", len(cells))
        word = clean(cells[place]) if place < len(cells) else ""
        return word if word in services(grain) else service_names(grain).get(plain(word[:200]), "")


class TotalPrivacy(EstablishmentPrivacy):
    """Refuses besides, among the totals of communes, what tells of a person."""

    total = True

    def __init__(self, table: HeadedTable) -> None:
        super().__init__(table)
        self.personal = privacy.personal_headings(table.extra)

    def refusal(self, cells: list[Cell], joined: str) -> Refusal | None:
        """Why a row is refused as a whole; the cell at fault is never repeated."""
        if self.personal and (heading := privacy.personal_column(cells, self.personal)):
            return heading, f"{short(heading)} {privacy.WHAT_COLUMN}", privacy.MEND_COLUMN
        if why := super().refusal(cells, joined):
            return why
        if told := self._told_by_source(cells):
            what = f"la source d'un total ne doit pas contenir {told}"
            return "source", what, privacy.MEND_SOURCE
        return None

    def _told_by_source(self, cells: list[Cell]) -> str:
        """What the source of a total that is masked tells of a person; empty when nothing."""
        place = self.table.places.get("source", len(cells))
        offered = nomenclature().services.get(self._service(cells, "commune"))
        if place >= len(cells) or offered is None or not offered.masked_below:
            return ""
        return privacy.tells_person(text_of(cells[place]))
