"""Files cut off and filled to their old length: no more is claimed than the file holds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.image import DctLevels
from ddrm_core.jpeg.libjpeg.client import LibjpegError, read_levels
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.stream_layout import JpegFrame, parse_stream_layout
from tests.support.irregular_jpegs import arithmetic
from tests.support.odd_files import TEXT, random_bytes
from tests.support.pictures import jpeg_bytes, photograph


def _bird() -> NDArray[np.uint8]:
    """Return the pixels of a photograph, 401x301."""
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:301, :401])


BIRD = _bird()
OTHER = jpeg_bytes(photograph(301, 401, seed=7), quality=85)
SOURCES = {
    "4:2:0": jpeg_bytes(BIRD),
    "4:2:0, optimized": jpeg_bytes(BIRD, optimize=True, quality=90),
    "4:4:4": jpeg_bytes(BIRD, subsampling=0, quality=50),
    "gray": jpeg_bytes(BIRD[:, :, 1]),
    "restart markers": jpeg_bytes(BIRD, restart_marker_rows=1),
    "drawn": jpeg_bytes(photograph(171, 235)),
    "progressive": jpeg_bytes(BIRD, progressive=True),
}
FILLS: dict[str, Callable[[int, int], bytes]] = {
    "nothing": lambda _, __: b"",
    "zeros": lambda count, _: bytes(count),
    "ones": lambda count, _: b"\xff" * count,
    "spaces": lambda count, _: b" " * count,
    "text": lambda count, _: (TEXT * (count // len(TEXT) + 1))[:count],
    "random bytes": random_bytes,
    "another JPEG": lambda count, _: (OTHER * (count // len(OTHER) + 1))[:count],
    "another JPEG's data": lambda count, _: (OTHER[900:-2] * 9)[:count],
}


def equal_mcus(
    frame: JpegFrame, found: tuple[DctLevels, ...], original: tuple[DctLevels, ...]
) -> np.ndarray:
    (rows, columns), equal = frame.mcu_grid_shape, np.True_
    for one, other, (across, down) in zip(found, original, frame.sampling_factors, strict=True):
        padded = np.ones((rows * down, columns * across), bool)
        padded[: one.shape[0], : one.shape[1]] = (one == other).all((2, 3))
        equal = equal & padded.reshape(rows, down, columns, across).all((1, 3))
    return equal


def true_share(data: bytes, cut: int, original: tuple[DctLevels, ...]) -> float:
    """Return the share of MCUs whose levels are determined by the bytes before a cut.

    MCUs are determined if libjpeg reads the original levels whatever bytes follow the cut. In a
    progressive file, none are determined before the last scan.
    """
    layout, counts = parse_stream_layout(data), list[int]()
    if cut <= layout.scans[-1].data_start:
        return 0.0
    for rest in (b"", bytes(4000), b"\xff\0" * 2000, b"\x55" * 4000):
        try:
            levels = read_levels(data[:cut] + rest + b"\xff\xd9").levels
        except LibjpegError:
            continue
        wrong = np.flatnonzero(~equal_mcus(layout.frame, levels, original))
        counts.append(int(wrong[0]) if len(wrong) else int(np.prod(layout.frame.mcu_grid_shape)))
    return min(counts) / float(np.prod(layout.frame.mcu_grid_shape))


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("kind", SOURCES)
def test_no_more_is_claimed_than_is_there(tmp_path, kind, fill):
    data, path = SOURCES[kind], tmp_path / "a.jpg"
    layout, original = parse_stream_layout(data), read_levels(data).levels
    rng = np.random.default_rng([len(kind), len(fill)])
    places = rng.uniform(0.05, 0.97, 2) * (len(data) - layout.scans[0].data_start)
    for cut in (layout.scans[0].data_start + places.astype(int)).tolist():
        path.write_bytes(data[:cut] + FILLS[fill](len(data) - cut, cut))
        true = true_share(data, cut, original)
        try:
            image = read_jpeg(path, tolerate_damage=True)
        except DamagedJpeg:
            continue
        assert image.damage is not None
        assert image.damage.intact_mcus.mean() <= true
        assert not (
            image.damage.intact_mcus & ~equal_mcus(layout.frame, image.levels, original)
        ).any()
        if fill in ("zeros", "spaces", "text") and layout.scans[-1].data_start < cut:
            assert (
                image.damage.intact_mcus.mean() > true - 0.02
            )  # the start of the fill is known to within a few bytes
            if image.damage.intact_mcus.mean():
                assert "at most" in str(image.damage.description)


@pytest.mark.parametrize("fill", [b"a text ", b"\0"])
def test_a_long_fill_in_the_middle_is_searched_once(tmp_path, fill):
    """The search for a fill at the end began again at each byte of a fill before other data."""
    path, source = tmp_path / "a.jpg", SOURCES["gray"]
    for name, data in (("Huffman", source), ("arithmetic", arithmetic(source))):
        middle = len(data) * 2 // 3
        path.write_bytes(data[:middle] + fill * (1_000_000 // len(fill)) + data[middle:])
        try:
            image = read_jpeg(path, tolerate_damage=True)
        except DamagedJpeg:
            continue
        assert image.damage is not None, name
        assert image.damage.intact_mcus.mean() < 0.9, name
