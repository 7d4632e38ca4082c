"""The files that `restore` writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.options import SPREAD_AMPLIFICATION
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import check_output_path, write_atomically

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.export.encode_result import EncodedResult
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.restore import Restoration


_STANDARD_OUTPUT = "-"


def reject_standard_output(option: str, path: Path | None) -> None:
    """Raises InvalidSetting where a file's name asks for standard output.

    Args:
        option: The option without its dashes.
        path: Its value, None for an option that was not given.
    """
    if path is not None and str(path) == _STANDARD_OUTPUT:
        allowed = "the name of a file; nothing is written to standard output"
        raise InvalidSetting(option, _STANDARD_OUTPUT, allowed)


@dataclass(frozen=True, slots=True)
class OutputFiles:
    """Where the results go; checked before the run.

    Attributes:
        source_path: The picture being restored.
        result_path: The result, None for the usual name beside the source.
        spread_path: The spread over samples, None for none.
        samples_folder: The folder for every sample, None for none.
        overwrite: Whether files of these names may be replaced.
        name_suffix: Of the usual name of a result.
    """

    source_path: Path
    result_path: Path | None
    spread_path: Path | None
    samples_folder: Path | None
    overwrite: bool
    name_suffix: str = "_restored"

    def choose_result_path(self, image: MeasuredImage, settings: ExportSettings) -> Path:
        """The result's file; the usual one is of a format that can hold it."""
        if self.result_path is not None:
            return self.result_path
        from ddrm_core.export.settings import choose_default_suffix

        suffix = choose_default_suffix(settings, image.channels)
        return self.source_path.with_name(f"{self.source_path.stem}{self.name_suffix}{suffix}")

    def validate_paths(
        self,
        image: MeasuredImage,
        settings: ExportSettings,
        sample_count: int,
        region: Rectangle | None = None,
    ) -> Path:
        """The result's file. Raises for the first output that could not be written.

        Args:
            image: What will be restored.
            settings: Of the result and the samples.
            sample_count: Of samples.
            region: The only pixels that are restored.
        """
        from ddrm_core.export.encode_result import check_export
        from ddrm_core.formats.capabilities import check_format

        result_path = self.choose_result_path(image, settings)
        sample_paths = (
            [] if self.samples_folder is None else self._sample_paths(result_path, sample_count)
        )
        spread_paths = [] if self.spread_path is None else [self.spread_path]
        reject_standard_output("output", result_path)
        reject_standard_output("spread", self.spread_path)
        image_paths = [result_path, *sample_paths]
        for path in (*image_paths, *spread_paths):
            check_output_path(path, source=self.source_path, overwrite=self.overwrite)
        resolved_paths = {path.resolve() for path in image_paths}
        if len(resolved_paths) < len(image_paths):
            raise InvalidSetting(
                "output", str(result_path), "another name than those of the samples"
            )
        if any(path.resolve() in resolved_paths for path in spread_paths):
            raise InvalidSetting("spread", str(self.spread_path), "a file of its own")
        for path in (result_path, *sample_paths):
            check_export(path, image, settings, region)
        for path in spread_paths:
            check_format(path, bits=settings.bits, channels=image.channels)
        return result_path

    def write_results(
        self, result: Restoration[MeasuredImage], result_path: Path, settings: ExportSettings
    ) -> EncodedResult:
        """Write every file; gives what was delivered as the result."""
        from ddrm_core.export.encode_result import encode_result, encode_result_image
        from ddrm_core.formats.save import encode_image
        from ddrm_core.metadata.exif import extract_adobe_rgb_exif
        from ddrm_core.metadata.model import Metadata

        encoded = encode_result(result, result_path, settings)
        write_atomically(result_path, encoded.data)
        if self.spread_path is not None and result.spread is not None:
            amplification = SPREAD_AMPLIFICATION if settings.bits != 32 else 1
            # Nothing else: the orientation of a result may have been baked into its pixels.
            source = result.run.image.metadata
            exif = extract_adobe_rgb_exif(source.exif)
            color_metadata = Metadata(icc_profile=source.icc_profile, exif=exif)
            encoded_spread = encode_image(
                result.spread * amplification,
                self.spread_path,
                bits=settings.bits,
                metadata=color_metadata,
            )
            write_atomically(self.spread_path, encoded_spread.data)
        if self.samples_folder is not None:
            targets = self._sample_paths(result_path, len(result.samples))
            for sample, target in zip(result.samples, targets, strict=True):
                write_atomically(target, encode_result_image(result, sample, target, settings).data)
        return encoded

    def _sample_paths(self, result_path: Path, sample_count: int) -> list[Path]:
        assert self.samples_folder is not None
        return [
            self.samples_folder / f"{self.source_path.stem}_sample_{number:03d}{result_path.suffix}"
            for number in range(1, sample_count + 1)
        ]
