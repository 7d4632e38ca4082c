"""The words about the file that saving would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.i18n.formatting import format_approximate_size
from app.jobs.export.expected_file import ExpectedFile
from app.viewmodels.export.expected_file import expected_file_text


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
