"""Where the results of a queue's files go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.config.resources import BUNDLED_PRIOR
from app.jobs.batch.batch_items import FileSettings, Place, QueueSettings, Row, Saving
from ddrm_core.batch.name_template import CUSTOM, follows_format
from ddrm_core.batch.output_paths import Item, Naming, path_key, plan
from ddrm_core.sampler.settings import PRESETS


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Files whose results are to have a place.

    Attributes:
        rows: All files; those without a target that are left are planned.
        place: Where results go.
        settings: Settings for files that have none of their own.
    """

    rows: tuple[Row, ...]
    place: Place
    settings: QueueSettings


def planning(request: PlanRequest) -> Mapping[int, Path]:
    """Where the results of the files without a place go, by the files' numbers.

    Raises:
        InvalidSetting: The template is not usable, or a result would replace a source.
    """
    folder = request.place.folder
    assert folder is not None
    groups: dict[tuple[Path | None, FileSettings], list[Row]] = defaultdict(list)
    for row in request.rows:
        if row.status.left and row.target is None:
            root = row.base if request.place.tree else None
            groups[root, row.own or request.settings.file].append(row)
    taken = [row.target for row in request.rows if row.target is not None]
    sources = [row.source for row in request.rows]
    targets: dict[int, Path] = {}
    for (root, settings), rows in groups.items():
        naming = naming_for(request.place, settings, request.settings.saving)
        own = [row.source for row in rows]
        items = plan(own, root, folder, naming, taken=taken, others=sources)
        for row, item in zip(rows, items, strict=True):
            targets[row.number] = item.target
            taken.append(item.target)
    return targets


def naming_for(place: Place, file: FileSettings, saving: Saving) -> Naming:
    """How results are called. Raises InvalidSetting."""
    preset = next((name.value for name, s in PRESETS.items() if s == file.sampler), CUSTOM)
    return Naming(
        place.template,
        saving.suffix,
        preset,
        file.seed,
        file.prior or BUNDLED_PRIOR.stem,
        file.quality,
    )


def example_for(row: Row, place: Place, file: FileSettings, saving: Saving) -> str:
    """Where a file's result would go inside the target folder. Raises InvalidSetting."""
    name = naming_for(place, file, saving).name(row.source)
    if place.tree and row.base is not None:
        return (row.source.parent.relative_to(row.base) / name).as_posix()
    return name


def item_of(row: Row, place: Place, file: FileSettings, saving: Saving) -> Item:
    """Return a row, whose result has a planned place, as the engine wants it."""
    assert row.target is not None
    assert place.folder is not None
    folder = place.folder
    if place.tree and row.base is not None and row.source.is_relative_to(row.base):
        folder /= row.source.relative_to(row.base).parent
    _, own_names = naming_for(place, file, saving).names(row.source, folder)
    return Item(row.source, row.target, follows_format(place.template), own_names)


class OtherFiles:
    """The other files of a queue, as `placement.Others`; they are looked through when asked."""

    def __init__(
        self, rows: tuple[Row, ...], row: Row, place: Place, settings: QueueSettings
    ) -> None:
        """Take the queue as it is at the beginning of one file's turn.

        Args:
            rows: All files.
            row: The one whose turn it is.
            place: Where results go.
            settings: Settings for files that have none of their own.
        """
        self._rows = tuple(other for other in rows if other.number != row.number)
        self._place, self._settings = place, settings

    def has_result(self, path: Path) -> bool:
        """See `Others`."""
        return any(row.target == path and row.status.has_result for row in self._rows)

    def expected(self, path: Path) -> Item | None:
        """See `Others`."""
        free = follows_format(self._place.template)
        key = path_key(path, free=free)
        for row in self._rows:
            if row.status.left and row.target and path_key(row.target, free=free) == key:
                file = row.own or self._settings.file
                return item_of(row, self._place, file, self._settings.saving)
        return None
