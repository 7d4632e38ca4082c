"""Regions: numbers and sizes, and the contact sheet against the image's own pixels."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from app.imaging.mipmap_image import create_mipmap_image
from app.imaging.scaling import IntegerScale, fit_integer_scale, render_scaled_crop
from app.jobs.regions.contact_sheet import (
    ContactSheetRequest,
    export_contact_sheet_job,
    layout_from_request,
)
from app.jobs.regions.contact_sheet_layout import wrap_line
from app.viewmodels.compare.compare import CompareState, Size
from app.viewmodels.compare.gallery import (
    GalleryItem,
    GalleryState,
    OriginalKey,
    ResultKey,
    SampleKey,
)
from app.viewmodels.regions.regions import (
    MAX_REGIONS,
    NumberedRegion,
    RegionsState,
    compared_items,
    format_enlargement,
    scale_and_center_for_region,
    with_compared_key,
    with_region,
    without_region,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled, OutputIsInput
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.step_iterator import StepIterator


def noise(height, width, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def rgb(image: QImage):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def box(pixels, place):
    return pixels[place.top : place.bottom, place.left : place.right]


@pytest.mark.parametrize(
    "size", [(1, 1), (7, 3), (16, 16), (37, 31), (256, 256), (257, 12), (999, 4)]
)
def test_the_largest_whole_factor_that_fits(size):
    room, place = (256, 200), Rectangle(0, 0, *size)
    by = fit_integer_scale(place, room)
    width, height = by.scaled_size(place)
    assert width <= room[0]
    assert height <= room[1]
    assert 1 in (by.enlargement, by.reduction)
    if by.reduction == 1 and by.enlargement < 32:
        assert (by.enlargement + 1) * size[0] > room[0] or (by.enlargement + 1) * size[1] > room[1]
    if by.reduction > 1:
        finer = IntegerScale(reduction=by.reduction - 1).scaled_size(place)
        assert finer[0] > room[0] or finer[1] > room[1]


@pytest.mark.parametrize("times", [1, 2, 3, 7, 16])
def test_enlarging_repeats_every_pixel(times):
    pixels = noise(23, 41)
    place = Rectangle(5, 3, 11, 7)
    found = rgb(
        render_scaled_crop(create_mipmap_image(pixels), place, IntegerScale(enlargement=times))
    )
    assert np.array_equal(found, box(pixels, place).repeat(times, 0).repeat(times, 1))


def test_numbers_stay_with_their_regions():
    state = RegionsState()
    for left in range(MAX_REGIONS + 2):
        state = with_region(state, Rectangle(left, 0, 5, 5))
    assert [crop.number for crop in state.regions] == [1, 2, 3, 4, 5, 6]
    assert state.is_full
    state = without_region(state, 3)
    assert [crop.number for crop in state.regions] == [1, 2, 4, 5, 6]
    state = with_region(state, Rectangle(50, 0, 5, 5))
    assert state.regions[2] == NumberedRegion(3, Rectangle(50, 0, 5, 5))


def test_the_same_region_and_an_empty_one_are_not_marked():
    state = with_region(RegionsState(), Rectangle(1, 2, 3, 4))
    assert with_region(state, Rectangle(1, 2, 3, 4)) == state
    assert with_region(state, Rectangle(1, 2, 0, 4)) == state


def test_columns_are_in_the_order_of_all_pictures():
    entries = tuple(
        GalleryItem(k, str(k), None) for k in (OriginalKey(), ResultKey(), SampleKey(1))
    )
    gallery = GalleryState(entries)
    state = RegionsState()
    assert compared_items(state, gallery) == entries[:2]
    state = with_compared_key(state, SampleKey(1), is_compared=True)
    state = with_compared_key(state, OriginalKey(), is_compared=False)
    state = with_compared_key(state, OriginalKey(), is_compared=True)
    assert compared_items(state, gallery) == entries
    assert (
        compared_items(with_compared_key(state, ResultKey(), is_compared=False), gallery)
        == entries[::2]
    )


@pytest.mark.parametrize("size", [(1, 1), (40, 10), (300, 700)])
def test_going_to_a_region_shows_all_of_it(size):
    view = CompareState(image_size=Size(4000, 3000), view_size=Size(900, 500))
    place = Rectangle(1000, 500, *size)
    scale, x, y = scale_and_center_for_region(place, view)
    assert scale * size[0] <= 900
    assert scale * size[1] <= 500
    assert (x, y) == (1000 + size[0] / 2, 500 + size[1] / 2)


def test_breaking_lines_loses_no_word():
    line = "balanced: steps 12, samples 2, averyveryverylongword seed 5"
    lines = wrap_line(line, 20, len)
    assert " ".join(lines) == line
    assert all(len(part) <= 20 or " " not in part for part in lines)
    assert all(len(f"{one} {two.split()[0]}") > 20 for one, two in itertools.pairwise(lines))


@pytest.fixture
def request_of(qapp, tmp_path):  # noqa: ARG001
    def make(crops, versions=(2, 3)):
        pixels = [noise(61, 83, seed) for seed in versions]
        return pixels, ContactSheetRequest(
            source_path=tmp_path / "picture.jpg",
            title="picture.jpg",
            info_lines=("83 × 61 px, quality factor 12", "balanced " * 60),  # noqa: RUF001
            overview_heading="Where",
            overview_image=create_mipmap_image(pixels[0]),
            labeled_images=tuple(
                (f"version {i}", create_mipmap_image(p)) for i, p in enumerate(pixels)
            ),
            labeled_regions=tuple((f"region {i}", place) for i, place in enumerate(crops)),
            scale=IntegerScale(enlargement=5),
            format_enlargement=format_enlargement,
        )

    return make


def drain(request, path, token=None):
    return StepIterator(export_contact_sheet_job(request, path, token or CancelToken())).drain()


def test_every_region_is_on_the_sheet_pixel_by_pixel(request_of, tmp_path):
    places = [Rectangle(0, 0, 16, 9), Rectangle(82, 60, 1, 1), Rectangle(10, 20, 40, 33)]
    versions, request = request_of(places)
    assert drain(request, tmp_path / "sheet.png") == tmp_path / "sheet.png"
    with Image.open(tmp_path / "sheet.png") as image:
        assert image.mode == "RGB"
        sheet = np.asarray(image)
    plan = layout_from_request(request)
    assert sheet.shape == (plan.height, plan.width, 3)
    assert len(plan.enlarged_regions) == 6
    for piece in plan.enlarged_regions:
        own = box(versions[piece.image_index], places[piece.region_index])
        assert piece.enlargement.enlargement > 1
        wanted = own.repeat(piece.enlargement.enlargement, 0).repeat(
            piece.enlargement.enlargement, 1
        )
        assert np.array_equal(box(sheet, piece.rectangle), wanted)


def test_nothing_on_the_sheet_lies_over_anything_else(request_of):
    places = [Rectangle(3 * i, 2 * i, 5 + 9 * i, 40 - 6 * i) for i in range(5)]
    places.append(Rectangle(2, 50, 80, 3))  # below the overview image beside it
    _, request = request_of(places, versions=(1, 2, 3))
    plan = layout_from_request(request)
    boxes = (
        [w.rectangle for w in plan.text_lines]
        + [i.rectangle for i in plan.insets]
        + [p.rectangle for p in plan.enlarged_regions]
    )
    whole = Rectangle(0, 0, plan.width, plan.height)
    assert all(one.intersection(whole) == one for one in boxes)
    for one, other in itertools.combinations(boxes, 2):
        shared = one.intersection(other)
        assert shared.width <= 0 or shared.height <= 0


def test_the_frame_is_where_the_region_is(request_of):
    place = Rectangle(40, 30, 20, 10)
    _, request = request_of([place])
    [inset] = layout_from_request(request).insets
    assert (inset.rectangle.width, inset.rectangle.height) == (
        83,
        61,
    )  # smaller than the space for it, and not enlarged
    assert inset.region_frame == place.translated(inset.rectangle.left, inset.rectangle.top)


def test_a_sheet_never_replaces_the_picture(request_of, tmp_path):
    source = tmp_path / "picture.jpg"
    source.write_bytes(b"a picture")
    _, request = request_of([Rectangle(0, 0, 4, 4)])
    with pytest.raises(OutputIsInput):
        drain(request, source)
    assert source.read_bytes() == b"a picture"


def test_a_cancelled_sheet_is_not_written(request_of, tmp_path):
    token = CancelToken()
    token.cancel()
    _, request = request_of([Rectangle(0, 0, 4, 4)])
    with pytest.raises(OperationCancelled):
        drain(request, tmp_path / "sheet.png", token)
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_reducing_averages(parts):
    smooth = np.linspace(0, 255, 2400 * 900).reshape(900, 2400)
    pixels = smooth.repeat(3).reshape(900, 2400, 3).astype(np.uint8)
    place = Rectangle(420, 210, 84 * parts, 42 * parts)
    found = rgb(
        render_scaled_crop(create_mipmap_image(pixels), place, IntegerScale(reduction=parts))
    )
    wanted = box(pixels, place).reshape(42, parts, 84, parts, 3).mean((1, 3))
    assert found.shape == (42, 84, 3)
    assert np.abs(found - wanted).mean() < 1.5
