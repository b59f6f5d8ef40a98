"""The native chart of a slide, and what every shape of one needs."""

from __future__ import annotations

from typing import Any

from observatory.report.document import Block
from observatory.report.office_text import FONT, clean
from observatory.report.slide_frame import BAR, BLUE, CHART_SIZE, RULE

Box = tuple[float, float, float, float]
"""Left, top, width and height, in inches."""


def draw_chart(page: Any, block: Block, box: Box) -> None:
    """Bars, one per category, that the program can edit."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
    from pptx.util import Inches, Pt

    make: Any = CategoryChartData
    data = make(number_format=_format(block["decimals"]))
    data.categories = [clean(c) for c in block["categories"]]
    data.add_series(block["unit"], [round(v, block["decimals"]) for v in block["values"]])
    frame = page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *(Inches(v) for v in box), data)
    describe(frame, block["alt"])
    drawn = frame.chart
    drawn.has_legend = drawn.has_title = False
    drawn.font.size, drawn.font.name = Pt(CHART_SIZE), FONT
    drawn.value_axis.visible = False
    drawn.value_axis.has_major_gridlines = False
    drawn.value_axis.minimum_scale = 0
    drawn.category_axis.reverse_order = True
    drawn.category_axis.format.line.color.rgb = rgb(RULE)
    plot = drawn.plots[0]
    plot.gap_width, plot.has_data_labels = 45, True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = _format(block["decimals"]), False
    labels.position, labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(CHART_SIZE)
    for rank in range(len(block["values"])):
        fill = plot.series[0].points[rank].format.fill
        fill.solid()
        fill.fore_color.rgb = rgb(BLUE if rank in block["strong"] else BAR)


def rgb(text: str) -> Any:
    """A colour from its six digits."""
    from pptx.dml.color import RGBColor

    make: Any = RGBColor
    return make.from_string(text)


def describe(shape: Any, words: str) -> None:
    """Say what a shape shows, for those who do not see it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(words))


def _format(decimals: int) -> str:
    """How a program writes a number of the chart, the same whatever its language."""
    if decimals:
        return "0." + "0" * decimals
    return r"[>=1000000]#\ ###\ ##0;[>=1000]#\ ##0;0"
