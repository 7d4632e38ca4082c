"""What the system refuses becomes a failure that names the file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from ddrm_core.errors import CoreError, UnreadableFile, UnwritableOutput
from ddrm_core.os_errors import reading, writing

PATH = Path("a.png")
KINDS = [(reading, UnreadableFile), (writing, UnwritableOutput)]
REFUSALS = [
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), os.strerror(errno.ENOSPC)),
    (FileNotFoundError(errno.ENOENT, "No such file or directory"), "No such file or directory"),
    (OSError("the end of the disk"), "the end of the disk"),
]


@pytest.mark.parametrize(("context", "kind"), KINDS)
@pytest.mark.parametrize(("refusal", "reason"), REFUSALS)
def test_a_refusal_becomes_a_failure_of_the_file(context, kind, refusal, reason):
    with pytest.raises(kind) as failure, context(PATH):
        raise refusal
    assert (failure.value.path, failure.value.reason) == (PATH, reason)
    assert failure.value.__cause__ is refusal


@pytest.mark.parametrize("refusal", [refusal for refusal, _ in REFUSALS])
def test_a_failure_to_write_keeps_the_number(refusal):
    with pytest.raises(UnwritableOutput) as failure, writing(PATH):
        raise refusal
    assert failure.value.error_code == refusal.errno


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
