"""External programs that decode the same JPEG files for comparison."""

from __future__ import annotations

import io
import os
import shlex
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import PpmImagePlugin

from ddrm_core.errors import CoreError, InvalidSetting
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.metrics.psnr import Uint8Pixels

_DECODER_SYNTAX = "name='program {in} {out}', with a name and both placeholders"
_PNM_SIGNATURES = (b"P5", b"P6")  # binary PGM and PPM, which djpeg writes
_MAX_STDERR_CHARACTERS = 200
# Limits of a decoder's output file. No format takes more bytes per pixel, apart from metadata.
_MAX_BYTES_PER_PIXEL, _MAX_METADATA_BYTES = 32, 16 << 20


class DecoderFailed(Exception):
    """The error that an external decoder did not write an image of the expected kind.

    Attributes:
        reason: Reason, e.g. "ended with status 1: no such option" or "took longer than 60 s".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ExternalDecoder:
    """An external program that decodes a JPEG to a file.

    Attributes:
        name: Name of the method in tables.
        command: Program and arguments; `{in}` and `{out}` stand for the paths of the two files.
        timeout_seconds: Time after which the program is killed.
    """

    name: str
    command: tuple[str, ...]
    timeout_seconds: float


def parse_decoder(text: str, *, timeout_seconds: float) -> ExternalDecoder:
    """Parse a decoder's name and command line, given as `name='program {in} {out}'`.

    Quotes are those of a POSIX shell, but no shell is run.

    Raises:
        InvalidSetting: If the name, the program or a placeholder is missing.
    """
    name, separator, template = text.partition("=")
    try:
        command = tuple(shlex.split(template))
    except ValueError as error:
        raise InvalidSetting("decoder", text, _DECODER_SYNTAX) from error
    has_placeholders = all(
        any(placeholder in a for a in command[1:]) for placeholder in ("{in}", "{out}")
    )
    if not separator or not name.strip() or not has_placeholders:
        raise InvalidSetting("decoder", text, _DECODER_SYNTAX)
    return ExternalDecoder(name.strip(), command, timeout_seconds)


@dataclass(frozen=True, slots=True, eq=False)
class DecoderOutput:
    """The output of an external decoder.

    Attributes:
        pixels: Decoded pixels, with the same size and channels as the original.
        seconds: Wall time of the program, including its start and the writing of the file.
    """

    pixels: Uint8Pixels
    seconds: float


def run_decoder(decoder: ExternalDecoder, jpeg_path: Path, reference: Uint8Pixels) -> DecoderOutput:
    """Run an external decoder on a file.

    The output file may be PNG, TIFF, WebP, BMP, JPEG, binary PGM or binary PPM, although the path
    for `{out}` ends in .png.

    Args:
        decoder: External program.
        jpeg_path: Input file; the program gets a copy.
        reference: Image with the expected size and channels.

    Raises:
        DecoderFailed: If the program does not start, fails, takes too long or writes another image.
    """
    with tempfile.TemporaryDirectory(prefix="ddrm-decoder-") as folder:
        source, target = Path(folder, "in.jpg"), Path(folder, "out.png")
        source.write_bytes(jpeg_path.read_bytes())
        arguments = [
            a.replace("{in}", str(source)).replace("{out}", str(target)) for a in decoder.command
        ]
        began = time.monotonic()
        _run_process(arguments, Path(folder, "complaints.txt"), decoder.timeout_seconds)
        seconds = time.monotonic() - began
        pixels = _read_decoder_output(target, reference)
    return DecoderOutput(pixels, seconds)


def _run_process(arguments: list[str], stderr_path: Path, timeout_seconds: float) -> None:
    with stderr_path.open("w+b") as stderr_file:
        try:
            # Files instead of pipes: a pipe would stay open if the program left a child process
            # running.
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr_file,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DecoderFailed(f"did not start: {reason.lower()}") from error
        try:
            status = process.wait(timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise DecoderFailed(f"took longer than {timeout_seconds:g} s") from error
        finally:
            _kill_process_group(process)
        if status:
            stderr_file.seek(max(0, stderr_file.seek(0, os.SEEK_END) - _MAX_STDERR_CHARACTERS))
            lines = stderr_file.read().decode(errors="replace").split("\n")
            last_line = next((" ".join(x.split()) for x in reversed(lines) if x.strip()), "")
            raise DecoderFailed(f"ended with status {status}{': ' if last_line else ''}{last_line}")


def _kill_process_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and, on systems with process groups, its child processes; wait for its end."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _read_decoder_output(path: Path, reference: Uint8Pixels) -> Uint8Pixels:
    height, width = reference.shape[:2]
    try:
        with path.open("rb") as file:
            signature = file.read(2)
        if path.stat().st_size > _MAX_BYTES_PER_PIXEL * width * height + _MAX_METADATA_BYTES:
            raise ValueError("far too large")
        if signature in _PNM_SIGNATURES:
            pixels = _read_pnm(path, (width, height))
        else:
            pixels = to_uint8(load_image(path, max_pixels=width * height).pixels)
    except OSError as error:
        raise DecoderFailed("wrote no image") from error
    except (CoreError, ValueError, SyntaxError) as error:
        raise DecoderFailed("wrote no image of the expected size") from error
    if reference.ndim == 2 and pixels.ndim == 3 and (pixels == pixels[:, :, :1]).all():
        pixels = np.ascontiguousarray(pixels[:, :, 0])
    if pixels.shape != reference.shape:
        raise DecoderFailed(
            f"wrote an image of {_format_shape(pixels)}, not {_format_shape(reference)}"
        )
    return pixels


def _read_pnm(path: Path, size: tuple[int, int]) -> Uint8Pixels:
    """Return the pixels of a binary PGM or PPM.

    Raises ValueError, SyntaxError or OSError if the file is damaged or has another size.
    """
    with PpmImagePlugin.PpmImageFile(io.BytesIO(path.read_bytes())) as image:
        if image.size != size or image.mode not in ("L", "RGB"):
            raise ValueError(f"{image.size} {image.mode}")
        return np.array(image)


def _format_shape(pixels: Uint8Pixels) -> str:
    height, width = pixels.shape[:2]
    return f"{width}x{height} {'gray' if pixels.ndim == 2 else 'color'}"
