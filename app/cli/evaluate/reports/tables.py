"""Results for other programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields

from ddrm_core.evaluation.rows import METRICS, Row, document, plain
from ddrm_core.evaluation.statistics import Mean, Summary

INTERVALS = "95 % confidence: mean over pictures, plus and minus Student's t times standard error"


def rows_csv(rows: Sequence[Row]) -> str:
    """One line per picture, quality factor and method."""
    names = [f.name for f in fields(Row) if f.name != "key"]
    return _csv(names, [[getattr(row, name) for name in names] for row in rows])


def means_csv(found: Sequence[Summary]) -> str:
    """One line per quality factor and method: each mean, and half the width of its interval."""
    heads = ["quality", "method", "pictures"]
    heads += [head for name in METRICS for head in (name, f"{name}_half_width")]
    lines: list[list[object]] = []
    for summary in found:
        psnr = summary.means["psnr"]
        line: list[object] = [summary.quality, summary.method, 0 if psnr is None else psnr.count]
        for name in METRICS:
            mean = summary.means[name]
            line += [None, None] if mean is None else [mean.value, mean.half_width]
        lines.append(line)
    return _csv(heads, lines)


def results_json(about: Mapping[str, object], rows: Sequence[Row], found: Sequence[Summary]) -> str:
    """Everything: what was asked, every row, every mean. Infinity is the string "inf"."""
    means = [
        {
            "quality": summary.quality,
            "method": summary.method,
            **{name: _mean(mean) for name, mean in summary.means.items()},
        }
        for summary in found
    ]
    whole = {**about, "intervals": INTERVALS, "means": means, "rows": [document(r) for r in rows]}
    return json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _mean(mean: Mean | None) -> dict[str, object] | None:
    if mean is None:
        return None
    half_width = plain(mean.half_width)
    return {"mean": plain(mean.value), "half_width": half_width, "pictures": mean.count}


def _csv(heads: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(lines)
    return text.getvalue()
