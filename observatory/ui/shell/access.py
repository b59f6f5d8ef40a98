"""Roles: who may change the data (a planner's account, or the person at this machine).

Two rules, and never both. When the operator configured accounts (``[auth]`` in the secrets), the
account alone decides. Otherwise the role goes to whoever browses from the machine itself, straight
to the server, unless ``OBSERVATORY_PUBLIC`` says that a proxy stands in front of it: a proxy that
hides what it forwards cannot be told from a person at the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from observatory.errors import RequestError
from observatory.settings import Settings
from observatory.ui.shell.logged_out import end_login, is_ended

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
FORWARDED = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-Ip",
    "X-Client-Ip",
    "True-Client-Ip",
    "Cf-Connecting-Ip",
)
ROLE_SECONDS = 12 * 3600  # the session cookie lasts a month; the right to change the data, a day
CLOCK_SECONDS = 300  # how far the provider's clock may be ahead of this machine's


def is_planner() -> bool:
    """Whether this visit may load a census or refresh the data.

    Asked again at the moment of each action: what the page showed before proves nothing.
    """
    settings = Settings.from_env()
    if has_accounts():
        return is_logged_in() and _may_act(st.user.to_dict(), settings)
    return not settings.public and is_direct(
        st.context.headers, str(st.get_option("server.address") or "")
    )


def require_planner() -> None:
    """Refuse whoever is not a planner; call it in the action, not only in the page.

    Raises
    ------
    RequestError
        When this visit may only read.
    """
    if not is_planner():
        raise refusal()


def planner_still() -> Callable[[], None]:
    """A check of this visit's role for what is done later, away from its session.

    Raises
    ------
    RequestError
        When this visit may only read; from the check, when its login has become too old.
    """
    require_planner()
    claims = st.user.to_dict() if has_accounts() else None

    def check() -> None:
        if claims is not None and not _may_act(claims, Settings.from_env()):
            raise refusal()

    return check


def _may_act(claims: Mapping[str, Any], settings: Settings) -> bool:
    """Whether an account has the role now, by a login that nobody ended."""
    return claims_planner(claims, settings, time.time()) and not is_ended(
        settings.processed_dir, claims
    )


def log_out() -> None:
    """End this visit's login, here and wherever its cookie was copied."""
    end_login(Settings.from_env().processed_dir, st.user.to_dict(), ROLE_SECONDS + CLOCK_SECONDS)
    st.logout()


def refusal() -> RequestError:
    """What is told to whoever may only read."""
    return RequestError(
        "cette action est réservée aux planificateurs : rien n'a été modifié",
        mend="Se connecter avec un compte qui a ce rôle, ou agir depuis la machine qui sert "
        "l'observatoire.",
    )


def has_accounts() -> bool:
    """Whether the operator configured an identity provider."""
    return "is_logged_in" in st.user.to_dict()


def is_logged_in() -> bool:
    """Whether this visit has an account, with or without a role."""
    return st.user.to_dict().get("is_logged_in") is True


def account_id() -> str:
    """The identifier of this visit's account, as its provider gives it; empty without accounts."""
    if not is_logged_in():
        return ""
    claims = st.user.to_dict()
    return str(claims.get("sub") or claims.get("email") or "")


def is_expired(claims: Mapping[str, Any], now: float) -> bool:
    """Whether a login is too old to change the data; one without a date is.

    Parameters
    ----------
    claims : Mapping
        What the identity provider says of the account; ``iat`` in seconds since 1970.
    now : float
        Seconds since 1970.
    """
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return True
    return not -CLOCK_SECONDS <= now - issued <= ROLE_SECONDS


def claims_planner(claims: Mapping[str, Any], settings: Settings, now: float) -> bool:
    """Whether an account has the role: a listed and verified address, or the operator's claim.

    An address that the provider does not say verified is nobody's, unless the operator vouches for
    a provider that never says it; one outside ASCII is refused before its case is lowered, since
    other alphabets have letters that become Latin ones.
    """
    if is_expired(claims, now):
        return False
    email = claims.get("email")
    if (
        isinstance(email, str)
        and email.isascii()
        and email.strip().lower() in settings.planners
        and claims.get("email_verified", settings.trusted_emails) in (True, "true")
    ):
        return True
    if settings.planner_claim is None:
        return False
    name, wanted = settings.planner_claim
    found = claims.get(name)
    return wanted in found if isinstance(found, list | tuple) else found == wanted


def is_direct(headers: Mapping[str, str], listening: str) -> bool:
    """Whether a visit comes from the machine itself, by its own name and through no proxy.

    Parameters
    ----------
    headers : Mapping of str
        Of the visit's connection; any case.
    listening : str
        The address the server listens on; beyond the loopback, every visit is public.
    """
    if listening not in LOOPBACK or any(headers.get(name) for name in FORWARDED):
        return False
    host = headers.get("Host") or ""
    origin = headers.get("Origin")
    # A page of another site, or of another local server, is not a visit of ours.
    try:
        same = origin is None or urlsplit(origin).netloc == host
        same = same and "@" not in host  # a name before the host's own
        return same and (urlsplit(f"//{host}").hostname or "") in LOOPBACK
    except ValueError:  # not the name of a host at all
        return False
