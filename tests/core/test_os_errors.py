"""An error of the system becomes a failure that names the file."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from ddrm_core.errors import CoreError, UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import SystemFailure, describe_failure, reading, writing

PATH = Path("a.png")
KINDS = [(reading, UnreadableFile), (writing, UnwritableOutput)]
REFUSALS = [
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), SystemFailure.ENOSPC),
    (FileNotFoundError(errno.ENOENT, "Nichts gefunden"), SystemFailure.ENOENT),
    (OSError(errno.EXDEV, "Invalid cross-device link"), "invalid cross-device link"),
    (OSError("The end of the disk"), "the end of the disk"),
    (OSError(), "OSError"),
]


@pytest.mark.parametrize(("context", "kind"), KINDS)
@pytest.mark.parametrize(("refusal", "reason"), REFUSALS)
def test_a_refusal_becomes_a_failure_of_the_file(context, kind, refusal, reason):
    with pytest.raises(kind) as failure, context(PATH):
        raise refusal
    assert (failure.value.path, failure.value.reason) == (PATH, reason)
    assert failure.value.__cause__ is refusal


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other words")
@pytest.mark.parametrize("failure", SystemFailure)
def test_the_words_are_those_of_the_system(failure):
    code = getattr(errno, failure.name)
    assert failure == os.strerror(code).lower()
    assert describe_failure(OSError(code, "in another language")) is failure


@pytest.mark.parametrize("context", [reading, writing])
@pytest.mark.parametrize("error", [CoreError(), ValueError(), KeyboardInterrupt(), GeneratorExit()])
def test_everything_else_passes(context, error):
    with pytest.raises(type(error)) as passed, context(PATH):
        raise error
    assert passed.value is error
    assert passed.value.__cause__ is None


@pytest.mark.parametrize("context", [reading, writing])
def test_nothing_happens_where_nothing_fails(context):
    with context(PATH):
        done = True
    assert done
