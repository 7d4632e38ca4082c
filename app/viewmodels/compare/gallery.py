"""View model of the gallery: all images that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.i18n.translation import tr
from app.imaging.mipmap_image import MipmapImage
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.state_view_model import JobViewModel

MAX_UNUSED_BYTES = 256 << 20
"""Memory for loaded images that are not shown, which can be shown again without waiting."""


@dataclass(frozen=True, slots=True)
class OriginalKey:
    """Key of the decoded image of the file."""


@dataclass(frozen=True, slots=True)
class ResultKey:
    """Key of the current result, or of the run's preview as long as there is no result."""


@dataclass(frozen=True, slots=True)
class MeanKey:
    """Key of the mean of the samples, whether or not the mean is the current result."""


@dataclass(frozen=True, slots=True)
class SampleKey:
    """Key of a sample of the current result.

    Attributes:
        number: Number of the sample, from 1.
    """

    number: int


@dataclass(frozen=True, slots=True)
class EstimateKey:
    """Key of a recorded estimate of the latest run.

    Attributes:
        number: Number of the estimate on the timeline, from 1.
    """

    number: int


@dataclass(frozen=True, slots=True)
class PastRunKey:
    """Key of the result of a past run.

    Attributes:
        number: Number of the run, from 1.
    """

    number: int


@dataclass(frozen=True, slots=True)
class ComparisonFileKey:
    """Key of the image of a further file, which is only compared with the open file."""


ImageKey = (
    OriginalKey | ResultKey | MeanKey | SampleKey | EstimateKey | PastRunKey | ComparisonFileKey
)


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """An image of the gallery.

    Attributes:
        key: Key of the image.
        label: Label of the image in the window.
        image: The image; None until it is loaded, which `GalleryViewModel.request` starts.
        is_lost: Whether the image cannot be loaded any more.
    """

    key: ImageKey
    label: str
    image: MipmapImage | None
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class GalleryState:
    """All images of the gallery, in the order of the menus."""

    items: tuple[GalleryItem, ...] = ()

    def find(self, key: ImageKey) -> GalleryItem | None:
        """Return the item with this key, None if the gallery does not have it."""
        return next((item for item in self.items if item.key == key), None)


@dataclass(frozen=True, slots=True, eq=False)
class LazyImage:
    """An image that is loaded when it is first requested.

    Attributes:
        key: Key of the image.
        label: Label of the image in the window.
        source_object: The object from which the image is made; the same object stands for the same
            image.
        load: Function that loads the image; it runs on a worker thread.
    """

    key: ImageKey
    label: str
    source_object: object
    load: Callable[[], MipmapImage]


class GalleryViewModel(JobViewModel[GalleryState]):
    """View model of the gallery.

    Requested images are loaded one after another, those of the latest request first. Images that
    are no longer requested stay in memory up to a limit.
    """

    def __init__(
        self,
        runner: JobRunner,
        *,
        max_unused_bytes: int = MAX_UNUSED_BYTES,
    ) -> None:
        """Create an empty gallery.

        Args:
            runner: Runner of the jobs that load images.
            max_unused_bytes: Maximum total size of loaded images that are not requested.
        """
        super().__init__(GalleryState(), runner)
        self._max_unused_bytes = max_unused_bytes
        self._loading: LazyImage | None = None
        self._original_item: GalleryItem | None = None
        self._result_item: GalleryItem | None = None
        self._lazy_images: dict[type[ImageKey], tuple[LazyImage, ...]] = {}
        # Each image with its source object; None for an image that cannot be read.
        self._loaded_images: dict[ImageKey, tuple[object, MipmapImage | None]] = {}
        self._requested_keys_by_client: dict[str, tuple[ImageKey, ...]] = {}

    def show_original(self, image: MipmapImage, label: str) -> None:
        """Replace the original by that of another file, and remove all other images."""
        self._original_item, self._result_item = GalleryItem(OriginalKey(), label, image), None
        self._lazy_images.clear()
        self._loaded_images.clear()
        self._update_state()

    def show_result(self, image: MipmapImage, label: str) -> None:
        """Add the image of the current result or preview, or replace it."""
        previous_item = self._result_item
        if previous_item is None or (previous_item.image, previous_item.label) != (image, label):
            self._result_item = GalleryItem(ResultKey(), label, image)
            self._update_state()

    def remove_result(self) -> None:
        """Remove the image of the current result or preview."""
        if self._result_item is not None:
            self._result_item = None
            self._update_state()

    def set_lazy_images(self, key_type: type[ImageKey], lazy_images: Iterable[LazyImage]) -> None:
        """Replace all lazy images whose keys have the type `key_type`.

        Loaded images stay in memory if their source object is the same as before.
        """
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
        """Load images if necessary, and keep them in memory while they are requested.

        Args:
            keys: Keys of the images, the most urgent first.
            client: Name of the requester, whose previous request is replaced.
        """
        self._requested_keys_by_client.pop(client, None)
        self._requested_keys_by_client[client] = tuple(keys)
        for key in self._requested_keys_by_client[client]:
            if key in self._loaded_images:  # keep the least recently requested image first
                self._loaded_images[key] = self._loaded_images.pop(key)
        self._load_next()

    @property
    def _requested_keys(self) -> list[ImageKey]:
        """Keys of all requested images, those of the latest request first."""
        return [key for keys in reversed(self._requested_keys_by_client.values()) for key in keys]

    def _all_lazy_images(self) -> Iterator[LazyImage]:
        for key_type in (MeanKey, SampleKey, EstimateKey, PastRunKey, ComparisonFileKey):
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

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        lazy_image = self._loading
        if lazy_image is None:
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
        is_lost = image is None and key in self._loaded_images
        if is_lost:
            label = tr("{picture}, which cannot be read any more").format(picture=label)
        return GalleryItem(key, label, image, is_lost)

    def _evict_unused_images(self) -> None:
        """Remove loaded images that are not requested until the others fit into the limit.

        The least recently requested images are removed first.
        """
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
