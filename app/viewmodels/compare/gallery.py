"""The pictures that can be compared: the file, its result, and all that led there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.i18n.translation import tr
from app.imaging.mipmap_image import MipmapImage
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import StateViewModel

MAX_UNUSED_BYTES = 256 << 20
"""Memory for pictures that nobody looks at any more: going back to one of them does not wait."""


@dataclass(frozen=True, slots=True)
class OriginalKey:
    """The file as an ordinary decoder shows it."""


@dataclass(frozen=True, slots=True)
class ResultKey:
    """The best there is now: the latest estimate of a run, then its result."""


@dataclass(frozen=True, slots=True)
class MeanKey:
    """The mean of the samples of the present result, which need not be the result itself."""


@dataclass(frozen=True, slots=True)
class SampleKey:
    """One sample of the present result.

    Attributes:
        number: From 1.
    """

    number: int


@dataclass(frozen=True, slots=True)
class EstimateKey:
    """One estimate of the present run.

    Attributes:
        number: On its timeline, from 1.
    """

    number: int


@dataclass(frozen=True, slots=True)
class PastRunKey:
    """The result of an earlier run.

    Attributes:
        number: Of the run, from 1.
    """

    number: int


ImageKey = OriginalKey | ResultKey | MeanKey | SampleKey | EstimateKey | PastRunKey


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """One of the pictures.

    Attributes:
        key: Which it is.
        label: What it is called.
        image: As it is shown; None while it is fetched, which `GalleryViewModel.request` begins.
        is_unreadable: Whether it could not be fetched, and never will be.
    """

    key: ImageKey
    label: str
    image: MipmapImage | None
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class GalleryState:
    """All of them, in the order in which they are offered."""

    items: tuple[GalleryItem, ...] = ()

    def find(self, key: ImageKey) -> GalleryItem | None:
        """None where there is no such picture any more."""
        return next((item for item in self.items if item.key == key), None)


@dataclass(frozen=True, slots=True, eq=False)
class LazyImage:
    """A picture that is not at hand, but can be had.

    Attributes:
        key: Which it is.
        label: What it is called.
        source_object: What it is made of: the same object stands for the same picture.
        load: Makes it, on a worker thread.
    """

    key: ImageKey
    label: str
    source_object: object
    load: Callable[[], MipmapImage]


class GalleryViewModel(StateViewModel[GalleryState]):
    """The pictures as one value that changes.

    Those that were offered are fetched when they are wanted, one after another and the latest
    wish first; those that are wanted no more stay as long as there is room for them.
    """

    def __init__(
        self,
        runner: JobRunner,
        parent: QObject | None = None,
        *,
        max_unused_bytes: int = MAX_UNUSED_BYTES,
    ) -> None:
        """Begin without a picture.

        Args:
            runner: For fetching pictures.
            parent: Qt's.
            max_unused_bytes: Of pictures that are kept while nobody looks at them.
        """
        super().__init__(GalleryState(), parent)
        self._runner = runner
        self._max_unused_bytes = max_unused_bytes
        self._job_id: int | None = None
        self._loading: LazyImage | None = None
        self._original_item: GalleryItem | None = None
        self._result_item: GalleryItem | None = None
        self._lazy_images: dict[type[ImageKey], tuple[LazyImage, ...]] = {}
        # With what each was made of; None for an image that cannot be read.
        self._loaded_images: dict[ImageKey, tuple[object, MipmapImage | None]] = {}
        self._requested_keys_by_client: dict[str, tuple[ImageKey, ...]] = {}
        runner.ended.connect(self._on_ended)

    def show_original(self, image: MipmapImage, label: str) -> None:
        """Begin with another file; nothing else is left."""
        self._original_item, self._result_item = GalleryItem(OriginalKey(), label, image), None
        self._lazy_images.clear()
        self._loaded_images.clear()
        self._update_state()

    def show_result(self, image: MipmapImage, label: str) -> None:
        """Put another picture where the result is."""
        previous_item = self._result_item
        if previous_item is None or (previous_item.image, previous_item.label) != (image, label):
            self._result_item = GalleryItem(ResultKey(), label, image)
            self._update_state()

    def remove_result(self) -> None:
        """There is none any more."""
        if self._result_item is not None:
            self._result_item = None
            self._update_state()

    def set_lazy_images(self, key_type: type[ImageKey], lazy_images: Iterable[LazyImage]) -> None:
        """What there is of a kind now, in place of what there was."""
        previous_images, new_images = self._lazy_images.get(key_type, ()), tuple(lazy_images)
        if [(o.key, o.label, o.source_object) for o in previous_images] == [
            (o.key, o.label, o.source_object) for o in new_images
        ]:
            return
        self._lazy_images[key_type] = new_images
        sources = {lazy_image.key: lazy_image.source_object for lazy_image in new_images}
        for key in [k for k in self._loaded_images if isinstance(k, key_type)]:
            if sources.get(key) is not self._loaded_images[key][0]:
                del self._loaded_images[key]
        self._update_state()
        self._load_next()

    def request(self, keys: Iterable[ImageKey], *, client: str = "") -> None:
        """Have the pictures of these keys fetched where they are not at hand, and kept there.

        Args:
            keys: In the order in which they are wanted.
            client: Who looks at them, and at no others any more.
        """
        self._requested_keys_by_client.pop(client, None)
        self._requested_keys_by_client[client] = tuple(keys)
        for key in self._requested_keys_by_client[client]:
            if key in self._loaded_images:  # the last are those that were wanted last
                self._loaded_images[key] = self._loaded_images.pop(key)
        self._load_next()

    @property
    def _requested_keys(self) -> list[ImageKey]:
        """Those of the latest wish first."""
        return [key for keys in reversed(self._requested_keys_by_client.values()) for key in keys]

    def _all_lazy_images(self) -> Iterator[LazyImage]:
        for key_type in (MeanKey, SampleKey, EstimateKey, PastRunKey):
            yield from self._lazy_images.get(key_type, ())

    def _load_next(self) -> None:
        if self._loading is not None:
            return
        lazy_images = {lazy_image.key: lazy_image for lazy_image in self._all_lazy_images()}
        missing = [
            lazy_images[k]
            for k in self._requested_keys
            if k in lazy_images and k not in self._loaded_images
        ]
        if missing:
            self._loading = missing[0]
            self._job_id = self._runner.start(job_from_function(missing[0].load))

    @Slot(int, object)
    def _on_ended(self, job_id: int, outcome: JobOutcome) -> None:
        lazy_image = self._loading
        if job_id != self._job_id or lazy_image is None:
            return
        self._loading = None
        image = outcome.result if isinstance(outcome.result, MipmapImage) else None
        source = lazy_image.source_object
        if any(other.source_object is source for other in self._all_lazy_images()):
            self._loaded_images[lazy_image.key] = (source, image)
            self._evict_unused_images()
            self._update_state()
        self._load_next()

    def _build_item(self, lazy_image: LazyImage) -> GalleryItem:
        key, label = lazy_image.key, lazy_image.label
        _, image = self._loaded_images.get(key, (None, None))
        is_unreadable = image is None and key in self._loaded_images
        if is_unreadable:
            label = tr("{picture}, which cannot be read any more").format(picture=label)
        return GalleryItem(key, label, image, is_unreadable)

    def _evict_unused_images(self) -> None:
        """Let go of what was wanted longest ago, and is not now."""
        requested_keys = self._requested_keys
        sizes_bytes = {
            key: image.size_bytes for key, (_, image) in self._loaded_images.items() if image
        }
        excess_bytes = sum(sizes_bytes.values()) - self._max_unused_bytes
        for key, size_bytes in sizes_bytes.items():
            if excess_bytes <= 0:
                return
            if key not in requested_keys:
                del self._loaded_images[key]
                excess_bytes -= size_bytes

    def _update_state(self) -> None:
        fixed_items = (
            item for item in (self._original_item, self._result_item) if item is not None
        )
        lazy_items = (self._build_item(lazy_image) for lazy_image in self._all_lazy_images())
        self._set_state(GalleryState((*fixed_items, *lazy_items)))
