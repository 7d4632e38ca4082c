"""The pictures that each format holds, by the table that the window and the core share."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from ddrm_core.formats.capabilities import (
    BIT_DEPTHS,
    SaveFormat,
    check_format,
    list_capable_formats,
    save_format_from_path,
)
from ddrm_core.formats.unsupported_format import UnsupportedFormat


def accepts(suffix: str, bits: int, channels: int, width: int) -> bool:
    try:
        check_format(Path(f"r{suffix}"), bits=bits, channels=channels, width=width)
    except UnsupportedFormat:
        return False
    return True


@pytest.mark.parametrize(
    ("bits", "channels", "longest"),
    [*product(BIT_DEPTHS, (1, 3, 4), (1, 16_383, 16_384, 65_500, 65_501))],
)
def test_formats_are_offered_for_pictures_that_they_accept(bits, channels, longest):
    capable = list_capable_formats(bits, channels, longest)
    for kind in SaveFormat:
        for suffix in kind.suffixes:
            assert accepts(suffix, bits, channels, longest) is (kind in capable)


@pytest.mark.parametrize("kind", SaveFormat)
def test_a_format_is_found_by_each_of_its_suffixes(kind):
    for suffix in (*kind.suffixes, kind.suffixes[0].upper()):
        assert save_format_from_path(Path(f"a{suffix}")) is kind
    assert save_format_from_path(Path("a.gif")) is None
