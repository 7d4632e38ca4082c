"""The words of a triage: texts of a row, the line of a file, and the summary."""

from __future__ import annotations

from app.i18n.error_messages import message_from_error
from app.i18n.formatting import (
    format_approximate_duration,
    format_count,
    format_decimal,
    format_whole_percent,
)
from app.i18n.translation import translate
from ddrm_core.attachments.notes import describe_attachments
from ddrm_core.batch.triage.image_facts import ImageFacts
from ddrm_core.batch.triage.triage_row import (
    QUALITY_BIN_WIDTH,
    TriageRow,
    TriageSummary,
    TriageTexts,
)
from ddrm_core.sampler.settings import Preset

_RESTORABLE_TEXTS = {
    "yes": "can be restored",
    "partly": "in part",
    "no": "not",
    "unknown": "not searched for a compression",
}


def create_row_texts(facts: ImageFacts) -> TriageTexts:
    """Return the texts of a row, which do not repeat the path of the file."""
    attachments = describe_attachments(facts.attachments)
    problem = ""
    if facts.refusal is not None:
        problem = message_from_error(facts.refusal, named_file=facts.path).title
    return TriageTexts(
        damage="" if facts.damage is None else translate(facts.damage),
        problem=problem,
        attachments="" if attachments is None else translate(attachments),
    )


def format_row(row: TriageRow) -> str:
    """Return the facts about a file as one line."""
    if row.width is None:
        return f"{row.file}: {row.problem}"
    parts = [f"{row.width}x{row.height} {row.format}"]
    if row.coding:
        parts.append(f"{row.coding} {row.sampling}")
    if row.quality is not None:
        parts.append(f"QF {row.quality}" if row.quality_exact else f"QF near {row.quality}, custom")
    if row.expected_error is not None:
        parts.append(f"expected error {format_decimal(row.expected_error, 1)}")
    if row.earlier_quality is not None:
        sure = format_whole_percent(row.earlier_confidence or 0.0)
        parts.append(f"signs of QF {row.earlier_quality} before, {sure} sure")
    if row.bytes_behind:
        parts.append(f"{format_count(row.bytes_behind)} bytes behind the image")
    if row.restorable == "partly":
        parts.append(f"damaged: {row.damage}")
    elif row.restorable == "no":
        parts.append(row.problem)
    if row.seconds is not None:
        parts.append(f"about {format_approximate_duration(row.seconds)}")
    return f"{row.file}: {', '.join(parts)}"


def format_summary(summary: TriageSummary, preset: Preset) -> str:
    """Return what can be restored, in which time, and the histogram of quality factors."""
    counts = ", ".join(
        f"{format_count(summary.restorable[state])} {text}"
        for state, text in _RESTORABLE_TEXTS.items()
        if summary.restorable.get(state)
    )
    first = f"{_format_files(summary.files)}: {counts or 'nothing to restore'}"
    if summary.seconds:
        duration = format_approximate_duration(summary.seconds)
        first += f"; about {duration} with the preset {preset}"
    bins = [
        f"{lowest}-{lowest + QUALITY_BIN_WIDTH - 1}: {format_count(count)}"
        for lowest, count in sorted(summary.qualities.items())
    ]
    other_counts = {
        "custom tables": summary.custom_tables,
        "no tables": summary.without_tables,
        "no images": summary.not_images,
        "signs of an earlier compression": summary.earlier,
    }
    others = [f"{name}: {format_count(count)}" for name, count in other_counts.items() if count]
    lines = [first]
    if bins:
        lines.append(f"Quality factors  {', '.join(bins)}")
    if others:
        lines.append(f"Others           {', '.join(others)}")
    return "\n".join(lines)


def _format_files(count: int) -> str:
    return "1 file" if count == 1 else f"{format_count(count)} files"
