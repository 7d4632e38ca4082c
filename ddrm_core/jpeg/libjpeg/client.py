"""Client of a libjpeg process that reads and writes the levels of JPEG files.

libjpeg is C: a file that crashes or hangs it, or makes it exit, ends only this process. The process
starts at the first use and runs until the program ends.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO, cast

import numpy as np

from ddrm_core.jpeg.header import ZIGZAG, QuantizationTable
from ddrm_core.jpeg.image import DctLevels
from ddrm_core.jpeg.libjpeg import WORKER_ARGUMENT
from ddrm_core.jpeg.libjpeg.template import build_template
from ddrm_core.jpeg.libjpeg.worker import (
    GREETING,
    Buffer,
    InvalidMessage,
    MessageHeader,
    receive_buffer,
    receive_header,
    send_message,
)
from ddrm_core.jpeg.marker_segments import fill_in_height
from ddrm_core.jpeg.reasons import LibjpegStartProblem
from ddrm_core.jpeg.stream_layout import (
    JpegFrame,
    JpegStreamLayout,
    parse_stream_layout,
    reorder_components,
)
from ddrm_core.messages import Description, Message, Text

_TIMEOUT_SECONDS, _TIMEOUT_SECONDS_PER_MEGAPIXEL = 10.0, 0.5  # libjpeg needs 1 %
_START_TIMEOUT_SECONDS, _EXIT_TIMEOUT_SECONDS = 60.0, 5.0
_MAX_ERROR_BYTES = 4096
_FAILURES_BEFORE_RESTART = 100  # a process is then replaced: failures may leak resources


class LibjpegError(Exception):
    """Failure of libjpeg to read or write a file.

    Attributes:
        reason: Messages of libjpeg, or the way in which its process ended.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UndecodableJpeg(LibjpegError):
    """Refusal of libjpeg to decode the data."""


class LibjpegOutOfMemory(LibjpegError):
    """Lack of memory for the levels of an image."""


class LibjpegUnavailable(Exception):
    """Failure to start the libjpeg process; nothing is known about the file.

    Attributes:
        problem: Reason of the failure, with the last line that the process has written, or the
            text of the system.
    """

    def __init__(self, problem: Text) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True, eq=False)
class DecodedLevels:
    """The levels that libjpeg reads from a file, and the tables that belong to the levels.

    Attributes:
        levels: Levels per component, (block rows, block columns, 8, 8), bands in natural order,
            without MCU padding.
        quantization_tables: Quantizer steps per component, (64,), in natural order; zeros for a
            component without a table, of which libjpeg reads no levels.
        warnings: Messages of libjpeg about damage. libjpeg reports only the first problem.
    """

    levels: tuple[DctLevels, ...]
    quantization_tables: tuple[QuantizationTable, ...]
    warnings: tuple[str, ...]


def read_levels(data: bytes) -> DecodedLevels:
    """Read the levels of a JPEG file, damaged or not.

    Raise LibjpegError if libjpeg cannot read the file, and LibjpegUnavailable if libjpeg's process
    does not start.
    """
    return _shared_client().read(data)


def write_levels(template: bytes, levels: Sequence[DctLevels]) -> bytes:
    """Return a sequential JPEG with these levels.

    Size, sampling factors, tables and color model are those of `template`. The segments that
    declare the color model (JFIF, Adobe) are written; other segments are not.

    Raise ValueError if the shapes of `levels` differ from the template's, LibjpegError if libjpeg
    fails, and LibjpegUnavailable if its process does not start.
    """
    return _shared_client().write(template, levels)


@cache
def _shared_client() -> LibjpegClient:
    client = LibjpegClient(build_worker_command())
    atexit.register(client.close)
    return client


def build_worker_command() -> list[str]:
    """Return the command that starts the libjpeg process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    # -P: numpy must be imported neither from the images' folder nor from this one.
    return [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))]


class LibjpegClient:
    """A thread-safe client that reads and writes levels by a separate libjpeg process."""

    def __init__(
        self, command: Sequence[str], *, timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        """Create a client without starting the process.

        Args:
            command: Command that starts the process.
            timeout_seconds: Time limit of a request about a very small image, in seconds; larger
                images have more time.
        """
        self._command, self._timeout_seconds = list(command), timeout_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._failure_count = 0
        self._lock = threading.Lock()

    def read(self, data: bytes) -> DecodedLevels:
        """Read the levels of a JPEG file as `read_levels` does."""
        layout = _parse_layout(data)
        shapes = layout.frame.block_grid_shapes
        try:
            levels = tuple(np.empty((*shape, 8, 8), np.int16) for shape in shapes)
        except MemoryError as error:
            raise LibjpegOutOfMemory(str(error)) from error

        def receive_arrays(stream: BinaryIO, answer: MessageHeader) -> None:
            targets = [array.data for array in levels]
            if answer["sizes"] != [target.nbytes for target in targets]:
                raise InvalidMessage
            for target in targets:
                receive_buffer(stream, target)

        request = {"kind": "read", "shapes": shapes}
        warnings = self._send_request(
            request, layout.without_metadata(data), layout.frame, receive_arrays
        )
        tables = tuple(_parse_component_table(table) for table in layout.component_tables)
        return DecodedLevels(levels, tables, warnings)

    def write(self, template: bytes, levels: Sequence[DctLevels]) -> bytes:
        """Return a JPEG as `write_levels` does."""
        layout = _parse_layout(fill_in_height(template))
        try:
            neutral_template = build_template(layout)
        except ValueError as error:
            raise LibjpegError(str(error)) from error
        written = self._write_once(neutral_template, levels)
        if len(levels) == 4:
            # WORKAROUND: jpeglib 1.0.2's write_jpeg_dct keeps the template's fourth component. The
            # fourth component is therefore written as the first of a file in another order.
            reordered = reorder_components(written, (3, 0, 1, 2))
            reordered = self._write_once(reordered, [levels[3], *levels[:3]])
            written = self._write_once(reorder_components(reordered, (1, 2, 3, 0)), levels)
        return written

    def _write_once(self, template: bytes, levels: Sequence[DctLevels]) -> bytes:
        frame = _parse_layout(template).frame
        if tuple(k.shape for k in levels) != tuple((*s, 8, 8) for s in frame.block_grid_shapes):
            raise ValueError("levels of another shape than the template's")
        written = bytearray()

        def receive_file(stream: BinaryIO, answer: MessageHeader) -> None:
            (size,) = answer["sizes"]
            if size > max_size:
                raise InvalidMessage
            written.extend(bytes(size))
            receive_buffer(stream, memoryview(written))

        request = {"kind": "write", "width": frame.width, "height": frame.height}
        planes = [np.ascontiguousarray(k, np.int16).data for k in levels]
        max_size = len(template) + 2 * sum(plane.nbytes for plane in planes)
        self._send_request(request, [template, *planes], frame, receive_file)
        return bytes(written)

    def close(self) -> None:
        """End the process. The next request starts another process."""
        with self._lock:
            self._stop_process()

    def _send_request(
        self,
        request: MessageHeader,
        buffers: Sequence[Buffer],
        frame: JpegFrame,
        receive_results: Callable[[BinaryIO, MessageHeader], None],
    ) -> tuple[str, ...]:
        """Send a request and pass the answer's buffers to `receive_results`.

        Return libjpeg's warnings. Raise LibjpegError if libjpeg fails, and LibjpegUnavailable if
        its process does not start.
        """
        timeout = (
            self._timeout_seconds
            + _TIMEOUT_SECONDS_PER_MEGAPIXEL * frame.width * frame.height / 1e6
        )
        with self._lock:
            process = self._ensure_process()
            kill_timer = threading.Timer(timeout, process.kill)
            kill_timer.start()
            succeeded = False
            try:
                send_message(_require_pipe(process.stdin), request, buffers)
                answer = receive_header(_require_pipe(process.stdout))
                warnings = tuple(map(str, answer["complaints"]))
                if answer["ok"]:
                    receive_results(_require_pipe(process.stdout), answer)
                succeeded = True
            except (OSError, EOFError, InvalidMessage, KeyError, TypeError, ValueError) as error:
                raise LibjpegError("libjpeg crashed or did not come to an end") from error
            finally:
                kill_timer.cancel()
                if not succeeded:  # also after Ctrl-C: a late answer would be mistaken for the next
                    self._stop_process(should_kill=True)
            if answer["ok"]:
                return warnings
            self._failure_count += 1
            if self._failure_count % _FAILURES_BEFORE_RESTART == 0:
                self._stop_process()
        reason = " ".join(warnings)
        if answer.get("memory") or reason.startswith("Insufficient memory"):
            raise LibjpegOutOfMemory(reason)
        raise UndecodableJpeg(reason)

    def _ensure_process(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._stop_process()
        if self._process is None:
            self._process = _start_worker(self._command)
        return self._process

    def _stop_process(self, *, should_kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is not None:
            _stop_worker(process, should_kill=should_kill)


def _parse_layout(data: bytes) -> JpegStreamLayout:
    """Parse a file's markers. Raise LibjpegError for a file that libjpeg cannot read."""
    try:
        layout = parse_stream_layout(data)
    except ValueError as error:
        raise LibjpegError(str(error)) from error
    count = len(layout.frame.sampling_factors)
    if count not in (1, 3, 4):
        raise LibjpegError(f"{count} components")
    return layout


def _parse_component_table(steps: bytes) -> QuantizationTable:
    table = np.zeros(64, np.uint16)
    if steps:
        table[ZIGZAG] = np.frombuffer(steps, ">u2", 64)
    return table


def _start_worker(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process and wait for its greeting. Raise LibjpegUnavailable if it fails."""
    with tempfile.TemporaryFile() as error_file:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=error_file,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise LibjpegUnavailable(error.strerror or str(error)) from error
        kill_timer = threading.Timer(_START_TIMEOUT_SECONDS, process.kill)
        kill_timer.start()
        has_greeted = False
        try:
            has_greeted = receive_header(_require_pipe(process.stdout)).get("hello") == GREETING
        except (OSError, EOFError, InvalidMessage) as error:
            _stop_worker(process, should_kill=True)
            raise LibjpegUnavailable(_describe_early_end(error_file)) from error
        finally:
            kill_timer.cancel()
            if not has_greeted:
                _stop_worker(process, should_kill=True)
    if not has_greeted:
        raise LibjpegUnavailable(LibjpegStartProblem.OTHER_PROGRAM)
    return process


def _describe_early_end(error_file: BinaryIO) -> Description:
    """Return why a process ended before its greeting: the last line on its standard error."""
    size = error_file.seek(0, os.SEEK_END)
    error_file.seek(max(size - _MAX_ERROR_BYTES, 0))
    lines = error_file.read().decode(errors="replace").split("\n")
    last_line = next((line.strip() for line in reversed(lines) if line.strip()), None)
    if last_line is None:
        return LibjpegStartProblem.ENDED
    return Message(LibjpegStartProblem.ENDED_WITH_ERROR, {"error": last_line})


def _stop_worker(process: subprocess.Popen[bytes], *, should_kill: bool) -> None:
    if should_kill:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # unwritten data has no reader
            _require_pipe(pipe).close()
    try:
        process.wait(_EXIT_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _require_pipe(pipe: IO[bytes] | None) -> BinaryIO:
    """Return a pipe of a process that `_start_worker` created with pipes."""
    if pipe is None:
        raise InvalidMessage
    return cast(BinaryIO, pipe)
