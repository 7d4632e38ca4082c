"""The file that saving would write: its expected size, and the words about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.i18n.formatting import format_approximate_size
from app.jobs.export.expected_file import (
    ExpectedFile,
    ExpectedFileRequest,
    find_expected_file_job,
)
from app.jobs.run.result import change_sharpness_job
from app.jobs.run.result_strength import ResultStrength
from app.viewmodels.export.expected_file import expected_file_text
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.export.sharing import create_share_request
from app.viewmodels.run.run import show_result
from ddrm_core.cancel import CancelToken
from ddrm_core.export.estimate_size import estimate_file_size
from ddrm_core.export.settings import ExportSettings
from ddrm_core.restoration.strength import project_decoded_image
from ddrm_core.step_iterator import StepIterator
from tests.support.results import result


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0.0 kB"),
        (640, "0.6 kB"),
        (1_049, "1.0 kB"),
        (9_960, "10 kB"),
        (432_100, "430 kB"),
        (996_000, "1.0 MB"),
        (1_250_000, "1.2 MB"),
        (43_210_000, "43 MB"),
        (432_123_456, "430 MB"),
        (996_000_000, "1.0 GB"),
        (1_432_123_456, "1.4 GB"),
        (7_640_000_000, "7.6 GB"),
        (1.2e12, "1,200 GB"),
    ],
)
def test_a_size_has_two_digits(count, text):
    assert format_approximate_size(count) == text


def test_a_forecast_is_a_name_with_a_size_if_it_is_known():
    path = Path("/photos/a_restored.png")
    assert expected_file_text(None) == ""
    assert expected_file_text(ExpectedFile(path)) == "a_restored.png"
    assert expected_file_text(ExpectedFile(path, 432_100)) == "a_restored.png, about 430 kB"


def test_the_expected_size_is_that_of_the_shown_strength(tmp_path):
    full, path = result(), tmp_path / "r.png"
    job = change_sharpness_job(full, 0.0, 1, CancelToken(), strength=ResultStrength(0.0))
    at_zero = StepIterator(job).drain()
    decoded = project_decoded_image(full.restoration.run)
    sizes = []
    for shown, image in ((full, full.restoration.image), (at_zero, decoded)):
        request = ExpectedFileRequest(shown, path, ExportSettings())
        sizes.append(StepIterator(find_expected_file_job(request, CancelToken())).drain())
        expected = estimate_file_size(full.restoration, image, path, ExportSettings())
        assert sizes[-1] == expected
    assert sizes[0] != sizes[1]


@pytest.mark.parametrize("is_pasted", [False, True])
def test_a_shared_file_has_the_date_of_a_source_that_is_a_file(is_pasted):
    options = SaveOptionsState()
    options = replace(options, subject=replace(options.subject, is_pasted=is_pasted))
    request = create_share_request(show_result(result()), options)
    assert request.keep_date is not is_pasted
