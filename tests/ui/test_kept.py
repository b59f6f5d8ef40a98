"""What a process keeps is bounded in bytes, and nobody changes what another one reads."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.errors import RequestError
from observatory.ui.shell.kept import LEAST_BYTES, TURNS, Kept, kept, remembered, size_of


@given(sizes=st.lists(st.integers(1, 60), max_size=40))
def test_what_is_kept_stays_within_its_bytes(sizes: list[int]) -> None:
    largest = 20 * LEAST_BYTES
    some = Kept(largest)
    for n, size in enumerate(sizes):
        some.get(n, lambda size=size: [None] * size)  # type: ignore[misc]
        assert some.size == sum(weight for weight, _ in some.made.values())
        assert some.size <= largest or len(some.made) == 1  # what was just asked is kept
        assert n in some.made


def test_what_was_asked_longest_ago_is_given_up_first() -> None:
    some, made = Kept(3 * LEAST_BYTES), []

    def ask(name: str) -> None:
        some.get(name, lambda: made.append(name))

    for name in ("a", "b", "c", "a", "d", "a", "b"):
        ask(name)
    assert made == ["a", "b", "c", "d", "b"]


def test_a_table_is_lent_not_given() -> None:
    asked = []

    @remembered()
    def table(of: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        asked.append(of)
        return pd.DataFrame({"places": [1, 2]}), pd.DataFrame({"places": [3]})

    first, _ = table("test_a_table_is_lent")
    first.loc[0, "places"] = 99
    first["more"] = 1
    again, other = table("test_a_table_is_lent")
    assert again["places"].tolist() == [1, 2]
    assert list(again.columns) == ["places"]
    assert other["places"].tolist() == [3]
    assert asked == ["test_a_table_is_lent"]
    assert size_of((again, other)) > 24
    assert any("test_a_table_is_lent" in str(question) for question in kept().made)


def test_what_fifty_ask_at_once_is_made_once() -> None:
    some, made = Kept(), []
    together = Barrier(50)

    def make() -> str:
        made.append(1)
        time.sleep(0.05)
        return "carte"

    def ask(_: int) -> str:
        together.wait()
        return some.get("question", make)

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(ask, range(50))) == {"carte"}
    assert made == [1]
    assert not some.making


def test_what_cannot_be_made_is_tried_again_by_who_asks_next() -> None:
    some = Kept()

    def broken() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        some.get("question", broken)
    assert some.get("question", lambda: "carte") == "carte"


def test_a_question_in_another_one_ends_in_a_sentence_where_memory_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("observatory.ui.shell.kept.WAIT_SECONDS", 0)
    tries = []

    @remembered()
    def inner() -> str:
        tries.append(1)
        raise duckdb.OutOfMemoryException("full")

    @remembered()
    def first() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise duckdb.OutOfMemoryException("full")
        return inner()

    with ThreadPoolExecutor(1) as pool, pytest.raises(RequestError, match="mémoire"):
        pool.submit(first).result(timeout=20)
    assert len(tries) > TURNS
