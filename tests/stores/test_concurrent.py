"""Writers at once lose nothing of one another; readers see one whole state, never two halves."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from observatory.stores import store as store_module
from observatory.stores.audit import audit
from observatory.stores.generation import StoreError
from observatory.stores.lock import locked
from observatory.stores.store import Store

ADDER = """
import sys
from pathlib import Path
from observatory.stores.store import Store

store = Store(Path(sys.argv[1]))
for n in range(int(sys.argv[3])):
    with store.writing() as writing:
        line = f"{sys.argv[2]}-{n}\\n".encode()
        both = {name: writing.files.get(name, b"") + line for name in ("a.csv", "b.csv")}
        writing.commit("complete", both, who=sys.argv[2])
"""


def add(folder: Path, who: str, times: int) -> None:
    for n in range(times):
        with Store(folder).writing() as writing:
            line = f"{who}-{n}\n".encode()
            both = {name: writing.files.get(name, b"") + line for name in ("a.csv", "b.csv")}
            writing.commit("complete", both, who=who)


def lines(folder: Path) -> list[str]:
    return Store(folder).read()[1]["a.csv"].decode().splitlines()


def test_thirty_two_threads_that_complete_at_once_lose_no_row(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add(tmp_path, f"t{n}", 1), range(32)))
    assert sorted(lines(tmp_path)) == sorted(f"t{n}-0" for n in range(32))
    assert [e.parent for e in Store(tmp_path).history()] == [None, *range(1, 32)]


def test_processes_at_once_lose_no_row_and_readers_see_whole_states(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", ADDER, str(tmp_path), f"p{n}", "8"])
        for n in range(4)
    ]
    reads = 0
    while any(w.poll() is None for w in writers):
        state, files = Store(tmp_path).read()
        assert files.get("a.csv") == files.get("b.csv"), state
        assert len(files.get("a.csv", b"").splitlines()) == state.sequence
        reads += 1
    assert [w.returncode for w in writers] == [0] * 4
    assert reads > 10
    assert sorted(lines(tmp_path)) == sorted(f"p{n}-{i}" for n in range(4) for i in range(8))
    assert audit(Store(tmp_path)) == []


def test_a_reader_keeps_the_state_that_it_resolved(tmp_path: Path) -> None:
    add(tmp_path, "one", 1)
    state = Store(tmp_path).head()
    add(tmp_path, "two", 3)
    assert state.files() == {"a.csv": b"one-0\n", "b.csv": b"one-0\n"}


def test_a_reader_waits_for_a_first_writer_that_takes_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "FIRST_SWITCH_SECONDS", 0.01)
    add(tmp_path, "one", 1)
    head, ready = tmp_path / "HEAD", threading.Event()
    switch = head.read_text()
    head.unlink()

    def write_slowly() -> None:
        with locked(tmp_path):
            ready.set()
            time.sleep(0.5)
            head.write_text(switch)

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert ready.wait(10)
    assert Store(tmp_path).head().sequence == 1
    thread.join()
    head.unlink()
    with pytest.raises(StoreError, match="HEAD manque"):  # nobody writes: it is lost
        Store(tmp_path).head()


def test_a_writer_waits_for_another_then_says_so(tmp_path: Path) -> None:
    held, ready = threading.Event(), threading.Event()

    def hold() -> None:
        with Store(tmp_path).writing():
            ready.set()
            held.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert ready.wait(10)
    start = time.monotonic()
    with (
        pytest.raises(StoreError, match="un autre chargement est en cours"),
        Store(tmp_path, wait_seconds=0.2).writing(),
    ):
        raise AssertionError
    assert time.monotonic() - start < 5
    held.set()
    thread.join()
    add(tmp_path, "after", 1)
    assert lines(tmp_path) == ["after-0"]


def test_the_lock_of_a_killed_writer_is_free(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from observatory.stores.store import Store\n"
        "with Store(Path(sys.argv[1])).writing():\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        with pytest.raises(StoreError), Store(tmp_path, wait_seconds=0.1).writing():
            raise AssertionError
        writer.kill()
    add(tmp_path, "after", 1)
    assert lines(tmp_path) == ["after-0"]
