"""The rate-distortion plot, bits per pixel against PSNR (the paper's Figure 3), as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ddrm_core.evaluation.statistics import Summary

_WIDTH, _HEIGHT = 640, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 620, 20, 370
# Okabe and Ito 2008: told apart by colour-blind readers too.
_COLOURS = ("#000000", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#b8a600")
_TICKS = 6


@dataclass(frozen=True, slots=True)
class _Axis:
    """Values onto places along one side of the plot."""

    low: float
    high: float
    step: float
    first: float
    last: float

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.first + share * (self.last - self.first), 2)

    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + i * self.step for i in range(count + 1)]


def rate_distortion_svg(found: Sequence[Summary]) -> str:
    """A line per method through its quality factors; infinite means are left out."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for summary in found:
        rate, psnr = summary.means["bits_per_pixel"], summary.means["psnr"]
        if rate is not None and psnr is not None and math.isfinite(psnr.value):
            lines.setdefault(summary.method, []).append((rate.value, psnr.value))
    points = [point for line in lines.values() for point in line] or [(0.0, 0.0)]
    across = _axis([x for x, _ in points], _LEFT, _RIGHT)
    upward = _axis([y for _, y in points], _BOTTOM, _TOP)
    parts = [*_frame(across, upward)]
    for number, (method, line) in enumerate(lines.items()):
        parts += _curve(number, line, across, upward)
        parts += _name(number, method, _BOTTOM - 14 - 18 * (len(lines) - 1 - number))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" font-size="13">'
    )
    background = f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    return "\n".join([head, background, *parts, "</svg>"]) + "\n"


def _axis(values: Sequence[float], first: float, last: float) -> _Axis:
    """Round numbers around all values: steps of 1, 2 or 5 times a power of ten."""
    low, high = min(values), max(values)
    wide = max(high - low, 1e-3)
    power = 10 ** math.floor(math.log10(wide / _TICKS))
    step = next(m * power for m in (1, 2, 5, 10, 20) if wide / (m * power) <= _TICKS)
    below, above = math.floor(low / step), math.ceil(high / step)
    return _Axis(below * step, max(above, below + 1) * step, step, first, last)


def _frame(across: _Axis, upward: _Axis) -> list[str]:
    parts = []
    for value in across.ticks():
        x = across.place(value)
        parts.append(f'<path d="M{x} {_TOP}V{_BOTTOM}" stroke="#ddd"/>')
        words = f"{value:.{_decimals(across)}f}"
        parts.append(f'<text x="{x}" y="{_BOTTOM + 18}" text-anchor="middle">{words}</text>')
    for value in upward.ticks():
        y = upward.place(value)
        parts.append(f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#ddd"/>')
        words = f"{value:.{_decimals(upward)}f}"
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{words}</text>')
    middle = (_LEFT + _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT - 10}" text-anchor="middle">bits per pixel</text>'
    )
    turned = f'transform="translate(16 {(_TOP + _BOTTOM) / 2}) rotate(-90)"'
    parts.append(f'<text {turned} text-anchor="middle">PSNR, dB</text>')
    return parts


def _decimals(axis: _Axis) -> int:
    return max(0, -math.floor(math.log10(axis.step) + 1e-9))


def _curve(
    number: int, line: Sequence[tuple[float, float]], across: _Axis, upward: _Axis
) -> list[str]:
    stroke, colour = _stroke(number)
    places = [(across.place(x), upward.place(y)) for x, y in sorted(line)]
    path = "L".join(f"{x} {y}" for x, y in places)
    points = [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places]
    return [f'<path d="M{path}" fill="none" {stroke}/>', *points]


def _name(number: int, method: str, y: float) -> list[str]:
    """In the corner where curves do not come."""
    x, (stroke, _) = _RIGHT - 170, _stroke(number)
    words = f'<text x="{x + 30}" y="{y}">{escape(method)}</text>'
    return [f'<path d="M{x} {y - 4}h24" {stroke}/>', words]


def _stroke(number: int) -> tuple[str, str]:
    """How a method's curve is drawn, and its colour; dashed where colours run out."""
    colour = _COLOURS[number % len(_COLOURS)]
    dashes = "" if number < len(_COLOURS) else ' stroke-dasharray="5 3"'
    return f'stroke="{colour}" stroke-width="1.5"{dashes}', colour
