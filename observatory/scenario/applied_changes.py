"""Changes made on the tables of a version: what the census would say if they were true.

Each kind of change writes the tables that stand before those of the version, and says which of them
the later marts must follow. Only what is published is read: masked totals are acted on together, by
what the version tells of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb

from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature
from observatory.scenario.childminders_leaving import leave, mask_the_few
from observatory.scenario.children_to_come import count_children, house_children
from observatory.scenario.own_tables import copy, cut
from observatory.scenario.scenario_change import Change

OWN = "scenario:"
"""What the ids of the establishments of a scenario begin with."""


@dataclass
class Applied:
    """What became of the changes.

    Attributes
    ----------
    touched : set of str
        Tables that later marts must follow.
    notes : list of str
        What a reader must know of how they were understood, as sentences.
    opened : dict of str to str
        Ids of the establishments that the scenario opens, by the name that it gives them.
    """

    touched: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    opened: dict[str, str] = field(default_factory=dict)


def apply(con: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> Applied:
    """Make the changes, in the order of their dates.

    Raises
    ------
    RequestError
        When one cannot be made on this version, in words.
    """
    done = Applied()
    for change in sorted(changes, key=lambda c: c.date):
        MAKE[change.changement](con, change, done)
    _drop_what_never_was(con, done)
    mask_the_few(con, changes)
    return done


def _open(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    """A new establishment; at the town hall when no point is given."""
    name = _name(con, change)
    if name in done.opened:
        raise RequestError(f"« {name} » est ouvert deux fois", mend="Lui donner un autre nom.")
    own = done.opened[name] = f"{OWN}{len(done.opened) + 1:02d}"
    _hold_establishments(con)
    con.execute(
        """
        INSERT INTO memory.main.establishment BY NAME
        SELECT $id AS id, $name AS name, $service AS service, nullif($status, '') AS status,
            k.code, coalesce($lon, k.lon) AS lon, coalesce($lat, k.lat) AS lat, $day AS opened,
            'Scénario' AS source, $day AS source_date, false AS demonstration,
            CASE WHEN $lon IS NOT NULL THEN 'exact' WHEN k.lon IS NOT NULL THEN 'approximate' END
                AS position, $id AS site
        FROM known_commune AS k WHERE k.code = $code
        """,
        {
            "id": own,
            "name": name,
            "service": change.service,
            "status": change.statut,
            "code": change.commune,
            "lon": change.longitude,
            "lat": change.latitude,
            "day": change.date,
        },
    )
    for table, amount in (("capacity", "amount"), ("unmet_request", "unmet")):
        con.execute(
            f"INSERT INTO memory.main.{table} BY NAME SELECT ? AS establishment, "
            f"nullif(?, '') AS day_type, CAST(? AS DOUBLE) AS {amount}, ? AS valid_from",
            [own, change.jour, change.places if amount == "amount" else None, change.date],
        )
    done.touched |= {"establishment", "capacity"}


def _close(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    """No table of the version depends on the day of a closing but the answers."""
    _hold_establishments(con)
    con.execute(
        "UPDATE memory.main.establishment SET closed = least(closed, $day) WHERE id = $id",
        {"day": change.date, "id": _id(con, change, done)},
    )


def _extend(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    """Places added, or taken away, from a day on."""
    id_ = _id(con, change, done)
    _hold_establishments(con)
    where = "establishment = $id AND coalesce(day_type, '') = $jour"
    values = {"id": id_, "jour": change.jour}
    cut(con, "capacity", where, change.date, values)
    rows = con.execute(
        f"SELECT amount FROM memory.main.capacity WHERE {where} AND valid_from >= $day",
        {**values, "day": change.date},
    ).fetchall()
    if not rows:
        day = f", {nomenclature().day_types[change.jour]}" if change.jour else ""
        raise RequestError(
            f"« {change.etablissement} » n'a pas de places à agrandir{day}",
            mend="Vérifier le type de jour, ou l'établissement.",
        )
    if any(amount is not None and amount + (change.places or 0) < 0 for (amount,) in rows):
        raise RequestError(
            f"« {change.etablissement} » aurait moins de zéro place",
            mend="Enlever moins de places, ou fermer l'établissement.",
        )
    if all(amount is None for (amount,) in rows):
        done.notes.append(
            f"La capacité de « {change.etablissement} » est inconnue : l'agrandir ne la fait pas "
            "connaître."
        )
    con.execute(
        f"UPDATE memory.main.capacity SET amount = amount + $more WHERE {where} "
        "AND valid_from >= $day",
        {**values, "day": change.date, "more": change.places},
    )


def _move(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    """The same establishment elsewhere: closed where it stands, and open there from that day."""
    id_ = _id(con, change, done)
    _hold_establishments(con)
    own = f"{OWN}{id_}@{change.date}"
    values = {"id": id_, "own": own, "day": change.date}
    con.execute(
        """
        INSERT INTO memory.main.establishment BY NAME
        SELECT e.* REPLACE ($own AS id, k.code AS code, greatest(e.opened, $day) AS opened,
            coalesce($lon, k.lon) AS lon, coalesce($lat, k.lat) AS lat, $own AS site,
            CASE WHEN $lon IS NOT NULL THEN 'exact' WHEN k.lon IS NOT NULL THEN 'approximate' END
                AS position, NULL AS address)
        FROM memory.main.establishment AS e, known_commune AS k
        WHERE e.id = $id AND k.code = $code
        """,
        {**values, "code": change.commune, "lon": change.longitude, "lat": change.latitude},
    )
    for table in ("capacity", "unmet_request"):
        con.execute(
            f"INSERT INTO memory.main.{table} BY NAME SELECT * REPLACE ($own AS establishment, "
            f"greatest(valid_from, $day) AS valid_from) FROM memory.main.{table} "
            "WHERE establishment = $id AND (valid_to IS NULL OR valid_to > $day)",
            values,
        )
    con.execute(
        "INSERT INTO stg.served SELECT $own, code FROM stg.served WHERE id = $id",
        {"own": own, "id": id_},
    )
    con.execute(
        "UPDATE memory.main.establishment SET closed = least(closed, $day) WHERE id = $id",
        {"day": change.date, "id": id_},
    )
    if change.etablissement in done.opened:
        done.opened[change.etablissement] = own
    done.touched |= {"establishment", "capacity"}


def _leave(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    done.notes += leave(con, change)


def _count(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    done.notes += count_children(con, change)
    done.touched.add("public_count")


def _house(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    done.notes += house_children(con, change)
    done.touched.add("public_count")


def _aim(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> None:
    """A target, as if it were voted that day."""
    copy(con, "voted_target")
    con.execute(
        "DELETE FROM memory.main.voted_target WHERE service = $service "
        "AND coalesce(day_type, '') = $jour AND valid_from = $day",
        {"service": change.service, "jour": change.jour, "day": change.date},
    )
    con.execute(
        "INSERT INTO memory.main.voted_target BY NAME SELECT ? AS service, "
        "nullif(?, '') AS day_type, CAST(? AS DOUBLE) AS amount, ? AS valid_from, "
        "'Scénario' AS decided_by, ? AS source",
        [change.service, change.jour, change.nombre, change.date, change.source],
    )


MAKE: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Change, Applied], None]] = {
    "ouvrir": _open,
    "fermer": _close,
    "agrandir": _extend,
    "deplacer": _move,
    "depart": _leave,
    "enfants": _count,
    "logements": _house,
    "objectif": _aim,
}
"""What makes each kind of change."""


def _hold_establishments(con: duckdb.DuckDBPyConnection) -> None:
    for table in ("establishment", "capacity", "unmet_request"):
        copy(con, table)


def _name(con: duckdb.DuckDBPyConnection, change: Change) -> str:
    """The name of an opening: as given, else what it is and where."""
    found = con.execute(
        "SELECT name FROM known_commune WHERE code = ?", [change.commune]
    ).fetchone()
    if found is None:
        raise RequestError(
            f"la commune {change.commune} n'est pas connue de cette version",
            mend="Vérifier son code Insee.",
        )
    service = nomenclature().service(change.service)
    return change.etablissement or f"{service.short}, {found[0]}, {change.date:%m/%Y}"


def _id(con: duckdb.DuckDBPyConnection, change: Change, done: Applied) -> str:
    """The id of the establishment that a change names.

    Raises
    ------
    RequestError
        When neither the version nor the scenario has it that day.
    """
    id_ = done.opened.get(change.etablissement, change.etablissement)
    if not con.execute("SELECT 1 FROM establishment WHERE id = ?", [id_]).fetchone():
        raise RequestError(
            f"l'établissement « {change.etablissement} » n'existe pas le {_day(change.date)}",
            mend="Écrire l'identifiant du recensement, ou le nom donné à une ouverture antérieure.",
        )
    return id_


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _drop_what_never_was(con: duckdb.DuckDBPyConnection, done: Applied) -> None:
    """Take out what the scenario opens and takes back: it leaves no trace, as nobody built it."""
    if "establishment" not in done.touched:
        return
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE never AS
        SELECT e.id FROM memory.main.establishment AS e
        WHERE e.id LIKE '{OWN}%' AND (e.closed <= e.opened OR NOT EXISTS (
            SELECT 1 FROM memory.main.capacity AS c WHERE c.establishment = e.id
                AND (c.valid_to IS NULL OR c.valid_to > c.valid_from)
                AND c.amount IS DISTINCT FROM 0))
        """
    )
    con.execute("DELETE FROM memory.main.establishment WHERE id IN (FROM never)")
    for table in ("capacity", "unmet_request"):
        con.execute(f"DELETE FROM memory.main.{table} WHERE establishment IN (FROM never)")
    con.execute("DELETE FROM stg.served WHERE id IN (FROM never)")
