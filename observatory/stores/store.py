"""A store: read its head, write a generation, undo, redo, restore, all or nothing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from observatory import disk
from observatory.stores import former
from observatory.stores.generation import (
    JOURNAL,
    NAME,
    Contents,
    Entry,
    Kind,
    State,
    StoreError,
    former_names,
    name_of,
    read_entry,
    read_files,
    sequences,
    sums,
)
from observatory.stores.lock import WAIT_SECONDS, is_held, locked
from observatory.stores.trail import Place, back, places

HEAD = "HEAD"
NONE = "none"  # what HEAD says before the first generation
KEPT = 100  # generations whose files are kept; every line of the journal is


FIRST_SWITCH_SECONDS = 1.0
"""How long a reader waits for a store's first state, before it says that the switch is lost.

Longer while a writer is at work: on a busy machine the first one may take its time.
"""


@dataclass(frozen=True)
class Steps:
    """The change in service, the one before it (0: nothing), and the one that was undone last.

    ``back`` is None when there is nothing to undo, ``ahead`` when there is nothing to redo.
    """

    at: int
    back: int | None
    ahead: int | None


@dataclass
class Store:
    """What people wrote in one folder: a tenant, for one territory.

    Parameters
    ----------
    folder : Path
        Made by the first write.
    accept : callable, optional
        Raises on a file of the layout before generations that is not one of this store's.
    wait_seconds : float
        How long a writer waits for another one.
    """

    folder: Path
    accept: Callable[[str, bytes], None] | None = None
    wait_seconds: float = WAIT_SECONDS

    def head(self) -> State:
        """The state in service, resolved once.

        Raises
        ------
        StoreError
            When the switch is gone or names what is not there; when a file lies beside the
            generations that none of them holds.
        """
        return self._head()

    def _head(self, *, alone: bool = False) -> State:
        """The same; ``alone`` when this process keeps every other writer out."""
        if former.is_unsettled(self.folder):
            with self._locked():
                former.settle(self.folder)
        since = time.monotonic()
        name = self._switch()
        while name is None and not alone and sequences(self.folder) and self._may_switch(since):
            time.sleep(0.05)
            name = self._switch()
        if name is None and sequences(self.folder):
            raise self._broken("le fichier HEAD manque, alors que des générations sont là")
        if name is None or name == NONE:
            return State(0, self.folder) if former_names(self.folder) else State()
        if not NAME.fullmatch(name):
            raise self._broken("le fichier HEAD ne nomme pas une génération")
        folder = self.folder / name
        entry = read_entry(folder)
        former.refuse_strays(self.folder)
        return State(entry.sequence, folder, entry)

    def _may_switch(self, since: float) -> bool:
        """Whether the first writer of all may be between its generation and the switch."""
        waited = time.monotonic() - since
        return waited < FIRST_SWITCH_SECONDS or (
            waited < self.wait_seconds and is_held(self.folder)
        )

    def read(self) -> tuple[State, dict[str, bytes]]:
        """The state in service and all its files, of one and the same generation."""
        while True:
            state = self.head()
            try:
                return state, state.files()
            except (StoreError, FileNotFoundError):
                if self.head() == state:
                    raise

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Hold the store alone, to read, merge and write.

        Raises
        ------
        StoreError
            When another writer keeps the store, or it cannot be read.
        """
        with self._locked():
            self._take_in()
            state = self._head(alone=True)
            yield Writing(self, state, state.files())

    def undo(self, who: str = "", why: str = "") -> State:
        """Put back the state before the last change that still holds, as a new generation.

        Repeated, it goes further back, a change at a time; ``redo`` comes back.

        Raises
        ------
        StoreError
            When there is nothing to undo, or the files before are no longer kept.
        """
        with self.writing() as writing:
            target = self.steps().back
            if writing.state.entry is None or target is None:
                raise StoreError("il n'y a rien à annuler", where=str(self.folder))
            return writing.commit("undo", self._files_of(target or None), who, why)

    def redo(self, who: str = "", why: str = "") -> State:
        """Put back the change that was undone last, as a new generation.

        Raises
        ------
        StoreError
            When nothing was undone since the last change, or its files are no longer kept.
        """
        with self.writing() as writing:
            target = self.steps().ahead
            if target is None:
                raise StoreError(
                    "il n'y a rien à remettre",
                    where=str(self.folder),
                    mend="Rien n'a été annulé depuis le dernier changement ; un état passé se "
                    "remet par son numéro (census restore).",
                )
            return writing.commit("redo", self._files_of(target or None), who, why)

    def steps(self) -> Steps:
        """Where the head stands in the line of changes, and what undoing and redoing lead to."""
        history = self.history()
        by_sequence = {entry.sequence: entry for entry in history}
        found = places(history)
        head = self.head().sequence
        place = found.get(head, Place(head))
        ahead = place.ahead[-1] if place.ahead else None
        return Steps(place.at, back(place, found, by_sequence), ahead)

    def restore(self, sequence: int, who: str = "", why: str = "") -> State:
        """Put back a generation, as a new one.

        Raises
        ------
        StoreError
            When it is not there, or its files are no longer kept.
        """
        with self.writing() as writing:
            if sequence not in sequences(self.folder):
                known = ", ".join(map(str, sequences(self.folder)[-10:])) or "aucune"
                raise StoreError(
                    f"la génération {sequence} n'existe pas",
                    where=str(self.folder),
                    mend=f"Générations : {known}.",
                )
            return writing.commit("restore", self._files_of(sequence), who, why)

    def compensate(self, own: int, who: str = "", why: str = "") -> bool:
        """Take back a generation whose use failed, unless another came after it.

        Returns
        -------
        bool
            Whether the state before is in service again.
        """
        with self.writing() as writing:
            entry = writing.state.entry
            if entry is None or entry.sequence != own:
                return False
            writing.commit("compensate", self._files_of(entry.parent), who, why)
            return True

    @contextmanager
    def holding(self, state: State) -> Iterator[bool]:
        """Keep every writer out for a moment; say whether a state is still the one in service."""
        if not self.folder.is_dir():  # nobody ever wrote here: there is no one to keep out
            yield self.head() == state
            return
        with self._locked():
            yield self._head(alone=True) == state

    def same(self, one: int, other: int) -> bool:
        """Whether two generations hold the same files; taken back, a change leaves the same."""
        return one == other or self._sums_of(one) == self._sums_of(other)

    def history(self) -> list[Entry]:
        """The journal, oldest first; generations that never were in service included.

        Raises
        ------
        StoreError
            When a line cannot be read.
        """
        return [read_entry(self.folder / name_of(n)) for n in sequences(self.folder)]

    def _files_of(self, sequence: int | None) -> dict[str, bytes]:
        if sequence is None:
            return {}
        folder = self.folder / name_of(sequence)
        return read_files(folder, read_entry(folder))

    def _sums_of(self, sequence: int) -> dict[str, str] | None:
        """Sums of a generation, of 0 none; None of one that is not here."""
        if not sequence:
            return {}
        if sequence not in sequences(self.folder):
            return None
        return read_entry(self.folder / name_of(sequence)).sha256

    def _switch(self) -> str | None:
        try:
            return (self.folder / HEAD).read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None

    def _take_in(self) -> None:
        """Make the files of the layout before generations the first one; under the lock."""
        with _told(self.folder):
            former.settle(self.folder)
        state = self._head(alone=True)
        if not state.is_former:
            return
        contents = state.files()
        for name, content in contents.items():
            if self.accept:
                self.accept(name, content)
        Writing(self, State(), {}).commit("former", contents, "", "ancienne disposition")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with ExitStack() as stack:
            with _told(self.folder):
                stack.enter_context(locked(self.folder, self.wait_seconds))
            yield

    def _broken(self, what: str) -> StoreError:
        mend = "Reprendre HEAD d'une sauvegarde, ou y écrire la dernière génération à garder."
        return StoreError(what, where=str(self.folder / HEAD), mend=mend)


@dataclass
class Writing:
    """A store held alone: its state, its files, and the way to change them.

    Attributes
    ----------
    state : State
        The one in service, which a commit replaces.
    """

    store: Store
    state: State
    files: dict[str, bytes] = field(repr=False)

    def commit(self, kind: Kind, contents: Contents, who: str = "", why: str = "") -> State:
        """Write a generation and put it in service; the same contents change nothing.

        Raises
        ------
        StoreError
            When it cannot be written: the state before stays in service.
        """
        if dict(contents) == self.files:
            return self.state
        folder, before = self.store.folder, self.store._switch()
        sequence = max([0, self.state.sequence, *sequences(folder)]) + 1
        now = datetime.now(UTC).isoformat("T", "seconds")
        parent = self.state.sequence or None
        said = disk.readable(who), disk.readable(why)
        entry = Entry(sequence, now, *said, kind, parent, sums(contents))
        target = folder / name_of(sequence)
        with _told(folder):
            try:
                if before is None:
                    disk.replace_file(folder / HEAD, f"{NONE}\n".encode())
                disk.make_folder(target, {**contents, JOURNAL: entry.line()})
                disk.replace_file(folder / HEAD, f"{target.name}\n".encode())
            except OSError:
                with suppress(OSError):
                    if self.store._switch() == target.name:  # moved, but not surely on the disk
                        disk.replace_file(folder / HEAD, f"{before or NONE}\n".encode())
                    shutil.rmtree(target)
                raise
        self.state, self.files = State(sequence, target, entry), dict(contents)
        with suppress(OSError):  # what is left is removed by a later writer
            former.remove_taken_in(folder)
            sweep(folder, sequence)
        return self.state


def sweep(folder: Path, head: int, kept: int = KEPT) -> None:
    """Remove what killed writers left aside, and the files of the oldest generations.

    Under the lock nobody else is at work, so that no clock is asked: what is aside is dead, and
    generations go by their number. Their lines of the journal stay.
    """
    for left in folder.glob(f".gen-*{disk.PART}"):
        shutil.rmtree(left, ignore_errors=True)
    for sequence in sequences(folder):
        if sequence > head - kept:
            break
        for path in (folder / name_of(sequence)).iterdir():
            if path.name != JOURNAL:
                path.unlink()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in one sentence that the disk refused."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"le dossier ne peut pas être écrit ({disk.reason(error)})",
            where=str(folder),
            mend="Vérifier la place et les droits de ce dossier ; ce qui y était est intact.",
        ) from error
