"""Errors about a file in a place that names the file: the advice first, and no path."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.console import format_failure
from app.config.resources import TRANSLATIONS_FOLDER
from app.i18n.error_messages import message_from_error
from app.i18n.translation import LANGUAGES, read_message_catalog, set_language
from app.jobs.batch.batch_items import BatchItem
from app.jobs.batch.batch_worker import mark_item_failed
from ddrm_core.batch.cluster.reasons import ClusterNotInstalled
from ddrm_core.batch.stores.reasons import StoreNotInstalled
from ddrm_core.errors import (
    DamagedJpeg,
    FileError,
    NotAJpeg,
    TooManyPixels,
    UnreadableFile,
    UnsupportedJpeg,
)
from ddrm_core.jpeg.reasons import (
    Coding,
    CorruptionReason,
    CutOffReason,
    DamageReason,
    FoundFormat,
    ReadFailure,
)
from ddrm_core.messages import Message
from ddrm_core.plugins import PluginKind, UnknownPlugin

PATH = Path("folder") / "a.jpg"
ERRORS = [
    UnreadableFile(PATH, ReadFailure.CHANGED),
    NotAJpeg(PATH, FoundFormat.EMPTY),
    UnsupportedJpeg(PATH, Coding.LOSSLESS),
    TooManyPixels(PATH, 65_500, 65_500, 178_000_000),
    DamagedJpeg(PATH, DamageReason.EQUAL_COMPONENTS),
    DamagedJpeg(PATH, Message(CutOffReason.PART, {"share": 40})),
]


@pytest.fixture(params=["en", "de"])
def language(request) -> Iterator[str]:
    if request.param == "de":
        german = next(language for language in LANGUAGES if language.code == "de")
        set_language(read_message_catalog(TRANSLATIONS_FOLDER / "ddrm_restore_de.ts"), german)
    yield request.param
    set_language(None)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_row_begins_with_the_advice_and_does_not_repeat_the_file(error: FileError, language: str):
    text = mark_item_failed(BatchItem(1, PATH), error).message
    message = message_from_error(error)
    assert text.startswith(f"{message.advice} ")
    assert text.endswith(".")
    assert PATH.name not in text
    assert ("ie Datei" if language == "de" else "he file") in text
    assert str(PATH) in message.title


def test_an_empty_file_is_called_one():
    message = message_from_error(NotAJpeg(PATH, FoundFormat.EMPTY))
    assert message.title == f"{PATH} is an empty file"
    assert message.advice == "Get the picture again from where it came from."


def test_a_file_that_is_no_picture_is_not_called_a_jpeg():
    title = message_from_error(NotAJpeg(PATH, FoundFormat.UNKNOWN)).title
    assert title == f"{PATH} is not a picture"
    assert message_from_error(NotAJpeg(PATH, "GIF")).title == f"{PATH} is not a JPEG (found: GIF)"


def test_another_file_than_that_of_the_row_is_named():
    text = mark_item_failed(BatchItem(1, Path("b.jpg")), ERRORS[0]).message
    assert str(PATH) in text


def test_only_files_with_a_readable_part_are_offered_it():
    """The option and the advice about a readable part are for files that have a readable part."""
    part, trace = Message(CutOffReason.PART, {"share": 40}), CorruptionReason.TRACE
    nothing = (*DamageReason, CutOffReason.NOTHING, CorruptionReason.NOTHING)
    for damage in (part, trace, CutOffReason.SCAN):
        assert format_failure(DamagedJpeg(PATH, damage)).endswith(
            "Get a whole copy, or restore only what can be read (--tolerate-damage)."
        )
    for damage in nothing:
        assert format_failure(DamagedJpeg(PATH, damage)).endswith(f"{damage}. Get a whole copy.")


@pytest.mark.parametrize(
    ("error", "extra"),
    [(StoreNotInstalled("s3fs", "s3"), "stores"), (ClusterNotInstalled("Ray"), "cluster")],
    ids=["stores", "cluster"],
)
def test_the_built_program_does_not_advise_to_install_a_package_for_itself(
    error, extra, monkeypatch
):
    """Packages that pip installs are not seen by the built program, but bring a program along."""
    command = f"`pip install ddrm-restore[{extra}]`"
    assert message_from_error(error).advice == f"Install it with {command}."
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    advice = message_from_error(error).advice
    assert advice == f"This program comes without it; use the one that {command} installs."


def test_the_built_program_does_not_advise_to_install_a_plugin_for_itself(monkeypatch):
    error = UnknownPlugin(PluginKind.CORRECTION, "waves")
    assert message_from_error(error).advice.startswith("Install a package that offers it")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert message_from_error(error).advice == (
        "This program loads no installed packages; use the one that `pip install ddrm-restore`"
        " installs, with a package that offers it."
    )
