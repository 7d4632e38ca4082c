"""Where the results of a queue's files go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.config.resources import BUNDLED_PRIOR_PATH
from app.jobs.batch.batch_items import (
    BatchItem,
    CommonSettings,
    OutputLocation,
    RestoreSettings,
)
from ddrm_core.batch.name_template import CUSTOM_NAME, has_flexible_suffix
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, path_key, plan_outputs
from ddrm_core.sampler.settings import find_preset


@dataclass(frozen=True, slots=True)
class OutputPlanRequest:
    """Files whose results are to have a place.

    Attributes:
        items: All files; those without a target that are left are planned.
        output_location: Where results go.
        common_settings: Settings for files that have none of their own.
    """

    items: tuple[BatchItem, ...]
    output_location: OutputLocation
    common_settings: CommonSettings


def plan_targets_job(request: OutputPlanRequest) -> Mapping[int, Path]:
    """Where the results of the files without a place go, by the files' numbers.

    Raises:
        InvalidSetting: The template is not usable, or a result would replace a source.
    """
    folder = request.output_location.folder
    assert folder is not None
    settings = request.common_settings
    groups: dict[tuple[Path | None, RestoreSettings], list[BatchItem]] = defaultdict(list)
    for item in request.items:
        if item.status.is_pending and item.target is None:
            base_folder = item.base_folder if request.output_location.keep_subfolders else None
            groups[base_folder, settings.restore_settings_of(item)].append(item)
    taken_paths = [item.target for item in request.items if item.target is not None]
    sources = [item.source for item in request.items]
    targets: dict[int, Path] = {}
    for (base_folder, restore_settings), items in groups.items():
        naming = build_naming(request.output_location, restore_settings, settings.suffix)
        planned_files = plan_outputs(
            [item.source for item in items],
            base_folder,
            folder,
            naming,
            taken_targets=taken_paths,
            other_sources=sources,
        )
        for item, planned_file in zip(items, planned_files, strict=True):
            targets[item.item_id] = planned_file.target
            taken_paths.append(planned_file.target)
    return targets


def build_naming(
    output_location: OutputLocation, restore_settings: RestoreSettings, suffix: str
) -> OutputNaming:
    """How results are called. Raises InvalidSetting."""
    return OutputNaming(
        output_location.name_template,
        suffix,
        find_preset(restore_settings.sampler) or CUSTOM_NAME,
        restore_settings.seed,
        restore_settings.prior or BUNDLED_PRIOR_PATH.stem,
        restore_settings.assumption.quality,
    )


def build_example_path(
    item: BatchItem, output_location: OutputLocation, settings: CommonSettings
) -> str:
    """Where a file's result would go inside the target folder. Raises InvalidSetting."""
    naming = build_naming(output_location, settings.restore_settings_of(item), settings.suffix)
    name = naming.build_relative_path(item.source)
    if output_location.keep_subfolders and item.base_folder is not None:
        return (item.source.parent.relative_to(item.base_folder) / name).as_posix()
    return name


def build_planned_file(
    item: BatchItem, output_location: OutputLocation, settings: CommonSettings
) -> PlannedFile:
    """Return a row, whose result has a planned place, as the engine wants it."""
    assert item.target is not None
    assert output_location.folder is not None
    folder = output_location.folder
    if (
        output_location.keep_subfolders
        and item.base_folder is not None
        and item.source.is_relative_to(item.base_folder)
    ):
        folder /= item.source.relative_to(item.base_folder).parent
    naming = build_naming(output_location, settings.restore_settings_of(item), settings.suffix)
    _, target_pattern = naming.build_target(item.source, folder)
    return PlannedFile(
        item.source, item.target, has_flexible_suffix(output_location.name_template), target_pattern
    )


class OtherBatchItems:
    """The other files of a queue, as `OtherBatchFiles`; they are looked through when asked."""

    def __init__(
        self,
        items: tuple[BatchItem, ...],
        item: BatchItem,
        output_location: OutputLocation,
        common_settings: CommonSettings,
    ) -> None:
        """Take the queue as it is at the beginning of one file's turn.

        Args:
            items: All files.
            item: The one whose turn it is.
            output_location: Where results go.
            common_settings: Settings for files that have none of their own.
        """
        self._items = tuple(other for other in items if other.item_id != item.item_id)
        self._output_location, self._common_settings = output_location, common_settings

    def has_result(self, path: Path) -> bool:
        """See `OtherBatchFiles`."""
        return any(item.target == path and item.status.has_result for item in self._items)

    def find_pending(self, path: Path) -> PlannedFile | None:
        """See `OtherBatchFiles`."""
        flexible_suffix = has_flexible_suffix(self._output_location.name_template)
        key = path_key(path, ignore_suffix=flexible_suffix)
        for item in self._items:
            if (
                item.status.is_pending
                and item.target
                and path_key(item.target, ignore_suffix=flexible_suffix) == key
            ):
                return build_planned_file(item, self._output_location, self._common_settings)
        return None
