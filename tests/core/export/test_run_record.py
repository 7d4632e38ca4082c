"""A run record is read as it was written."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ddrm_core.export.run_record import JpegRunRecord, parse_run_record, run_record_to_properties
from ddrm_core.metadata.xmp import read_run_record_properties, set_run_record
from ddrm_core.sampler.serialization import FLAT_FIELDS, change_settings
from ddrm_core.sampler.settings import NoiseSpacing
from tests.support.metadata_blocks import RECORD, packet

share = st.floats(0, 1)
words = st.text(st.characters(categories=("L", "N", "P")), max_size=60)
side = st.integers(1, 65_535)
LATER = ("spacing", "end_factor", "temperature", "momentum", "turned_views", "sharpness")
LATER += ("sample", "complete", "strength")
samplers = st.fixed_dictionaries(
    {"steps": st.integers(1, 1000), "samples": st.integers(1, 1000), "start": st.integers(1, 999)},
    optional={
        "correction": st.sampled_from(["bins", "paper"]),
        "eta": share,
        "eta_b": share,
        "error_factor": st.floats(0.01, 100),
        "antithetic": st.booleans(),
        "spacing": st.sampled_from(NoiseSpacing),
        "end_factor": st.floats(0.01, 100),
        "temperature": share,
        "momentum": share,
        "turned_views": st.booleans(),
        "sigma_factor": st.floats(0.5, 1),
        "sigma_factor_below": st.floats(1, 100),
    },
)
areas = st.tuples(side, side, side, side)
changes = st.fixed_dictionaries(
    {},
    optional={
        "prior": words,
        "device": words,
        "seed": st.integers(0, 2**63 - 1),
        "inside": share,
        "exact": share,
        "sharpness": share,
        "sample": st.integers(1, 1000),
        "complete": st.booleans(),
        "strength": share,
        "kept_areas": st.none() | st.lists(areas, min_size=1, max_size=3).map(tuple),
        "quality": st.none() | st.integers(1, 100),
        "quality_source": st.sampled_from(["tables", "assumed", "estimated"]),
        "grid": st.tuples(st.integers(0, 31), st.integers(0, 31)),
        "region": st.none() | st.tuples(side, side, side, side),
        "baked_orientation": st.integers(1, 8),
    },
)


@settings(max_examples=200, deadline=None)
@given(changes, samplers)
def test_a_record_comes_back_equal(change, sampler):
    record = replace(RECORD, sampler=change_settings(RECORD.sampler, sampler), **change)
    assert parse_run_record(run_record_to_properties(record)) == record


@settings(max_examples=50, deadline=None)
@given(changes, samplers)
def test_a_record_comes_back_from_a_packet(change, sampler):
    record = replace(RECORD, sampler=change_settings(RECORD.sampler, sampler), **change)
    assert (
        parse_run_record(
            read_run_record_properties(set_run_record(packet(), run_record_to_properties(record)))
        )
        == record
    )


def test_every_attribute_is_written():
    sampler = replace(RECORD.sampler, sigma_factor=0.85, sigma_factor_below=2.0)
    kept_areas = ((0, 16, 32, 8), (64, 0, 8, 8))
    record = replace(RECORD, region=(8, 0, 31, 37), kept_areas=kept_areas, sampler=sampler)
    attributes = {field.name for field in fields(JpegRunRecord)} - {
        "sampler",
        "correction_origin",
        "architecture_origin",
    }
    settings = FLAT_FIELDS.keys() - {"start_factor"}
    assert run_record_to_properties(record).keys() == attributes | settings
    assert run_record_to_properties(record)["region"] == "8 0 31 37"
    assert run_record_to_properties(record)["kept_areas"] == "0,16,32,8 64,0,8,8"
    assert run_record_to_properties(record)["antithetic"] == "true"


def test_a_record_of_an_earlier_version_means_what_that_did():
    """A run record of 0.1.0, which lacks newer settings, is read with the values of that time.

    They are uniform timesteps, temperature 1, momentum 0 and no dihedral transforms.
    """
    texts = {
        name: text for name, text in run_record_to_properties(RECORD).items() if name not in LATER
    }
    record = parse_run_record(texts)
    assert record is not None
    sampler = record.sampler
    assert (sampler.spacing, sampler.temperature, sampler.momentum) == ("uniform", 1.0, 0.0)
    assert not sampler.turned_views
    assert (record.strength, record.kept_areas) == (1.0, None)


def test_other_properties_are_passed_over():
    assert parse_run_record(run_record_to_properties(RECORD) | {"later": "\0"}) == RECORD


@pytest.mark.parametrize(
    "name", sorted(set(run_record_to_properties(RECORD)) - {"quality", *LATER})
)
def test_a_missing_property_is_missed(name):
    assert (
        parse_run_record({n: v for n, v in run_record_to_properties(RECORD).items() if n != name})
        is None
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("program", "a\nb"),
        ("prior", "x" * 201),
        ("device", "\x1b[2J"),
        ("prior_sha256", "0" * 63),
        ("prior_sha256", "G" * 64),
        ("steps", "0"),
        ("steps", "1001"),
        ("steps", "9" * 5000),
        ("steps", "٣"),
        ("steps", "1_0"),
        ("steps", " 1"),
        ("start", "1000"),
        ("start", "None"),
        ("correction", "magic"),
        ("eta", "nan"),
        ("eta", "inf"),
        ("eta", "-0.1"),
        ("eta", "1.5"),
        ("eta_b", ""),
        ("error_factor", "1e999"),
        ("antithetic", "True"),
        ("spacing", "random"),
        ("end_factor", "0"),
        ("temperature", "1.01"),
        ("momentum", "-0"),
        ("turned_views", "1"),
        ("sigma_factor", "0.4"),
        ("sigma_factor_below", "0.9"),
        ("seed", str(2**63)),
        ("quality", "0"),
        ("quality_source", ""),
        ("grid", "1"),
        ("grid", "1 2 3"),
        ("grid", "1 32"),
        ("grid", "1  2"),
        ("inside", "1.0000001"),
        ("baked_orientation", "9"),
        ("region", "0 0 0 5"),
        ("region", "0 0 5 65536"),
        ("strength", "1.1"),
        ("strength", ""),
        ("kept_areas", ""),
        ("kept_areas", "0,0,5"),
        ("kept_areas", "0,0,5,0"),
        ("kept_areas", "0 0 5 5"),
        ("kept_areas", "0,0,5,5  8,8,5,5"),
    ],
)
def test_a_hostile_value_is_no_record(name, text):
    assert parse_run_record(run_record_to_properties(RECORD) | {name: text}) is None


@settings(max_examples=200)
@given(
    st.dictionaries(st.sampled_from(sorted(run_record_to_properties(RECORD))), st.text(max_size=30))
)
def test_any_texts_are_read_or_refused(texts):
    record = parse_run_record(run_record_to_properties(RECORD) | texts)
    assert record is None or parse_run_record(run_record_to_properties(record)) == record
