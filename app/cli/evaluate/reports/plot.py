"""The rate-distortion plot, bits per pixel against PSNR (the paper's Figure 3), as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ddrm_core.evaluation.statistics import MethodSummary

_WIDTH_PX, _HEIGHT_PX = 640, 420
_PLOT_LEFT, _PLOT_RIGHT, _PLOT_TOP, _PLOT_BOTTOM = 60, 620, 20, 370
# Okabe and Ito 2008: colors that color-blind readers can distinguish.
_CURVE_COLORS = (
    "#000000",
    "#d55e00",
    "#0072b2",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#b8a600",
)
_MAX_TICKS = 6


@dataclass(frozen=True, slots=True)
class _PlotAxis:
    """The scale of one axis of the plot, which maps values to positions in pixels.

    Attributes:
        low: Value at `start_px`.
        high: Value at `end_px`.
        tick_step: Difference between the values of two ticks.
        start_px: Position of the axis's first end, in pixels.
        end_px: Position of the axis's other end, in pixels.
    """

    low: float
    high: float
    tick_step: float
    start_px: float
    end_px: float

    def to_px(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start_px + share * (self.end_px - self.start_px), 2)

    def tick_values(self) -> list[float]:
        count = round((self.high - self.low) / self.tick_step)
        return [self.low + i * self.tick_step for i in range(count + 1)]


def render_rate_distortion_svg(summaries: Sequence[MethodSummary]) -> str:
    """Return an SVG plot of mean PSNR over mean bits per pixel, with one curve per method.

    Infinite means are left out.
    """
    lines: dict[str, list[tuple[float, float]]] = {}
    for summary in summaries:
        rate, psnr = summary.means_by_metric["bits_per_pixel"], summary.means_by_metric["psnr"]
        if rate is not None and psnr is not None and math.isfinite(psnr.value):
            lines.setdefault(summary.method, []).append((rate.value, psnr.value))
    points = [point for line in lines.values() for point in line] or [(0.0, 0.0)]
    x_axis = _create_axis([x for x, _ in points], _PLOT_LEFT, _PLOT_RIGHT)
    y_axis = _create_axis([y for _, y in points], _PLOT_BOTTOM, _PLOT_TOP)
    parts = [*_render_axes(x_axis, y_axis)]
    for curve_index, (method, line) in enumerate(lines.items()):
        parts += _render_curve(curve_index, line, x_axis, y_axis)
        parts += _render_legend_entry(
            curve_index, method, _PLOT_BOTTOM - 14 - 18 * (len(lines) - 1 - curve_index)
        )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH_PX} {_HEIGHT_PX}" '
        f'width="{_WIDTH_PX}" height="{_HEIGHT_PX}" font-family="sans-serif" font-size="13">'
    )
    background = f'<rect width="{_WIDTH_PX}" height="{_HEIGHT_PX}" fill="white"/>'
    return "\n".join([head, background, *parts, "</svg>"]) + "\n"


def _create_axis(values: Sequence[float], start_px: float, end_px: float) -> _PlotAxis:
    """Return an axis from `start_px` to `end_px` that contains all values.

    The tick step is 1, 2 or 5 times a power of ten.
    """
    low, high = min(values), max(values)
    extent = max(high - low, 1e-3)
    power = 10 ** math.floor(math.log10(extent / _MAX_TICKS))
    step = next(m * power for m in (1, 2, 5, 10, 20) if extent / (m * power) <= _MAX_TICKS)
    below, above = math.floor(low / step), math.ceil(high / step)
    return _PlotAxis(below * step, max(above, below + 1) * step, step, start_px, end_px)


def _render_axes(x_axis: _PlotAxis, y_axis: _PlotAxis) -> list[str]:
    parts = []
    for value in x_axis.tick_values():
        x = x_axis.to_px(value)
        parts.append(f'<path d="M{x} {_PLOT_TOP}V{_PLOT_BOTTOM}" stroke="#ddd"/>')
        label = f"{value:.{_count_tick_decimals(x_axis)}f}"
        parts.append(f'<text x="{x}" y="{_PLOT_BOTTOM + 18}" text-anchor="middle">{label}</text>')
    for value in y_axis.tick_values():
        y = y_axis.to_px(value)
        parts.append(f'<path d="M{_PLOT_LEFT} {y}H{_PLOT_RIGHT}" stroke="#ddd"/>')
        label = f"{value:.{_count_tick_decimals(y_axis)}f}"
        parts.append(f'<text x="{_PLOT_LEFT - 8}" y="{y + 4}" text-anchor="end">{label}</text>')
    middle = (_PLOT_LEFT + _PLOT_RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT_PX - 10}" text-anchor="middle">bits per pixel</text>'
    )
    transform = f'transform="translate(16 {(_PLOT_TOP + _PLOT_BOTTOM) / 2}) rotate(-90)"'
    parts.append(f'<text {transform} text-anchor="middle">PSNR, dB</text>')
    return parts


def _count_tick_decimals(axis: _PlotAxis) -> int:
    return max(0, -math.floor(math.log10(axis.tick_step) + 1e-9))


def _render_curve(
    curve_index: int, line: Sequence[tuple[float, float]], x_axis: _PlotAxis, y_axis: _PlotAxis
) -> list[str]:
    stroke, color = _choose_stroke(curve_index)
    positions = [(x_axis.to_px(x), y_axis.to_px(y)) for x, y in sorted(line)]
    path = "L".join(f"{x} {y}" for x, y in positions)
    points = [f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>' for x, y in positions]
    return [f'<path d="M{path}" fill="none" {stroke}/>', *points]


def _render_legend_entry(curve_index: int, method: str, y: float) -> list[str]:
    """Return the SVG elements of one legend entry: a line of the curve and the method's name.

    The legend is in the bottom right corner, where curves do not pass; `y` is in pixels.
    """
    x, (stroke, _) = _PLOT_RIGHT - 170, _choose_stroke(curve_index)
    label = f'<text x="{x + 30}" y="{y}">{escape(method)}</text>'
    return [f'<path d="M{x} {y - 4}h24" {stroke}/>', label]


def _choose_stroke(curve_index: int) -> tuple[str, str]:
    """Return the SVG stroke attributes and the color of a curve.

    Curves after the last color use the colors again with dashed lines.
    """
    color = _CURVE_COLORS[curve_index % len(_CURVE_COLORS)]
    dashes = "" if curve_index < len(_CURVE_COLORS) else ' stroke-dasharray="5 3"'
    return f'stroke="{color}" stroke-width="1.5"{dashes}', color
