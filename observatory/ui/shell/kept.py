"""What this process keeps for every visitor, within a number of bytes: answers, and ready bytes.

What was asked longest ago is given up first. A number of entries would not do: an answer of France
weighs eight hundred times that of a town. Nothing here depends on who asks.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache, wraps
from threading import Lock, RLock
from typing import Any, ParamSpec, TypeVar, cast

import duckdb
import pandas as pd
import streamlit as st

from observatory.errors import RequestError

P = ParamSpec("P")
T = TypeVar("T")
LARGEST_BYTES = 200_000_000
"""All that is kept."""
LEAST_BYTES = 200
"""What anything weighs that does not say."""
TURNS, WAIT_SECONDS = 20, 0.5
PATIENCE_SECONDS = 60
"""How long one waits for what another makes, before making it too."""


def size_of(thing: object) -> int:
    """Bytes that something holds, about: a table, what says its ``size``, or several of them."""
    if isinstance(thing, pd.DataFrame):
        return int(thing.memory_usage(deep=True).sum()) + LEAST_BYTES
    if isinstance(thing, tuple | list):
        return LEAST_BYTES + sum(size_of(one) for one in thing)
    size = getattr(thing, "size", None)
    return LEAST_BYTES + (size if isinstance(size, int) else 0)


@dataclass
class Kept:
    """What was made, by question, within a number of bytes."""

    largest: int = LARGEST_BYTES
    size: int = 0
    made: OrderedDict[Hashable, tuple[int, Any]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)
    making: dict[Hashable, Lock] = field(default_factory=dict)

    def get(self, question: Hashable, make: Callable[[], T]) -> T:
        """What was made of a question; made now when nobody asked it lately.

        Who asks what another is making waits for it: fifty visitors who open one map ask the
        database once.
        """
        with self.lock:
            if question in self.made:
                self.made.move_to_end(question)
                found: T = self.made[question][1]
                return found
            making = self.making.setdefault(question, Lock())
        mine = making.acquire(timeout=PATIENCE_SECONDS)  # whoever makes it may wait for us
        try:
            with self.lock:
                if question in self.made:
                    return cast(T, self.made[question][1])
            one = make()  # outside the lock of all: other questions go on meanwhile
            self._keep(question, one)
            return one
        finally:
            if mine:
                making.release()
            with self.lock:
                self.making.pop(question, None)

    def _keep(self, question: Hashable, one: object) -> None:
        size = size_of(one)
        with self.lock:
            if question not in self.made:
                self.made[question] = (size, one)
                self.size += size
            while self.size > self.largest and len(self.made) > 1:
                _, (former, _) = self.made.popitem(last=False)
                self.size -= former


@cache
def kept() -> Kept:
    """What this process keeps."""
    return Kept()


def remembered(said: str = "") -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function answers to each question.

    A table is lent: writing in it writes in a copy.

    Parameters
    ----------
    said : str
        What the page says while it is being made.
    """

    def of(make: Callable[P, T]) -> Callable[P, T]:
        def slowly(*args: P.args, **kwargs: P.kwargs) -> T:
            with st.spinner(said) if said else nullcontext():
                return _in_turn(lambda: make(*args, **kwargs))

        @wraps(make)
        def asked(*args: P.args, **kwargs: P.kwargs) -> T:
            question = (make.__module__, make.__qualname__, args, tuple(sorted(kwargs.items())))
            return _lent(kept().get(question, lambda: slowly(*args, **kwargs)))

        return asked

    return of


def _in_turn(make: Callable[[], T]) -> T:
    """Make something now; where the database lacks memory for all that is asked, each in turn.

    Raises
    ------
    RequestError
        When it lacks memory for this question alone.
    """
    with suppress(duckdb.OutOfMemoryException):
        return make()
    with _turn():
        for _ in range(TURNS):
            with suppress(duckdb.OutOfMemoryException):
                return make()
            time.sleep(WAIT_SECONDS)  # those who found memory at first end, or come to wait
    raise RequestError(
        "la base n'a pas assez de mémoire pour cette question",
        mend="Choisir un service, ou une partie du territoire.",
    )


@cache
def _turn() -> RLock:
    """Of this process; what is made in its turn may ask for something else, in the same turn."""
    return RLock()


def _lent(thing: T) -> T:
    if isinstance(thing, pd.DataFrame):
        return thing.copy(deep=False)
    if isinstance(thing, tuple):
        return type(thing)(_lent(one) for one in thing)
    return thing
