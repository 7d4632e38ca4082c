"""The files that `restore` and `dequantize` write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.inputs.pipes import PIPE
from app.cli.options.shared import SPREAD_AMPLIFICATION
from ddrm_core.batch.output_check import check_output_folder
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import check_output_path

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.export.encode_result import EncodedResult
    from ddrm_core.export.result_content import ContentSpan
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.messages import Description
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.restore import Restoration


def reject_standard_output(option: str, path: Path | None) -> None:
    """Raise InvalidSetting if a path is "-", which other programs read as standard output.

    Args:
        option: Name of the option without its dashes.
        path: Value of the option, None for an option that was not given.
    """
    if path is not None and str(path) == PIPE:
        allowed = "the name of a file; nothing is written to standard output"
        raise InvalidSetting(option, PIPE, allowed)


@dataclass(frozen=True, slots=True)
class OutputFiles:
    """Paths of the files that a run writes.

    Attributes:
        source_path: File that is restored.
        result_path: Path of the result, None for the default name in the source's folder.
        spread_path: Path of the spread, None to write no spread.
        samples_folder: Folder of the samples, None to write no samples.
        overwrite: Whether existing files may be replaced.
        keep_date: Whether the files get the modification time of the source.
        name_suffix: Text that the default name adds to the source's name.
        is_piped: Whether the result's file is copied to standard output, which then holds nothing
            else.
        samples_name: Beginning of the samples' names, None for the name of the source.
        suffix: Suffix of the default name, None for one whose format supports the result.
    """

    source_path: Path
    result_path: Path | None
    spread_path: Path | None
    samples_folder: Path | None
    overwrite: bool
    keep_date: bool
    name_suffix: str = "_restored"
    is_piped: bool = False
    samples_name: str | None = None
    suffix: str | None = None

    def with_planned_path(self, path: Path) -> OutputFiles:
        """Return these files with another path of the result, after which samples are named."""
        return replace(self, result_path=path, samples_name=path.stem)

    def choose_result_path(self, image: MeasuredImage, settings: ExportSettings) -> Path:
        """Return the path of the result.

        Without a path from the user, the name is that of the source with `name_suffix`, in a format
        that supports the result.
        """
        if self.result_path is not None:
            return self.result_path
        from ddrm_core.export.settings import choose_default_suffix

        suffix = self.suffix or choose_default_suffix(settings, image.channels)
        return self.source_path.with_name(f"{self.source_path.stem}{self.name_suffix}{suffix}")

    def validate_paths(
        self,
        image: MeasuredImage,
        settings: ExportSettings,
        sample_count: int,
        region: Rectangle | None = None,
        *,
        may_lack_folder: bool = False,
    ) -> Path:
        """Check before a run that all its files can be written; return the path of the result.

        Args:
            image: Image that is restored.
            settings: Export settings of the result and the samples.
            sample_count: Number of samples that are written.
            region: Region that is restored, None for the whole image.
            may_lack_folder: Whether the folder of the result will be created.

        Raises:
            InvalidSetting: If a path is "-" or two files have the same path, or see
                `check_export`.
            OutputIsInput, OutputExists, UnwritableOutput: See `check_output_path`.
            UnsupportedFormat: See `check_export` and `check_format`.
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
            if may_lack_folder and not path.parent.exists():
                check_output_folder(path.parent)
                continue
            check_output_path(path, source=self.source_path, overwrite=self.overwrite)
        resolved_paths = {path.resolve() for path in image_paths}
        if len(resolved_paths) < len(image_paths):
            raise InvalidSetting("output", str(result_path), "a name that no sample has")
        if any(path.resolve() in resolved_paths for path in spread_paths):
            raise InvalidSetting("spread", str(self.spread_path), "a name that no other result has")
        for path in (result_path, *sample_paths):
            check_export(path, image, settings, region)
        for path in spread_paths:
            check_format(path, bits=settings.bits, channels=image.channels)
        return result_path

    def write_results(
        self, result: Restoration[MeasuredImage], result_path: Path, settings: ExportSettings
    ) -> EncodedResult:
        """Write the result and, if requested, the spread and the samples.

        Args:
            result: Outcome of the run.
            result_path: Path of the result.
            settings: Export settings of the result and the samples.

        Returns:
            The encoded result.
        """
        from ddrm_core.export.encode_result import encode_result, encode_result_image
        from ddrm_core.export.save_result import write_result_file
        from ddrm_core.formats.save import encode_image
        from ddrm_core.metadata.exif import extract_adobe_rgb_exif
        from ddrm_core.metadata.model import Metadata

        dated_by = self.source_path if self.keep_date else None

        def write(path: Path, spans: Sequence[ContentSpan]) -> tuple[Description, ...]:
            return write_result_file(path, spans, dated_by, overwrite=True)

        encoded = encode_result(result, result_path, settings)
        notes = write(result_path, encoded.spans)
        if self.spread_path is not None and result.spread is not None:
            amplification = SPREAD_AMPLIFICATION if settings.bits != 32 else 1
            # Other metadata would be wrong: the orientation may be baked into the result's pixels.
            source = result.run.image.metadata
            exif = extract_adobe_rgb_exif(source.exif)
            color_metadata = Metadata(icc_profile=source.icc_profile, exif=exif)
            encoded_spread = encode_image(
                result.spread * amplification,
                self.spread_path,
                bits=settings.bits,
                metadata=color_metadata,
            )
            write(self.spread_path, (encoded_spread.data,))
        if self.samples_folder is not None:
            targets = self._sample_paths(result_path, len(result.samples))
            for sample, target in zip(result.samples, targets, strict=True):
                write(target, encode_result_image(result, sample, target, settings).spans)
        return replace(encoded, notes=(*encoded.notes, *notes))

    def _sample_paths(self, result_path: Path, sample_count: int) -> list[Path]:
        assert self.samples_folder is not None
        name = self.samples_name or self.source_path.stem
        return [
            self.samples_folder / f"{name}_sample_{number:03d}{result_path.suffix}"
            for number in range(1, sample_count + 1)
        ]
