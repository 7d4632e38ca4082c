"""A folder of small files as an archive has them, for measurements on many files.

    python tests/benchmarks/archive_folder.py FOLDER [COUNT] [SEED]

Most files are JPEGs of quality factors 5 to 100, many of them of 90 and above. Others are gray,
progressive, compressed twice, of custom tables, followed by other data, PNG, damaged, or no images
at all. Four subfolders hold files of equal names. The same COUNT and SEED give the same files.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.config.resources import EXAMPLE_IMAGE_PATH

DEFAULT_COUNT = 200
DEFAULT_SEED = 20260101
_SUBFOLDERS = ("", "2019", "2019/summer", "2020")
# The share of each kind in 20 files.
_KINDS = (
    *("high",) * 7,
    *("any",) * 5,
    *("gray", "progressive", "twice", "custom", "trailer"),
    *("png", "png_of_jpeg", "damaged"),
)
_CUSTOM_STEPS = 3


def make_archive_folder(
    folder: Path, count: int = DEFAULT_COUNT, seed: int = DEFAULT_SEED
) -> Counter[str]:
    """Write the files to a new folder; return the number of files per kind."""
    kinds = Counter[str]()
    for name, kind, content in generate_files(count, seed):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
        kinds[kind] += 1
    return kinds


def generate_files(count: int, seed: int) -> Iterator[tuple[str, str, bytes]]:
    """Return an iterator over relative path, kind and content of each file."""
    rng = np.random.default_rng(seed)
    with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
        original = image.convert("RGB")
    for number in range(count):
        kind = _KINDS[(number * 7 + number // len(_SUBFOLDERS)) % len(_KINDS)]
        if kind == "damaged":
            kind = ("truncated", "bad_data", "no_image", "empty")[number // len(_KINDS) % 4]
        name = f"{_SUBFOLDERS[number % len(_SUBFOLDERS)]}/img_{number // len(_SUBFOLDERS):05}"
        suffix = ".png" if kind.startswith("png") else ".jpg"
        yield f"{name}{suffix}".lstrip("/"), kind, _make_content(kind, _crop(original, rng), rng)


def _crop(original: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Return a random crop of 32x24 to 96x72 pixels."""
    width, height = int(rng.integers(32, 97)), int(rng.integers(24, 73))
    left = int(rng.integers(original.width - width + 1))
    top = int(rng.integers(original.height - height + 1))
    return original.crop((left, top, left + width, top + height))


def _make_content(kind: str, image: Image.Image, rng: np.random.Generator) -> bytes:
    """Return the bytes of a file; raise ValueError for an unknown kind."""
    quality = int(rng.integers(5, 101))
    match kind:
        case "high":
            return _encode(image, quality=int(rng.integers(90, 101)))
        case "any":
            return _encode(image, quality=quality, subsampling=int(rng.integers(3)))
        case "gray":
            return _encode(image.convert("L"), quality=quality)
        case "progressive":
            return _encode(image, quality=quality, progressive=True)
        case "twice":
            return _encode(_decode(_encode(image, quality=30)), quality=92, subsampling=0)
        case "custom":
            table = [_CUSTOM_STEPS + row + column for row in range(8) for column in range(8)]
            return _encode(image, qtables=[table, table])
        case "trailer":
            return _encode(image, quality=quality) + b"other data behind the image" * 4
        case "png":
            return _encode(image, "PNG")
        case "png_of_jpeg":
            return _encode(_decode(_encode(image, quality=quality, subsampling=0)), "PNG")
        case "truncated":
            content = _encode(image, quality=quality)
            return content[: len(content) * 4 // 5]
        case "bad_data":
            content = bytearray(_encode(image, quality=quality))
            # A marker that must not occur inside a scan.
            content[-40:-38] = b"\xff\xc0"
            return bytes(content)
        case "no_image":
            return b"This is a text, although its name ends in .jpg.\n"
        case "empty":
            return b""
        case _:
            raise ValueError(kind)


def _encode(image: Image.Image, format_name: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def _decode(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB")


def main() -> None:
    """Make the folder that the command line names, and print the number of files per kind."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT_COUNT
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else DEFAULT_SEED
    kinds = make_archive_folder(folder, count, seed)
    print(f"{folder}: {kinds.total()} files; " + ", ".join(f"{n} {k}" for k, n in kinds.items()))


if __name__ == "__main__":
    main()
