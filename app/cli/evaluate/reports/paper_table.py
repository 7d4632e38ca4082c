"""Tables like Table 1 of the paper: a row per quality factor and a column per method."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.cli.evaluate.reports.tables import INTERVAL_NOTE
from ddrm_core.evaluation.statistics import MeanWithInterval, MethodSummary

_MISSING_CELL = "-"
_DECIMALS = {"psnr": 2, "ssim": 3, "psnr_b": 2, "lpips": 3, "bits_per_pixel": 3, "seconds": 2}
_CONSISTENCY_METRICS = ("consistency", "consistency_unrounded")
_METRIC_TITLES = {
    "psnr": "PSNR",
    "ssim": "SSIM",
    "psnr_b": "PSNR-B",
    "lpips": "LPIPS",
    "consistency": "in bins %",
    "consistency_unrounded": "unrounded %",
    "bits_per_pixel": "bits/pixel",
    "seconds": "s",
}
# Special characters of TeX's text mode: Knuth, The TeXbook, chapter 7.
_TEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class _PaperTable:
    """The paper's table as text.

    Attributes:
        headers: Titles of the columns.
        rows: Cells, row by row; the first column holds the quality factors.
        metrics_caption: Text that names the metrics in a cell, in order.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    metrics_caption: str


def format_markdown_report(summaries: Sequence[MethodSummary]) -> str:
    """Return a Markdown report with two tables.

    The first table is the paper's, with means per quality factor and method. The second one has the
    means of all metrics with their confidence intervals.
    """
    table = _build_paper_table(summaries)
    parts = [
        f"{table.metrics_caption}, means over pictures.",
        _join_markdown_rows(table.headers, table.rows),
    ]
    names = [n for n in _METRIC_TITLES if any(s.means_by_metric[n] is not None for s in summaries)]
    headers = ["QF", "method", "pictures", *(_METRIC_TITLES[name] for name in names)]
    rows = []
    for summary in summaries:
        psnr = summary.means_by_metric["psnr"]
        count = "0" if psnr is None else str(psnr.image_count)
        means = [_format_mean_with_interval(name, summary.means_by_metric[name]) for name in names]
        rows.append([str(summary.quality), _clean_cell_text(summary.method), count, *means])
    parts += [f"{INTERVAL_NOTE}.", _join_markdown_rows(headers, rows)]
    return "\n\n".join(parts) + "\n"


def format_markdown_table(summaries: Sequence[MethodSummary]) -> str:
    """Return the paper's table in Markdown."""
    table = _build_paper_table(summaries)
    return _join_markdown_rows(table.headers, table.rows)


def format_latex_table(summaries: Sequence[MethodSummary]) -> str:
    """Return the paper's table as a LaTeX `tabular` that needs no package."""
    table = _build_paper_table(summaries)
    lines = [" & ".join(map(_escape_tex, line)) + r" \\" for line in (table.headers, *table.rows)]
    lines.insert(1, r"\hline")
    body = "\n".join(lines)
    columns = "r|" + "c" * (len(table.headers) - 1)
    return f"% {table.metrics_caption}\n\\begin{{tabular}}{{{columns}}}\n{body}\n\\end{{tabular}}\n"


def _build_paper_table(summaries: Sequence[MethodSummary]) -> _PaperTable:
    with_lpips = any(s.means_by_metric["lpips"] is not None for s in summaries)
    names = ("psnr", "ssim", "lpips") if with_lpips else ("psnr", "ssim")
    methods = tuple(dict.fromkeys(s.method for s in summaries))
    by_quality_and_method = {(s.quality, s.method): s for s in summaries}
    rows = []
    for quality in dict.fromkeys(s.quality for s in summaries):
        cells = [str(quality)]
        for method in methods:
            summary = by_quality_and_method.get((quality, method))
            means = [None if summary is None else summary.means_by_metric[name] for name in names]
            cells.append(" / ".join(map(_format_mean, names, means)))
        rows.append(tuple(cells))
    headers = ("QF", *(_clean_cell_text(method) for method in methods))
    return _PaperTable(headers, tuple(rows), " / ".join(_METRIC_TITLES[name] for name in names))


def _format_mean(name: str, mean: MeanWithInterval | None) -> str:
    if mean is None:
        return _MISSING_CELL
    if name in _CONSISTENCY_METRICS:
        # Rounded down, so that "100.00" stands for exactly 100 %.
        return f"{math.floor(10_000 * mean.value) / 100:.2f}"
    return f"{mean.value:.{_DECIMALS[name]}f}"


def _format_mean_with_interval(name: str, mean: MeanWithInterval | None) -> str:
    if mean is None or mean.half_width is None:
        return _format_mean(name, mean)
    interval = MeanWithInterval(mean.half_width, None, mean.image_count)
    return f"{_format_mean(name, mean)} ± {_format_mean(name, interval)}"


def _clean_cell_text(text: str) -> str:
    """Return a method's name for a table cell: in one line, with "/" in place of "|"."""
    return " ".join(text.split()).replace("|", "/")


def _join_markdown_rows(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    all_rows = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in all_rows)


def _escape_tex(text: str) -> str:
    return "".join(_TEX_ESCAPES.get(c, c) for c in text)
