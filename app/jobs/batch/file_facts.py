"""The job that reads what is known about the files of a batch before they are restored."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.selection.compression_facts import CompressionFacts
from ddrm_core.batch.selection.rule import SelectionRule
from ddrm_core.batch.selection.select_file import select_file
from ddrm_core.batch.streaming.folder_entries import natural_sort_key
from ddrm_core.batch.triage.image_facts import ImageFacts, read_image_facts
from ddrm_core.cancel import CancelToken

NO_SELECTING_QUALITY = 101
"""Selecting quality of a file that no rule with a quality selects."""
_SELECTING_QUALITIES = range(2, NO_SELECTING_QUALITY)
_REPORT_INTERVAL_S = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class FileFacts:
    """The facts about a file of a batch.

    Attributes:
        image: Facts about the file and its image.
        selecting_quality: The lowest `SelectionRule.below_quality` that selects the file, 2 to 100,
            or `NO_SELECTING_QUALITY`.
        name_key: Key that sorts files by folder and name, see `natural_sort_key`. For thousands of
            files it takes too long to compute while the window waits.
    """

    image: ImageFacts
    selecting_quality: int = NO_SELECTING_QUALITY
    name_key: tuple[object, ...] = ()


def read_facts_job(
    sources: Sequence[Path], token: CancelToken, *, searches_compression: bool
) -> Generator[tuple[FileFacts, ...], None, None]:
    """Read one file after another, and yield their facts in groups.

    Args:
        sources: The files.
        token: Token that is checked between files and during a search.
        searches_compression: Whether to search for signs of an earlier compression, which takes up
            to a second for each file.

    Raises:
        OperationCancelled: If `token` was cancelled.
    """
    group: list[FileFacts] = []
    next_report_time = time.monotonic() + _REPORT_INTERVAL_S
    for source in sources:
        token.raise_if_cancelled()
        image = read_image_facts(source, searches_compression=searches_compression, token=token)
        name_key = natural_sort_key(source)
        group.append(FileFacts(image, find_selecting_quality(image), name_key))
        if time.monotonic() >= next_report_time:
            next_report_time = time.monotonic() + _REPORT_INTERVAL_S
            yield tuple(group)
            group.clear()
    yield tuple(group)


def find_selecting_quality(image: ImageFacts) -> int:
    """Return the lowest quality below which a file must be to be selected, see `FileFacts`.

    A rule with a higher quality selects at least the files of a rule with a lower one.
    """
    if image.quality is not None and image.quantization_error is None:
        return NO_SELECTING_QUALITY  # a color model that no run accepts
    facts = CompressionFacts(
        image.quality,
        image.quantization_error,
        image.color_model_name,
        image.previous_compression,
        image.damage is not None,
    )
    low, high = _SELECTING_QUALITIES.start, NO_SELECTING_QUALITY
    while low < high:
        middle = (low + high) // 2
        if select_file(facts, SelectionRule(middle)).is_selected:
            high = middle
        else:
            low = middle + 1
    return low
