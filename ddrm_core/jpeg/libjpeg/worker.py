"""Process that runs jpeglib, a C library, to isolate the program from its crashes and hangs.

`client` starts this module as a script, so the module imports nothing of its package. No other
module uses jpeglib. Messages go over standard input and output. Each message is a JSON document,
followed by the buffers whose sizes are listed under "sizes". The process ends when its standard
input is closed.
"""

from __future__ import annotations

import ctypes
import json
import os
import queue
import signal
import struct
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

GREETING = "levels of JPEG files"
_MAX_HEADER_BYTES = 1 << 16
# The newest libjpeg-turbo in jpeglib: safer with malformed files than libjpeg 6b, and faster.
_READER_VERSION = "turbo210"
# Accepts a template whose scan lists components in another order than its frame.
_WRITER_VERSION = "6b"
LIBJPEG_VERSIONS = (_READER_VERSION, _WRITER_VERSION)
"""The builds of libjpeg in jpeglib that this process loads, which a built program contains."""

MessageHeader = dict[str, Any]
Buffer = bytes | bytearray | memoryview
_RequestQueue = queue.Queue[tuple[MessageHeader, list[bytearray]]]


class InvalidMessage(Exception):
    """The error that received bytes are not a complete and valid message."""


def send_message(stream: BinaryIO, header: MessageHeader, buffers: Sequence[Buffer]) -> None:
    """Write one message to `stream`; the buffers' sizes are added to `header`."""
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    text = json.dumps({**header, "sizes": [v.nbytes for v in views]}).encode()
    stream.write(struct.pack(">I", len(text)) + text)
    for view in views:
        stream.write(view)
    stream.flush()


def receive_header(stream: BinaryIO) -> MessageHeader:
    """Return the JSON document of one message.

    Raise InvalidMessage for other data, and EOFError at the end of the stream.
    """
    prefix = stream.read(4)
    if not prefix:
        raise EOFError
    if len(prefix) < 4 or struct.unpack(">I", prefix)[0] > _MAX_HEADER_BYTES:
        raise InvalidMessage
    text = stream.read(struct.unpack(">I", prefix)[0])
    try:
        header: MessageHeader = json.loads(text)
    except ValueError as error:
        raise InvalidMessage from error
    sizes = header.get("sizes") if isinstance(header, dict) else None
    if not isinstance(sizes, list) or not all(isinstance(s, int) and s >= 0 for s in sizes):
        raise InvalidMessage
    return header


def receive_buffer(stream: BinaryIO, target: memoryview) -> None:
    """Read one buffer of a message into `target`. Raise InvalidMessage at the stream's end."""
    target = target.cast("B")
    while target.nbytes:
        count = stream.readinto(target)  # type: ignore[attr-defined]  # BinaryIO lacks it
        if not count:
            raise InvalidMessage
        target = target[count:]


def main() -> None:
    """Answer requests of the parent process until it closes the connection."""
    # Ctrl-C is for the program, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null_device = os.open(os.devnull, os.O_RDWR)
    os.dup2(null_device, 0)
    os.dup2(null_device, 1)  # text printed by jpeglib would break the protocol
    with tempfile.TemporaryFile() as warnings_file, _CodecFiles() as files:
        os.dup2(warnings_file.fileno(), 2)
        codec = _JpeglibCodec(files)
        requests = _start_request_thread(source, files.remove)
        send_message(sink, {"hello": GREETING}, [])
        while True:
            _serve_request(requests, codec, warnings_file, sink)
            files.clear()


def _serve_request(
    requests: _RequestQueue, codec: _JpeglibCodec, warnings_file: BinaryIO, sink: BinaryIO
) -> None:
    """Answer one request.

    The image is held by local variables only, so it is freed before the next request.
    """
    header, buffers = requests.get()
    os.ftruncate(warnings_file.fileno(), 0)
    os.lseek(2, 0, os.SEEK_SET)
    answer, results = codec.handle_request(header, buffers)
    warnings_file.seek(0)
    text = warnings_file.read(4096).decode(errors="replace")
    send_message(sink, {**answer, "complaints": text.splitlines()}, results)


def _start_request_thread(source: BinaryIO, on_end: Callable[[], None]) -> _RequestQueue:
    """Start a thread that receives requests from `source`; return the queue of these requests.

    At the end of `source`, the thread calls `on_end` and ends the process, even while a request is
    being answered.
    """
    requests: _RequestQueue = queue.Queue()

    def read_requests() -> None:
        with suppress(EOFError, InvalidMessage, OSError, MemoryError):
            while True:
                requests.put(_receive_request(source))
        on_end()
        os._exit(0)

    threading.Thread(target=read_requests, daemon=True).start()
    return requests


def _receive_request(source: BinaryIO) -> tuple[MessageHeader, list[bytearray]]:
    header = receive_header(source)
    buffers = [bytearray(size) for size in header["sizes"]]
    for buffer in buffers:
        receive_buffer(source, memoryview(buffer))
    return header, buffers


class _CodecFiles:
    """Named files for jpeglib, which takes only file names.

    The files are in memory if the system supports such files, else in a temporary folder.
    """

    def __init__(self) -> None:
        self._is_in_memory = hasattr(os, "memfd_create")
        self._folder = None if self._is_in_memory else tempfile.TemporaryDirectory()
        self._descriptors: dict[str, int] = {}
        self._paths: set[str] = set()

    def __enter__(self) -> _CodecFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def clear(self) -> None:
        """Truncate all files."""
        for path in self._paths:
            with open(path, "wb"):
                pass

    def get_path(self, purpose: str) -> str:
        """Return the path of the file for a purpose, such as "source" or "target"."""
        if self._folder is not None:
            path = os.path.join(self._folder.name, purpose)
        else:
            if purpose not in self._descriptors:
                self._descriptors[purpose] = os.memfd_create(purpose)
            path = f"/proc/self/fd/{self._descriptors[purpose]}"
        self._paths.add(path)
        return path

    def write(self, purpose: str, *parts: Buffer) -> str:
        """Write `parts` one after another to the file for a purpose; return the file's path."""
        path = self.get_path(purpose)
        with open(path, "wb") as file:
            file.writelines(parts)
        return path


class _JpeglibCodec:
    """jpeglib's C functions, called directly.

    jpeglib's Python layer would read a file twice and keep copies.
    """

    def __init__(self, files: _CodecFiles) -> None:
        from jpeglib._bind import CJpegLib  # type: ignore[import-untyped]  # slow: not at import

        self._library, self._files = CJpegLib, files

    def handle_request(
        self, header: MessageHeader, buffers: list[bytearray]
    ) -> tuple[MessageHeader, Sequence[Buffer]]:
        try:
            if header["kind"] == "read":
                self._library.set_version(_READER_VERSION)
                results = self._read_levels(buffers, header["shapes"])
            else:
                self._library.set_version(_WRITER_VERSION)
                results = self._write_levels(buffers[0], header, buffers[1:])
        except (OSError, IndexError, MemoryError) as error:
            return {"ok": False, "memory": isinstance(error, MemoryError)}, []
        return {"ok": True}, results

    def _read_levels(self, parts: list[bytearray], shapes: list[list[int]]) -> Sequence[Buffer]:
        """Read a file whose bytes are in `parts`; return the levels of each component as buffers.

        `shapes` holds the number of block rows and of block columns of each component.
        """
        path = self._files.write("source", *parts)
        parts.clear()  # frees memory for libjpeg
        # WORKAROUND: with a bad header, read_jpeg_dct closes a file that it has not opened.
        # read_jpeg_markers raises for such a header.
        self._library.read_jpeg_markers(srcfile=path, markers=ctypes.create_string_buffer(1))
        levels = [np.zeros((rows, columns, 64), np.int16) for rows, columns in shapes]
        planes = [_array_pointer(plane) for plane in levels] + [None] * 3
        self._library.read_jpeg_dct(
            srcfile=path,
            Y=planes[0],
            Cb=planes[1],
            Cr=planes[2],
            K=planes[3],
            qt=None,  # jpeglib would return the last table of a number that has several
            quant_tbl_no=None,
        )
        return [plane.data for plane in levels]

    def _write_levels(
        self, template: Buffer, header: MessageHeader, planes: list[bytearray]
    ) -> Sequence[Buffer]:
        """Return the bytes of a JPEG with the levels in `planes` and the tables of `template`."""
        source, target = self._files.write("source", template), self._files.get_path("target")
        levels = [_array_pointer(np.frombuffer(plane, np.int16)) for plane in planes] + [None] * 3
        self._library.write_jpeg_dct(
            srcfile=source,
            dstfile=target,
            Y=levels[0],
            Cb=levels[1],
            Cr=levels[2],
            K=levels[3],
            image_dims=(ctypes.c_int * 2)(header["height"], header["width"]),
            block_dims=None,
            in_color_space=self._read_color_space(source),
            in_components=len(planes),
            samp_factor=None,
            qt=None,
            quality=-1,
            quant_tbl_no=None,
            num_markers=0,
            marker_types=None,
            marker_lengths=None,
            markers=None,
            flags=["+OPTIMIZE_CODING"],
        )
        with open(target, "rb") as file:
            return [file.read()]

    def _read_color_space(self, path: str) -> int:
        """Return jpeglib's number for the color space of a file's components."""
        spaces = (ctypes.c_int * 2)()
        self._library.read_jpeg_info(
            srcfile=path,
            block_dims=None,
            image_dims=None,
            num_components=None,
            samp_factor=None,
            jpeg_color_space=spaces,
            marker_lengths=None,
            marker_types=None,
            huffman_bits=None,
            huffman_values=None,
            num_scans=(ctypes.c_int * 1)(),
            flags=None,
        )
        return spaces[1]


def _array_pointer(array: NDArray[np.int16]) -> Any:
    return array.ctypes.data_as(ctypes.c_void_p)


if __name__ == "__main__":
    main()
