"""Where the parts of the dashboard's pictures stand. The templates draw them as SVG, so they print and scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kimdesk.coordinator.dashboard import TrendPoint
from kimdesk.coordinator.sums import Sum, SummedTable

BAR_UNITS = 100.0
WIDTH, HEIGHT = 720.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 48.0, 12.0, 12.0, 44.0
_WIDEST_BAR = 44.0
SPARK_WIDTH, SPARK_HEIGHT = 120.0, 24.0


@dataclass(frozen=True)
class Column:
    """One quarter in the trend: the bar, the ends of its margin, and its place on the axis."""

    point: TrendPoint
    x: float
    width: float
    y: float
    height: float
    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class TrendChart:
    """A bar per quarter with its margin; `lines` are the (height, value) of the scale."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, int], ...]
    base: float
    left: float
    right: float
    width: float = WIDTH
    height: float = HEIGHT


def trend_chart(points: Sequence[TrendPoint]) -> TrendChart:
    """Return the picture of a trend."""
    top = max((point.value + (point.margin or 0) for point in points if point.value is not None), default=1.0)
    step = _step(top)
    full = step * math.ceil(max(top, 1.0) / step)
    base, room = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP

    def at(value: float) -> float:
        return round(base - max(0.0, value) / full * room, 2)

    slot = (WIDTH - _LEFT - _RIGHT) / max(1, len(points))
    width = min(_WIDEST_BAR, slot * 0.6)
    columns = []
    for place, point in enumerate(points):
        middle = round(_LEFT + slot * (place + 0.5), 2)
        value, spread = point.value or 0, point.margin or 0.0
        columns.append(
            Column(
                point=point,
                x=round(middle - width / 2, 2),
                width=round(width, 2),
                y=at(value),
                height=round(base - at(value), 2),
                middle=middle,
                low=at(value - spread),
                high=at(value + spread),
            )
        )
    lines = tuple((at(step * place), int(step * place)) for place in range(math.ceil(full / step) + 1))
    return TrendChart(tuple(columns), lines, base, _LEFT, WIDTH - _RIGHT)


def _step(top: float) -> float:
    """Return a round distance of the scale's lines, so that there are about four."""
    raw = max(top, 4.0) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)


def spark_line(points: Sequence[TrendPoint]) -> str:
    """Return the points of a small line over the quarters for a `polyline`; empty with fewer than two figures."""
    values = [(place, point.value) for place, point in enumerate(points) if point.value is not None]
    if len(values) < 2:
        return ""
    highest = max(1, *(value for _, value in values))
    step = SPARK_WIDTH / max(1, len(points) - 1)
    room = SPARK_HEIGHT - 4
    return " ".join(f"{place * step:.1f},{SPARK_HEIGHT - 2 - value / highest * room:.1f}" for place, value in values)


def scale(table: SummedTable) -> float:
    """Return the figure that fills a bar: the largest upper end in the table, at least 1."""
    ends = [cell.value + cell.margin for cell in table.cells if cell.value is not None and cell.margin is not None]
    return max([1.0, *ends])


def bar(cell: Sum, full: float) -> dict[str, float]:
    """Return the bar's width and the margin's two ends, in hundredths of the drawing's width."""
    value, spread = cell.value or 0, cell.margin or 0.0
    low, high = max(0.0, value - spread), min(full, value + spread)
    return {
        "width": round(value / full * BAR_UNITS, 2),
        "low": round(low / full * BAR_UNITS, 2),
        "spread": round((high - low) / full * BAR_UNITS, 2),
    }
