"""The process that runs jpeglib, a C library: what ends or hangs it ends nothing else.

Started as a script by `reader`, so it imports nothing of this package; the only module that knows
jpeglib. Messages go over its standard input and output: a JSON document, then the buffers whose
sizes its "sizes" lists. It ends when its input does.
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

HELLO = "levels of JPEG files"
_LONGEST_DOCUMENT = 1 << 16
_READER = "turbo210"  # the newest libjpeg-turbo in jpeglib: hardened since libjpeg 6b, and faster
_WRITER = "6b"  # takes a template whose scan lists components in another order than its frame

Document = dict[str, Any]
Buffer = bytes | bytearray | memoryview
_Requests = queue.Queue[tuple[Document, list[bytearray]]]
_Array = NDArray[np.int16] | NDArray[np.uint16]


class BrokenProtocol(Exception):
    """What came is no message, or only a part of one."""


def send(stream: BinaryIO, document: Document, buffers: Sequence[Buffer]) -> None:
    """Write one message; `document` gets the buffers' sizes."""
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    text = json.dumps({**document, "sizes": [v.nbytes for v in views]}).encode()
    stream.write(struct.pack(">I", len(text)) + text)
    for view in views:
        stream.write(view)
    stream.flush()


def receive(stream: BinaryIO) -> Document:
    """The document of one message. Raises BrokenProtocol, EOFError where there is none."""
    prefix = stream.read(4)
    if not prefix:
        raise EOFError
    if len(prefix) < 4 or struct.unpack(">I", prefix)[0] > _LONGEST_DOCUMENT:
        raise BrokenProtocol
    text = stream.read(struct.unpack(">I", prefix)[0])
    try:
        document: Document = json.loads(text)
    except ValueError as error:
        raise BrokenProtocol from error
    sizes = document.get("sizes") if isinstance(document, dict) else None
    if not isinstance(sizes, list) or not all(isinstance(s, int) and s >= 0 for s in sizes):
        raise BrokenProtocol
    return document


def fill(stream: BinaryIO, target: memoryview) -> None:
    """Read one buffer of a message into `target`. Raises BrokenProtocol."""
    target = target.cast("B")
    while target.nbytes:
        count = stream.readinto(target)  # type: ignore[attr-defined]  # BinaryIO lacks it
        if not count:
            raise BrokenProtocol
        target = target[count:]


def main() -> None:
    """Serve the process that started this one until it closes the connection."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which ends this one
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)  # what jpeglib prints would break the protocol
    with tempfile.TemporaryFile() as complaints, _Storage() as storage:
        os.dup2(complaints.fileno(), 2)
        codec = _Codec(storage)
        requests = _requests(source, storage.remove)
        send(sink, {"hello": HELLO}, [])
        while True:
            _serve(requests, codec, complaints, sink)
            storage.clear()


def _serve(requests: _Requests, codec: _Codec, complaints: BinaryIO, sink: BinaryIO) -> None:
    """Answer one request. A function, so that nothing of a picture is kept until the next."""
    document, buffers = requests.get()
    os.ftruncate(complaints.fileno(), 0)
    os.lseek(2, 0, os.SEEK_SET)
    answer, results = codec.answer(document, buffers)
    complaints.seek(0)
    text = complaints.read(4096).decode(errors="replace")
    send(sink, {**answer, "complaints": text.splitlines()}, results)


def _requests(source: BinaryIO, before_end: Callable[[], None]) -> _Requests:
    """What arrives. A thread reads it, so that the end of input ends the process in mid-work."""
    arrived: _Requests = queue.Queue()

    def listen() -> None:
        with suppress(EOFError, BrokenProtocol, OSError, MemoryError):
            while True:
                arrived.put(_request(source))
        before_end()
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    return arrived


def _request(source: BinaryIO) -> tuple[Document, list[bytearray]]:
    document = receive(source)
    buffers = [bytearray(size) for size in document["sizes"]]
    for buffer in buffers:
        fill(source, memoryview(buffer))
    return document, buffers


class _Storage:
    """Files for jpeglib, which takes names only: in memory where the system has such files."""

    def __init__(self) -> None:
        self._in_memory = hasattr(os, "memfd_create")
        self._folder = None if self._in_memory else tempfile.TemporaryDirectory()
        self._descriptors: dict[str, int] = {}
        self._names: set[str] = set()

    def __enter__(self) -> _Storage:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def clear(self) -> None:
        """Empty the files."""
        for name in self._names:
            with open(name, "wb"):
                pass

    def name(self, purpose: str) -> str:
        """The name of a file for this purpose."""
        if self._folder is not None:
            name = os.path.join(self._folder.name, purpose)
        else:
            if purpose not in self._descriptors:
                self._descriptors[purpose] = os.memfd_create(purpose)
            name = f"/proc/self/fd/{self._descriptors[purpose]}"
        self._names.add(name)
        return name

    def write(self, purpose: str, *parts: Buffer) -> str:
        """The name of a file that holds these, one behind the other."""
        name = self.name(purpose)
        with open(name, "wb") as file:
            file.writelines(parts)
        return name


class _Codec:
    """jpeglib's C functions; what its Python side adds reads a file twice and leaves copies."""

    def __init__(self, storage: _Storage) -> None:
        from jpeglib._bind import CJpegLib  # type: ignore[import-untyped]  # slow: not at import

        self._library, self._storage = CJpegLib, storage

    def answer(
        self, document: Document, buffers: list[bytearray]
    ) -> tuple[Document, Sequence[Buffer]]:
        try:
            if document["kind"] == "read":
                self._library.set_version(_READER)
                results = self._read(buffers, document["shapes"])
            else:
                self._library.set_version(_WRITER)
                results = self._write(buffers[0], document, buffers[1:])
        except (OSError, IndexError, MemoryError) as error:
            return {"ok": False, "memory": isinstance(error, MemoryError)}, []
        return {"ok": True}, results

    def _read(self, parts: list[bytearray], shapes: list[list[int]]) -> Sequence[Buffer]:
        """Levels per component, then tables per component; of a file in parts."""
        name = self._storage.write("source", *parts)
        parts.clear()  # libjpeg needs room for a large picture
        # WORKAROUND: read_jpeg_dct closes a file that it has not opened where the header is bad.
        self._library.read_jpeg_markers(srcfile=name, markers=ctypes.create_string_buffer(1))
        levels = [np.zeros((rows, columns, 64), np.int16) for rows, columns in shapes]
        tables, numbers = np.zeros((4, 64), np.uint16), np.zeros(4, np.int16)
        planes = [_pointer(plane) for plane in levels] + [None] * 3
        self._library.read_jpeg_dct(
            srcfile=name,
            Y=planes[0],
            Cb=planes[1],
            Cr=planes[2],
            K=planes[3],
            qt=_pointer(tables),
            quant_tbl_no=_pointer(numbers),
        )
        return [plane.data for plane in levels] + [tables[n].data for n in numbers[: len(levels)]]

    def _write(
        self, template: Buffer, document: Document, planes: list[bytearray]
    ) -> Sequence[Buffer]:
        """A file with the levels in `planes` and all else as in `template`."""
        source, target = self._storage.write("source", template), self._storage.name("target")
        levels = [_pointer(np.frombuffer(plane, np.int16)) for plane in planes] + [None] * 3
        self._library.write_jpeg_dct(
            srcfile=source,
            dstfile=target,
            Y=levels[0],
            Cb=levels[1],
            Cr=levels[2],
            K=levels[3],
            image_dims=(ctypes.c_int * 2)(document["height"], document["width"]),
            block_dims=None,
            in_color_space=self._colour_space(source),
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

    def _colour_space(self, name: str) -> int:
        """The library's number for what the components of this file are."""
        spaces = (ctypes.c_int * 2)()
        self._library.read_jpeg_info(
            srcfile=name,
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


def _pointer(array: _Array) -> Any:
    return array.ctypes.data_as(ctypes.c_void_p)


if __name__ == "__main__":
    main()
