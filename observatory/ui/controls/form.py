"""The controls of a page, as data: what each offers, what is chosen, what the address says of it.

A page asks its questions one after the other and is given the answers at once; the controls that it
asked are drawn afterwards, all in one piece (`observatory.ui.controls.rail`). Nothing of Streamlit
is here: the same questions can be put in a test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from observatory.french.spelling import plain

Kind = Literal["menu", "day", "amount", "text", "switch", "several", "commune", "communes", "held"]
Linked = Literal["always", "other", "never"]
SEPARATOR = ","
UNREAD = (
    "Dans le lien, « {text} » n'est pas un choix possible pour « {label} » : le choix habituel est "
    "montré."
)
STRANGER = "« {text} » n'est pas une commune du territoire. En choisir une autre."


@dataclass(frozen=True)
class Control:
    """One control of a page.

    Attributes
    ----------
    kind : str
        ``menu`` (one of some options), ``several`` of them, ``day``, ``amount``, ``text``,
        ``switch``, ``commune`` (found by its letters), ``communes`` (several), or ``held``: the
        address holds it, and nothing is drawn.
    key : str
        Its name in the address.
    label : str
        What a person reads beside it.
    value : str
        What is chosen, as the address writes it; several choices are joined by commas.
    default : str
        What is chosen when nobody chose.
    options : tuple of (str, str)
        Identifier and words of each option.
    help : tuple of str
        Paragraphs that explain it.
    group : str
        The part of the form where it is folded; empty for what is always in sight.
    linked : str
        Whether the address tells it: ``always``, when it is ``other`` than its default, ``never``.
    least, most : str
        Limits of a day or of an amount.
    hint : str
        What an empty field shows.
    sought : str
        Name of a list that the browser has, where the options are found by more words than theirs.
    """

    kind: Kind
    key: str
    label: str
    value: str
    default: str
    options: tuple[tuple[str, str], ...] = ()
    help: tuple[str, ...] = ()
    group: str = ""
    linked: Linked = "other"
    least: str = ""
    most: str = ""
    hint: str = ""
    sought: str = ""

    def message(self, numbered: Mapping[str, int]) -> dict[str, Any]:
        """What the browser is told of it; what says nothing is left out.

        Parameters
        ----------
        numbered : mapping
            Place of the texts that the browser has: they are told by it.
        """
        told = {name: getattr(self, name) for name in TOLD}
        told["help"] = [numbered.get(text, text) for text in self.help]
        return {"kind": self.kind, **{name: value for name, value in told.items() if value}}


TOLD = ("key", "label", "value", "options", "help", "group", "least", "most", "hint", "sought")


@dataclass
class Form:
    """The questions of a page and their answers.

    Attributes
    ----------
    chosen : mapping of str to str
        What was chosen so far, by key; a key that is not there was never chosen.
    from_address : collection of str
        Keys that come from the address: one that cannot be read is said in `unread`.
    controls : list of Control
        What was asked, in order.
    unread : list of str
        Sentences about what the address says and nobody can read.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    from_address: Collection[str] = ()
    controls: list[Control] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    _group: str = ""

    @contextmanager
    def folded(self, title: str) -> Iterator[None]:
        """What is asked inside stands in a part that opens."""
        self._group = title
        yield
        self._group = ""

    def menu(
        self,
        label: str,
        options: Sequence[str],
        key: str,
        words: Callable[[str], str] = str,
        *,
        help_: Sequence[str] = (),
        default: str | None = None,
        find: Callable[[str], str | None] | None = None,
        linked: Linked = "other",
        sought: str = "",
    ) -> str:
        """One of some options; the first one by default.

        An address may hold the words of an option in the place of its identifier: links made
        before there were identifiers still open. ``find`` looks further than that.
        """
        usual = options[0] if default is None else default
        told = {option: words(option) for option in options}
        value = self._read(key, label, usual, find or (lambda text: _option(text, told)))
        offered = tuple(told.items())
        one = Control("menu", key, label, value, usual, offered, tuple(help_), linked=linked)
        self._add(replace(one, sought=sought))
        return value

    def several(
        self,
        label: str,
        options: Mapping[str, str],
        key: str,
        default: Sequence[str] = (),
        *,
        linked: Linked = "other",
    ) -> list[str]:
        """Some of the options, in their order."""

        def read(text: str) -> str | None:
            found = [_option(one, options) for one in text.split(SEPARATOR) if one]
            return None if None in found else SEPARATOR.join(o for o in options if o in found)

        usual = SEPARATOR.join(default)
        value = self._read(key, label, usual, read)
        offered = tuple(options.items())
        self._add(Control("several", key, label, value, usual, offered, linked=linked))
        return [one for one in value.split(SEPARATOR) if one]

    def day(self, label: str, key: str, default: date, least: date, most: date) -> date:
        """A day between two others."""

        def read(text: str) -> str | None:
            day = _day(text)
            return day.isoformat() if day and least <= day <= most else None

        usual = min(max(default, least), most).isoformat()
        value = self._read(key, label, usual, read)
        one = Control("day", key, label, value, usual)
        self._add(replace(one, least=least.isoformat(), most=most.isoformat()))
        return date.fromisoformat(value)

    def amount(self, label: str, key: str, default: float, most: float) -> float:
        """A number from zero to a limit."""

        def read(text: str) -> str | None:
            try:
                amount = float(text.replace(",", "."))
            except ValueError:
                return None
            return f"{amount:g}" if 0 <= amount <= most else None

        usual = f"{default:g}"
        value = self._read(key, label, usual, read)
        one = Control("amount", key, label, value, usual)
        self._add(replace(one, least="0", most=f"{most:g}"))
        return float(value)

    def text(self, label: str, key: str, hint: str = "") -> str:
        """A few words."""
        value = self._read(key, label, "", lambda text: text[:200])
        self._add(Control("text", key, label, value, "", hint=hint))
        return value

    def switch(self, label: str, key: str, *, help_: Sequence[str] = ()) -> bool:
        """Yes or no; no by default."""
        yes = {"1", "true", "oui"}
        value = self._read(key, label, "", lambda text: "1" if plain(text) in yes else "")
        self._add(Control("switch", key, label, value, "", help=tuple(help_)))
        return bool(value)

    def held(self, label: str, key: str, longest: int) -> str:
        """What the page itself writes, as a text: in the address when it is short enough."""
        value = self.chosen.get(key, "")
        linked: Linked = "other" if len(value) <= longest else "never"
        self._add(Control("held", key, label, value, "", linked=linked))
        return value

    def commune(self, communes: Mapping[str, str], whole: str) -> str | None:
        """One commune by its code, or the whole territory (None)."""

        def read(text: str) -> str | None:
            return _commune(text, communes, whole)

        value = self._read("commune", "Commune", "", read, STRANGER)
        words = commune_label(value, communes[value]) if value else whole
        offered = ((value, words), ("", whole)) if value else (("", whole),)
        self._add(Control("commune", "commune", "Commune", value, "", offered))
        return value or None

    def communes(self, label: str, communes: Mapping[str, str], key: str) -> list[str]:
        """Several communes by their codes, in the order in which they were chosen."""

        def read(text: str) -> str | None:
            found = [_commune(one, communes, "") for one in text.split(SEPARATOR) if one]
            return None if None in found else SEPARATOR.join(dict.fromkeys(c for c in found if c))

        value = self._read(key, label, "", read, STRANGER)
        codes = [code for code in value.split(SEPARATOR) if code]
        told = tuple((code, commune_label(code, communes[code])) for code in codes)
        self._add(Control("communes", key, label, value, "", told))
        return codes

    def _read(
        self,
        key: str,
        label: str,
        usual: str,
        read: Callable[[str], str | None],
        refusal: str = UNREAD,
    ) -> str:
        text = self.chosen.get(key)
        if text is None:
            return usual
        value = read(text)
        if value is not None:
            return value
        if key in self.from_address:
            self.unread.append(refusal.format(text=text[:60], label=label))
        return usual

    def _add(self, control: Control) -> None:
        self.controls.append(replace(control, group=self._group))

    @property
    def address(self) -> dict[str, str]:
        """What the address says: nothing of what is usual, unless it must always be there."""
        return {
            c.key: c.value
            for c in self.controls
            if c.linked == "always" or (c.linked == "other" and c.value != c.default)
        }

    @property
    def lasting(self) -> dict[str, str]:
        """An address that shows the same later on: the days are in it, today's too."""
        days = {c.key: c.value for c in self.controls if c.kind == "day"}
        return {**self.address, **days}

    def asked(self, key: str) -> Control | None:
        """The control of a key; None when it was not asked."""
        return next((c for c in self.controls if c.key == key), None)


def commune_label(code: str, name: str) -> str:
    """How a commune is written in menus and in lists."""
    return f"{name} ({code})"


def _option(text: str, told: Mapping[str, str]) -> str | None:
    """The option that an address names, by identifier or by words."""
    if text in told:
        return text
    wanted = plain(text)
    return next((option for option, words in told.items() if plain(words) == wanted), None)


def _commune(text: str, communes: Mapping[str, str], whole: str) -> str | None:
    """The code of the commune that an address names; empty for the whole territory."""
    code = text.rpartition("(")[2].rstrip(") ") if text.endswith(")") else text
    if code in communes:
        return code
    return "" if text in ("", whole) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
