"""The files that `restore` writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.options import SPREAD_GAIN
from ddrm_core.errors import InvalidSetting
from ddrm_core.files.atomic_write import check_output, write_atomically

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.export.deliver import Delivered, DeliverySettings
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.problems.protocols import Measured
    from ddrm_core.restoration.restore import Restoration


_STANDARD_OUTPUT = "-"


def check_file_name(option: str, path: Path | None) -> None:
    """Raises InvalidSetting where a file's name asks for standard output.

    Args:
        option: The option without its dashes.
        path: Its value, None for an option that was not given.
    """
    if path is not None and str(path) == _STANDARD_OUTPUT:
        allowed = "the name of a file; nothing is written to standard output"
        raise InvalidSetting(option, _STANDARD_OUTPUT, allowed)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the results go; checked before the run.

    Attributes:
        source: The picture being restored.
        picture: The result, None for the usual name beside the source.
        spread: The spread over samples, None for none.
        samples: The folder for every sample, None for none.
        overwrite: Whether files of these names may be replaced.
        ending: Of the usual name of a result.
    """

    source: Path
    picture: Path | None
    spread: Path | None
    samples: Path | None
    overwrite: bool
    ending: str = "_restored"

    def result(self, image: Measured, settings: DeliverySettings) -> Path:
        """The result's file; the usual one is of a format that can hold it."""
        if self.picture is not None:
            return self.picture
        from ddrm_core.export.deliver import usual_suffix

        suffix = usual_suffix(settings, image.channels)
        return self.source.with_name(f"{self.source.stem}{self.ending}{suffix}")

    def check(
        self,
        image: Measured,
        settings: DeliverySettings,
        count: int,
        region: Rectangle | None = None,
    ) -> Path:
        """The result's file. Raises for the first output that could not be written.

        Args:
            image: What will be restored.
            settings: Of the result and the samples.
            count: Of samples.
            region: The only pixels that are restored.
        """
        from ddrm_core.export.deliver import check_delivery
        from ddrm_core.formats.save import check_format

        result = self.result(image, settings)
        samples = [] if self.samples is None else self._samples(result, count)
        spreads = [] if self.spread is None else [self.spread]
        check_file_name("output", result)
        check_file_name("spread", self.spread)
        pictures = [result, *samples]
        for path in (*pictures, *spreads):
            check_output(path, source=self.source, overwrite=self.overwrite)
        places = {path.resolve() for path in pictures}
        if len(places) < len(pictures):
            raise InvalidSetting("output", str(result), "another name than those of the samples")
        if any(path.resolve() in places for path in spreads):
            raise InvalidSetting("spread", str(self.spread), "a file of its own")
        for path in (result, *samples):
            check_delivery(path, image, settings, region)
        for path in spreads:
            check_format(path, bits=settings.bits, channels=image.channels)
        return result

    def write(
        self, result: Restoration[Measured], picture: Path, settings: DeliverySettings
    ) -> Delivered:
        """Write every file; gives what was delivered as the result."""
        from ddrm_core.export.deliver import deliver, deliver_picture
        from ddrm_core.formats.save import encode_picture
        from ddrm_core.metadata.exif import color_exif
        from ddrm_core.metadata.model import Metadata

        delivered = deliver(result, picture, settings)
        write_atomically(picture, delivered.data)
        if self.spread is not None and result.spread is not None:
            gain = SPREAD_GAIN if settings.bits != 32 else 1
            # Nothing else: the orientation of a result may have been baked into its pixels.
            source = result.run.image.metadata
            exif = color_exif(source.exif)
            colors = Metadata(icc_profile=source.icc_profile, exif=exif)
            spread = encode_picture(
                result.spread * gain, self.spread, bits=settings.bits, metadata=colors
            )
            write_atomically(self.spread, spread.data)
        if self.samples is not None:
            targets = self._samples(picture, len(result.samples))
            for sample, target in zip(result.samples, targets, strict=True):
                write_atomically(target, deliver_picture(result, sample, target, settings).data)
        return delivered

    def _samples(self, result: Path, count: int) -> list[Path]:
        assert self.samples is not None
        return [
            self.samples / f"{self.source.stem}_sample_{number:03d}{result.suffix}"
            for number in range(1, count + 1)
        ]
