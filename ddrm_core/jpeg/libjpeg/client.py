"""Levels and tables of a file's bytes, through a process of their own.

libjpeg is C: a file that crashes or hangs it, or makes it end its process, costs that process only.
One is started at the first use and serves until the program ends.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO, cast

import numpy as np

from ddrm_core.jpeg.header import Table
from ddrm_core.jpeg.image import Levels
from ddrm_core.jpeg.libjpeg.worker import (
    HELLO,
    BrokenProtocol,
    Buffer,
    Document,
    fill,
    receive,
    send,
)
from ddrm_core.jpeg.markers import Frame, layout_of, with_components_in_order

FROZEN_ARGUMENT = "--jpeg-reader"  # a frozen program starts itself with it
_SECONDS, _SECONDS_PER_MEGAPIXEL = 10.0, 0.5  # libjpeg needs a hundredth of that
_SECONDS_TO_START, _SECONDS_TO_END = 60.0, 5.0
_MOST_FAILURES = 100  # then a process is replaced: each may leave something behind


class ReaderFailed(Exception):
    """The file could not be read.

    Attributes:
        complaint: libjpeg's words, or what became of its process.
    """

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        self.complaint = complaint


class Undecodable(ReaderFailed):
    """libjpeg refuses the data."""


class NoMemory(ReaderFailed):
    """There is no room for the picture's levels."""


class NoReader(Exception):
    """The process could not be started: nothing is known about the file."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What libjpeg makes of a file.

    Attributes:
        levels: Per component (rows, columns, 8, 8), bands in natural order; no MCU padding.
        tables: Per component its 64 quantiser steps in natural order.
        complaints: libjpeg's words about damage. It says the first thing that it finds.
    """

    levels: tuple[Levels, ...]
    tables: tuple[Table, ...]
    complaints: tuple[str, ...]


def read_levels(data: bytes) -> Reading:
    """The levels in a file, damaged or not. Raises ReaderFailed, NoMemory, NoReader."""
    return _shared().read(data)


def write_levels(template: bytes, levels: Sequence[Levels]) -> bytes:
    """A sequential JPEG with these levels, and size, sampling, tables and colours of `template`.

    Only the segments that say what the colours are go with them (JFIF, Adobe).
    Raises ReaderFailed, NoMemory, NoReader; ValueError for levels of another shape.
    """
    return _shared().write(template, levels)


@cache
def _shared() -> LevelReader:
    reader = LevelReader(command())
    atexit.register(reader.close)
    return reader


def command() -> list[str]:
    """What starts the process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_ARGUMENT]
    # -P: neither the folder of the pictures nor this one is a place to import numpy from.
    return [sys.executable, "-P", str(Path(__file__).with_name("worker.py"))]


class LevelReader:
    """A client of one process at a time, for any thread."""

    def __init__(self, start: Sequence[str], *, seconds: float = _SECONDS) -> None:
        """Nothing is started yet.

        Args:
            start: The command of the process.
            seconds: After which the reading of a very small picture is given up.
        """
        self._start, self._seconds = list(start), seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._lock = threading.Lock()

    def read(self, data: bytes) -> Reading:
        """See `read_levels`."""
        try:
            layout = layout_of(data)
        except ValueError as error:
            raise ReaderFailed(str(error)) from error
        shapes = layout.frame.block_shapes
        if len(shapes) not in (1, 3, 4):
            raise ReaderFailed(f"{len(shapes)} components")
        try:
            levels = tuple(np.empty((*shape, 8, 8), np.int16) for shape in shapes)
        except MemoryError as error:
            raise NoMemory(str(error)) from error
        tables = tuple(np.empty(64, np.uint16) for _ in shapes)

        def take(stream: BinaryIO, document: Document) -> None:
            targets = [array.data for array in (*levels, *tables)]
            if document["sizes"] != [target.nbytes for target in targets]:
                raise BrokenProtocol
            for target in targets:
                fill(stream, target)

        request = {"kind": "read", "shapes": shapes}
        complaints = self._ask(request, layout.coding(data), layout.frame, take)
        return Reading(levels, tables, complaints)

    def write(self, template: bytes, levels: Sequence[Levels]) -> bytes:
        """See `write_levels`."""
        written = self._write(template, levels)
        if len(levels) == 4:
            # WORKAROUND: jpeglib 1.0.2's write_jpeg_dct leaves the fourth component as it is in
            # the template, so it is written as the first of a file in another order.
            turned = with_components_in_order(written, (3, 0, 1, 2))
            turned = self._write(turned, [levels[3], *levels[:3]])
            written = self._write(with_components_in_order(turned, (1, 2, 3, 0)), levels)
        return written

    def _write(self, template: bytes, levels: Sequence[Levels]) -> bytes:
        try:
            frame = layout_of(template).frame
        except ValueError as error:
            raise ReaderFailed(str(error)) from error
        if tuple(k.shape for k in levels) != tuple((*s, 8, 8) for s in frame.block_shapes):
            raise ValueError("levels of another shape than the template's")
        written = bytearray()

        def take(stream: BinaryIO, document: Document) -> None:
            (size,) = document["sizes"]
            if size > most:
                raise BrokenProtocol
            written.extend(bytes(size))
            fill(stream, memoryview(written))

        request = {"kind": "write", "width": frame.width, "height": frame.height}
        planes = [np.ascontiguousarray(k, np.int16).data for k in levels]
        most = len(template) + 2 * sum(plane.nbytes for plane in planes)
        self._ask(request, [template, *planes], frame, take)
        return bytes(written)

    def close(self) -> None:
        """End the process. The next reading starts another."""
        with self._lock:
            self._end()

    def _ask(
        self,
        request: Document,
        buffers: Sequence[Buffer],
        frame: Frame,
        take: Callable[[BinaryIO, Document], None],
    ) -> tuple[str, ...]:
        """Send a request, have `take` receive the answer's buffers; return the complaints."""
        seconds = self._seconds + _SECONDS_PER_MEGAPIXEL * frame.width * frame.height / 1e6
        with self._lock:
            process = self._running()
            watch = threading.Timer(seconds, process.kill)
            watch.start()
            sound = False
            try:
                send(_pipe(process.stdin), request, buffers)
                document = receive(_pipe(process.stdout))
                complaints = tuple(map(str, document["complaints"]))
                if document["ok"]:
                    take(_pipe(process.stdout), document)
                sound = True
            except (OSError, EOFError, BrokenProtocol, KeyError, TypeError, ValueError) as error:
                raise ReaderFailed("libjpeg crashed or did not come to an end") from error
            finally:
                watch.cancel()
                if not sound:  # also where the user broke it off: an answer would come too late
                    self._end(kill=True)
            if document["ok"]:
                return complaints
            self._failures += 1
            if self._failures % _MOST_FAILURES == 0:
                self._end()
        complaint = " ".join(complaints)
        if document.get("memory") or complaint.startswith("Insufficient memory"):
            raise NoMemory(complaint)
        raise Undecodable(complaint)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._process = _started(self._start)
        return self._process

    def _end(self, *, kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is not None:
            _ended(process, kill=kill)


def _started(start: Sequence[str]) -> subprocess.Popen[bytes]:
    """A process that has said hello. Raises NoReader."""
    try:
        process = subprocess.Popen(
            start,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise NoReader(error.strerror) from error
    watch = threading.Timer(_SECONDS_TO_START, process.kill)
    watch.start()
    greeted = False
    try:
        greeted = receive(_pipe(process.stdout)).get("hello") == HELLO
    except (OSError, EOFError, BrokenProtocol) as error:
        raise NoReader("it ended at once") from error
    finally:
        watch.cancel()
        if not greeted:
            _ended(process, kill=True)
    if not greeted:
        raise NoReader("it is another program")
    return process


def _ended(process: subprocess.Popen[bytes], *, kill: bool) -> None:
    if kill:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what is still to be written has no reader any more
            _pipe(pipe).close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _pipe(pipe: IO[bytes] | None) -> BinaryIO:
    """One end of the connection, which is there since `_started` asked for it."""
    if pipe is None:
        raise BrokenProtocol
    return cast(BinaryIO, pipe)
