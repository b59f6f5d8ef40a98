"""What the browser is sent, field by field; ``messages.js`` beside it names the same ones."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class RowsMessage(TypedDict):
    """Lines of a legend, one entry of each list for each; signs are drawn in the file of signs."""

    signs: list[str]
    words: list[str]
    counts: NotRequired[list[str]]


class StepMessage(TypedDict):
    """A class of an axis of need × supply."""

    words: str
    bounds: str


class CellMessage(TypedDict):
    """One of the nine classes of need × supply."""

    sign: str
    count: str


class SquareMessage(TypedDict):
    """The nine classes of need × supply, a list of cells for each line."""

    need: str
    supply: str
    lines: list[StepMessage]
    columns: list[StepMessage]
    cells: list[list[CellMessage]]


class ReferenceMessage(TypedDict):
    """A circle of the legend: its radius as a share of the largest one's, and its words."""

    share: float
    words: str


class LegendMessage(TypedDict):
    """A legend, from top to bottom."""

    title: str
    rows: RowsMessage
    square: NotRequired[SquareMessage]
    references: NotRequired[list[ReferenceMessage]]
    note: NotRequired[str]


class KeysMessage(TypedDict):
    """The signs of establishments under one heading."""

    title: str
    counted: str
    rows: RowsMessage


class UnitMessage(TypedDict):
    """Another unit than the usual one, and the rows of the figures that have it."""

    unit: str
    rows: list[int]


class FiguresMessage(TypedDict):
    """One figure a commune, parted by ``;``: in words, or the sign of why there is none.

    ``unit`` follows most of those in words.
    """

    texts: str
    unit: str
    others: NotRequired[list[UnitMessage]]


class ColumnMessage(FiguresMessage):
    """One more figure of each commune, for the tooltip."""

    label: str


class ReasonMessage(TypedDict):
    """Why a figure is unknown, and the rows of which it is told."""

    words: str
    rows: list[int]


class CirclesMessage(TypedDict):
    """How circles are drawn: a sign and a share of the largest radius for each commune.

    The largest radius is ``growth`` times the width of the map, within ``least`` and ``most``.
    """

    signs: str
    shares: list[float]
    growth: float
    least: float
    most: float


class TilesMessage(TypedDict):
    """A background that the operator turned on."""

    url: str
    attribution: str


class MapFiles(TypedDict):
    """What the browser fetches once."""

    script: str
    geometry: str


class PaintMessage(TypedDict):
    """A map but for what a visitor chose on it; one character of ``classes`` for each commune."""

    name: str
    files: MapFiles
    title: str
    sentence: str
    source: str
    notes: list[str]
    legend: LegendMessage
    classes: str
    colours: list[int]
    figures: FiguresMessage
    columns: list[ColumnMessage]
    reasons: NotRequired[list[ReasonMessage]]
    circles: NotRequired[CirclesMessage]
    link: NotRequired[str]
    tiles: NotRequired[TilesMessage]


class ServiceMessage(TypedDict):
    """A service that has establishments, and the shape of its symbols."""

    words: str
    shape: str


class StatusMessage(TypedDict):
    """The status of establishments."""

    status: str
    words: str


class PointsMessage(TypedDict):
    """Establishments, one entry of each list for each; sent once under a name of their content."""

    digest: NotRequired[str]
    services: list[ServiceMessage]
    statuses: list[StatusMessage]
    keys: list[KeysMessage]
    lon: list[float]
    lat: list[float]
    service: list[int]
    status: list[int]
    name: list[str]
    code: list[str]
    detail: list[str]


class SentMessage(TypedDict):
    """What the browser was sent before, by its name."""

    digest: str


class ShortfallsMessage(TypedDict):
    """The communes that lack most, one entry of each list for each."""

    codes: list[str]
    names: list[str]
    amounts: list[str]


class StopsMessage(TypedDict):
    """The days that a line of dates stops at, as the address and as people write them."""

    digest: NotRequired[str]
    days: list[str]
    words: list[str]


class MovesMessage(TypedDict):
    """What opened and closed since the stop before, one entry of each list for each such stop.

    ``at`` is the place of the stop; words say the two counts.
    """

    digest: NotRequired[str]
    at: list[int]
    opened: list[int]
    closed: list[int]
    words: list[str]


class MapMessage(PaintMessage):
    """A map, with what a visitor chose on it and what stands beside it.

    ``whole``: the commune that is selected is outlined, and the whole territory stays in view.
    """

    selected: str | None
    whole: NotRequired[bool]
    points: PointsMessage | SentMessage | None
    shortfalls: NotRequired[ShortfallsMessage | None]
    stops: NotRequired[StopsMessage | SentMessage]
    stop: NotRequired[int]
    moves: NotRequired[MovesMessage | SentMessage]


class SignsMessage(TypedDict):
    """The file of signs and words that do not change with a question."""

    patterns: str
    icons: dict[str, str]
    shapes: dict[str, str]
    colours: list[str]
    inks: list[str]
    fills: dict[str, str]
    lines: dict[str, str]
    missing: dict[str, str]
    words: dict[str, str]


class PointFiles(TypedDict):
    """What the browser fetches once, for the map of one point."""

    script: str
    geometry: str


class PointMessage(TypedDict):
    """The small map on which one establishment is put."""

    name: str
    label: str
    code: str
    lon: float | None
    lat: float | None
    tiles: TilesMessage | None
    files: PointFiles


class FormFiles(TypedDict):
    """What the browser fetches once, for a form."""

    script: str
    communes: str
    texts: str


class SearchMessage(TypedDict):
    """The search of a commune."""

    files: FormFiles
    label: str


class ControlMessage(TypedDict):
    """A question of the form of a page."""

    kind: str
    key: str
    label: str
    value: NotRequired[str]
    options: NotRequired[list[tuple[str, str]]]
    list: NotRequired[str]
    help: NotRequired[list[int | str]]
    group: NotRequired[str]
    least: NotRequired[str]
    most: NotRequired[str]
    hint: NotRequired[str]
    sought: NotRequired[str]


class RailMessage(TypedDict):
    """The form of a page."""

    files: FormFiles
    number: int
    controls: list[ControlMessage]
    address: dict[str, str]
    lasting: dict[str, str]


class HeadingMessage(TypedDict):
    """The head of a column of a table."""

    label: str
    unit: str
    key: str
    words: bool
    sorted: str


class PageMessage(TypedDict):
    """Which lines of a long table are shown, from page 0 to the last."""

    words: str
    number: int
    last: int


class GridMessage(TypedDict):
    """A table; each line is the code of its commune, then its cells."""

    caption: str
    columns: list[HeadingMessage]
    rows: list[list[str | None]]
    foot: list[list[str | None]]
    name: int
    selected: str | None
    pick: bool
    tall: bool
    page: NotRequired[PageMessage]


def messages() -> dict[str, type[Any]]:
    """Every message above, by its name."""
    return {
        name: kind
        for name, kind in globals().items()
        if isinstance(kind, type) and issubclass(kind, dict) and kind.__module__ == __name__
    }
