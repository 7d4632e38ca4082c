"""The options that name the images of a command: arguments, a list, or standard input."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.inputs.pipes import (
    DEFAULT_MAX_BYTES,
    PIPE,
    STANDARD_INPUT_NAME,
    read_standard_input,
    store_standard_input,
)
from app.cli.local_paths import check_is_local
from ddrm_core.errors import FileError, InvalidSetting, UnreadableFile
from ddrm_core.os_errors import describe_failure

_LINE_END = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True)
class InputImage:
    """One image of a command.

    Attributes:
        path: File that is read.
        name: Name of the image in messages: the path, or "standard input".
        is_piped: Whether the file is a copy of standard input.
    """

    path: Path
    name: str
    is_piped: bool = False

    def name_in_error(self, error: Exception) -> Exception:
        """Return an error about this image with the name of the image instead of the copy's."""
        if self.is_piped and isinstance(error, FileError) and error.path == self.path:
            error.path = Path(self.name)
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOptions:
    """The arguments and options that name the images of a command.

    Attributes:
        images: Paths, or "-" for standard input.
        files_from: File with a list of further images, "-" for standard input; None without a list.
        max_bytes: Largest number of bytes of an image that is read from standard input.
    """

    images: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="IMAGE",
            help="JPEGs, or images of other formats that were a JPEG before; they are never"
            " changed. - reads one image from standard input.",
            show_default=False,
        ),
    ] = None
    files_from: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|-",
            help="Read names of further images from this file, or from standard input: one a line,"
            " or separated by NUL as by find -print0.",
        ),
    ] = None
    max_bytes: Annotated[
        int,
        typer.Option(
            min=1,
            help="Largest image that - reads from standard input, in bytes; default: 1 GiB.",
            show_default=False,
        ),
    ] = DEFAULT_MAX_BYTES

    @property
    def may_be_several(self) -> bool:
        """Whether more than one image is named, or a list of images."""
        return self.files_from is not None or len(self.images or ()) > 1

    @property
    def reads_pipe(self) -> bool:
        """Whether an image is read from standard input."""
        return PIPE in (self.images or ())

    def check(self) -> None:
        """Check the arguments before a file is read.

        Raises:
            InvalidSetting: If no image is named, standard input is named twice, or an image is in
                an object store.
        """
        if not self.images and self.files_from is None:
            raise InvalidSetting("IMAGE", "left out", "names of images, or --files-from")
        count = (self.images or []).count(PIPE) + (self.files_from == PIPE)
        if count > 1:
            raise InvalidSetting(
                "IMAGE", f"{PIPE} twice", "standard input once, for an image or for a list"
            )
        for text in self.images or ():
            check_is_local("IMAGE", text)

    @contextmanager
    def open_images(self) -> Iterator[tuple[InputImage, ...]]:
        """Yield the images in the order of the command line, those of the list last.

        A copy of standard input is deleted at the end of the `with` block.

        Raises:
            InvalidSetting: See `check`, or if standard input is a terminal.
            UnreadableFile: If the list cannot be read.
            InputTooLarge: If standard input has more than `max_bytes`.
        """
        self.check()
        paths = list(self.images or ())
        listed = [] if self.files_from is None else self._read_list(self.files_from)
        if not self.reads_pipe:
            yield tuple(map(_image_from_text, (*paths, *listed)))
            return
        with store_standard_input(self.max_bytes) as copy:
            piped = InputImage(copy, STANDARD_INPUT_NAME, is_piped=True)
            named = [piped if text == PIPE else _image_from_text(text) for text in paths]
            yield (*named, *map(_image_from_text, listed))

    def _read_list(self, source: str) -> list[str]:
        if source == PIPE:
            return parse_file_list(read_standard_input())
        path = Path(source)
        # Unlike an image, a list may come from a pipe such as that of a shell's <(...).
        try:
            return parse_file_list(path.read_bytes())
        except OSError as error:
            raise UnreadableFile(path, describe_failure(error)) from error


def _image_from_text(text: str) -> InputImage:
    path = Path(text)
    return InputImage(path, str(path))


def parse_file_list(content: bytes) -> list[str]:
    """Return the names in a list: separated by NUL if the list has a NUL, otherwise by lines.

    Empty names are left out. A name is a file of this name, "-" as well.
    """
    parts = content.split(b"\0") if b"\0" in content else _LINE_END.split(content)
    return [os.fsdecode(part) for part in parts if part]
