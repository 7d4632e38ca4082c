"""Target paths of batch items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.jobs.batch.batch_items import BatchItem, CommonSettings, OutputLocation
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.batch.name_template import CUSTOM_NAME, has_flexible_suffix
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, path_key, plan_outputs
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import find_preset


@dataclass(frozen=True, slots=True)
class OutputPlanRequest:
    """A request to plan the targets of batch items.

    Attributes:
        items: All items of the batch; pending items without a target get one.
        output_location: Folder and naming rule of the results; the folder is known.
        common_settings: Settings of items without settings of their own.
    """

    items: tuple[BatchItem, ...]
    output_location: OutputLocation
    common_settings: CommonSettings


def plan_targets_job(request: OutputPlanRequest) -> Mapping[int, Path]:
    """Plan the path of the result for each pending item that has none; return paths by item id.

    Raises:
        InvalidSetting: If the name template is invalid or a result would replace a source.
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
    """Return the rule that names the results of items with these settings.

    `suffix` is that of the results' format. Raises InvalidSetting if the name template is invalid.
    """
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
    """Return the path of an item's result relative to the output folder.

    Raises InvalidSetting if the name template is invalid.
    """
    naming = build_naming(output_location, settings.restore_settings_of(item), settings.suffix)
    name = naming.build_relative_path(item.source)
    if output_location.keep_subfolders and item.base_folder is not None:
        return (item.source.parent.relative_to(item.base_folder) / name).as_posix()
    return name


def build_planned_file(
    item: BatchItem, output_location: OutputLocation, settings: CommonSettings
) -> PlannedFile:
    """Convert a batch item whose target is planned to a planned file of the core."""
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
    """The items of a batch except the one that is being restored, as the core needs them.

    This class implements `OtherBatchFiles`. Each call searches all items, without an index.
    """

    def __init__(
        self,
        items: tuple[BatchItem, ...],
        item: BatchItem,
        output_location: OutputLocation,
        common_settings: CommonSettings,
    ) -> None:
        """Store the items of a batch as they are before `item` is restored.

        Args:
            items: All items of the batch.
            item: Item that is about to be restored.
            output_location: Folder and naming rule of the results.
            common_settings: Settings of items that have none of their own.
        """
        self._items = tuple(other for other in items if other.item_id != item.item_id)
        self._output_location, self._common_settings = output_location, common_settings

    def has_result(self, path: Path) -> bool:
        """Return whether `path` is the result of another item."""
        return any(item.target == path and item.status.has_result for item in self._items)

    def find_pending(self, path: Path) -> PlannedFile | None:
        """Return the other pending item whose planned target is `path`, None without such an item.

        Suffixes are not compared if the name template leaves the suffix open.
        """
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
