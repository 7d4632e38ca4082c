"""Sizes of many results are estimated from few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ddrm_core.performance.result_sizes import (
    SourceSize,
    choose_representative_files,
    estimate_result_sizes,
    estimate_total_size,
)

SOURCES = st.lists(
    st.builds(SourceSize, st.integers(100, 10**7), st.integers(1, 10**8)), min_size=1, max_size=40
)


@given(SOURCES, st.integers(1, 50))
def test_the_files_are_as_many_as_asked_for_and_differ(sources, count):
    chosen = choose_representative_files(sources, count)
    assert len(chosen) == len(set(chosen)) == min(count, len(sources))
    assert all(0 <= index < len(sources) for index in chosen)


def test_every_first_part_of_the_choice_covers_the_densities():
    sources = [SourceSize(density, 1000) for density in range(100, 1060)]
    chosen = choose_representative_files(sources, 15)
    for count in (1, 3, 7, 15):
        densities = sorted(sources[index].byte_count for index in chosen[:count])
        gaps = [b - a for a, b in zip([100, *densities], [*densities, 1060], strict=True)]
        assert max(gaps) <= 960 / (count + 1) + 1


@given(SOURCES, st.integers(1, 12))
def test_results_that_grow_like_their_sources_are_added_exactly(sources, count):
    """The interpolation is exact between known files if results are a linear function."""
    by_density = sorted(range(len(sources)), key=lambda index: sources[index].density)
    known = {*choose_representative_files(sources, count), by_density[0], by_density[-1]}
    results = {n: round(sources[n].pixel_count + 3 * sources[n].byte_count) for n in known}
    expected = sum(source.pixel_count + 3 * source.byte_count for source in sources)
    assert sum(estimate_result_sizes(sources, results)) == pytest.approx(expected, abs=len(sources))


def test_one_known_result_gives_the_rest_by_their_pixels():
    sources = [SourceSize(500, 1000), SourceSize(900, 4000), SourceSize(50, 500)]
    assert estimate_result_sizes(sources, {0: 2000}) == (2000, 8000, 1000)
    assert estimate_total_size(sources, {0: 2000}) == 11_000
