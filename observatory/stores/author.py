"""Author of a change: the account is kept for whoever must answer for it, the function is shown."""

from __future__ import annotations

import re
from datetime import datetime

from observatory.french.dates import long_moment
from observatory.stores.generation import Entry

KEPT = re.compile(r"\s*\[compte ([^\]]*)\]\s*$")
MOST = 120  # characters of an account's identifier


def author(function: str, account: str = "") -> str:
    """What the journal keeps of who made a change.

    Parameters
    ----------
    function : str
        « planificateur », or what the person says of their function.
    account : str
        The identifier of the account, when there are accounts; never shown on a page.
    """
    id_ = re.sub(r"[\[\]\s]+", " ", account).strip()[:MOST]
    return f"{function} [compte {id_}]" if id_ else function


def function_of(who: str) -> str:
    """The part of an author that is shown: the function, without the account."""
    return KEPT.sub("", who)


def account_of(who: str) -> str:
    """The account kept with an author; empty when none is."""
    found = KEPT.search(who)
    return found[1] if found else ""


def signed(entry: Entry) -> str:
    """Who made a generation, by function, and when: « par planificateur le … (génération 3) »."""
    when = long_moment(datetime.fromisoformat(entry.when))
    by = f"par {function_of(entry.who)} " if entry.who else ""
    return f"{by}le {when} (génération {entry.sequence})"
