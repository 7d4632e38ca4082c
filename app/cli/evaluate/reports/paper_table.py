"""The shape of the paper's Table 1: quality factors down, methods across, three figures a cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.cli.evaluate.reports.tables import INTERVALS
from ddrm_core.evaluation.statistics import Mean, Summary

_NONE = "-"
_DIGITS = {"psnr": 2, "ssim": 3, "psnr_b": 2, "lpips": 3, "bits_per_pixel": 3, "seconds": 2}
_CONSISTENCY = ("consistency", "consistency_unrounded")
_HEADS = {
    "psnr": "PSNR",
    "ssim": "SSIM",
    "psnr_b": "PSNR-B",
    "lpips": "LPIPS",
    "consistency": "in bins %",
    "consistency_unrounded": "unrounded %",
    "bits_per_pixel": "bits/pixel",
    "seconds": "s",
}
# Of TeX's text mode: Knuth, The TeXbook, chapter 7.
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells in words; the first column holds the quality factors."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    figures: str


def markdown(found: Sequence[Summary]) -> str:
    """The table, and below it one of every mean with its interval."""
    grid = _grid(found)
    parts = [f"{grid.figures}, means over pictures.", _markdown_table(grid.heads, grid.lines)]
    names = [n for n in _HEADS if any(s.means[n] is not None for s in found)]
    heads = ["QF", "method", "pictures", *(_HEADS[name] for name in names)]
    lines = []
    for summary in found:
        psnr = summary.means["psnr"]
        count = "0" if psnr is None else str(psnr.count)
        figures = [_with_interval(name, summary.means[name]) for name in names]
        lines.append([str(summary.quality), _plain_cell(summary.method), count, *figures])
    parts += [f"{INTERVALS}.", _markdown_table(heads, lines)]
    return "\n\n".join(parts) + "\n"


def paper_markdown(found: Sequence[Summary]) -> str:
    """The table alone."""
    grid = _grid(found)
    return _markdown_table(grid.heads, grid.lines)


def latex(found: Sequence[Summary]) -> str:
    """The table as a `tabular` that needs no package."""
    grid = _grid(found)
    lines = [" & ".join(map(_tex, line)) + r" \\" for line in (grid.heads, *grid.lines)]
    lines.insert(1, r"\hline")
    body = "\n".join(lines)
    columns = "r|" + "c" * (len(grid.heads) - 1)
    return f"% {grid.figures}\n\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}\n"


def _grid(found: Sequence[Summary]) -> _Grid:
    with_lpips = any(s.means["lpips"] is not None for s in found)
    names = ("psnr", "ssim", "lpips") if with_lpips else ("psnr", "ssim")
    methods = tuple(dict.fromkeys(s.method for s in found))
    by_place = {(s.quality, s.method): s for s in found}
    lines = []
    for quality in dict.fromkeys(s.quality for s in found):
        cells = [str(quality)]
        for method in methods:
            summary = by_place.get((quality, method))
            means = [None if summary is None else summary.means[name] for name in names]
            cells.append(" / ".join(map(_figure, names, means)))
        lines.append(tuple(cells))
    heads = ("QF", *(_plain_cell(method) for method in methods))
    return _Grid(heads, tuple(lines), " / ".join(_HEADS[name] for name in names))


def _figure(name: str, mean: Mean | None) -> str:
    if mean is None:
        return _NONE
    if name in _CONSISTENCY:
        # 100 only where nothing is missing.
        return f"{math.floor(10_000 * mean.value) / 100:.2f}"
    return f"{mean.value:.{_DIGITS[name]}f}"


def _with_interval(name: str, mean: Mean | None) -> str:
    if mean is None or mean.half_width is None:
        return _figure(name, mean)
    return f"{_figure(name, mean)} ± {_figure(name, Mean(mean.half_width, None, mean.count))}"


def _plain_cell(text: str) -> str:
    """A name that ends no cell and no line."""
    return " ".join(text.split()).replace("|", "/")


def _markdown_table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    every = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in every)


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in text)
