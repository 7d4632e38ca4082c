"""Reports of an evaluation for other programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields

from ddrm_core.evaluation.rows import METRIC_NAMES, EvaluationRow, row_to_json, to_json_number
from ddrm_core.evaluation.statistics import MeanWithInterval, MethodSummary

INTERVAL_NOTE = (
    "95 % confidence: mean over pictures, plus and minus Student's t times standard error"
)


def format_rows_csv(rows: Sequence[EvaluationRow]) -> str:
    """Return CSV with one line per image, quality factor and method."""
    names = [f.name for f in fields(EvaluationRow) if f.name != "key"]
    return _format_csv(names, [[getattr(row, name) for name in names] for row in rows])


def format_means_csv(summaries: Sequence[MethodSummary]) -> str:
    """Return CSV with one line per quality factor and method: means and interval half-widths."""
    headers = ["quality", "method", "pictures"]
    headers += [head for name in METRIC_NAMES for head in (name, f"{name}_half_width")]
    lines: list[list[object]] = []
    for summary in summaries:
        psnr = summary.means_by_metric["psnr"]
        line: list[object] = [
            summary.quality,
            summary.method,
            0 if psnr is None else psnr.image_count,
        ]
        for name in METRIC_NAMES:
            mean = summary.means_by_metric[name]
            line += [None, None] if mean is None else [mean.value, mean.half_width]
        lines.append(line)
    return _format_csv(headers, lines)


def format_results_json(
    plan_json: Mapping[str, object],
    rows: Sequence[EvaluationRow],
    summaries: Sequence[MethodSummary],
) -> str:
    """Return JSON with the plan, all rows and all means. Infinity is the string "inf"."""
    means = [
        {
            "quality": summary.quality,
            "method": summary.method,
            **{name: _build_mean_json(mean) for name, mean in summary.means_by_metric.items()},
        }
        for summary in summaries
    ]
    content = {
        **plan_json,
        "intervals": INTERVAL_NOTE,
        "means": means,
        "rows": [row_to_json(r) for r in rows],
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _build_mean_json(mean: MeanWithInterval | None) -> dict[str, object] | None:
    if mean is None:
        return None
    half_width = to_json_number(mean.half_width)
    return {
        "mean": to_json_number(mean.value),
        "half_width": half_width,
        "pictures": mean.image_count,
    }


def _format_csv(headers: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(lines)
    return text.getvalue()
