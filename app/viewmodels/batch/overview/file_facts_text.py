"""Texts about the files of a batch before they are restored."""

from __future__ import annotations

from collections.abc import Iterable

from app.i18n.error_messages import message_from_error
from app.i18n.formatting import (
    format_approximate_size,
    format_count,
    format_decimal,
    format_size,
)
from app.i18n.translation import tr, translate
from app.jobs.batch.batch_items import BatchItem
from app.jobs.batch.file_facts import FileFacts
from app.viewmodels.batch.overview.file_facts import FileFactsState
from ddrm_core.attachments.notes import describe_attachments
from ddrm_core.batch.triage.image_facts import ImageFacts
from ddrm_core.batch.triage.triage_row import QUALITY_BIN_WIDTH
from ddrm_core.jpeg.color_markers import describe_color_model


def image_size_text(image: ImageFacts) -> str:
    """Return width and height of an image, empty if they are not known."""
    return f"{image.width} × {image.height}" if image.is_image else ""  # noqa: RUF001


def file_size_text(item: BatchItem, facts: FileFacts | None) -> str:
    """Return the size of a file, with that of its result if there is one; empty if unknown."""
    if item.sizes is not None:
        before, after = format_size(item.sizes.source), format_size(item.sizes.result)
        return tr("{before} → {after}").format(before=before, after=after)
    return format_size(facts.image.file_size) if facts is not None else ""


def quality_text(image: ImageFacts) -> str:
    """Return the quality of a file's tables, or the format of a file that is not a JPEG."""
    if image.quality is not None:
        return translate(image.quality.description)
    if image.is_image and not image.coding:
        return tr("none ({format})").format(format=tr(image.format_name))
    return ""


def sampling_text(image: ImageFacts) -> str:
    """Return the chroma sampling of a JPEG, empty for another file."""
    return tr(describe_color_model(image.chroma_sampling)) if image.chroma_sampling else ""


def expected_error_text(image: ImageFacts) -> str:
    """Return the expected error of a JPEG in gray levels, empty for another file."""
    return "" if image.quantization_error is None else format_decimal(image.quantization_error, 1)


def earlier_compression_text(image: ImageFacts) -> str:
    """Return the quality of an earlier compression, empty if the file was not searched."""
    if image.previous_compression is not None:
        return tr("JPEG quality {quality}").format(quality=image.previous_compression.quality)
    return tr("no") if image.was_searched else ""


def damage_text(image: ImageFacts) -> str:
    """Return the damage of a file, or why it cannot be restored; empty for an intact file."""
    if image.damage is not None:
        return translate(image.damage)
    if image.refusal is not None:
        return message_from_error(image.refusal, named_file=image.path).title
    return ""


def attached_data_text(image: ImageFacts) -> str:
    """Return names and sizes of everything behind the image of a JPEG, empty for nothing."""
    description = describe_attachments(image.attachments)
    return "" if description is None else translate(description)


def files_text(facts: FileFactsState) -> str:
    """Return the line that counts the files, such as "200 files, 34 MB; 12 not JPEG, 9 damaged"."""
    images = [file_facts.image for file_facts in facts.by_source.values()]
    text = tr("1 file, {size}") if len(images) == 1 else tr("{count} files, {size}")
    size = format_approximate_size(sum(image.file_size for image in images))
    text = text.format(count=format_count(len(images)), size=size)
    parts = []
    for count, template in (
        (sum(image.is_image and not image.coding for image in images), tr("{count} not JPEG")),
        (sum(image.is_partially_restorable for image in images), tr("{count} damaged")),
        (sum(not image.is_image for image in images), tr("{count} unreadable")),
    ):
        if count:
            parts.append(template.format(count=format_count(count)))
    if parts:
        text = f"{text}; {', '.join(parts)}"
    return tr("{files}. Reading files…").format(files=text) if facts.is_reading else text


def count_qualities(files: Iterable[FileFacts]) -> tuple[int, ...]:
    """Return the numbers of JPEGs with a quality of 1 to 10, 11 to 20, and so on to 100."""
    counts = [0] * (100 // QUALITY_BIN_WIDTH)
    for facts in files:
        if facts.image.quality is not None:
            counts[(facts.image.quality.factor - 1) // QUALITY_BIN_WIDTH] += 1
    return tuple(counts)


def quality_range_text(bar: int, count: int) -> str:
    """Return a line about a bar of the histogram of qualities.

    Args:
        bar: Index of the bar.
        count: Number of files.
    """
    text = tr("JPEG quality {first} to {last}: 1 file")
    if count != 1:
        text = tr("JPEG quality {first} to {last}: {count} files")
    first = bar * QUALITY_BIN_WIDTH + 1
    last = first + QUALITY_BIN_WIDTH - 1
    return text.format(first=first, last=last, count=format_count(count))


def histogram_text(counts: Iterable[int]) -> str:
    """Return the lines about all bars of the histogram that are not empty."""
    lines = [quality_range_text(bar, count) for bar, count in enumerate(counts) if count]
    return "\n".join(lines) or tr("No JPEG has been read yet")
